"""A board that people made by hand is adopted over real HTTP, and lives on as theirs and ours."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_kit import EIGHT, PARIS, Json, Live, MovableClock, cards, items, one_pass, small_shop

from trello_ops.app import App
from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.operations import reconcile
from trello_ops.operations.adopt import adopt, board_id, plan_adoption
from trello_ops.operations.recover import recover
from trello_ops.operations.report import account

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

MONDAY = dt.datetime(2026, 11, 16, 6, 30, tzinfo=PARIS)
LISTS = ("Idées", "a faire", "En\u00a0cours", "TERMINE", "Archives")
LABELS = (("operationnel", "pink"), ("Données", "green_light"), ("Urgent", "red"), ("", "orange"))
MARKED = "trello-ops:"


def made_by_hand(trello: Live) -> Json:
    """Five lists, an archived one, four labels, and in each open list a card with all that cards have."""

    def act(method: str, path: str, **params: str) -> Any:
        return trello.act("amal_zina", method, path, **params)

    (where,) = (each["id"] for each in act("GET", "/members/me/organizations"))
    board: Json = act(
        "POST", "/boards", name="Boutique", desc="Notre tableau.", idOrganization=where,
        defaultLists="false", defaultLabels="false", prefs_permissionLevel="org",
    )  # fmt: skip
    named = [
        act("POST", "/labels", idBoard=board["id"], name=name, color=colour)["id"] for name, colour in LABELS
    ]
    for name in LISTS:
        column = act("POST", "/lists", idBoard=board["id"], name=name, pos="bottom")["id"]
        card = act(
            "POST", "/cards", idList=column, name=f"Dans {name}", desc="à nous", idLabels=named[0],
            due="2026-11-18T10:00:00Z",
        )  # fmt: skip
        checklist = act("POST", "/checklists", idCard=card["id"], name="Étapes")["id"]
        act("POST", f"/checklists/{checklist}/checkItems", name="une")
        act("POST", f"/cards/{card['id']}/actions/comments", text="Bonjour")
    old = act("POST", "/lists", idBoard=board["id"], name="Terminé", pos="bottom")["id"]
    act("PUT", f"/lists/{old}/closed", value="true")
    act("PUT", f"/boards/{board['id']}/members/robot", type="normal")
    return board


def adopted(app: App, board: Json) -> reconcile.Applied:
    """As `trello-ops adopt daily ADDRESS --apply` does it."""
    context, foreseen = app.planned()
    (declared,) = context.workspace.boards
    planned = plan_adoption(context, foreseen.bindings, declared, board_id(board["url"]))
    app.take_up()
    return adopt(context, planned)


def theirs(state: Json) -> list[Json]:
    """The cards that people made, with all they hold; labels by id, as their names change."""
    found = [card for card in state["cards"] if MARKED not in card["desc"]]
    return [{name: value for name, value in card.items() if name != "labels"} for card in found]


def of(state: Json, table: str, **equal: object) -> list[Json]:
    return [each for each in state[table] if all(each[key] == value for key, value in equal.items())]


def check_whole(app: App, trello: Live, board: Json, before: list[Json]) -> None:
    """Each declared thing stands there once, beside all that people made."""
    state = trello.state()
    assert [each["id"] for each in state["boards"]] == [board["id"]]
    (shown,) = state["boards"]
    assert (shown["name"], shown["desc"]) == ("Quotidien", "Notre tableau.\n\ntrello-ops:board:small/daily")
    open_lists = sorted(of(state, "lists", closed=False), key=lambda each: float(each["pos"]))
    assert [each["name"] for each in open_lists] == ["Idées", "À faire", "En cours", "Terminé", "Archives"]
    assert sorted((each["name"], each["color"]) for each in state["labels"]) == [
        ("", "orange"),
        ("Données", "green_light"),
        ("Excusé", "black_light"),
        ("Opérationnel", "orange"),
        ("Urgent", "red"),
    ]
    templates = of(state, "cards", isTemplate=True, closed=False)
    assert [len(items(state, card)) for card in templates] == [len(EIGHT)]
    assert theirs(state) == before
    context, foreseen = app.planned()
    assert reconcile.plan(context, foreseen).changes == ()
    assert app.services.store.claims() == ()


@pytest.fixture
def shop(trello: Live, tmp_path: Path) -> Iterator[tuple[App, MovableClock, Path]]:
    folder = small_shop(tmp_path / "shop")
    trello.reset()
    clock = MovableClock(trello, MONDAY)
    with trello.app(folder, clock) as app:
        yield app, clock, folder


Setting = tuple[App, MovableClock, Path]


def test_adopting_again_writes_nothing(trello: Live, shop: Setting) -> None:
    app, _, _ = shop
    board = made_by_hand(trello)
    before = theirs(trello.state())
    assert adopted(app, board).failed == {}
    check_whole(app, trello, board, before)
    trello.forget_requests()
    assert adopted(app, board) == reconcile.Applied(0, {})
    assert trello.writes() == []


def test_a_week_on_an_adopted_board_and_the_store_is_lost(trello: Live, shop: Setting) -> None:
    app, clock, folder = shop
    board = made_by_hand(trello)
    before = theirs(trello.state())
    assert adopted(app, board).failed == {}
    lists = {each["name"]: each["id"] for each in trello.state()["lists"] if not each["closed"]}
    for day in range(7):
        assert one_pass(app) == {}
        for card in cards(trello.state(), f"daily/emails/{(MONDAY + dt.timedelta(days=day)).date()}"):
            assert card["idList"] == lists["À faire"]
            trello.move(card, "Terminé", "amal_zina")
        clock.advance(86_400)
        assert one_pass(app) == {}
    assert theirs(trello.state()) == before, "nothing of theirs was moved, labelled or edited"
    report = account(app.context(), IsoWeek(2026, 47)).as_dict()
    outcomes = {line["key"].split("/")[1]: line["outcome"] for line in report["occurrences"]}
    assert outcomes == {"parcels": "open", "emails": "on_time", "news": "open"}
    assert len(report["occurrences"]) == 18

    bound = {
        (b.kind, b.key, b.trello_id) for b in app.services.store.bindings() if b.kind is not Kind.WEBHOOK
    }
    for file in folder.glob("ops.sqlite3*"):
        file.unlink()
    with trello.app(folder, clock, new_store=True) as again:
        recover(again.context())
        assert {(b.kind, b.key, b.trello_id) for b in again.services.store.bindings()} == bound
        assert account(again.context(), IsoWeek(2026, 47)).as_dict()["occurrences"] == report["occurrences"]
        context, foreseen = again.planned()
        assert reconcile.plan(context, foreseen).changes == ()


LOST, NOT_DONE, TIMED_OUT = {"lose_answer": True}, {"reset": True}, {"lose_answer": True, "hold": True}
FAULTS: list[tuple[str, int, Json]] = [
    *(("PUT", skip, LOST) for skip in (0, 1, 3, 4, 5)),  # the board, lists, the label, a member
    *(("POST", skip, LOST) for skip in (0, 1, 2, 7)),  # a label, a template card, its checklist and items
    ("PUT", 0, NOT_DONE),
    ("POST", 1, NOT_DONE),
    ("PUT", 0, TIMED_OUT),
    ("POST", 1, TIMED_OUT),
]


@pytest.mark.parametrize(("method", "skip", "fault"), FAULTS)
def test_a_request_that_fails_is_made_up_for_by_adopting_again(
    trello: Live, tmp_path: Path, method: str, skip: int, fault: Json
) -> None:
    trello.reset()
    clock = MovableClock(trello, MONDAY)
    with trello.app(small_shop(tmp_path / "shop"), clock, request_timeout_seconds=1) as app:
        board = made_by_hand(trello)
        before = theirs(trello.state())
        trello.fault(method=method, path="/1/", skip=skip, by="robot", **fault)
        assert len(adopted(app, board).failed) == 1
        settle(app, clock)
        assert adopted(app, board).failed == {}
        check_whole(app, trello, board, before)


def settle(app: App, clock: MovableClock) -> None:
    """Wait until what was sent can no longer arrive."""
    for _ in range(2):
        reconcile.free_settled_changes(app.context())
        clock.advance(250)
