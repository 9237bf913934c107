"""`SqlStore` over a long history: every method costs what it returns, and not what the ledger holds."""

import inspect
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from store_calls import CALLS, NEW, WAITING, lived
from store_kit import NOW

from trello_ops.adapters.store import open_store, schema
from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.ledger import (
    IssuedCard,
)
from trello_ops.ports import Store


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
