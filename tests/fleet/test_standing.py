"""How the shops of a fleet fare, by one database."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, insert
from store_kit import NOW

from trello_ops.adapters.store import Database, SqlStore, open_database, schema
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.mails import OwedMail
from trello_ops.declared.load import read
from trello_ops.fleet.standing import Standing, departed, standings
from trello_ops.fleet.tenant import Fleet

SAMPLE = Path(__file__).parents[2] / "boards"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


def put_in_force(database: Database, key: str) -> SqlStore:
    """A store with the sample shop's declaration in force."""
    workspace = read(SAMPLE, ()).workspace
    assert workspace
    store = SqlStore(database, key)
    store.put_in_force(InForce(1, NOW, Declaration(workspace)))
    return store


def fleet(*names: str, **problems: str) -> Fleet:
    return Fleet(problems=problems, workspaces={name: name for name in (*names, *problems)})


def names(found: tuple[Standing, ...]) -> list[str]:
    return [each.name for each in found]


def test_the_worst_come_first(database: Database) -> None:
    for name, minutes in (("well", 1), ("slow", 50), ("wrong", 1), ("untended", 1)):
        store = put_in_force(database, name)
        store.job_done("observe", NOW - dt.timedelta(minutes=minutes))
        if name == "wrong":
            store.note_problem("job:mail", "no server", NOW)
    found = fleet("well", "slow", "wrong", "never", untended="no token")
    told = standings(found, database, NOW, set(found.workspaces))
    assert names(told) == ["untended", "wrong", "never", "slow", "well"]
    assert [each.lag(NOW) for each in told][2:4] == [None, dt.timedelta(minutes=50)]
    assert (told[0].trouble, told[0].in_force_since) == ("no token", NOW)
    assert told[2] == Standing("never", "never")


def test_many_shops_cost_no_more_statements_than_one(database: Database) -> None:
    week, sent = IsoWeek.at(NOW, ZoneInfo("UTC")), list[str]()

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    counts = list[int]()
    shops = list[str]()
    for number in (1, 20):
        shops = [f"shop-{each}" for each in range(number)]
        for shop in shops[len(shops) // 2 :]:
            put_in_force(database, shop).owe([OwedMail(week, "amal@shop.example")])
        event.listen(Engine, "before_cursor_execute", note)
        assert len(standings(fleet(*shops), database, NOW, set(shops))) == number
        event.remove(Engine, "before_cursor_execute", note)
        counts.append(len(sent))
        sent.clear()
    assert counts[0] == counts[1] < 10


def test_a_declaration_of_a_newer_program_is_its_shop_s_trouble_alone(database: Database) -> None:
    for shop in ("zina", "newer"):
        put_in_force(database, shop).owe([OwedMail(IsoWeek.at(NOW, ZoneInfo("UTC")), "a@shop.example")])
    with database.writing() as db:
        row = {"workspace": "newer", "version": 2, "since": NOW, "body": "{}"}
        db.execute(insert(schema.declarations).values(row))
    found = standings(fleet("zina", "newer"), database, NOW, {"zina", "newer"})
    assert [(each.name, "newer program" in each.trouble) for each in found] == [
        ("newer", True),
        ("zina", False),
    ]


def test_only_the_shops_asked_for_are_told(database: Database) -> None:
    assert names(standings(fleet("a", "b", "c"), database, NOW, {"a", "c"})) == ["a", "c"]


def test_mails_are_owed_to_those_who_still_get_reports(database: Database) -> None:
    store = put_in_force(database, "zina")
    declared = store.in_force()
    assert declared
    to = declared.declaration.workspace.report.recipients[0]
    week = IsoWeek.at(NOW, ZoneInfo("UTC"))
    store.owe([OwedMail(week, to), OwedMail(week, "nobody@shop.example")])
    [found] = standings(fleet("zina"), database, NOW, {"zina"})
    assert found.mails_owed == 1


def test_what_is_in_force_and_not_in_the_fleet_has_departed(database: Database) -> None:
    for key in ("zina", "gone", "untended"):
        put_in_force(database, key)
    assert departed(fleet("zina", untended="no token"), database) == {"gone": NOW}
