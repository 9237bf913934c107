"""Whole stores from one database to another."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from store_kit import NOW, fill, occurrence

from trello_ops.adapters.store import copy_stores, copying, open_database, open_store
from trello_ops.adapters.store.copying import Step
from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import OwedMail
from trello_ops.demo.postgres import Server
from trello_ops.errors import StoreError

FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class Steps:
    def __init__(self) -> None:
        self.asked = 0
        self.told: list[str] = []

    @contextmanager
    def __call__(self, steps: int) -> Iterator[Step]:
        self.asked = steps
        yield self.told.append


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Two shops; of one, an occurrence waits and another does not any more."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    for key in ("zina", "fes"):
        with closing(open_store(url, key)) as store:
            fill(store, days=5)
            store.bind(Binding(Kind.BOARD, "daily", "", f"board-of-{key}", NOW, "", "https://trello.com/b/x"))
            store.claim("daily/tills/2026-01-09", "holder", NOW)
            store.owe([OwedMail(IsoWeek(2026, 47), "a@example.org")])
    with closing(open_store(url, "fes")) as store:
        waiting = [occurrence(day) for day in (6, 7)]
        store.record(waiting, NOW)
        store.pass_over([waiting[0].key])
    return url


def contents(url: str, key: str) -> tuple[object, ...]:
    with closing(open_store(url, key)) as store:
        entries = store.due_between(NOW, FAR)
        asked = (store.bindings(), store.claims(), store.mails(IsoWeek(2026, 47)), store.read_cursors())
        return entries, store.unissued(), *asked


def copied(source: str, target: str) -> dict[str, int]:
    steps = Steps()
    counts = copy_stores(source, target, steps)
    assert len(steps.told) == steps.asked > 0
    for key in ("zina", "fes"):
        assert contents(target, key) == contents(source, key)
        assert contents(target, key)[0]
    return counts


def test_each_workspace_is_there_as_it_was(source: str, tmp_path: Path) -> None:
    counts = copied(source, f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert (counts["occurrences"], counts["cards"], counts["unissued"]) == (12, 10, 1)


@pytest.mark.slow
def test_to_a_server_and_back(source: str, tmp_path: Path, postgres: Server) -> None:
    there = postgres.create("copied")
    counts = copied(source, there)
    known = text("SELECT reltuples FROM pg_class WHERE relname = 'occurrences'")
    with closing(open_database(there)) as database, database.reading() as connection:
        assert connection.scalar(known) == counts["occurrences"], "it plans by how many there are"
    assert copied(there, f"sqlite:///{tmp_path / 'back.sqlite3'}") == counts


def test_more_rows_than_are_held_at_once(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_SOME", 3)
    copied(source, f"sqlite:///{tmp_path / 'new.sqlite3'}")


def test_nothing_of_another_is_touched(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    with closing(open_store(target, "rabat")) as store:
        fill(store)
    before = contents(target, "rabat")
    copied(source, target)
    assert contents(target, "rabat") == before


def test_a_workspace_that_is_there_is_not_copied_over(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    with closing(open_store(target, "zina")) as store:
        fill(store)
    with pytest.raises(StoreError, match="of zina already; nothing was copied"):
        copy_stores(source, target, Steps())
    assert contents(target, "fes")[0] == ()


def test_what_came_over_changed_is_not_kept(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    insert = copying.insert
    monkeypatch.setattr(copying, "insert", lambda table: insert(table).prefix_with("OR IGNORE"))
    kept = copying._copy
    monkeypatch.setattr(copying, "_copy", lambda *args: None if args[2].name == "cards" else kept(*args))
    with pytest.raises(StoreError, match="rows of cards came over changed; nothing was copied"):
        copy_stores(source, target, Steps())
    assert contents(target, "zina")[0] == ()


def test_an_address_without_a_store_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store to copy"):
        copy_stores(f"sqlite:///{tmp_path / 'none.sqlite3'}", source, Steps())
    with pytest.raises(StoreError, match="name another target"):
        copy_stores(source, source, Steps())
