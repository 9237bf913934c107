"""`SqlStore` over a long history: every method costs what it returns, and not what the ledger holds."""

import datetime as dt
import inspect
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from calendar_kit import task, workspace
from shop_kit import daily_task, workspace_of
from sqlalchemy import Engine, create_engine, event
from store_kit import NOW, occurrence

from trello_ops.adapters.store import SqlStore, open_store, schema
from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.ledger import (
    Amendment,
    BoardSight,
    Edition,
    EventKind,
    EventSource,
    Given,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    OccurrenceKey,
    Outage,
    ReadCursor,
)
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.trello import Member
from trello_ops.ports import Store

DAY = dt.timedelta(days=1)
WEEK = IsoWeek(2026, 47)
BOARDS, TASKS = ("daily", "weekly"), ("stock", "tills")
ADDRESSES = ("a@example.org", "b@example.org")
NEW = replace(occurrence(), key=OccurrenceKey("daily", "new", NOW.date()))
IN_FORCE = InForce(1, NOW, Declaration(workspace(task())))
GIVEN = Given(Edition("day", "", "", ""), "", "", "", "")
WAITING = replace(NEW, key=OccurrenceKey("daily", "waiting", NOW.date()))


def entry(board: str, task: str, days_ago: int) -> LedgerEntry:
    """Issued, done and reopened on its day."""
    due = NOW - days_ago * DAY
    key = OccurrenceKey(board, task, due.date())
    card = IssuedCard(f"{board}-{task}-{days_ago}", "https://trello.com/c/1", due, due)
    events = tuple(
        LedgerEvent(key, kind, due, EventSource.TICK, Member("m", "amal", "Amal"), f"{kind}-{card.id}")
        for kind in (EventKind.DONE, EventKind.REOPENED)
    )
    return LedgerEntry(replace(occurrence(), key=key, release=due - DAY, due=due), due, "", card, events)


def report(week: IsoWeek) -> Report:
    return weekly_report(workspace_of(daily_task("tills")), WeekFacts(week, (), (), ()), NOW, freeze=True)


@contextmanager
def lived(file: Path, days: int) -> Iterator[SqlStore]:
    """A store with four occurrences a day; whatever is counted in weeks or boards is the same in each."""
    entries = [entry(b, t, ago) for b in BOARDS for t in TASKS for ago in range(days)]
    binding, cursor = Binding(Kind.BOARD, "daily", "", "b1", NOW), ReadCursor("daily", NOW)
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        rebuilt = Rebuilt((binding,), (), (*entries, LedgerEntry(WAITING, NOW)), (), (cursor,), (), ())
        store.restore(rebuilt, "one", NOW)
        yield store


# In an order in which each finds something to do.
CALLS: dict[str, Callable[[SqlStore], object]] = {
    "bindings": lambda store: store.bindings(),
    "bind": lambda store: store.bind(Binding(Kind.TEMPLATE, "daily", "stock", "c1", NOW)),
    "unbind": lambda store: store.unbind(Kind.TEMPLATE, "daily", "stock"),
    "declaration_version": lambda store: store.declaration_version(),
    "in_force": lambda store: store.in_force(),
    "put_in_force": lambda store: store.put_in_force(IN_FORCE),
    "wait_again": lambda store: store.wait_again([NEW.key]),
    "bind_trello": lambda store: store.bind_trello(TrelloIdentity("https://api.trello.com")),
    "trello": lambda store: store.trello(),
    "claim": lambda store: store.claim("key", "one", NOW),
    "claims": lambda store: store.claims(),
    "mark_unknown": lambda store: store.mark_unknown(store.claims()[0]),
    "renew": lambda store: store.renew(store.claims()[0], "two"),
    "release": lambda store: store.release(store.claims()[0]),
    "watermarks": lambda store: store.watermarks(),
    "set_watermark": lambda store: store.set_watermark(Watermark("daily", "stock", NOW)),
    "record": lambda store: store.record([NEW, entry("daily", "stock", 0).occurrence], NOW),
    "recorded": lambda store: store.recorded("daily", TASKS, NOW.date() - 6 * DAY),
    "entry": lambda store: store.entry(NEW.key),
    "latest": lambda store: store.latest("daily", "stock", 5),
    "unissued": lambda store: store.unissued(),
    "pass_over": lambda store: store.pass_over([WAITING.key]),
    "confirm": lambda store: store.confirm(NEW.key, IssuedCard("new", "https://trello.com/c/2", NOW, NOW)),
    "due_between": lambda store: store.due_between(NOW - 6 * DAY, NOW + DAY),
    "issued_since": lambda store: store.issued_since("daily", NOW - 6 * DAY),
    "with_cards": lambda store: store.with_cards([f"daily-stock-{ago}" for ago in range(5)]),
    "amend": lambda store: store.amend(Amendment.of(NEW, NOW, GIVEN)),
    "append": lambda store: store.append([LedgerEvent(NEW.key, EventKind.DONE, NOW, EventSource.STATE)], NOW),
    "completed_between": lambda store: store.completed_between(NOW - 6 * DAY, NOW + DAY),
    "first_due": lambda store: store.first_due(),
    "read_cursors": lambda store: store.read_cursors(),
    "note_read": lambda store: store.note_read(ReadCursor("weekly", NOW)),
    "note_outage": lambda store: store.note_outage(Outage("daily", NOW - 3 * DAY, NOW)),
    "outages": lambda store: store.outages(NOW - 6 * DAY, NOW),
    "note_sight": lambda store: store.note_sight(BoardSight("daily", "5f01", NOW, shown=False)),
    "board_sights": lambda store: store.board_sights(),
    "freeze": lambda store: store.freeze(report(WEEK), ADDRESSES),
    "frozen": lambda store: store.frozen(WEEK),
    "frozen_weeks": lambda store: store.frozen_weeks(),
    "frozen_counts": lambda store: store.frozen_counts(),
    "unsent": lambda store: store.unsent(),
    "sent": lambda store: store.sent(WEEK, ADDRESSES[0], NOW),
    "mails": lambda store: store.mails(WEEK),
    "note_problem": lambda store: store.note_problem("daily", "closed", NOW),
    "problems": lambda store: store.problems(),
    "clear_problem": lambda store: store.clear_problem("daily"),
    "job_done": lambda store: store.job_done("issue", NOW),
    "jobs": lambda store: store.jobs(),
}


def test_every_method_of_the_port_is_measured_here() -> None:
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert methods - {"restore", "close"} == CALLS.keys()


# ---- steps


class Steps:
    """Counts the steps that SQLite takes, in tens, on every connection opened meanwhile."""

    def __init__(self) -> None:
        self.taken = 0

    def __enter__(self) -> "Steps":
        event.listen(Engine, "connect", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "connect", self._count)

    def _count(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(self._ten_more, 10)

    def _ten_more(self) -> int:
        self.taken += 1
        return 0


def steps_of_each(file: Path, days: int) -> dict[str, int]:
    found = {}
    with Steps() as steps, lived(file, days) as store:
        for name, call in CALLS.items():
            before = steps.taken
            call(store)
            found[name] = steps.taken - before
    return found


def test_twenty_times_the_history_costs_no_more_steps(tmp_path: Path) -> None:
    short = steps_of_each(tmp_path / "short.sqlite3", days=10)
    long = steps_of_each(tmp_path / "long.sqlite3", days=200)
    dearer = {name: (short[name], long[name]) for name in CALLS if long[name] > short[name] + 2}
    assert dearer == {}
    assert short["due_between"] > 10, "steps are counted at all"


def test_the_bindings_of_a_board_cost_no_more_beside_many_boards(tmp_path: Path) -> None:
    taken = []
    for boards in (2, 40):
        with Steps() as steps, closing(open_store(f"sqlite:///{tmp_path / str(boards)}", "zina")) as store:
            for number in range(boards):
                store.bind(Binding(Kind.LIST, f"board-{number}", "todo", "t", NOW))
            before = steps.taken
            assert len(list(store.bindings("board-1"))) == 1
            taken.append(steps.taken - before)
    assert taken[1] <= taken[0] + 2


# ---- plans


def test_no_method_scans_a_table_of_the_ledger(tmp_path: Path) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, _: object, many: bool) -> None:
        asked.append((statement, given[0] if many and isinstance(given[0], tuple) else given))

    file = tmp_path / "trello-ops.sqlite3"
    with lived(file, days=3) as store:
        event.listen(Engine, "before_cursor_execute", note)
        for call in CALLS.values():
            call(store)
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(file)) as connection:
        steps = [
            (row[3], statement)
            for statement, given in asked
            if not statement.startswith("BEGIN")
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    ledger = "|".join(table.name for table in schema.LEDGER)
    assert len(steps) > len(CALLS)
    assert [step for step in steps if re.match(rf"SCAN ({ledger})\b", step[0])] == []


# ---- what an older store brings along


def at_revision(file: Path, revision: str) -> None:
    """A new file as an older version made it."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "trello_ops.adapters.store:migrations")
        command.upgrade(config, revision)
    engine.dispose()


def test_what_waited_when_the_store_was_older_still_waits(tmp_path: Path) -> None:
    file = tmp_path / "trello-ops.sqlite3"
    at_revision(file, "0003")
    when = "2026-11-16T07:00:00.000000Z"
    with closing(sqlite3.connect(file)) as older, older:
        for task, skipped in (("waiting", ""), ("issued", ""), ("skipped", "too_late")):
            texts = ("zina", "daily", task, "2026-11-16", "", "", "", "", "[]", "2026-11-16", when, when)
            older.execute(
                "INSERT INTO occurrences (workspace, board, task, date, board_title, title, theme,"
                " theme_title, assignees, day, release, due, sequence, skipped, recorded_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                (*texts, skipped, when),
            )
        older.execute(
            "INSERT INTO cards VALUES ('zina', 'daily', 'issued', '2026-11-16', 'c', 'u', ?, ?)", (when, when)
        )
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        assert [waiting.key for waiting in store.unissued()] == [WAITING.key]
        store.record([NEW], NOW)
        store.confirm(WAITING.key, IssuedCard("c3", "https://trello.com/c/3", NOW, NOW))
        assert store.unissued() == (NEW,)
