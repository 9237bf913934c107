"""The daemon with its real scheduler, on a clock that is moved, against Trello over HTTP."""

import datetime as dt
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from live_kit import CASABLANCA, DAILY, Live, MovableClock, apply, live, small_shop, until
from oracle import Oracle, disagreements

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.daemon import Daemon
from trello_ops.operations.report import account
from trello_ops.ports import Clock

SUNDAY = dt.datetime(2026, 11, 15, 10, 0, tzinfo=CASABLANCA)
EVERY_DAY = DAILY.replace("mon-sat", "mon-sun").replace('release: "06:00"', 'release: "00:00"')
TASKS = ("parcels", "emails", "news")
QUICK = {"reconcile_seconds": 1, "issue_seconds": 0.2, "observe_seconds": 0.5, "report_seconds": 0.2}
HOURLY = dict.fromkeys(QUICK, 3600)


class Shop:
    def __init__(self, trello: Live, folder: Path, clock: MovableClock) -> None:
        self.trello, self.folder, self.clock = trello, folder, clock

    def write_board(self, text: str) -> None:
        """In one step, as editors do: the daemon never reads half of it."""
        written = self.folder / "daily.yaml.new"
        written.write_text(text, "utf-8")
        written.replace(self.folder / "boards" / "daily.yaml")

    def has_cards(self, day: str, tasks: tuple[str, ...] = TASKS) -> bool:
        """Whether each task has its card of a day. More than one never is right."""
        counts = [len(self.trello.cards(f"daily/{task}/{day}")) for task in tasks]
        assert max(counts) <= 1
        return min(counts) == 1

    def is_issued(self, app: App, day: str, tasks: tuple[str, ...] = TASKS) -> bool:
        """Whether the cards of a day are there and whole. Before, no clock may jump past their claims."""
        return self.has_cards(day, tasks) and app.services.store.claims() == ()

    @contextmanager
    def daemon(self, intervals: Mapping[str, float], machine: Clock | None = None) -> Iterator[App]:
        """A daemon in a thread, which must end well and soon."""
        stop, ended = threading.Event(), list[bool]()
        with self.trello.app(self.folder, self.clock, **intervals) as opened:
            app = replace(opened, runtime=replace(opened.runtime, stopping=stop.is_set))
            thread = threading.Thread(target=lambda: ended.append(Daemon(app, stop, machine).run()))
            thread.start()
            try:
                yield app
            finally:
                stop.set()
                asked = time.monotonic()
                thread.join(15)
            assert ended == [True]
            assert time.monotonic() - asked < 5


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """On Sunday at ten, with its board applied."""
    small_shop(tmp_path)
    with live() as trello:
        shop = Shop(trello, tmp_path, MovableClock(trello, SUNDAY))
        shop.write_board(EVERY_DAY)
        with trello.app(tmp_path, shop.clock) as app:
            apply(app)
        yield shop


def test_a_midnight_and_a_monday_close(shop: Shop) -> None:
    trello = shop.trello
    with shop.daemon(QUICK) as app:
        until(lambda: shop.is_issued(app, "2026-11-15"))
        trello.tick(trello.card("daily/parcels/2026-11-15"), "karim_zina")

        shop.clock.advance_to(SUNDAY.replace(hour=23, minute=55))
        until(lambda: _outcomes(app, "2026-W46").get("daily/parcels/2026-11-15") == "on_time")
        assert _cards_of(trello, "2026-11-16") == 0

        shop.clock.advance_to(SUNDAY.replace(hour=0, minute=1) + dt.timedelta(days=1))
        until(lambda: shop.is_issued(app, "2026-11-16"))
        assert list(shop.folder.glob("mail/*.eml")) == []

        shop.clock.advance_to(SUNDAY.replace(hour=7, minute=0) + dt.timedelta(days=1))
        until(lambda: list(shop.folder.glob("mail/*.eml")))
        with another_pass(app):
            pass  # nobody mails it a second time

        report = app.services.store.frozen(IsoWeek.parse("2026-W46"))
        assert report is not None
        assert disagreements(report.as_dict(), Oracle(trello.state(), shop.folder / "boards")) == []
        assert report.totals.scheduled == 3
        assert app.services.store.problems() == ()
        assert shop.has_cards("2026-11-15")
        assert shop.has_cards("2026-11-16")

    (path,) = shop.folder.glob("mail/*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert mail["To"] == "gerante@example.org"


def test_an_edited_file_is_taken_up_and_a_broken_one_is_not(shop: Shop) -> None:
    extra = '  extra: {title: En plus, theme: data, template: news.md, due: "12:00"}\n'
    with shop.daemon(QUICK) as app:
        until(lambda: shop.is_issued(app, "2026-11-15"))
        shop.write_board(EVERY_DAY + extra)
        until(lambda: shop.is_issued(app, "2026-11-15", (*TASKS, "extra")))

        shop.write_board(EVERY_DAY + extra + "  broken: {title: Sans thème}\n")
        (problem,) = until(app.services.store.problems)
        assert "tasks.broken" in problem.message
        shop.clock.advance(24 * 3600)
        until(lambda: shop.is_issued(app, "2026-11-16", (*TASKS, "extra")))

        shop.write_board(EVERY_DAY)
        until(lambda: app.services.store.problems() == ())
        with another_pass(app):
            pass  # whatever began before the edit has ended
        shop.clock.advance(24 * 3600)
        until(lambda: shop.is_issued(app, "2026-11-17"))
        assert shop.trello.cards("daily/extra/2026-11-17") == []


def test_a_jump_of_the_machines_clock_rings_every_job(shop: Shop) -> None:
    machine = JumpingMachine()
    with shop.daemon(HOURLY, machine) as app:
        until(lambda: "report" in app.services.store.jobs())
        jobs = app.services.store.jobs()
        time.sleep(1.5)
        assert app.services.store.jobs() == jobs, "no alarm goes off within the hour"
        with another_pass(app):
            machine.jump()


class JumpingMachine(SystemClock):
    """Its wall clock and its monotonic clock part by an hour when asked to."""

    _parted = 0.0

    def jump(self) -> None:
        self._parted = 3600.0

    def monotonic(self) -> float:
        return super().monotonic() - self._parted


@contextmanager
def another_pass(app: App) -> Iterator[None]:
    """Wait until every job has succeeded once more than before."""
    before = app.services.store.jobs()
    yield
    until(lambda: all(at > before[name] for name, at in app.services.store.jobs().items()))


def _outcomes(app: App, week: str) -> dict[str, str]:
    lines = account(app.context(), IsoWeek.parse(week)).occurrences
    return {line.key: str(line.outcome) for line in lines}


def _cards_of(trello: Live, day: str) -> int:
    return sum(len(trello.cards(f"daily/{task}/{day}")) for task in TASKS)
