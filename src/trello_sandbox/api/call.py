"""What a route's handler receives, and how a route is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from trello_sandbox import errors
from trello_sandbox.api.credentials import Caller
from trello_sandbox.errors import ApiError
from trello_sandbox.params import Params
from trello_sandbox.state import access
from trello_sandbox.state.action_log import Log
from trello_sandbox.state.records import Action, Board, Card, Checklist, Label, List, Member, Organization
from trello_sandbox.state.tables import Record, Table
from trello_sandbox.state.world import World

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Call:
    """One request, the ids in its `path` well-formed and its credentials valid or absent.

    `client` is what the sender calls itself in X-Trello-Client-Identifier, "" for nothing. The methods look
    up what a path or parameter names, and raise Trello's error for what is unknown or not permitted.
    """

    world: World
    method: str
    path: dict[str, str]
    params: Params
    caller: Caller
    client: str = ""

    @property
    def me(self) -> Member:
        """The acting member; 401 where there is none."""
        if self.caller.member is None:
            raise errors.missing_scopes() if self.caller.key else errors.invalid_key()
        return self.caller.member

    @property
    def log(self) -> Log:
        """The action log, written to in the acting member's name."""
        token = self.caller.token
        if token is None:
            return Log(self.world, self.me, by_app=False)
        client = "" if token.person else self.client
        return Log(
            self.world, self.me, by_app=not token.person, client=client, app=token.app, agent=token.agent
        )

    # ---- the objects that a path names

    def board(self) -> Board:
        """The board by id or short link."""
        board = _by_id_or_link(self.world.boards, self.path["board"])
        return self.permitted(board, errors.no_board_permission)

    def card(self) -> Card:
        """The card by id or short link."""
        card = _by_id_or_link(self.world.cards, self.path["card"])
        self.permitted(self.world.boards[card.id_board], errors.no_card_permission)
        return card

    def list_(self) -> List:
        """The list by id."""
        return self.known_list(self.path["list"])

    def label(self) -> Label:
        """The label by id."""
        label = self.found(self.world.labels, self.path["label"])
        self.permitted(self.world.boards[label.id_board], errors.no_board_permission)
        return label

    def checklist(self) -> Checklist:
        """The checklist by id."""
        checklist = self.found(self.world.checklists, self.path["checklist"])
        self.permitted(self.world.boards[checklist.id_board], errors.no_card_permission)
        return checklist

    def member(self) -> Member:
        """The member by id, username or `me`."""
        named = self.path["member"]
        member = self.me if named == "me" else self.world.member(named)
        if member is None:
            raise errors.not_found()
        return member

    def organization(self) -> Organization:
        """The Workspace by id or short name. Only its members read it, only its admins change it."""
        # What a stranger hears of a Workspace is a guess.
        named = self.path["organization"]
        organization = self.world.organizations.named(named) or self.world.organizations.get(named)
        if organization is None:
            raise errors.not_found()
        if self.me.id not in organization.memberships:
            raise errors.no_board_permission()
        if self.method != "GET" and not access.is_admin(organization, self.me):
            raise errors.no_board_permission()
        return organization

    def action(self) -> Action:
        """An entry of the log by id. Those of a Workspace are for its members."""
        action = self.found(self.world.actions, self.path["action"])
        board = self.world.boards.get(action.id_board)
        if board:
            self.permitted(board, errors.no_board_permission)
        elif self.me.id not in self.world.organizations[action.data["organization"]["id"]].memberships:
            raise errors.no_board_permission()
        return action

    # ---- the objects that a parameter names

    def found(self, table: Table[R], record_id: str) -> R:
        """The record of that id; 404 for none."""
        record = table.get(record_id)
        if record is None:
            raise errors.not_found()
        return record

    def known_list(self, list_id: str) -> List:
        """The list of that id, on a board that the caller may read or change."""
        found = self.world.lists.get(list_id)
        if found is None:
            raise errors.model_not_found()  # a text of its own: other kinds of object have `not_found`
        self.permitted(self.world.boards[found.id_board], errors.no_board_permission)
        return found

    def known_board(self, board_id: str) -> Board:
        """The board of that id, if the caller may read or change it."""
        return self.permitted(self.found(self.world.boards, board_id), errors.no_board_permission)

    def as_edit(self, fields: frozenset[str]) -> "Call":
        """`PUT /…/{field}?value=` as the edit of that one field. 400 for other fields and for no value."""
        named = self.path["field"].lower()
        name = next((each for each in fields if each.lower() == named), None)
        if name is None:
            raise errors.invalid_value("field")
        if "value" not in self.params or (name == "closed" and not self.params.filled("value")):
            raise errors.invalid_value("value")
        params = Params({name: self.params["value"]}, {name: "value"})
        return Call(self.world, self.method, self.path, params, self.caller)

    # ---- permission

    def permitted(self, board: Board, error: Callable[[], ApiError]) -> Board:
        """The board, if the caller may read it, or write to it unless the method is GET."""
        if self.method == "GET" and self.may_read(board):
            return board
        if access.may_write(self.world, board, self.caller.member):
            return board
        # Test suites disagree about a key without a token: older ones saw the same text as for a member.
        if self.caller.key and self.caller.member is None and self.world.switches.key_only_missing_scopes:
            raise errors.missing_scopes()
        raise error()

    def may_read(self, board: Board) -> bool:
        """Whether the caller may read the board."""
        return access.may_read(self.world, board, self.caller.member)


def _by_id_or_link(table: Table[R], id_or_link: str) -> R:
    record = table.named(id_or_link) or table.get(id_or_link.lower())
    if record is None:
        raise errors.not_found()
    return record


Handler = Callable[[Call], Any]
"""Answers a call with what is to be sent as JSON. It runs in one piece: nothing else changes the world.

Only those of webhooks answer with an awaitable: they ask the callback URL first.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is a path below /1 whose `{names}` become `Call.path`."""

    method: str
    pattern: str
    handler: Handler


# Recorded: what deleting answers depends on the kind of object.
NOTHING = {"_value": None}
NO_LIMITS: dict[str, Any] = {"limits": {}}
