"""A store that an older program left behind is opened, migrated and gone on with.

`kept/r0005.*` are the database, as SQL, and what Trello held then, written by the last program that knew
revision 0005. A week was lived and reported; the mail to one of two recipients failed; on the Monday after,
the answer to a new card was lost and the process died. The board was adopted: the answer to its creation was
lost too.
"""

import datetime as dt
import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from pydantic import TypeAdapter
from shop_kit import EIGHT, PlainCards, Shop, daily_task
from sqlalchemy import create_engine

from trello_ops.adapters.store import SqlStore, open_store, schema
from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import Claim
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.ledger import EventKind, OccurrenceKey
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.report import Totals
from trello_ops.core.trello import Action, Card, Snapshot
from trello_ops.errors import OtherTrello

KEPT = Path(__file__).parent / "kept"
WEEK = IsoWeek(2026, 47)
SINCE = dt.datetime(2026, 11, 22, 7, 13, 20, tzinfo=dt.UTC)
FIRST, LAST = (dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (1, 12))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trello-ops.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((KEPT / "r0005.sqlite3.sql").read_text("utf-8"))
    return path


@pytest.fixture
def store(file: Path) -> Iterator[SqlStore]:
    with closing(open_store(f"sqlite:///{file}", "zina")) as opened:
        yield opened


@pytest.fixture
def shop(store: SqlStore) -> Shop:
    """A new process on the kept store, and on the Trello of that moment."""
    world = json.loads((KEPT / "r0005.trello.json").read_text("utf-8"))
    made = Shop(daily_task("parcels"), daily_task("tills", "12:00"), cards=PlainCards({"parcels": (EIGHT,)}))
    made.workspace = replace(
        made.workspace, report=ReportPolicy(("manager@example.org", "owner@example.org"))
    )
    made.store = store  # type: ignore[assignment]
    made.clock.advance_to(dt.datetime.fromisoformat(world["now"]))
    trello = made.trello
    boards = TypeAdapter(list[Snapshot]).validate_python(world["boards"])
    cards = TypeAdapter(list[Card]).validate_python(world["cards"])
    trello._boards = {board.board.id: board for board in boards}
    trello._cards = {card.id: card for card in cards}
    trello._actions = TypeAdapter(dict[str, list[Action]]).validate_python(world["actions"])
    trello._numbers = itertools.count(1_000_000)
    trello.people |= {member.username: member for board in boards for member in board.members}
    return made


def kept_report(file: Path) -> Any:
    with closing(sqlite3.connect(file)) as database:
        return json.loads(database.execute("SELECT report FROM reports").fetchone()[0])


def test_all_that_was_kept_is_read(store: SqlStore) -> None:
    bound = store.bindings()
    assert {kind: len(bound.of_board(kind, "daily")) for kind in Kind} == {
        Kind.BOARD: 1,
        Kind.LIST: 3,
        Kind.LABEL: 2,
        Kind.PERSON: 2,
        Kind.TEMPLATE: 1,
        Kind.WEBHOOK: 0,
    }
    board, template = bound.get(Kind.BOARD, "daily"), bound.get(Kind.TEMPLATE, "daily", "parcels")
    assert (board and board.adopted, board and board.fingerprint) == (True, "")
    assert (template and template.adopted, template and template.fingerprint) == (False, "c93d5f9cb74e3dd1")
    assert list(store.watermarks().values()) == [
        Watermark("daily", task, SINCE) for task in ("parcels", "tills")
    ]
    entries = store.due_between(FIRST, LAST)
    assert (len(entries), sum(entry.card is not None for entry in entries)) == (16, 15)
    assert sum(event.kind is EventKind.DONE for entry in entries for event in entry.events) == 15
    (claim,) = store.claims()
    assert claim == Claim("daily/tills/2026-11-23", claim.version, "one", claim.attempted_at, 1, unknown=True)
    assert [str(waiting.key) for waiting in store.unissued()] == ["daily/tills/2026-11-23"]
    assert store.unsent() == (OwedMail(WEEK, "manager@example.org"),)
    assert store.read_cursors().keys() == {"daily"}
    assert [problem.subject for problem in store.problems()] == ["daily/tills"]
    assert store.jobs() == {"issue": dt.datetime(2026, 11, 23, 7, 13, 20, tzinfo=dt.UTC)}


def test_the_figures_of_a_frozen_report_are_unchanged(store: SqlStore, file: Path) -> None:
    report = store.frozen(WEEK)
    assert report is not None
    assert report.totals == Totals(14, 10, 2, 0, 0, 0, 2, 10 / 12)
    kept = kept_report(file)
    assert _of_then(report.as_dict(), kept) == kept


def _of_then(told: Any, kept: Any) -> Any:
    """What is told, without the names that came later."""
    if isinstance(kept, dict):
        return {name: _of_then(told[name], value) for name, value in kept.items()}
    if isinstance(kept, list):
        return [_of_then(one, other) for one, other in zip(told, kept, strict=True)]
    return told


def test_the_next_pass_finds_the_left_card_and_doubles_nothing(shop: Shop, file: Path) -> None:
    before, report = shop.cards_on(), kept_report(file)
    assert len(before) == 16
    shop.settle()
    assert shop.issue().cards == 1
    assert shop.cards_on() == before
    assert shop.entry("tills", "2026-11-23").card
    assert shop.store.claims() == ()
    assert shop.store.unissued() == ()
    assert shop.plan_is_empty()
    assert shop.report() == 1
    assert [(mail.recipient, mail.subject) for mail in shop.outbox.sent] == [
        ("manager@example.org", "2026-W47")
    ]
    assert shop.store.unsent() == ()
    assert kept_report(file) == report


def test_it_is_bound_to_the_trello_where_its_board_is(shop: Shop) -> None:
    assert shop.store.trello() is None
    shop.settle()
    assert shop.store.trello() == shop.trello.identity("zinaobeldi")


def test_it_is_left_as_it_is_where_its_board_is_not(shop: Shop) -> None:
    shop.trello._boards.clear()
    before = (shop.store.claims(), shop.store.unissued())
    for act in (shop.apply, shop.issue, shop.observe):
        with pytest.raises(OtherTrello):
            act()
    assert (shop.store.claims(), shop.store.unissued()) == before
    assert shop.store.trello() is None


def test_the_days_after_go_on_as_ever(shop: Shop) -> None:
    shop.settle()
    shop.issue()
    for card in shop.cards_on():
        if not card.ticked:
            shop.trello.tick(card.id, "amal_zina")
    shop.observe()
    assert all(
        EventKind.DONE in {event.kind for event in shop.entry(task, "2026-11-23").events}
        for task in ("parcels", "tills")
    )
    shop.advance(days=1)
    assert shop.issue().cards == 2
    assert len({card.title for card in shop.cards_on()}) == len(shop.cards_on()) == 18


# ---- what each older revision kept


def database_of(revision: str, folder: Path) -> Path:
    """An empty database as an older program made it."""
    file = folder / "trello-ops.sqlite3"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "trello_ops.adapters.store:migrations")
        command.upgrade(config, revision)
    engine.dispose()
    return file


def test_what_was_amended_before_there_were_days_off_stays_as_it_was(tmp_path: Path) -> None:
    file = database_of("0011", tmp_path)
    date, when = "2026-11-16", "2026-11-16T07:00:00.000000Z"
    given = "weekly:w:d::t:x:c:p"
    recorded = ("zina", "weekly", "stock", date, "Hebdo", "Stock", "ops", "Ops", '["amal"]', "2026-11-20")
    with closing(sqlite3.connect(file)) as older, older:
        older.execute(
            "INSERT INTO occurrences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 46, 'too_late', ?,"
            " '{\"any\": [\"ticked\"]}', '[]', '[]')",
            (*recorded, when, when, when),
        )
        older.execute(
            "INSERT INTO amendments VALUES (1, 'zina', 'weekly', 'stock', ?, ?, 'Hebdo', 'Stocks', '[]',"
            " '2026-11-19', ?, ?, 1)",
            (date, when, when, given),
        )
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        entry = store.entry(OccurrenceKey("weekly", "stock", dt.date.fromisoformat(date)))
    assert entry is not None
    assert (entry.skipped, entry.occurrence.skip) == ("too_late", None)
    for occurrence, day in ((entry.occurrence, 19), (entry.recorded, 20)):
        assert occurrence.nominal_day == occurrence.day == dt.date(2026, 11, day)
        named = occurrence.moved, occurrence.start, occurrence.turn, occurrence.absent
        assert named == (None, None, "", ())


@pytest.mark.parametrize("revision", ["0001", "0003", "0004", "0005"])
def test_watermarks_and_adopted_boards_leave_the_bindings(revision: str, tmp_path: Path) -> None:
    file, when = database_of(revision, tmp_path), "2026-11-22T07:13:20.000000Z"
    rows = [
        ("board", "daily", "", "b1", "adopted"),
        ("board", "weekly", "", "b2", ""),
        ("template", "daily", "stock", "c1", "adopted"),
        ("task", "daily", "stock", "", ""),
    ]
    with closing(sqlite3.connect(file)) as older, older:
        for kind, board, key, trello_id, fingerprint in rows:
            older.execute(
                "INSERT INTO bindings VALUES ('zina', ?, ?, ?, ?, ?, ?, '')",
                (kind, board, key, trello_id, when, fingerprint),
            )
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        assert store.watermarks() == {("daily", "stock"): Watermark("daily", "stock", SINCE)}
        assert list(store.bindings()) == [
            Binding(Kind.BOARD, "daily", "", "b1", SINCE, adopted=True),
            Binding(Kind.BOARD, "weekly", "", "b2", SINCE),
            Binding(Kind.TEMPLATE, "daily", "stock", "c1", SINCE, "adopted"),
        ]
    with closing(sqlite3.connect(file)) as migrated:
        found = migrated.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found == (schema.REVISION,)


def test_mails_of_before_there_were_kinds_are_of_whole_weeks_and_cannot_be_rewritten(
    store: SqlStore, file: Path
) -> None:
    owner, manager = (OwedMail(WEEK, f"{who}@example.org") for who in ("owner", "manager"))
    assert store.mails(WEEK) == {manager: None, owner: dt.datetime(2026, 11, 23, 7, 13, 20, tzinfo=dt.UTC)}
    for table in ("mails_owed", "mails_sent"):
        for statement in (f"UPDATE {table} SET kind = 'forecast'", f"DELETE FROM {table}"):  # noqa: S608
            with (
                closing(sqlite3.connect(file)) as database,
                pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"),
            ):
                database.execute(statement)
