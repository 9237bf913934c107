"""Two weeks of fifty shops on three nodes, one of which is killed, beside one process that does the same.

    python -m trello_ops.demo.fleet [SHOPS [DAYS]]

A real PostgreSQL, the local Trello over HTTP, and nodes as processes of their own. Time is simulated: it
jumps from step to step, each of which lasts until every shop was served. Exits with 1 where figures differ.
"""

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import requests
from rich.console import Console

from trello_ops.adapters.store import Database, SqlStore, open_database
from trello_ops.adapters.store.agency import AgencyStore
from trello_ops.app import App, open_app
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.demo import fleet_shops, postgres
from trello_ops.demo.fleet_node import FileClock
from trello_ops.demo.fleet_nodes import Nodes
from trello_ops.demo.fleet_shops import Card, Deed, People
from trello_ops.demo.run import FIRST_WEEK, bar, only_errors_logged
from trello_ops.demo.shop import shop_sandbox
from trello_ops.errors import TrelloError
from trello_ops.operations import reconcile
from trello_ops.ports import Clock
from trello_sandbox.server import Handle, running

ZONE: Final = ZoneInfo("Africa/Casablanca")
SHOPS, DAYS, NODES = 50, 14, 3
QUICK: Final = {
    # By simulated time hours pass between two steps, which last seconds.
    "issue_seconds": 1,
    "observe_seconds": 1,
    "report_seconds": 1,
    "reconcile_seconds": 3600,
    "settle_seconds": 4,
    "request_timeout_seconds": 4,
    "lease_seconds": 9,
}
_AGENCY: Final = "agence@example.org"
_DAY: Final = dt.timedelta(days=1)
_EVE, _MORNING, _AFTERNOON = dt.time(18), dt.time(8), dt.time(13)

Figures = Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
"""By shop and week, the key and outcome of every line of the frozen report."""


class Robot(Protocol):
    """Whatever does the shops' jobs."""

    def serve(self, moment: dt.datetime) -> None:
        """Return when every shop was served since a moment of simulated time."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """A Trello, people in it, and the files, store and time of a fleet that works there."""

    folder: Path
    names: tuple[str, ...]
    sandbox: Handle
    people: People
    clock: FileClock
    database: Database

    def jump(self, day: dt.date, hour: dt.time) -> dt.datetime:
        """Move everybody's time on. Returns the moment."""
        moment = dt.datetime.combine(day, hour, ZONE).astimezone(dt.UTC)
        sent = {"now": moment.isoformat()}
        requests.post(f"{self.sandbox.url}/sandbox/clock", json=sent, timeout=20).raise_for_status()
        self.clock.jump(moment)
        return moment

    def stores(self) -> Iterator[tuple[str, SqlStore]]:
        """The store of each shop, by its name."""
        for name in self.names:
            yield name, SqlStore(self.database, name)

    def figures(self) -> Figures:
        """What the frozen reports say."""
        found = {}
        for name, store in self.stores():
            for week in store.frozen_weeks():
                report = store.frozen(week)
                lines = report.occurrences if report else ()
                found[name, str(week)] = tuple(sorted((line.key, str(line.outcome)) for line in lines))
        return found


@contextmanager
def world(folder: Path, names: tuple[str, ...], database: str) -> Iterator[World]:
    """A new world on the eve of the first week, with the boards of all shops."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(running(shop_sandbox(port=0, rate_limit=False)))
        fleet_shops.declare(folder, names, sandbox, database, **QUICK)
        people = stack.enter_context(closing(People(sandbox)))
        opened = stack.enter_context(closing(open_database(database)))
        made = World(folder, names, sandbox, people, FileClock(folder / "clock"), opened)
        made.jump(FIRST_WEEK.monday - _DAY, _EVE)
        with _apps(made, made.clock) as apps:
            for app in apps:
                _make_boards(app)
        yield made


@contextmanager
def _apps(world: World, clock: Clock) -> Iterator[tuple[App, ...]]:
    fleet = fleet_shops.read(world.folder)
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(
                closing(open_app(tenant.settings, clock, database=world.database, neighbours=world.names))
            )
            for tenant in fleet.tenants.values()
        )


def _make_boards(app: App) -> None:
    app.take_up()
    context = app.context()
    for subject, message in reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK)).failed.items():
        raise TrelloError(f"{subject}: {message}")


# ---- the weeks --------------------------------------------------------------------------------------


def live(
    world: World, robot: Robot, days: int, step: Callable[[str], None], trouble: Callable[[], None]
) -> None:
    """So many days, and the morning after. `trouble` comes as the cards of the day in the middle are due."""
    for number in range(days + 1):
        day = FIRST_WEEK.monday + number * _DAY
        step(f"{day:%A %d %B}")
        moment = world.jump(day, _MORNING)
        if number == days // 2:
            trouble()
        robot.serve(moment)
        _work(world, robot, {day - _DAY: Deed.NEXT_DAY})
        if number < days:
            world.jump(day, _AFTERNOON)
            _work(world, robot, {day: Deed.AT_NOON})


def _work(world: World, robot: Robot, deeds: dict[dt.date, Deed]) -> None:
    if world.people.work(world.people.cards(), deeds):
        robot.serve(world.clock.now())


class Calm:
    """One process that does every job of every shop, one after another."""

    def __init__(self, apps: tuple[App, ...]) -> None:
        self._apps = apps

    def serve(self, moment: dt.datetime) -> None:  # noqa: ARG002 - it is always later
        """Run every job of every shop, again until nothing is owed: a pass may wait for the token's limit."""
        for app in self._apps:
            store = app.services.store
            _run_jobs(app)
            while store.unissued() or store.claims():
                app.services.clock.sleep(1)
                _run_jobs(app)


def _run_jobs(app: App) -> None:
    for job in app.jobs():
        if error := app.run(job):
            raise error


# ---- telling ----------------------------------------------------------------------------------------


def main(shops: int = SHOPS, days: int = DAYS, count: int = NODES) -> bool:
    """Live through it twice, and tell. Returns whether the figures are the same."""
    out = Console(highlight=False, soft_wrap=True)
    names = tuple(f"shop-{number:02}" for number in range(1, shops + 1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trello-ops-fleet-")))
        stack.enter_context(only_errors_logged())
        step = stack.enter_context(bar(2 * (days + 1)))
        out.print(f"{shops} shops, {days} days, {count} nodes on PostgreSQL; one is killed in the middle.")
        server = stack.enter_context(postgres.running(Path(tempfile.gettempdir())))
        with world(folder / "nodes", names, server.create("fleet")) as first:
            with Nodes(first.folder, first.clock, dict(first.stores()), count) as nodes:
                live(first, nodes, days, step, lambda: nodes.kill_one(first.people.cards))
                nodes.report(days // 7, AgencyStore(first.database))
            for line in nodes.told():
                out.print(line)
            out.print(_mailed(first.folder / "mail"))
            figures, cards = first.figures(), first.people.cards()
        out.print("\nThe same days again, in one process on an SQLite file, in peace.")
        url = f"sqlite:///{folder / 'calm.sqlite3'}"
        with world(folder / "calm", names, url) as second, _apps(second, second.clock) as apps:
            live(second, Calm(apps), days, step, lambda: None)
            calm, calm_cards = second.figures(), second.people.cards()
    differences = [*_twice(cards), *_differences(figures, calm), *_unlike(cards, calm_cards)]
    for line in (
        *_in_sum(figures, cards),
        *(differences or ["No figure differs from those of the calm process."]),
    ):
        out.print(line)
    return not differences


def _mailed(folder: Path) -> str:
    """How many mails about all shops there are, and which."""
    mails = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in folder.glob("*.eml"))
    subjects = sorted(mail["Subject"] for mail in mails if mail["To"] == _AGENCY)
    return "\n".join(f"  mailed to {_AGENCY}: {subject}" for subject in subjects)


def _in_sum(figures: Figures, cards: tuple[Card, ...]) -> Iterator[str]:
    yield f"\n{len(cards)} cards."
    for week in sorted({week for _, week in figures}):
        outcomes = [outcome for (_, each), lines in figures.items() if each == week for _, outcome in lines]
        counts = ", ".join(f"{outcomes.count(each)} {each}" for each in sorted(set(outcomes)))
        yield f"{week}: {counts}"


def _twice(cards: tuple[Card, ...]) -> Iterator[str]:
    seen = set[tuple[str, Any]]()
    for card in cards:
        if (card.shop, card.key) in seen:
            yield f"{card.shop}: two cards for {card.key}"
        seen.add((card.shop, card.key))


def _unlike(cards: tuple[Card, ...], calm: tuple[Card, ...]) -> Iterator[str]:
    here, there = ({f"{card.shop} {card.key}" for card in each} for each in (cards, calm))
    yield from (f"{key}: no card with the nodes" for key in sorted(there - here))
    yield from (f"{key}: no card with the calm process" for key in sorted(here - there))


def _differences(figures: Figures, calm: Figures) -> Iterator[str]:
    for shop, week in sorted(figures.keys() | calm.keys()):
        here, there = (dict(each.get((shop, week), ())) for each in (figures, calm))
        for key in sorted(here.keys() | there.keys()):
            if here.get(key) != there.get(key):
                yield f"{shop} {week} {key}: {here.get(key)} with the nodes, {there.get(key)} in peace"
    if not figures:
        yield "no week was reported"


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
