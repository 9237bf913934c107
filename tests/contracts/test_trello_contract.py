"""What every TrelloGateway does: the one in memory, and the real one over the sandbox's HTTP."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import pytest
import requests
from callbacks_kit import nodding

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.gateway import connect
from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.objectid import created_at
from trello_ops.core.planning import changes
from trello_ops.core.planning.card_parts import Edit
from trello_ops.core.trello import Action, Card, CheckedItem, FieldChange, Limit, Webhook
from trello_ops.demo.shop import shop_sandbox
from trello_ops.errors import NotFound, NotSent, TrelloError
from trello_ops.ports import Clock, Made, TrelloGateway
from trello_ops.testing.clock import FixedClock
from trello_ops.testing.trello import FakeTrello
from trello_sandbox.server import Handle, running

WORKSPACE = "zinaobeldi"
AMAL, YOUSSEF = "amal_zina", "youssef_zina"
NOW = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
TEXT = CardText("Inventaire", "Compter tout.\n\ntrello-ops:card:zina/weekly/stock/2026-11-16")
ITEMS = ("Ouvrir", "Compter", "Fermer")


class Stage(Protocol):
    """A Trello with people in it, who act beside the gateway."""

    @property
    def gateway(self) -> TrelloGateway: ...
    @property
    def clock(self) -> Clock: ...

    def advance(self, by: dt.timedelta) -> None: ...
    def tick(self, card_id: str, by: str) -> None: ...
    def untick(self, card_id: str, by: str) -> None: ...
    def move(self, card_id: str, list_id: str, by: str) -> None: ...
    def archive(self, card_id: str, by: str) -> None: ...
    def delete(self, card_id: str, by: str) -> None: ...
    def check(self, card_id: str, title: str, by: str) -> None: ...
    def comment(self, card_id: str, by: str) -> None: ...
    def attach(self, card_id: str, by: str) -> None: ...
    def join(self, card_id: str, whom: str, by: str) -> None: ...
    def leave(self, card_id: str, whom: str, by: str) -> None: ...
    def move_due(self, card_id: str, due: dt.datetime | None, by: str) -> None: ...
    def move_to_board(self, card_id: str, list_id: str, by: str) -> None: ...
    def archive_list(self, list_id: str) -> None: ...
    def close_board(self, board_id: str) -> None: ...
    def make(self, board_id: str, username: str, kind: str) -> None: ...
    def lying(self, list_id: str) -> tuple[Card, ...]: ...
    def begin_anew(self) -> None: ...
    def tick_by_program(self, card_id: str, by: str) -> None: ...


class MemoryStage:
    """FakeTrello has helpers of the same names."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOW)
        self.gateway = FakeTrello(self.clock, (AMAL, YOUSSEF), WORKSPACE)
        self.advance = self.clock.advance
        self.tick = self.gateway.tick
        self.untick = self.gateway.untick
        self.move = self.gateway.move
        self.archive = self.gateway.archive
        self.delete = self.gateway.delete
        self.check = self.gateway.check
        self.comment = self.gateway.comment
        self.attach = self.gateway.attach
        self.join = self.gateway.join
        self.leave = self.gateway.leave
        self.move_due = self.gateway.move_due
        self.move_to_board = self.gateway.move_to_board
        self.archive_list = self.gateway.archive_list
        self.close_board = self.gateway.close_board
        self.make = self.gateway.make
        self.lying = self.gateway.lying

    def begin_anew(self) -> None:
        self.gateway.world = "another"

    def tick_by_program(self, card_id: str, by: str) -> None:
        self.gateway.tick(card_id, by, automated=True)


class Unhurried(SystemClock):
    """A clock on which waiting for the request budget takes no time: this sandbox has no limit."""

    def __init__(self) -> None:
        self._slept = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds


class SandboxStage:
    """People use the REST interface with tokens of their own; their credentials are their own too."""

    def __init__(self, sandbox: Handle) -> None:
        self.clock = Unhurried()
        self.gateway = connect(
            sandbox.url,
            sandbox.key,
            sandbox.token,
            timeout=10,
            requests_per_10s=100,
            budget_file=None,
            clock=self.clock,
        )
        self._sandbox = sandbox
        self._http = requests.Session()
        self._http.trust_env = False
        self._tokens: dict[str, str] = {}
        self.advance(dt.timedelta(0))

    def close(self) -> None:
        self.gateway.close()
        self._http.close()

    def advance(self, by: dt.timedelta) -> None:
        now = self._control("GET", "clock", None)["now"]
        self._control("POST", "clock", {"now": (dt.datetime.fromisoformat(now) + by).isoformat()})

    def tick(self, card_id: str, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", dueComplete="true")

    def untick(self, card_id: str, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", dueComplete="false")

    def move(self, card_id: str, list_id: str, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", idList=list_id)

    def archive(self, card_id: str, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", closed="true")

    def delete(self, card_id: str, by: str) -> None:
        self._as(by, "DELETE", f"/cards/{card_id}")

    def check(self, card_id: str, title: str, by: str) -> None:
        items = [item for each in self.gateway.card(card_id).checklists or () for item in each.items]
        (item_id,) = (item.id for item in items if item.title == title)
        self._as(by, "PUT", f"/cards/{card_id}/checkItem/{item_id}", state="complete")

    def comment(self, card_id: str, by: str) -> None:
        self._as(by, "POST", f"/cards/{card_id}/actions/comments", text="Fait")

    def attach(self, card_id: str, by: str) -> None:
        self._as(by, "POST", f"/cards/{card_id}/attachments", url="https://example.org/photo")

    def join(self, card_id: str, whom: str, by: str) -> None:
        self._as(by, "POST", f"/cards/{card_id}/idMembers", value=self._account(whom))

    def leave(self, card_id: str, whom: str, by: str) -> None:
        self._as(by, "DELETE", f"/cards/{card_id}/idMembers/{self._account(whom)}")

    def _account(self, username: str) -> str:
        asked = {"key": self._sandbox.key, "token": self._sandbox.token}
        return str(self._send("GET", f"/1/members/{username}", params=asked).json()["id"])

    def move_due(self, card_id: str, due: dt.datetime | None, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", due=due.isoformat() if due else "null")

    def move_to_board(self, card_id: str, list_id: str, by: str) -> None:
        self._as(by, "PUT", f"/cards/{card_id}", idList=list_id)

    def archive_list(self, list_id: str) -> None:
        self._as("robot", "PUT", f"/lists/{list_id}/closed", value="true")

    def close_board(self, board_id: str) -> None:
        self._as("robot", "PUT", f"/boards/{board_id}/closed", value="true")

    def make(self, board_id: str, username: str, kind: str) -> None:
        self._as("robot", "PUT", f"/boards/{board_id}/members/{username}", type=kind)

    def lying(self, list_id: str) -> tuple[Card, ...]:
        asked = {"key": self._sandbox.key, "token": self._sandbox.token}
        told = self._send("GET", f"/1/lists/{list_id}/cards", params=asked).json()
        in_order = sorted(told, key=lambda card: float(card["pos"]))
        return tuple(self.gateway.card(card["id"]) for card in in_order)

    def begin_anew(self) -> None:
        self._send("POST", "/sandbox/reset")
        self.gateway.boards(WORKSPACE)  # any answer tells

    def tick_by_program(self, card_id: str, by: str) -> None:
        granted = self._control("POST", "tokens", {"username": by, "app": "Butler"})
        sent = {"key": self._sandbox.key, "token": granted["token"], "dueComplete": "true"}
        self._send("PUT", f"/1/cards/{card_id}", params=sent)

    def _as(self, username: str, method: str, path: str, **params: str) -> None:
        token = self._tokens.get(username)
        if token is None:
            token = str(self._control("POST", "tokens", {"username": username})["token"])
            self._tokens[username] = token
        self._send(method, f"/1{path}", params={"key": self._sandbox.key, "token": token, **params})

    def _control(self, method: str, name: str, body: object) -> dict[str, str]:
        answer: dict[str, str] = self._send(method, f"/sandbox/{name}", json=body).json()
        return answer

    def _send(self, method: str, path: str, **arguments: object) -> requests.Response:
        response = self._http.request(method, self._sandbox.url + path, timeout=10, **arguments)  # type: ignore[arg-type] # as requests has them
        assert response.ok, response.text
        return response


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Handle]:
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        yield handle


@pytest.fixture(params=["memory", "sandbox"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if request.param == "memory":
        yield MemoryStage()
        return
    sandbox: Handle = request.getfixturevalue("sandbox")
    requests.post(f"{sandbox.url}/sandbox/reset", timeout=10)
    stage = SandboxStage(sandbox)
    yield stage
    stage.close()


@dataclass(slots=True)
class Setting:
    """A board and what is bound on it."""

    stage: Stage
    bindings: Bindings

    @property
    def gateway(self) -> TrelloGateway:
        return self.stage.gateway

    def id(self, kind: Kind, key: str = "") -> str:
        return self.bindings.id(kind, "weekly", key) or ""

    def make(self, change: changes.Change, kind: Kind, key: str = "") -> Made:
        made = self.gateway.perform(change, self.bindings)
        self.bindings = self.bindings.with_(Binding(kind, "weekly", key, made.id, NOW))
        return made

    def issue(self, **changes: object) -> Card:
        """Make a card and read it back."""
        made = self.gateway.perform(replace(CREATE, **changes), self.bindings)  # type: ignore[arg-type]
        return self.gateway.card(made.id)


CREATE = changes.CreateCard(
    board="weekly",
    key=OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16)),
    theme="operations",
    assignees=("amal",),
    text=TEXT,
    start=dt.datetime(2026, 11, 15, 23, tzinfo=dt.UTC),
    due=dt.datetime(2026, 11, 20, 16, 0, 30, tzinfo=dt.UTC),
    copy_checklists=False,
)


@pytest.fixture
def board(stage: Stage) -> Setting:
    """A board with two lists, two labels and Amal."""
    setting = Setting(stage, Bindings())
    new_board = changes.CreateBoard(board="weekly", title="Hebdo", description="marker", workspace=WORKSPACE)
    setting.make(new_board, Kind.BOARD)
    for place, key in enumerate(("todo", "done"), start=1):
        new_list = changes.CreateList(board="weekly", key=key, title=key.upper(), position=16384.0 * place)
        setting.make(new_list, Kind.LIST, key)
    for key, colour in (("operations", "green_dark"), ("finance", "sky")):
        new_label = changes.CreateLabel(board="weekly", key=key, title=key.upper(), colour=colour)
        setting.make(new_label, Kind.LABEL, key)
    setting.make(changes.AddMember(board="weekly", key="amal", username="Amal_Zina"), Kind.PERSON, "amal")
    return setting


@pytest.fixture
def template(board: Setting) -> Setting:
    """The board with a filled template card; its last item was added first."""
    new = changes.CreateTemplateCard(board="weekly", key="stock", theme="operations", text=TEXT)
    card_id = board.make(new, Kind.TEMPLATE, "stock").id
    add = changes.AddChecklist(board="weekly", card_id=card_id, title="À faire", position=16384.0)
    checklist_id = board.gateway.perform(add, board.bindings).id
    for place in (3, 1, 2):
        item = changes.AddCheckItem(
            board="weekly",
            card_id=card_id,
            checklist_id=checklist_id,
            title=ITEMS[place - 1],
            position=16384.0 * place,
        )
        board.gateway.perform(item, board.bindings)
    return board


def held(card: Card) -> list[Checklist]:
    return [Checklist(c.title, tuple(item.title for item in c.items)) for c in card.checklists or ()]


# ---- who and where


def test_which_trello_it_is_is_told_once(stage: Stage) -> None:
    gateway = stage.gateway
    unasked = gateway.identity(WORKSPACE, ask=False)
    assert (bool(unasked.address), unasked.member_id, unasked.workspace_id) == (True, "", "")
    found = gateway.identity(WORKSPACE)
    assert (found.address, found.username, found.workspace_name) == (unasked.address, "robot", WORKSPACE)
    assert all(len(each) == 24 for each in (found.member_id, found.workspace_id))
    assert gateway.identity(WORKSPACE, ask=False) == gateway.identity(WORKSPACE) == found
    assert gateway.identity(found.workspace_id) == found


def test_a_workspace_that_is_not_shown_leaves_the_rest_known(stage: Stage) -> None:
    known, found = stage.gateway.identity(WORKSPACE), stage.gateway.identity("nowhere-at-all")
    assert found == replace(known, workspace_id="", workspace_name="")


def test_a_trello_that_began_anew_is_another(stage: Stage) -> None:
    before = stage.gateway.identity(WORKSPACE)
    stage.begin_anew()
    assert stage.gateway.identity(WORKSPACE).world != before.world


def test_open_boards_of_the_workspace(board: Setting) -> None:
    (found,) = board.gateway.boards(WORKSPACE)
    assert (found.id, found.title, found.description) == (board.id(Kind.BOARD), "Hebdo", "marker")
    workspace_id = board.gateway.snapshot(found.id).workspace_id or ""
    assert board.gateway.boards(workspace_id) == (found,)
    board.stage.close_board(found.id)
    assert board.gateway.boards(WORKSPACE) == ()
    assert board.gateway.snapshot(found.id).board.closed


def test_cards_lie_in_the_order_of_their_places_however_they_are_made(board: Setting) -> None:
    places = {"last": CREATE.position + 0.0020001, "first": CREATE.position + 0.0010002, "due": None}
    keys = {name: OccurrenceKey("weekly", name, CREATE.key.date) for name in places}
    made = {name: board.issue(key=keys[name], place=places[name]).id for name in places}
    lying = [card.id for card in board.stage.lying(board.id(Kind.LIST, "todo"))]
    assert lying == [made["due"], made["first"], made["last"]]


def test_when_each_open_board_was_last_active(template: Setting) -> None:
    gateway, stage, (found,) = template.gateway, template.stage, template.gateway.boards(WORKSPACE)
    before = gateway.last_active(WORKSPACE)[found.id]
    assert before == gateway.snapshot(found.id).active_at
    stage.advance(dt.timedelta(hours=3))
    (card,) = gateway.snapshot(found.id).cards
    stage.tick(card.id, AMAL)
    after = gateway.last_active(WORKSPACE)[found.id]
    assert before
    assert after
    assert after - before > dt.timedelta(hours=2)
    assert gateway.snapshot(found.id).active_at == after
    stage.close_board(found.id)
    assert gateway.last_active(WORKSPACE) == {}


def test_a_workspace_that_is_not_there(stage: Stage) -> None:
    with pytest.raises(TrelloError):
        stage.gateway.boards("nowhere-at-all")
    with pytest.raises(NotFound):
        stage.gateway.last_active("nowhere-at-all")
    with pytest.raises(TrelloError):
        stage.gateway.perform(
            changes.CreateBoard(board="x", title="x", description="", workspace="nowhere-at-all"), Bindings()
        )


def test_the_workspaces_and_who_is_in_them(stage: Stage) -> None:
    (workspace,) = stage.gateway.workspaces()
    assert workspace.name == WORKSPACE
    members = stage.gateway.workspace_members(WORKSPACE)
    assert {AMAL, YOUSSEF} <= {member.username for member in members}
    assert stage.gateway.workspace_members(workspace.id) == members
    with pytest.raises(NotFound):
        stage.gateway.workspace_members("nowhere-at-all")


def test_an_account_by_its_username_or_id(stage: Stage) -> None:
    found = stage.gateway.account("Amal_Zina")
    assert found.username == AMAL
    assert stage.gateway.account(found.id) == found
    with pytest.raises(NotFound):
        stage.gateway.account("nobody_of_this_name")


@pytest.mark.parametrize("read", ["snapshot", "card"])
def test_what_is_not_there(read: str, board: Setting) -> None:
    nothing = board.id(Kind.BOARD)[:8] + "ab" * 8
    method: Callable[[str], object] = getattr(board.gateway, read)
    with pytest.raises(NotFound):
        method(nothing)


# ---- the board


def test_a_new_board_has_what_was_made_and_nothing_else(board: Setting) -> None:
    seen = board.gateway.snapshot(board.id(Kind.BOARD))
    assert (seen.visibility, seen.board.closed) == ("org", False)
    assert [(each.id, each.title, each.closed) for each in seen.lists] == [
        (board.id(Kind.LIST, "todo"), "TODO", False),
        (board.id(Kind.LIST, "done"), "DONE", False),
    ]
    assert {(each.id, each.title, each.colour) for each in seen.labels} == {
        (board.id(Kind.LABEL, "operations"), "OPERATIONS", "green_dark"),
        (board.id(Kind.LABEL, "finance"), "FINANCE", "sky"),
    }
    assert {member.username for member in seen.members} == {"robot", AMAL}
    assert board.id(Kind.PERSON, "amal") in {member.id for member in seen.members}
    assert seen.cards == ()


def test_board_edits(board: Setting) -> None:
    board_id = board.id(Kind.BOARD)
    board.stage.close_board(board_id)
    edit = changes.EditBoard(board="weekly", title="Semaine", visible=True, reopen=True)
    assert board.gateway.perform(edit, board.bindings).id == board_id
    seen = board.gateway.snapshot(board_id)
    assert (seen.board.title, seen.visibility, seen.board.closed) == ("Semaine", "org", False)


def test_list_edits(board: Setting) -> None:
    done = board.id(Kind.LIST, "done")
    board.stage.archive_list(done)
    assert board.gateway.snapshot(board.id(Kind.BOARD)).lists[1].closed
    edit = changes.EditList(board="weekly", key="done", title="Fini", position=8192.0, reopen=True)
    assert board.gateway.perform(edit, board.bindings).id == done
    first, second = sorted(board.gateway.snapshot(board.id(Kind.BOARD)).lists, key=lambda each: each.position)
    assert (first.id, first.title, first.closed, first.position) == (done, "Fini", False, 8192.0)
    assert second.title == "TODO"


def test_label_edits(board: Setting) -> None:
    edit = changes.EditLabel(board="weekly", key="finance", title="Compta", colour="red_light")
    board.gateway.perform(edit, board.bindings)
    labels = {each.id: each for each in board.gateway.snapshot(board.id(Kind.BOARD)).labels}
    label = labels[board.id(Kind.LABEL, "finance")]
    assert (label.title, label.colour) == ("Compta", "red_light")


def test_adding_a_member_twice_changes_nothing(board: Setting) -> None:
    again = changes.AddMember(board="weekly", key="amal", username=AMAL)
    assert board.gateway.perform(again, board.bindings).id == board.id(Kind.PERSON, "amal")
    assert len(board.gateway.snapshot(board.id(Kind.BOARD)).members) == 2


def test_somebody_whom_trello_does_not_know(board: Setting) -> None:
    with pytest.raises(TrelloError):
        board.gateway.perform(
            changes.AddMember(board="weekly", key="x", username="nobody_of_this_name"), board.bindings
        )


def test_putting_somebody_on_a_card_leaves_the_others_there(board: Setting) -> None:
    board.make(changes.AddMember(board="weekly", key="youssef", username=YOUSSEF), Kind.PERSON, "youssef")
    card, gateway = board.issue(), board.gateway
    add = changes.AddAssignee(board="weekly", key=CREATE.key, person="youssef", card_id=card.id, url=card.url)
    before = board.stage.clock.now() - dt.timedelta(minutes=1)
    assert gateway.perform(add, board.bindings).id == card.id
    people = (board.id(Kind.PERSON, "amal"), board.id(Kind.PERSON, "youssef"))
    assert gateway.card(card.id).member_ids == people
    log = gateway.activity(board.id(Kind.BOARD), before)
    added = [each.member.id for each in log if each.type == "addMemberToCard" and each.member]
    assert added[-1] == people[1]
    with pytest.raises(TrelloError):
        gateway.perform(add, board.bindings)
    assert gateway.card(card.id).member_ids == people


# ---- webhooks


@pytest.fixture
def callback() -> Iterator[str]:
    with nodding() as url:
        yield url


def test_a_webhook_is_made_listed_moved_and_removed(board: Setting, callback: str) -> None:
    gateway, board_id = board.gateway, board.id(Kind.BOARD)
    assert gateway.webhooks() == ()
    made = gateway.ensure_webhook(board_id, f"{callback}/one")
    assert made == Webhook(made.id, board_id, f"{callback}/one", active=True)
    assert gateway.webhooks() == (made,)
    moved = gateway.ensure_webhook(board_id, f"{callback}/two", made.id)
    assert gateway.webhooks() == (moved,) == (replace(made, callback=f"{callback}/two"),)
    for _ in range(2):
        gateway.remove_webhook(made.id)
    assert gateway.webhooks() == ()


def test_a_second_webhook_like_it_is_refused(board: Setting, callback: str) -> None:
    gateway, board_id = board.gateway, board.id(Kind.BOARD)
    first = gateway.ensure_webhook(board_id, f"{callback}/one")
    with pytest.raises(TrelloError, match="already exists"):
        gateway.ensure_webhook(board_id, f"{callback}/one")
    second = gateway.ensure_webhook(board_id, f"{callback}/two")
    with pytest.raises(TrelloError, match="already exists"):
        gateway.ensure_webhook(board_id, f"{callback}/one", second.id)
    assert sorted(gateway.webhooks(), key=lambda each: each.callback) == [first, second]


def test_a_webhook_that_is_gone_cannot_be_set_right(board: Setting, callback: str) -> None:
    with pytest.raises(NotFound):
        board.gateway.ensure_webhook(board.id(Kind.BOARD), callback, "5f" * 12)


# ---- template cards


def test_a_template_card(template: Setting) -> None:
    card = template.gateway.card(template.id(Kind.TEMPLATE, "stock"))
    assert card.is_template
    assert (card.title, card.description) == (TEXT.title, TEXT.description)
    assert card.list_id == template.id(Kind.LIST, "todo")
    assert card.label_ids == (template.id(Kind.LABEL, "operations"),)
    assert held(card) == [Checklist("À faire", ITEMS)]
    assert card.item_count == 3
    (shown,) = template.gateway.snapshot(template.id(Kind.BOARD)).cards
    assert shown == replace(card, checklists=None)


def test_template_card_edits(template: Setting) -> None:
    edit = changes.EditTemplateCard(board="weekly", task="stock", text=CardText("Neuf", "Autre"))
    made = template.gateway.perform(edit, template.bindings)
    card = template.gateway.card(template.id(Kind.TEMPLATE, "stock"))
    assert (card.title, card.description, card.item_count) == ("Neuf", "Autre", 3)
    assert made == Made(card.id, card.url, 3)
    archive = changes.ArchiveTemplateCard(board="weekly", task="stock", card_id=card.id)
    template.gateway.perform(archive, template.bindings)
    assert template.gateway.card(card.id).closed


# ---- cards


def test_a_card_with_its_checklists_copied(template: Setting) -> None:
    made = template.gateway.perform(replace(CREATE, copy_checklists=True), template.bindings)
    card = template.gateway.card(made.id)
    assert made == Made(card.id, card.url, 3)
    assert (card.title, card.description) == (TEXT.title, TEXT.description)
    assert (card.board_id, card.list_id) == (template.id(Kind.BOARD), template.id(Kind.LIST, "todo"))
    assert card.label_ids == (template.id(Kind.LABEL, "operations"),)
    assert card.member_ids == (template.id(Kind.PERSON, "amal"),)
    assert (card.start, card.due) == (CREATE.start, CREATE.due)
    assert (card.ticked, card.closed, card.is_template) == (False, False, False)
    assert held(card) == [Checklist("À faire", ITEMS)]
    assert not any(item.complete for checklist in card.checklists or () for item in checklist.items)
    shown = {each.id: each for each in template.gateway.snapshot(card.board_id).cards}
    assert shown[card.id] == replace(card, checklists=None)


def test_a_bare_card_is_filled_item_by_item(board: Setting) -> None:
    card = board.issue()
    assert (card.checklists, card.item_count) == ((), 0)
    add = changes.AddChecklist(board="weekly", card_id=card.id, title="Liste", position=16384.0)
    checklist_id = board.gateway.perform(add, board.bindings).id
    item = changes.AddCheckItem(
        board="weekly", card_id=card.id, checklist_id=checklist_id, title="un", position=16384.0
    )
    item_id = board.gateway.perform(item, board.bindings).id
    card = board.gateway.card(card.id)
    assert card.checklists
    assert (card.checklists[0].id, card.checklists[0].items[0].id) == (checklist_id, item_id)
    assert card.item_count == 1


def test_assignees_who_are_no_members_yet_are_left_out_and_none_comes_twice(board: Setting) -> None:
    twice = board.bindings.with_(Binding(Kind.PERSON, "weekly", "also", board.id(Kind.PERSON, "amal"), NOW))
    board.bindings = twice
    assert board.issue(assignees=("amal", "stranger", "also")).member_ids == (board.id(Kind.PERSON, "amal"),)
    assert board.issue(assignees=("stranger",)).member_ids == ()


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.LIST, "todo"), (Kind.LABEL, "operations"), (Kind.TEMPLATE, "stock")]
)
def test_a_card_is_not_made_when_what_it_needs_is_not_bound(kind: Kind, key: str, template: Setting) -> None:
    lacking = template.bindings.without(kind, "weekly", key)
    with pytest.raises(NotFound):
        template.gateway.perform(replace(CREATE, copy_checklists=True), lacking)
    assert len(template.gateway.snapshot(template.id(Kind.BOARD)).cards) == 1


def test_a_card_is_not_made_when_its_template_card_was_deleted(template: Setting) -> None:
    template.gateway.perform(changes.AddMember(board="weekly", key="y", username=YOUSSEF), template.bindings)
    template.stage.delete(template.id(Kind.TEMPLATE, "stock"), YOUSSEF)
    with pytest.raises(TrelloError):
        template.gateway.perform(replace(CREATE, copy_checklists=True), template.bindings)
    assert template.gateway.snapshot(template.id(Kind.BOARD)).cards == ()


def test_what_an_account_is_on_a_board(board: Setting) -> None:
    gateway, board_id = board.gateway, board.id(Kind.BOARD)
    robot = gateway.identity(WORKSPACE).member_id
    amal, youssef = (gateway.account(name).id for name in (AMAL, YOUSSEF))
    link = gateway.snapshot(board_id).board.url.rpartition("/")[2]
    for named in (board_id, link):
        assert [gateway.membership(named, each) for each in (robot, amal, youssef)] == ["admin", "normal", ""]
    board.stage.make(board_id, AMAL, "observer")
    assert gateway.membership(board_id, amal) == "observer"
    with pytest.raises(NotFound):
        gateway.membership("f" * 24, robot)


def test_a_board_is_read_by_its_short_link_too(board: Setting) -> None:
    seen = board.gateway.snapshot(board.id(Kind.BOARD))
    assert board.gateway.snapshot(seen.board.url.rpartition("/")[2]) == seen


def test_archived_cards_are_not_in_the_snapshot(board: Setting) -> None:
    first, second = board.issue(), board.issue()
    board.stage.move(second.id, board.id(Kind.LIST, "done"), AMAL)
    archive = changes.ArchiveCard(board="weekly", key=CREATE.key, card_id=first.id, url=first.url)
    board.gateway.perform(archive, board.bindings)
    board.stage.archive_list(board.id(Kind.LIST, "done"))
    assert board.gateway.snapshot(board.id(Kind.BOARD)).cards == ()
    assert board.gateway.card(first.id).closed
    assert not board.gateway.card(second.id).closed


def test_a_card_is_moved_to_another_list(board: Setting) -> None:
    card, target = board.issue(), board.id(Kind.LIST, "done")
    move = changes.MoveCard(board="weekly", key=CREATE.key, card_id=card.id, url=card.url, to="done")
    assert board.gateway.perform(move, board.bindings).id == card.id
    assert board.gateway.card(card.id).list_id == target
    log = board.gateway.activity(board.id(Kind.BOARD), NOW - dt.timedelta(days=1))
    moves = [FieldChange(None, card.list_id), FieldChange(card.list_id, target)]
    assert [action.moved for action in log if action.moved] == moves


def test_a_board_far_from_its_limits_tells_no_counts(board: Setting) -> None:
    board.issue()
    limits = {each.name: each for each in board.gateway.snapshot(board.id(Kind.BOARD)).limits}
    assert limits["cards.openPerBoard"] == Limit("cards.openPerBoard", "ok", 5000)


AMEND = changes.AmendCard(board="weekly", key=CREATE.key, card_id="", url="")


def test_a_card_is_amended_in_one_change_and_what_is_not_named_stays(board: Setting) -> None:
    board.make(changes.AddMember(board="weekly", key="youssef", username=YOUSSEF), Kind.PERSON, "youssef")
    card = board.issue()
    board.stage.advance(dt.timedelta(minutes=1))
    later = CREATE.due + dt.timedelta(hours=3)
    amend = replace(
        AMEND,
        card_id=card.id,
        title=Edit(card.title, "Inventaire du soir"),
        text=Edit(card.description, "Autrement"),
        due=Edit(CREATE.due, later),
        people=Edit(("amal",), ("youssef",)),
    )
    assert board.gateway.perform(amend, board.bindings).id == card.id
    after = board.gateway.card(card.id)
    assert (after.title, after.description, after.due) == ("Inventaire du soir", "Autrement", later)
    assert after.member_ids == (board.id(Kind.PERSON, "youssef"),)
    kept = (card.start, card.list_id, card.label_ids, card.ticked)
    assert (after.start, after.list_id, after.label_ids, after.ticked) == kept
    log = board.gateway.activity(board.id(Kind.BOARD), NOW - dt.timedelta(days=1))
    assert {a.type for a in log if a.member} >= {"addMemberToCard", "removeMemberFromCard"}
    assert [a.due for a in log if a.due and a.due.before] == [FieldChange(CREATE.due, later)]
    board.gateway.perform(replace(AMEND, card_id=card.id, title=Edit("", "Deux")), board.bindings)
    assert board.gateway.card(card.id) == replace(after, title="Deux")
    board.gateway.perform(amend, board.bindings)
    assert board.gateway.card(card.id) == after, "the same again changes nothing more"
    earlier = replace(AMEND, card_id=card.id, start=Edit(CREATE.start, CREATE.start - dt.timedelta(hours=1)))
    board.gateway.perform(earlier, board.bindings)
    assert board.gateway.card(card.id) == replace(after, start=CREATE.start - dt.timedelta(hours=1))


def test_a_member_is_taken_off_a_card(board: Setting) -> None:
    card = board.issue()
    nobody = replace(AMEND, card_id=card.id, people=Edit(("amal",), ()), title=Edit(card.title, "Deux"))
    board.gateway.perform(nobody, board.bindings)
    assert board.gateway.card(card.id).member_ids == card.member_ids, "that takes a request of its own"
    off = changes.RemoveMember(board="weekly", card_id=card.id, member_id=card.member_ids[0])
    board.gateway.perform(off, board.bindings)
    assert board.gateway.card(card.id).member_ids == ()


def test_a_card_that_is_gone_is_not_amended(board: Setting) -> None:
    card = board.issue()
    board.stage.delete(card.id, AMAL)
    with pytest.raises(NotFound):
        board.gateway.perform(replace(AMEND, card_id=card.id, title=Edit("", "Deux")), board.bindings)


def test_the_look_finds_archived_cards_too_but_none_that_are_older(board: Setting) -> None:
    board.issue()
    board.stage.advance(dt.timedelta(minutes=20))
    second, third = board.issue(), board.issue()
    board.stage.archive(second.id, AMAL)
    board.stage.advance(dt.timedelta(minutes=20))
    found = board.gateway.cards_since(board.id(Kind.BOARD), second.created_at)
    assert {card.id for card in found} == {second.id, third.id}
    assert {card.description for card in found} == {TEXT.description}
    assert board.gateway.cards_since(board.id(Kind.BOARD), third.created_at + dt.timedelta(seconds=2)) == ()


def test_nothing_leaves_after_send_before(board: Setting) -> None:
    clock = board.stage.clock
    board.gateway.perform(CREATE, board.bindings, send_before=clock.monotonic() + 60)
    with pytest.raises(NotSent):
        board.gateway.perform(CREATE, board.bindings, send_before=clock.monotonic())
    assert len(board.gateway.snapshot(board.id(Kind.BOARD)).cards) == 1


@pytest.mark.parametrize(
    "change",
    [
        changes.Bind(board="weekly", kind=Kind.LIST, key="todo", trello_id="x"),
        changes.Unbind(board="weekly", kind=Kind.LIST, key="todo"),
        changes.FillTemplateCard(board="weekly", task="stock", checklists=()),
    ],
)
def test_changes_that_are_not_trello_s_are_refused(change: changes.Change, board: Setting) -> None:
    with pytest.raises(ValueError, match="is not a change of Trello"):
        board.gateway.perform(change, board.bindings)


# ---- what people did


def of_card(board: Setting, card: Card, since: dt.datetime) -> list[Action]:
    actions = board.gateway.activity(board.id(Kind.BOARD), since)
    assert list(actions) == sorted(actions, key=lambda action: (action.at, action.id))
    return [action for action in actions if action.card_id == card.id]


def test_what_people_did_is_told_oldest_first(board: Setting) -> None:
    card = board.issue()
    todo, done = board.id(Kind.LIST, "todo"), board.id(Kind.LIST, "done")
    minute = dt.timedelta(minutes=1)
    people = board.stage
    people.advance(minute)
    people.tick(card.id, AMAL)
    people.advance(minute)
    people.untick(card.id, AMAL)
    people.advance(minute)
    people.move(card.id, done, AMAL)
    people.advance(minute)
    people.archive(card.id, AMAL)
    people.advance(minute)
    people.delete(card.id, AMAL)
    actions = [action for action in of_card(board, card, card.created_at + minute / 2) if action.by]
    told = [(a.type, a.ticked, a.moved, a.archived) for a in actions if a.type == "deleteCard" or any_was(a)]
    assert told == [
        ("updateCard", FieldChange(False, True), None, None),
        ("updateCard", FieldChange(True, False), None, None),
        ("updateCard", None, FieldChange(todo, done), None),
        ("updateCard", None, None, FieldChange(False, True)),
        ("deleteCard", None, None, None),
    ]
    assert {action.by.username for action in actions if action.by} == {AMAL}
    assert {action.by.id for action in actions if action.by} == {board.id(Kind.PERSON, "amal")}


def test_what_programs_do_in_somebody_s_name_is_told_apart_from_what_people_do(board: Setting) -> None:
    card = board.issue()
    board.stage.tick(card.id, AMAL)
    board.stage.untick(card.id, AMAL)
    board.stage.tick_by_program(card.id, AMAL)
    actions = of_card(board, card, card.created_at)
    ticks = [action for action in actions if action.ticked]
    assert [each.automated for each in ticks] == [False, False, True]
    assert {each.by.username for each in ticks if each.by} == {AMAL}
    assert all(each.automated for each in actions if each.type == "createCard"), "so is the robot"


def any_was(action: Action) -> bool:
    return bool(action.ticked or action.moved or action.archived)


def test_a_snapshot_has_checklists_when_they_are_asked_for(template: Setting) -> None:
    card, board_id = template.issue(copy_checklists=True), template.id(Kind.BOARD)
    template.stage.check(card.id, "Compter", AMAL)
    bare = template.gateway.snapshot(board_id).card(card.id)
    assert bare
    assert (bare.checklists, bare.item_count, bare.checked_count) == (None, 3, 1)
    whole = template.gateway.snapshot(board_id, checklists=True).card(card.id)
    assert whole
    assert whole == template.gateway.card(card.id)
    assert [item.complete for item in (whole.checklists or ())[0].items] == [False, True, False]


def test_a_snapshot_with_checklists_tells_of_each_card_what_reading_it_singly_does(template: Setting) -> None:
    """As reconcile compares template cards: one with items, one with an empty checklist, one with none."""
    board_id, bare = template.id(Kind.BOARD), template.issue()
    hollow = template.issue(text=CardText("Vide", "Rien."))
    add = changes.AddChecklist(board="weekly", card_id=hollow.id, title="Plus tard", position=8192.0)
    template.gateway.perform(add, template.bindings)
    template.stage.comment(bare.id, AMAL)
    shown = template.gateway.snapshot(board_id, checklists=True).cards
    assert {card.id for card in shown} == {template.id(Kind.TEMPLATE, "stock"), bare.id, hollow.id}
    for card in shown:
        assert card == template.gateway.card(card.id)
    assert {card.checklists is not None for card in shown} == {True}


@pytest.mark.parametrize("minutes", [None, 0, 5, 2880])
def test_a_card_has_its_reminder(board: Setting, minutes: int | None) -> None:
    card = board.issue(remind=minutes)
    seen = board.gateway.snapshot(board.id(Kind.BOARD)).card(card.id)
    assert seen
    assert (card.remind, seen.remind) == (minutes, minutes)


def test_a_copy_has_its_own_reminder_and_not_that_of_its_template_card(template: Setting) -> None:
    assert template.issue(copy_checklists=True, remind=60).remind == 60
    assert template.issue(copy_checklists=True).remind is None


def test_comments_are_written_and_read_oldest_first(board: Setting) -> None:
    card, text = board.issue(), "@amal_zina Une ligne\n\n`trello-ops:nag:zina/weekly/stock/2026-11-16/1`"
    assert board.gateway.comments(card.id) == ()
    before = of_card(board, card, card.created_at)
    board.stage.comment(card.id, AMAL)
    board.stage.advance(dt.timedelta(seconds=2))
    change = changes.AddComment(board="weekly", key=CREATE.key, card_id=card.id, text=text)
    made = board.gateway.perform(change, board.bindings)
    first, ours = board.gateway.comments(card.id)
    assert (ours.id, ours.text) == (made.id, text)
    assert first.text == "Fait"
    assert created_at(ours.id) <= ours.at < created_at(ours.id) + dt.timedelta(seconds=1)
    assert first.at < ours.at
    assert board.gateway.card(card.id).comment_count == 2
    told = [action for action in of_card(board, card, card.created_at) if action not in before]
    assert [(action.id, action.by and action.by.username) for action in told] == [
        (first.id, AMAL),
        (ours.id, "robot"),
    ]


def test_the_comments_of_a_deleted_card_are_not_found(board: Setting) -> None:
    card = board.issue()
    board.stage.delete(card.id, AMAL)
    change = changes.AddComment(board="weekly", key=CREATE.key, card_id=card.id, text="@amal_zina")
    with pytest.raises(NotFound):
        board.gateway.comments(card.id)
    with pytest.raises(NotFound):
        board.gateway.perform(change, board.bindings)


def test_a_card_counts_what_may_be_proof(board: Setting) -> None:
    card = board.issue()
    assert (card.comment_count, card.attachment_count) == (0, 0)
    board.stage.comment(card.id, AMAL)
    board.stage.attach(card.id, AMAL)
    seen = board.gateway.snapshot(board.id(Kind.BOARD)).card(card.id)
    assert seen
    assert (seen.comment_count, seen.attachment_count) == (1, 1)


def test_what_people_did_to_items_members_and_dues(template: Setting) -> None:
    card, stage, later = template.issue(copy_checklists=True), template.stage, NOW + dt.timedelta(days=9)
    stage.check(card.id, "Ouvrir", AMAL)
    stage.leave(card.id, AMAL, AMAL)
    stage.join(card.id, AMAL, AMAL)
    stage.move_due(card.id, later, AMAL)
    stage.move_due(card.id, None, AMAL)
    log = template.gateway.activity(template.id(Kind.BOARD), NOW - dt.timedelta(days=1))
    told = [action for action in log if action.by and action.by.username == AMAL]
    (item,) = (i for c in template.gateway.card(card.id).checklists or () for i in c.items if i.complete)
    assert [(a.item, a.member and a.member.username, a.due) for a in told] == [
        (CheckedItem(item.id, complete=True), None, None),
        (None, AMAL, None),
        (None, AMAL, None),
        (None, None, FieldChange(card.due, later)),
        (None, None, FieldChange(later, None)),
    ]
    assert [a.type for a in told[1:3]] == ["removeMemberFromCard", "addMemberToCard"]


def test_a_card_that_changes_boards_leaves_the_one_and_comes_to_the_other(board: Setting) -> None:
    card, there = board.issue(), replace(board)
    there.make(
        changes.CreateBoard(board="weekly", title="B", description="", workspace=WORKSPACE), Kind.BOARD
    )
    there.make(changes.CreateList(board="weekly", key="todo", title="A", position=1.0), Kind.LIST, "todo")
    there.make(changes.AddMember(board="weekly", key="amal", username=AMAL), Kind.PERSON, "amal")
    board.stage.move_to_board(card.id, there.id(Kind.LIST, "todo"), AMAL)
    assert board.gateway.card(card.id).board_id == there.id(Kind.BOARD)
    for setting, other, kind, moved in (
        (board, there, "moveCardFromBoard", FieldChange(card.list_id, None)),
        (there, board, "moveCardToBoard", FieldChange(None, there.id(Kind.LIST, "todo"))),
    ):
        log = setting.gateway.activity(setting.id(Kind.BOARD), NOW - dt.timedelta(days=1))
        told = [(a.card_id, a.moved, a.other_board) for a in log if a.type == kind]
        assert told == [(card.id, moved, other.id(Kind.BOARD))]


def test_activity_begins_at_since(board: Setting) -> None:
    card = board.issue()
    board.stage.advance(dt.timedelta(minutes=1))
    board.stage.tick(card.id, AMAL)
    board.stage.advance(dt.timedelta(minutes=1))
    board.stage.untick(card.id, AMAL)
    ticked, unticked = (a for a in of_card(board, card, card.created_at) if a.ticked)
    assert [a.id for a in of_card(board, card, unticked.at)] == [unticked.id]
    assert of_card(board, card, unticked.at + dt.timedelta(milliseconds=1)) == []
    assert ticked.id in {a.id for a in of_card(board, card, ticked.at)}


def test_a_copy_and_a_creation_are_told_of(template: Setting) -> None:
    bare, copied = template.issue(), template.issue(copy_checklists=True)
    kinds = {"createCard", "copyCard"}
    for card, kind in ((bare, "createCard"), (copied, "copyCard")):
        made = [a for a in of_card(template, card, card.created_at) if a.type in kinds]
        assert [(a.type, a.by.username if a.by else "") for a in made] == [(kind, "robot")]


# ---- the token


def test_what_the_token_may_do(stage: Stage) -> None:
    grant = stage.gateway.grant()
    assert grant.expires_at is None
    assert grant.reads == grant.writes == {"Board", "Organization"}


# ---- requests


def test_requests_are_counted(stage: Stage) -> None:
    before = stage.gateway.traffic().sent.get("answered", 0)
    stage.gateway.boards(WORKSPACE)
    after = stage.gateway.traffic()
    assert after.sent["answered"] == before + 1
    assert 0 <= after.used <= after.limit == 100


# ---- more than Trello gives at once


@pytest.mark.slow
def test_nothing_is_cut_at_a_thousand(board: Setting) -> None:
    first = board.issue()
    made = {first.id} | {board.gateway.perform(CREATE, board.bindings).id for _ in range(1003)}
    board_id = board.id(Kind.BOARD)
    assert {card.id for card in board.gateway.snapshot(board_id).cards} == made
    assert {card.id for card in board.gateway.cards_since(board_id, first.created_at)} == made
    created = [a for a in board.gateway.activity(board_id, first.created_at) if a.type == "createCard"]
    assert len(created) == len(made)
    assert {action.card_id for action in created} == made
