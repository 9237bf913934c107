"""A board that people made by hand over HTTP, and its export, become the same board file."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from draft_kit import drafted, write
from live_kit import PARIS, Json, Live, MovableClock

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.gateway import Gateway, connect
from trello_ops.core.trello import Member
from trello_ops.draft import board, source, team
from trello_ops.draft.model import Draft
from trello_ops.errors import InvalidDeclaration
from trello_ops.operations.adopt import board_id

FIRST = dt.datetime(2026, 11, 2, 7, 30, tzinfo=PARIS)
"""A Monday."""

TODAY = dt.date(2026, 12, 2)
HOSTILE = "Lire {{ 7 * 7 }} : *tout* “d'abord” {% if"


class Team:
    """People at work on a board of theirs."""

    def __init__(self, trello: Live) -> None:
        self._trello = trello
        (where,) = (each["id"] for each in self.act("GET", "/members/me/organizations"))
        self.board: Json = self.act(
            "POST", "/boards", name="Boutique", idOrganization=where,
            defaultLists="false", defaultLabels="false", prefs_permissionLevel="org",
        )  # fmt: skip
        self.lists = {
            name: self._add("lists", name, pos="bottom") for name in ("À faire", "En cours", "Fini")
        }
        self.labels = {name: self._add("labels", name, color=colour) for name, colour in (
            ("Vitrine", "pink"), ("Stock", "green_light"), ("", "orange"),
        )}  # fmt: skip

    def act(self, method: str, path: str, **params: str) -> Any:
        return self._trello.act("amal_zina", method, path, **params)

    def _add(self, kind: str, name: str, **params: str) -> str:
        made: Json = self.act("POST", f"/{kind}", idBoard=self.board["id"], name=name, **params)
        return str(made["id"])

    def card(self, name: str, *items: str, label: str = "Stock", **params: str) -> Json:
        card: Json = self.act(
            "POST", "/cards", idList=self.lists["À faire"], name=name, idLabels=self.labels[label], **params
        )
        if items:
            checklist = self.act("POST", "/checklists", idCard=card["id"], name="Pas à pas")["id"]
            for item in items:
                self.act("POST", f"/checklists/{checklist}/checkItems", name=item)
        return card


@pytest.fixture(scope="module")
def shop(trello: Live) -> Team:
    """A month of a board: one card each Monday, one on each 15th and 1st, some that came once."""
    trello.reset()
    clock, people = MovableClock(trello, FIRST), Team(trello)
    me = people.act("GET", "/members/me")["id"]
    for week in range(5):
        clock.advance_to(FIRST + dt.timedelta(weeks=week))
        day = (FIRST + dt.timedelta(weeks=week)).date()
        card = people.card(
            f"Laver la vitrine {day:%d/%m}", "Dehors", "Dedans", label="Vitrine", idMembers=me,
            due=f"{day + dt.timedelta(days=1)}T16:00:00Z",
        )  # fmt: skip
        if week < 4:
            people.act("PUT", f"/cards/{card['id']}", closed="true")
        if week % 2 == 0:
            inventory = people.card("Inventaire", "Compter")
            people.act("PUT", f"/cards/{inventory['id']}", closed="true")
    clock.advance_to(dt.datetime(2026, 12, 2, 9, 0, tzinfo=PARIS))
    people.card(HOSTILE, HOSTILE, "# dièse", label="", desc="Ligne 1\n---\n{# caché #}\n* deux")
    people.card("Payer le loyer", due="2027-01-05T11:00:00Z")
    people.card("Commander (chaque vendredi à 10h)")
    people.act("PUT", f"/cards/{people.card('Une fois')['id']}", closed="true")
    return people


@pytest.fixture
def gateway(trello: Live) -> Iterator[Gateway]:
    connected = connect(
        trello.url, trello.key, trello.token, timeout=5, requests_per_10s=1000, budget_file=None,
        clock=SystemClock(),
    )  # fmt: skip
    with closing(connected):
        yield connected


def exported(shop: Team) -> bytes:
    """What the menu of the board exports."""
    parts = dict.fromkeys(("fields", "lists", "cards", "checklists", "labels", "members", "actions"), "all")
    return json.dumps(shop.act("GET", f"/boards/{shop.board['id']}", **parts)).encode()


def test_the_board_and_its_export_say_the_same(
    trello: Live, shop: Team, gateway: Gateway, tmp_path: Path
) -> None:
    trello.forget_requests()
    read = source.read_board(gateway, board_id(shop.board["url"]), PARIS, TODAY)
    assert trello.writes() == []
    (tmp_path / "boutique.json").write_bytes(exported(shop))
    assert source.read_file(tmp_path / "boutique.json", PARIS, TODAY) == read
    check(read, tmp_path)


def check(draft: Draft, folder: Path) -> None:
    workspace = drafted(folder, draft)
    (made,) = workspace.boards
    assert (made.title, [each.title for each in made.lists]) == ("Boutique", ["À faire", "En cours", "Fini"])
    tasks = {task.title: task for task in made.tasks}
    assert list(tasks) == ["Laver la vitrine", HOSTILE, "Payer le loyer", "Commander", "Inventaire"]
    weekly, rent, friday = (tasks[name] for name in ("Laver la vitrine", "Payer le loyer", "Commander"))
    assert (str(weekly.cadence.frequency), weekly.cadence.on) == ("weekly", (2,))
    assert (str(weekly.cadence.due.time), weekly.assignees) == ("17:00:00", ("amal-benali",))
    assert (str(rent.cadence.frequency), rent.cadence.dates) == ("once", (dt.date(2027, 1, 5),))
    assert (friday.cadence.on, str(friday.cadence.due.time)) == ((5,), "10:00:00")
    assert (str(tasks["Inventaire"].cadence.frequency), tasks["Inventaire"].cadence.on) == ("biweekly", (1,))
    assert {each.title: each.colour for each in workspace.themes} == {
        "Vitrine": "pink",
        "Orange": "orange",
        "Stock": "green_light",
    }
    assert [each.username for each in workspace.people] == ["amal_zina"]
    written = write(draft)
    assert "sont venues 5 fois, la dernière le 2026-11-30" in written.board
    assert '- "Dedans"' in written.templates["drafted-laver-la-vitrine.md"]
    assert "{{ '{' }}# caché #}" in written.templates[weekly_key(draft)]


def weekly_key(draft: Draft) -> str:
    return next(name for name, text in write(draft).templates.items() if "cach" in text)


def test_who_the_team_knows_is_known_by_username(shop: Team, gateway: Gateway) -> None:
    draft = source.read_board(gateway, shop.board["id"], PARIS, TODAY)
    known = team.Team({"patronne": ("La patronne", "amal_zina")}, {"stock": ("Stock",)}, timezone="UTC")
    assert "assign: patronne" in write(draft, known).board


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"cards": 1}', b"[" * 100_000, b"\xff", b"{'a': 1}"])
def test_what_is_no_export_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(InvalidDeclaration, match="export"):
        source.read_file(tmp_path / "x.json", PARIS, TODAY)


def test_two_members_of_one_name_stay_two() -> None:
    names = board._names((Member("1", "a", "Sara"), Member("2", "b", "sara"), Member("3", "c", "")))
    assert [name for _, name in names.values()] == ["Sara (a)", "sara (b)", "c"]
