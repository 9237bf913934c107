"""The gateway's requests and its reading of answers, against recorded shapes of Trello's JSON."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
import responses
from structlog.testing import capture_logs

from trello_ops.adapters.trello import shapes
from trello_ops.adapters.trello.gateway import Gateway, connect
from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning import changes
from trello_ops.core.trello import Action, CheckedItem, FieldChange, Member, TrelloCheckItem, TrelloChecklist
from trello_ops.errors import NotFound, NotSent, OutcomeUnknown, TokenRefused, Unavailable
from trello_ops.ports import Made
from trello_ops.testing.clock import FixedClock

API = "http://trello.test/1"
NOW = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
KEY, TOKEN = "k" * 32, "t" * 64

Json = dict[str, object]


def oid(number: int, at: dt.datetime = NOW) -> str:
    return f"{int(at.timestamp()):08x}{number:016x}"


BOARD, LIST, LABEL, PERSON, TEMPLATE, CARD, ORG = (oid(n) for n in range(1, 8))


def bound(kind: Kind, trello_id: str, key: str = "", board: str = "weekly") -> Binding:
    return Binding(kind, board, key, trello_id, NOW)


BINDINGS = Bindings.of(
    [
        bound(Kind.BOARD, BOARD),
        bound(Kind.LIST, LIST, "todo"),
        bound(Kind.LABEL, LABEL, "operations"),
        bound(Kind.PERSON, PERSON, "amal"),
        bound(Kind.PERSON, PERSON, "amal-too"),
        bound(Kind.PERSON, oid(99), "salma", board="daily"),
        bound(Kind.TEMPLATE, TEMPLATE, "stock"),
    ]
)
TEXT = CardText("Inventaire", "Compter.", (Checklist("À faire", ("un", "deux")),))
OCCURRENCE = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))


def create_card(**others: object) -> changes.CreateCard:
    fields = {
        "board": "weekly",
        "key": OCCURRENCE,
        "theme": "operations",
        "assignees": ("amal", "amal-too", "salma"),
        "text": TEXT,
        "start": dt.datetime(2026, 11, 16, tzinfo=ZoneInfo("Europe/Paris")),
        "due": dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC),
        "copy_checklists": True,
        **others,
    }
    return changes.CreateCard(**fields)  # type: ignore[arg-type] # the fields above are of the right types


def card_json(number: int = 6, **changes: object) -> Json:
    return {
        "id": oid(number),
        "name": "Inventaire",
        "desc": "Compter.",
        "idBoard": BOARD,
        "idList": LIST,
        "idLabels": [LABEL],
        "idMembers": [PERSON],
        "start": None,
        "due": "2026-11-20T16:00:00.000Z",
        "dueComplete": False,
        "closed": False,
        "isTemplate": False,
        "shortUrl": f"https://trello.com/c/{number}",
        "badges": {"checkItems": 2, "checkItemsChecked": 1},
        "checkItemStates": None,
        **changes,
    }


def action_json(number: int, at: dt.datetime = NOW, **changes: object) -> Json:
    return {
        "id": oid(number, at),
        "type": "updateCard",
        "date": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {"card": {"id": CARD, "dueComplete": True}, "old": {"dueComplete": False}},
        "memberCreator": {"id": PERSON, "username": "amal_zina", "fullName": "Amal", "nonPublic": {}},
        "appCreator": None,
        **changes,
    }


def board_json(cards: list[Json]) -> Json:
    return {
        "id": BOARD,
        "name": "Hebdo",
        "desc": "",
        "closed": False,
        "shortUrl": "https://trello.com/b/x",
        "idOrganization": ORG,
        "prefs": {"permissionLevel": "org", "voting": "disabled"},
        "lists": [{"id": LIST, "name": "À faire", "closed": False, "pos": 16384, "color": None}],
        "labels": [
            {"id": LABEL, "name": "Opérations", "color": "green_dark"},
            {"id": oid(40), "name": "", "color": None},
        ],
        "members": [{"id": PERSON, "username": "amal_zina", "fullName": "Amal"}],
        "cards": cards,
    }


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def gateway(clock: FixedClock) -> Iterator[Gateway]:
    url = "http://trello.test"
    gateway = connect(url, KEY, TOKEN, timeout=5, requests_per_10s=90, budget_file=None, clock=clock)
    yield gateway
    gateway.close()


@pytest.fixture
def trello() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def query(trello: responses.RequestsMock, call: int = -1) -> dict[str, str]:
    url = trello.calls[call].request.url or ""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def sent(trello: responses.RequestsMock, call: int = -1) -> Json:
    body: Json = json.loads(trello.calls[call].request.body or "")
    return body


# ---- reads


def test_boards_escapes_the_workspace_s_name(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.get(f"{API}/organizations/zina%2F..%2Fx/boards", json=[board_json([])])
    (found,) = gateway.boards("zina/../x")
    assert (found.id, found.title, found.created_at) == (BOARD, "Hebdo", NOW)
    assert query(trello) == {"filter": "open", "fields": "name,desc,closed,shortUrl"}


def test_snapshot_is_one_request(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.get(f"{API}/boards/{BOARD}", json=board_json([card_json(isTemplate=True), card_json(41)]))
    seen = gateway.snapshot(BOARD)
    assert (seen.workspace_id, seen.visibility) == (ORG, "org")
    assert [label.colour for label in seen.labels] == ["green_dark", None]
    first, second = seen.cards
    assert (first.is_template, second.is_template) == (True, False)
    assert (second.item_count, second.checklists, second.created_at) == (2, None, NOW)
    assert second.due == dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)
    assert len(trello.calls) == 1
    assert query(trello)["cards"] == "visible"


def test_nulls_where_the_specification_has_none(gateway: Gateway, trello: responses.RequestsMock) -> None:
    nulls = dict.fromkeys(
        ("desc", "idLabels", "idMembers", "due", "dueComplete", "isTemplate", "badges"), None
    )
    trello.get(f"{API}/boards/{BOARD}", json=board_json([card_json() | nulls]))
    (card,) = gateway.snapshot(BOARD).cards
    assert (card.description, card.label_ids, card.member_ids) == ("", (), ())
    assert (card.due, card.ticked, card.is_template, card.item_count) == (None, False, False, 0)


def test_a_card_s_checklists_and_items_come_in_the_order_of_their_position(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    item = {"id": oid(50), "name": "deux", "state": "complete", "pos": 32768}
    before = {"id": oid(51), "name": "un", "state": "incomplete", "pos": 16384.5}
    checklists = [
        {"id": oid(52), "name": "B", "pos": 2, "checkItems": [item, before]},
        {"id": oid(53), "name": "A", "pos": 1, "checkItems": []},
    ]
    trello.get(f"{API}/cards/{CARD}", json=card_json(checklists=checklists, closed=True))
    card = gateway.card(CARD)
    assert card.closed
    assert [c.title for c in card.checklists or ()] == ["A", "B"]
    assert [(i.title, i.complete) for i in (card.checklists or ())[1].items] == [
        ("un", False),
        ("deux", True),
    ]


@pytest.mark.parametrize(
    "answer",
    [{"id": CARD}, [], *(card_json() | wrong for wrong in ({"due": "soon"}, {"idLabels": 7}, {"badges": 7}))],
)
def test_an_answer_of_another_shape_is_a_failed_read(
    answer: object, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.get(f"{API}/cards/{CARD}", json=answer)
    with pytest.raises(Unavailable, match=f"GET /1/cards/{CARD}: .*shape"):
        gateway.card(CARD)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"card": {"id": CARD, "dueComplete": True}, "old": {"dueComplete": False}},
            {"ticked": FieldChange(False, True)},
        ),
        (
            {"card": {"id": CARD, "closed": False}, "old": {"closed": True}},
            {"archived": FieldChange(True, False)},
        ),
        ({"card": {"id": CARD, "idList": "b"}, "old": {"idList": "a"}}, {"moved": FieldChange("a", "b")}),
        (
            {
                "card": {"id": CARD, "idList": "b"},
                "old": {"idList": "a"},
                "listBefore": {"id": "a", "name": "x"},
                "listAfter": {"id": "b", "name": "y"},
            },
            {"moved": FieldChange("a", "b")},
        ),
        ({"card": {"id": CARD, "pos": 3}, "old": {"pos": 1}, "list": {"id": "a"}}, {}),
        ({"card": {"id": CARD, "name": "b"}, "old": {"name": "a"}}, {"renamed": FieldChange("a", "b")}),
        ({"card": {"id": CARD, "desc": "b"}, "old": {"desc": None}}, {"described": FieldChange("", "b")}),
        (
            {"card": {"id": CARD, "due": None}, "old": {"due": "2026-11-16T07:00:00.000Z"}},
            {"due": FieldChange(dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC), None)},
        ),
        (
            {"card": {"id": CARD, "start": "2026-11-16T07:00:00.000Z"}, "old": {"start": None}},
            {"start": FieldChange(None, dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC))},
        ),
        ({"card": {"id": CARD}, "idMember": PERSON}, {"member": Member(PERSON, "", "")}),
        ({"card": {"id": CARD}, "old": None}, {}),
        (
            {"card": {"id": CARD, "idLabels": ["a", "b"]}, "old": {"idLabels": ["b", "c"]}},
            {"labelled": frozenset("a"), "unlabelled": frozenset("c")},
        ),
    ],
)
def test_what_an_update_changed(
    data: Json, expected: dict[str, FieldChange], gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.get(f"{API}/boards/{BOARD}/actions", json=[action_json(60, data=data)])
    by = Member(PERSON, "amal_zina", "Amal")
    assert gateway.activity(BOARD, NOW) == (Action(oid(60), NOW, "updateCard", CARD, by, **expected),)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("addLabelToCard", {"label": {"id": "a"}}, {"labelled": frozenset("a")}),
        ("removeLabelFromCard", {"label": {"id": "a"}}, {"unlabelled": frozenset("a")}),
        ("createCard", {"list": {"id": "a"}}, {"moved": FieldChange(None, "a")}),
        ("copyCard", {"list": {"id": "a"}}, {"moved": FieldChange(None, "a")}),
        (
            "moveCardFromBoard",
            {"list": {"id": "a"}, "boardTarget": {"id": "b"}},
            {"moved": FieldChange("a", None), "other_board": "b"},
        ),
        (
            "updateCheckItemStateOnCard",
            {"checkItem": {"id": "a", "state": "incomplete"}},
            {"item": CheckedItem("a", complete=False)},
        ),
        ("updateBoard", {"board": {"closed": True}, "old": {"closed": False}}, {"board_closed": True}),
        ("updateBoard", {"board": {"closed": False}, "old": {"closed": True}}, {"board_closed": False}),
        ("updateBoard", {"board": {"name": "a"}, "old": {"name": "b"}}, {}),
    ],
)
def test_what_other_actions_say(
    kind: str, data: Json, expected: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    told = action_json(60, type=kind, data={"card": {"id": CARD}, **data})
    trello.get(f"{API}/boards/{BOARD}/actions", json=[told])
    by = Member(PERSON, "amal_zina", "Amal")
    assert gateway.activity(BOARD, NOW) == (Action(oid(60), NOW, kind, CARD, by, **expected),)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"appCreator": None}, False),
        ({"appCreator": None, "agenticIdentity": None}, False),
        ({"appCreator": {"id": "a"}}, True),
        ({"appCreator": {"id": "a", "name": "Butler", "icon": {}}}, True),
        ({"appCreator": {"id": "a", "name": None}}, True),
        ({"appCreator": {"id": "a", "name": "Trello for Android"}}, False),
        ({"appCreator": {"id": "a", "name": "Trello"}}, False),
        ({"appCreator": {"id": "a", "name": "Trello Helper"}}, True),
        ({"agenticIdentity": {"id": "a"}}, True),
        ({"agenticIdentity": "agent"}, True),
    ],
)
def test_what_a_program_or_an_agent_did(
    told: Json, expected: bool, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.get(f"{API}/boards/{BOARD}/actions", json=[action_json(60, **told)])
    (action,) = gateway.activity(BOARD, NOW)
    assert action.automated is expected
    asked = str(trello.calls[0].request.url)
    assert {"appCreator", "agenticIdentity"} <= set(
        asked.partition("fields=")[2].partition("&")[0].split("%2C")
    )


def test_an_action_without_card_or_creator(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.get(
        f"{API}/boards/{BOARD}/actions", json=[action_json(60, type="emailCard", data={}, memberCreator=None)]
    )
    assert gateway.activity(BOARD, NOW) == (Action(oid(60), NOW, "emailCard", None, None),)


NOBODY: list[Json] = [{"id": PERSON, "fullName": "[deleted account]"}, {"id": PERSON, "username": None}]


@pytest.mark.parametrize("nobody", NOBODY)
def test_an_account_that_is_gone_did_what_it_did(
    nobody: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    ticked = {"card": {"id": CARD, "dueComplete": True}, "old": {"dueComplete": False}}
    added = {"card": {"id": CARD}, "idMember": PERSON}
    told = [
        action_json(60, type="updateCard", data=ticked, memberCreator=nobody),
        action_json(61, type="addMemberToCard", data=added, memberCreator=None, member=nobody),
        action_json(62, type="addMemberToCard", data={**added, "idMember": None}, memberCreator=None),
    ]
    trello.get(f"{API}/boards/{BOARD}/actions", json=told)
    tick, joined, nothing = gateway.activity(BOARD, NOW)
    assert (tick.by, tick.ticked) == (None, FieldChange(before=False, after=True))
    assert (joined.by, joined.member) == (None, Member(PERSON, "", ""))
    assert nothing.member is None


@pytest.mark.parametrize(
    "data",
    [
        {"card": {"id": CARD, "name": "secret"}},
        {"card": {"id": CARD, "name": "secret"}, "checkItem": {"id": "a"}},
        {"card": {"id": CARD, "name": "secret"}, "checkItem": None},
        {"card": ["secret"]},
    ],
)
def test_an_action_that_makes_no_sense_is_named_and_says_nothing(
    data: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    odd = action_json(60, type="updateCheckItemStateOnCard", data=data)
    trello.get(f"{API}/boards/{BOARD}/actions", json=[action_json(61), odd])
    with capture_logs() as logged:
        nothing, whole = gateway.activity(BOARD, NOW)
    assert nothing == Action(oid(60), NOW, "updateCheckItemStateOnCard", None, None)
    assert whole.card_id == CARD
    named = {"action": oid(60), "type": "updateCheckItemStateOnCard"}
    warned = [each for each in logged if each["log_level"] == "warning"]
    assert warned == [{"event": "action.odd", "log_level": "warning", **named}]


def test_a_card_whose_checklists_say_little_is_read(gateway: Gateway, trello: responses.RequestsMock) -> None:
    little = [
        {"id": "l", "name": "Liste", "pos": None, "checkItems": [{"id": "i", "name": "x", "pos": None}]}
    ]
    trello.get(f"{API}/cards/{CARD}", json=card_json(checklists=little))
    item = TrelloCheckItem("i", "x", complete=False, position=0.0)
    assert gateway.card(CARD).checklists == (TrelloChecklist("l", "Liste", 0.0, (item,)),)
    trello.get(f"{API}/cards/{oid(70)}", json=card_json(checklists=None))
    assert gateway.card(oid(70)).checklists is None


def test_a_board_with_an_account_that_is_gone_is_read() -> None:
    whole: Json = {"id": BOARD, "name": "B", "closed": False, "shortUrl": "u", "idOrganization": ORG}
    parts: Json = {"prefs": {"permissionLevel": "org"}, "lists": [], "labels": [], "cards": []}
    seen = shapes.snapshot(
        {**whole, **parts, "members": NOBODY, "checklists": None, "limits": {"cards": None}}
    )
    assert (seen.members, seen.cards, seen.limits) == ((), (), ())


# ---- the cap of 1,000


class Pages:
    """Serves cards or actions as Trello does: the newest 1,000 below `before`, at or after `since`."""

    def __init__(self, things: list[Json], *, ignores_since: bool = False) -> None:
        self._things = sorted(things, key=lambda each: str(each["id"]), reverse=True)
        self._ignores_since = ignores_since
        self.requests = 0

    def __call__(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        self.requests += 1
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url or "").query).items()}
        since = "0" if self._ignores_since or "since" not in asked else asked["since"]
        lowest = since if since == "0" else oid(0, dt.datetime.fromisoformat(since))
        below = [x for x in self._things if lowest <= str(x["id"]) < asked.get("before", "f" * 24)]
        page = below[: int(asked["limit"])]
        return 200, {}, json.dumps(page[len(page) // 2 :] + page[: len(page) // 2])


def serve(trello: responses.RequestsMock, path: str, pages: Pages) -> None:
    trello.add_callback("GET", f"{API}{path}", callback=pages)


@pytest.mark.parametrize(("count", "requests"), [(999, 0), (1000, 2), (1001, 2), (2500, 3)])
def test_a_snapshot_has_every_visible_card(
    count: int, requests: int, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    cards = [card_json(1000 + n) for n in range(count)]
    trello.get(f"{API}/boards/{BOARD}", json=board_json(cards[-1000:]))
    pages = Pages(cards)
    trello.assert_all_requests_are_fired = False
    serve(trello, f"/boards/{BOARD}/cards", pages)
    seen = gateway.snapshot(BOARD)
    assert sorted(card.id for card in seen.cards) == [each["id"] for each in cards]
    assert pages.requests == requests


@pytest.mark.parametrize("ignores_since", [False, True])
def test_the_look_reads_every_card_since(
    ignores_since: bool, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    hour = dt.timedelta(hours=1)
    old = [card_json(n) | {"id": oid(n, NOW - hour)} for n in range(3000)]
    new = [card_json(n) for n in range(1500)]
    pages = Pages([*old, *new], ignores_since=ignores_since)
    serve(trello, f"/boards/{BOARD}/cards", pages)
    found = gateway.cards_since(BOARD, NOW + dt.timedelta(milliseconds=700))
    assert {card.id for card in found} == {each["id"] for each in new}
    assert pages.requests == 2
    assert query(trello)["filter"] == "all"


def test_activity_asks_for_whatever_may_be_the_first_touch_of_a_card(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    """Whoever says that they begin has touched it, long before they tick anything."""
    trello.get(f"{API}/boards/{BOARD}/actions", json=[])
    gateway.activity(BOARD, NOW)
    assert {"commentCard", "addAttachmentToCard", "updateCard"} <= set(query(trello)["filter"].split(","))


@pytest.mark.parametrize("ignores_since", [False, True])
def test_activity_reads_every_action_oldest_first(
    ignores_since: bool, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    second = dt.timedelta(seconds=1)
    actions = [action_json(n, NOW + n // 10 * second) for n in range(2500)]
    old = [action_json(n, NOW - n * 5 * second) for n in range(1, 3000)]
    pages = Pages([*actions, *old], ignores_since=ignores_since)
    serve(trello, f"/boards/{BOARD}/actions", pages)
    found = gateway.activity(BOARD, NOW)
    assert [action.id for action in found] == sorted(str(each["id"]) for each in actions)
    assert pages.requests == 3


def test_activity_gets_past_a_second_that_fills_a_page(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    actions = [action_json(n) for n in range(2300)]
    pages = Pages(actions)
    serve(trello, f"/boards/{BOARD}/actions", pages)
    assert len(gateway.activity(BOARD, NOW)) == 2300


def test_a_server_that_ignores_before_is_not_asked_for_ever(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.get(f"{API}/boards/{BOARD}/actions", json=[action_json(n) for n in range(1000)])
    trello.get(f"{API}/boards/{BOARD}/cards", json=[card_json(n) for n in range(1000)])
    assert len(gateway.activity(BOARD, NOW)) == 1000
    assert len(gateway.cards_since(BOARD, NOW)) == 1000
    assert len(trello.calls) < 8


# ---- changes


@pytest.mark.parametrize(
    ("change", "request_line", "body"),
    [
        (
            changes.EditBoard(board="weekly", title="Neuf", visible=True, reopen=True),
            f"PUT /boards/{BOARD}",
            {"name": "Neuf", "prefs/permissionLevel": "org", "closed": False},
        ),
        (changes.EditBoard(board="weekly", title="Neuf"), f"PUT /boards/{BOARD}", {"name": "Neuf"}),
        (
            changes.CreateList(board="weekly", key="todo", title="À faire", position=16384.0),
            "POST /lists",
            {"name": "À faire", "idBoard": BOARD, "pos": 16384.0},
        ),
        (
            changes.EditList(board="weekly", key="todo", position=5.0, reopen=True),
            f"PUT /lists/{LIST}",
            {"pos": 5.0, "closed": False},
        ),
        (
            changes.CreateLabel(board="weekly", key="operations", title="Op", colour="sky"),
            "POST /labels",
            {"name": "Op", "color": "sky", "idBoard": BOARD},
        ),
        (
            changes.EditLabel(board="weekly", key="operations", title="Op", colour="sky"),
            f"PUT /labels/{LABEL}",
            {"name": "Op", "color": "sky"},
        ),
        (
            changes.CreateTemplateCard(board="weekly", key="stock", theme="operations", text=TEXT),
            "POST /cards",
            {
                "idList": LIST,
                "name": "Inventaire",
                "desc": "Compter.",
                "idLabels": LABEL,
                "isTemplate": True,
                "pos": 1e9,
            },
        ),
        (
            changes.EditTemplateCard(board="weekly", task="stock", text=TEXT),
            f"PUT /cards/{TEMPLATE}",
            {"name": "Inventaire", "desc": "Compter.", "isTemplate": True},
        ),
        (
            changes.AddChecklist(board="weekly", card_id=CARD, title="À faire", position=1.0),
            "POST /checklists",
            {"idCard": CARD, "name": "À faire", "pos": 1.0},
        ),
        (
            changes.AddCheckItem(board="weekly", card_id=CARD, checklist_id=oid(9), title="un", position=2.0),
            f"POST /checklists/{oid(9)}/checkItems",
            {"name": "un", "pos": 2.0},
        ),
        (
            changes.ArchiveCard(board="weekly", key=OCCURRENCE, card_id=CARD, url=""),
            f"PUT /cards/{CARD}",
            {"closed": True},
        ),
        (
            changes.MoveCard(board="weekly", key=OCCURRENCE, card_id=CARD, url="", to="todo"),
            f"PUT /cards/{CARD}",
            {"idList": LIST},
        ),
        (
            changes.ArchiveTemplateCard(board="weekly", task="stock", card_id=TEMPLATE),
            f"PUT /cards/{TEMPLATE}",
            {"closed": True},
        ),
    ],
)
def test_a_change_is_one_request(
    change: changes.Change, request_line: str, body: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    method, path = request_line.split()
    answer = {"id": oid(70), "shortUrl": "https://trello.com/x/7", "badges": {"checkItems": 0}}
    trello.add(method, f"{API}{path}", json=answer)
    assert gateway.perform(change, BINDINGS) == Made(oid(70), "https://trello.com/x/7", 0)
    assert sent(trello) == body


def test_a_card_is_issued_in_one_request(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/cards", json=card_json(70))
    assert gateway.perform(create_card(), BINDINGS) == Made(oid(70), "https://trello.com/c/70", 2)
    assert sent(trello) == {
        "idList": LIST,
        "name": "Inventaire",
        "desc": "Compter.",
        "idLabels": LABEL,
        "idMembers": PERSON,
        "start": "2026-11-15T23:00:00.000Z",
        "due": "2026-11-20T16:00:00.000Z",
        "dueReminder": -1,
        "dueComplete": False,
        "isTemplate": False,
        "pos": 29919840,  # minutes of the due
        "idCardSource": TEMPLATE,
        "keepFromSource": "checklists",
    }


def test_a_card_in_a_slot_is_put_in_its_place(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/cards", json=card_json(70))
    gateway.perform(create_card(place=29919840.0010003), BINDINGS)
    assert sent(trello)["pos"] == 29919840.0010003


def test_a_bare_card_for_nobody(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/cards", json=card_json(70))
    gateway.perform(create_card(copy_checklists=False, assignees=("stranger",)), BINDINGS)
    assert not {"idMembers", "idCardSource", "keepFromSource"} & sent(trello).keys()


def test_a_comment_is_written_in_one_request(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/cards/{CARD}/actions/comments", json=action_json(80, type="commentCard"))
    change = changes.AddComment(board="weekly", key=OCCURRENCE, card_id=CARD, text="@amal_zina Bonjour")
    assert gateway.perform(change, BINDINGS).id == oid(80, NOW)
    assert sent(trello) == {"text": "@amal_zina Bonjour"}


def test_comments_are_read_oldest_first(gateway: Gateway, trello: responses.RequestsMock) -> None:
    told = [
        action_json(number, NOW + dt.timedelta(minutes=number), type="commentCard", data={"text": text})
        for number, text in ((82, "deux"), (81, "un"))
    ]
    odd = action_json(83, NOW + dt.timedelta(hours=5), type="commentCard", data={})
    trello.get(f"{API}/cards/{CARD}/actions", json=[odd, *told])
    assert [comment.text for comment in gateway.comments(CARD)] == ["un", "deux", ""]


def test_a_reminder_is_sent_in_minutes(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/cards", json=card_json(70))
    gateway.perform(create_card(remind=1440), BINDINGS)
    assert sent(trello)["dueReminder"] == 1440


@pytest.mark.parametrize(("told", "minutes"), [(None, None), (-1, None), (0, 0), (60, 60)])
def test_a_reminder_is_read(
    gateway: Gateway, trello: responses.RequestsMock, told: int | None, minutes: int | None
) -> None:
    trello.get(f"{API}/cards/{CARD}", json=card_json(dueReminder=told))
    assert gateway.card(CARD).remind == minutes


@pytest.mark.parametrize("inherited", [{"isTemplate": True}, {"dueComplete": True}])
def test_what_a_copy_wrongly_inherited_is_mended(
    inherited: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.post(f"{API}/cards", json=card_json(70, **inherited))
    trello.put(f"{API}/cards/{oid(70)}", json=card_json(70))
    assert gateway.perform(create_card(), BINDINGS).id == oid(70)
    assert sent(trello) == {"isTemplate": False, "dueComplete": False}


def test_a_card_that_could_not_be_mended_is_made_all_the_same(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.post(f"{API}/cards", json=card_json(70, isTemplate=True))
    trello.put(f"{API}/cards/{oid(70)}", status=400)
    with capture_logs() as logged:
        assert gateway.perform(create_card(), BINDINGS).id == oid(70)
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["card.not_mended"]


@pytest.mark.parametrize("workspace", ["zina", ORG])
def test_a_board_is_made_in_the_workspace_and_visible_to_it(
    workspace: str, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    if workspace != ORG:
        trello.get(f"{API}/organizations/zina", json={"id": ORG})
    trello.post(f"{API}/boards", json=board_json([]))
    change = changes.CreateBoard(board="weekly", title="Hebdo", description="marker", workspace=workspace)
    assert gateway.perform(change, Bindings()) == Made(BOARD, "https://trello.com/b/x")
    assert sent(trello) == {
        "name": "Hebdo",
        "desc": "marker",
        "idOrganization": ORG,
        "prefs_permissionLevel": "org",
        "defaultLists": False,
        "defaultLabels": False,
    }


def test_a_member_is_added_by_username(gateway: Gateway, trello: responses.RequestsMock) -> None:
    members = [{"id": oid(98), "username": "robot"}, {"id": PERSON, "username": "amal_zina"}]
    trello.put(f"{API}/boards/{BOARD}/members/amal_zina", json={"id": BOARD, "members": members})
    change = changes.AddMember(board="weekly", key="amal", username="Amal_Zina")
    assert gateway.perform(change, BINDINGS).id == PERSON
    assert sent(trello) == {"type": "normal"}


@pytest.mark.parametrize("answer", [{"members": []}, {"members": None}, {}, {"members": [{"id": 1}]}])
def test_a_member_who_is_not_among_the_answer_is_unknown(
    answer: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.put(f"{API}/boards/{BOARD}/members/amal", json={"id": BOARD, **answer})
    with pytest.raises(OutcomeUnknown, match="weekly/person/amal"):
        gateway.perform(changes.AddMember(board="weekly", key="amal", username="amal"), BINDINGS)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((Kind.LIST, "todo"), "list todo of board weekly"),
        ((Kind.LABEL, "operations"), "label operations of board weekly"),
        ((Kind.TEMPLATE, "stock"), "template stock of board weekly"),
    ],
)
def test_what_is_not_on_trello_yet_is_named(missing: tuple[Kind, str], said: str, gateway: Gateway) -> None:
    kind, key = missing
    with pytest.raises(NotFound, match=f"{said} is not on Trello yet.*trello-ops apply"):
        gateway.perform(create_card(), BINDINGS.without(kind, "weekly", key))


@pytest.mark.parametrize(
    "change",
    [
        changes.Bind(board="weekly", kind=Kind.BOARD, key="", trello_id=BOARD),
        changes.Unbind(board="weekly", kind=Kind.BOARD, key=""),
        changes.FillTemplateCard(board="weekly", task="stock", checklists=()),
    ],
)
def test_changes_that_are_not_trello_s_are_refused(change: changes.Change, gateway: Gateway) -> None:
    with pytest.raises(ValueError, match="is not a change of Trello"):
        gateway.perform(change, BINDINGS)


def test_a_request_that_comes_too_late_is_not_sent(
    gateway: Gateway, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    with pytest.raises(NotSent):
        gateway.perform(create_card(), BINDINGS, send_before=clock.monotonic())
    assert len(trello.calls) == 0


def test_a_name_that_no_file_can_hold_is_read_as_one_that_can() -> None:
    assert shapes.member({"id": "5f" * 12, "username": "amal", "fullName": "A\ud800mal"}).name == "A?mal"


def test_trello_itself_has_an_address_an_account_and_a_workspace(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    me = {"id": PERSON, "username": "robot", "fullName": "Robot"}
    trello.get(f"{API}/members/me", json=me)
    trello.get(f"{API}/organizations/zina", json={"id": ORG, "name": "zina"})
    found = TrelloIdentity("http://trello.test", "", PERSON, "robot", ORG, "zina")
    assert gateway.identity("zina", ask=False) == TrelloIdentity("http://trello.test")
    assert [gateway.identity("zina") for _ in range(3)] == [found] * 3
    assert len(trello.calls) == 2
    trello.get(f"{API}/organizations/hers", status=401, body="unauthorized org")
    assert gateway.identity("hers") == dataclasses.replace(found, workspace_id="", workspace_name="")


def test_a_refused_token_is_no_identity(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.get(f"{API}/members/me", status=401, body="invalid token")
    with pytest.raises(TokenRefused):
        gateway.identity("zina")


def test_an_answer_without_a_world_leaves_the_world_known(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    headers = {"x-trello-sandbox": "f00d"}
    trello.get(f"{API}/members/me", json={"id": PERSON, "username": "r", "fullName": ""}, headers=headers)
    trello.get(f"{API}/organizations/zina", status=404, body="a proxy's own")
    assert gateway.identity("zina").world == "f00d"


def test_the_time_is_trellos_own_and_counts_on_by_the_monotonic_clock(
    trello: responses.RequestsMock,
) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    gateway = connect(
        "http://trello.test", "k", "t", timeout=5, requests_per_10s=90, budget_file=None, clock=clock
    )
    told = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    headers = {"x-server-time": str(int(told.timestamp() * 1000))}
    trello.get(f"{API}/members/me", json={"id": PERSON, "username": "robot"}, headers=headers)
    assert gateway.time() == told
    clock.advance(dt.timedelta(minutes=3))
    clock.jump(dt.timedelta(days=9))
    assert gateway.time() == told + dt.timedelta(minutes=3)
    assert len(trello.calls) == 1
    gateway.time(fresh=True)
    assert len(trello.calls) == 2
    gateway.close()


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Fri, 01 May 2026 00:00:00 GMT", dt.datetime(2026, 5, 1, tzinfo=dt.UTC)),
        ("Fri, 01 May 2026 00:00:00 -0000", dt.datetime(2026, 5, 1, tzinfo=dt.UTC)),
        ("soon", None),
        ("Fri, 99 May 2026 00:00:00 GMT", None),
    ],
)
def test_a_refused_token_is_told_the_time_by_the_date(
    date: str, told: dt.datetime | None, trello: responses.RequestsMock
) -> None:
    """Only a success has `x-server-time`; weeks close all the same while the token is refused."""
    clock = FixedClock(dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    gateway = connect(
        "http://trello.test",
        "key-1",
        "secret-1",
        timeout=5,
        requests_per_10s=90,
        budget_file=None,
        clock=clock,
    )
    trello.get(f"{API}/members/me", status=401, body="invalid token", headers={"date": date})
    with pytest.raises(TokenRefused):
        gateway.time()
    if told:
        assert gateway.time() == told
    else:
        with pytest.raises(TokenRefused):
            gateway.time()
    gateway.close()


@pytest.mark.parametrize("told", [None, "", "soon", "-5", "9" * 40])
def test_a_server_that_tells_no_time_is_taken_to_agree(
    told: str | None, trello: responses.RequestsMock
) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    gateway = connect(
        "http://trello.test", "k", "t", timeout=5, requests_per_10s=90, budget_file=None, clock=clock
    )
    headers = {} if told is None else {"x-server-time": told}
    trello.get(f"{API}/members/me", json={"id": PERSON, "username": "robot"}, headers=headers)
    assert gateway.time() == clock.now()
    gateway.close()
