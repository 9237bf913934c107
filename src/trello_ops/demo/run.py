"""Some weeks of the shop's life in a local Trello, in simulated time, by the daemon's own jobs.

Program and team talk to the sandbox over real HTTP. The same seed gives the same reports, except for the ids
and addresses that Trello draws, and the seconds of the instants that its clock stamps.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import requests
import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from trello_ops import settings, starter
from trello_ops.app import App, open_app
from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.core.reporting.report import Report
from trello_ops.declared import load
from trello_ops.demo import folder, pages, workspace
from trello_ops.demo.plot import AS_IT_COMES, Plot
from trello_ops.demo.shop import shop_sandbox
from trello_ops.demo.story import Story
from trello_ops.demo.team import Account, Team
from trello_ops.errors import TrelloError
from trello_ops.operations import reconcile
from trello_ops.render import card_files
from trello_ops.testing import FixedClock
from trello_sandbox.config import TRELLO_LINKS
from trello_sandbox.server import Handle, running

FIRST_WEEK = IsoWeek(2026, 44)
_DAY = dt.timedelta(days=1)
_MORNING = dt.time(6, 5)
_PASSES = (_MORNING, dt.time(12, 30), dt.time(20, 30))
_CLOSE_PASSES = (dt.time(6, 55), dt.time(7, 0), dt.time(7, 30))
_OPENING = dt.time(18, 0)

Step = Callable[[str], None]
"""Called with the name of each simulated day as it begins."""


def run(
    weeks: int,
    out: Path,
    seed: int,
    progress: Step | None = None,
    *,
    packs: tuple[str, ...] = (starter.SHOP,),
    plot: Plot = AS_IT_COMES,
) -> tuple[Report, ...]:
    """Simulate `weeks` ISO weeks of packs, leave reports, store and pages in `out`, and print a summary.

    `packs` are names of `starter.PACKS`. Without `progress`, a bar is shown where standard error is a
    terminal. Raises `InvalidSettings` when `out` holds anything that is not the demo's, and any error that a
    job ends with.
    """
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o077))  # the pages are full of people's names
        folder.clear(out)
        step = progress or stack.enter_context(bar(weeks * 7))
        stack.enter_context(only_errors_logged())
        samples = workspace.make(out / folder.WORKSPACE, packs, plot)
        # The boards' pages tell the time in the shop's own zone.
        shop = load.read(samples.boards, card_files.available(samples.templates)).workspace
        zone = shop.timezone if shop else None
        sandbox = stack.enter_context(
            running(shop_sandbox(port=0, rate_limit=False, zone=zone, links=TRELLO_LINKS))
        )
        eve = dt.datetime.combine(FIRST_WEEK.monday - _DAY, dt.time(0), dt.UTC)
        clock = stack.enter_context(closing(SharedClock(eve, sandbox.url)))
        app = stack.enter_context(closing(open_app(_settings(sandbox, samples, out), clock)))
        _live(app, clock, _hire(stack, app, clock, sandbox, seed, plot=plot), weeks, step, plot=plot)
        store = app.services.store
        reports = tuple(report for week in store.frozen_weeks() if (report := store.frozen(week)))
        with requests.Session() as http:
            http.trust_env = False  # no proxy lies between us and this machine
            answer = http.get(f"{sandbox.url}/sandbox/state", timeout=60)
            answer.raise_for_status()
            state: pages.Json = answer.json()
        # The short link of each board in the sandbox, with the board's key in the files.
        bindings = store.bindings()
        links = {each["id"]: each["shortLink"] for each in state["boards"]}
        boards = app.context().workspace.boards
        keys = {links[found]: each.key for each in boards if (found := bindings.id(Kind.BOARD, each.key))}
        pages.keep(sandbox.url, state, keys, out)
        folder.fill(out, reports, state, keys)
    _print_summary(reports, out)
    return reports


class SharedClock(FixedClock):
    """Simulated time, shared by the program and the sandbox. Nothing ever waits."""

    def __init__(self, now: dt.datetime, sandbox_url: str) -> None:
        super().__init__(now)
        self._url = f"{sandbox_url}/sandbox/clock"
        self._http = requests.Session()
        self._http.trust_env = False
        self.advance(dt.timedelta(0))

    def advance(self, by: dt.timedelta) -> None:
        """Move both clocks."""
        super().advance(by)
        self._http.post(self._url, json={"now": self.now().isoformat()}, timeout=20).raise_for_status()

    def close(self) -> None:
        """Close the connection to the sandbox."""
        self._http.close()


# ---- the weeks --------------------------------------------------------------------------------------


def _live(app: App, clock: SharedClock, team: Team, weeks: int, step: Step, *, plot: Plot) -> None:
    """Run jobs and team, from the Sunday evening before the first week to the Monday after the last."""
    shop = app.context().workspace
    opening, *moments = _passes(weeks, shop.timezone)
    clock.advance_to(opening)
    # The boards are made as `trello-ops apply` makes them.
    context = app.context()
    applied = reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    for subject, message in applied.failed.items():
        raise TrelloError(f"{subject}: {message}")
    team.enter(shop.trello_workspace)
    for moment in (opening, *moments):
        team.act_until(moment)
        clock.advance_to(moment)
        if moment.time() == _MORNING:
            step(f"{moment:%A %d %B}")
        if plot.is_out(moment.replace(tzinfo=None)):
            continue
        for job in app.jobs():
            # The files do not change here, so boards are compared with them only once a day.
            if job.name == "reconcile" and moment.time() != _MORNING:
                continue
            if error := app.run(job):
                raise error
        team.look(clock.now())


def _passes(weeks: int, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """When jobs run: at the opening, several times a day, and around every Monday's close."""
    monday, last = FIRST_WEEK.monday, weeks * 7
    yield dt.datetime.combine(monday - _DAY, _OPENING, zone)
    for day in range(last + 1):
        close = _CLOSE_PASSES if day % 7 == 0 and day > 0 else ()
        times = {_MORNING, *close} if day == last else {*_PASSES, *close}
        for time in sorted(times):
            yield dt.datetime.combine(monday + day * _DAY, time, zone)


def _hire(stack: ExitStack, app: App, clock: SharedClock, sandbox: Handle, seed: int, *, plot: Plot) -> Team:
    """The people of the workspace, each with a token of their own."""
    shop = app.context().workspace
    accounts = {
        person.username: stack.enter_context(
            closing(Account(sandbox.url, sandbox.key, person.username, person.name))
        )
        for person in shop.people
    }
    story = Story(seed, tuple(accounts), shop.timezone, FIRST_WEEK.monday, plot)
    return Team(accounts, story, shop.excused.title, clock.advance_to)


def _settings(sandbox: Handle, samples: starter.Starter, out: Path) -> settings.Settings:
    """Settings that come from neither the environment nor .env: the demo must not reach the real Trello."""
    values = {
        "trello_url": sandbox.url,
        "trello_key": sandbox.key,
        "trello_token": sandbox.token,
        "database_url": f"sqlite:///{out.resolve() / folder.WORKSPACE / workspace.STORE}",
        "boards_dir": str(samples.boards),
        "templates_dir": str(samples.templates),
        "mail_dir": str(out / folder.MAIL),
        "requests_per_10s": "100",
    }
    return settings.load({settings.name_of(name): value for name, value in values.items()}, env_file=None)


# ---- telling ----------------------------------------------------------------------------------------


@contextmanager
def bar(days: int) -> Iterator[Step]:
    """A progress bar on standard error, if that is a terminal."""
    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("The boards are being made", total=days)

        def step(day: str) -> None:
            bar.update(task, advance=1, description=day)

        yield step


@contextmanager
def only_errors_logged() -> Iterator[None]:
    """Log errors only: there is a line for every card, and the pages tell them better."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    try:
        yield
    finally:
        structlog.configure(**before)


def _print_summary(reports: tuple[Report, ...], out: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = Table("week", box=None, pad_edge=False)
    for heading in ("scheduled", "on time", "late", "missed", "excused", "not issued", "rate"):
        table.add_column(heading, justify="right")
    for report in reports:
        totals = report.totals
        rate = "–" if totals.compliance_rate is None else f"{totals.compliance_rate:.1%}"
        counts = (
            totals.scheduled,
            totals.on_time,
            totals.late,
            totals.missed,
            totals.excused,
            totals.not_issued,
        )
        table.add_row(str(report.week), *map(str, counts), rate)
    console.print(table)
    console.print(
        f"\nNext:\n"
        f"  open {out / 'index.html'}   boards, cards and weekly reports, in a browser\n"
        f"  cd {out / folder.WORKSPACE}   its files and store: try trello-ops report --list there\n"
        f"  make sandbox   a local Trello to try your own boards in\n"
        f"  README.md   from here to your real Trello in five minutes",
        markup=False,
    )
