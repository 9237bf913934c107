"""/search and /search/members. The index may lag, and a limit of its own applies: both are switches."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Route
from trello_sandbox.api.search import Term, finds_board, finds_card, finds_text, parsed
from trello_sandbox.clock import trello_time
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import BOARD, LIST, MEMBER, ORGANIZATION, project
from trello_sandbox.state.action_log import shown
from trello_sandbox.state.records import Board, Card, Json, Member

_MOST = 1_000
_MOST_PAGES = 100
_MOST_MEMBERS = 20
_MEMBER_DEFAULT = "avatarHash,fullName,initials,username,confirmed"
Terms = tuple[Term, ...]


def search(call: Call) -> Json:
    """`{options, cards?, boards?, members?, organizations?, actions?}`; what is empty is absent."""
    params = call.params
    query = params.text("query").strip()
    if not query:
        raise params.invalid("query")
    terms, kinds = parsed(query), params.names("modelTypes", "all")
    wanted = _FINDERS if "all" in kinds else {kind: _FINDERS[kind] for kind in _FINDERS if kind in kinds}
    if not wanted:
        raise params.invalid("modelTypes")
    found = {kind: find(call, terms) for kind, find in wanted.items()}
    return {"options": _options(terms, tuple(wanted), params)} | {
        k: rows for k, rows in found.items() if rows
    }


def _options(terms: Terms, kinds: tuple[str, ...], params: Params) -> Json:
    return {
        "terms": [{"text": term.text, "negated": term.negated} for term in terms if not term.operator],
        "modifiers": [{"text": f"{term.operator}:{term.text}"} for term in terms if term.operator],
        "modelTypes": list(kinds),
        "partial": params.flag("partial"),
    }


def _boards_searched(call: Call) -> list[Board]:
    """Those that the caller is on, narrowed by `idBoards` and `idOrganizations`."""
    params, me = call.params, call.me
    mine = [board for board in call.world.boards.all() if me.id in board.memberships]
    if params.filled("idBoards") and params["idBoards"] != "mine":
        named = set(params.ids("idBoards"))
        mine = [board for board in call.world.boards.all() if board.id in named and call.may_read(board)]
    if params.filled("idOrganizations"):
        named = set(params.ids("idOrganizations"))
        mine = [board for board in mine if board.id_organization in named]
    return mine


def _indexed_until(call: Call) -> str:
    """The instant until which changes are in the index."""
    return trello_time(call.world.clock.now() - dt.timedelta(seconds=call.world.switches.search_lag))


def _cards(call: Call, terms: Terms) -> list[Json]:
    params, until = call.params, _indexed_until(call)
    named = set(params.ids("idCards")) if params.filled("idCards") else None
    found = [
        card
        for board in _boards_searched(call)
        for card in nested_reads.cards_of(call.world, board)
        if card.date_last_activity <= until
        and (named is None or card.id in named)
        and finds_card(call.world, card, terms, call.me)
    ]
    found.sort(key=lambda card: card.date_last_activity, reverse=True)
    most = params.whole("cards_limit", 10, 1, _MOST)
    first = params.whole("cards_page", 0, 0, _MOST_PAGES) * most
    return [_card(call, card) for card in found[first : first + most]]


def _card(call: Call, card: Card) -> Json:
    world, params = call.world, call.params.nested("card_")
    shape = nested_reads.card_in_collection(call, card, params, nested_reads.card_names(world, params))
    if nested_reads.asks(params, "board"):
        shape["board"] = project(BOARD, world, world.boards[card.id_board], ("name",))
    if nested_reads.asks(params, "list"):
        shape["list"] = project(LIST, world, world.lists[card.id_list], ("all",))
    return shape


def _boards(call: Call, terms: Terms) -> list[Json]:
    params, until = call.params, _indexed_until(call)
    found = [
        board
        for board in _boards_searched(call)
        if board.date_last_activity <= until and finds_board(board, terms)
    ]
    names = params.names("board_fields", "name,idOrganization")
    most = params.whole("boards_limit", 10, 1, _MOST)
    shapes = [project(BOARD, call.world, board, names) for board in found[:most]]
    if params.flag("board_organization"):
        for board, shape in zip(found, shapes, strict=False):
            organization = call.world.organizations.get(board.id_organization or "")
            shape["organization"] = (
                project(ORGANIZATION, call.world, organization, ("name", "displayName"))
                if organization
                else None
            )
    return shapes


def _organizations(call: Call, terms: Terms) -> list[Json]:
    found = [
        each
        for each in call.world.organizations.all()
        if call.me.id in each.memberships and finds_text(terms, each.name, each.display_name, each.desc)
    ]
    names = call.params.names("organization_fields", "name,displayName")
    most = call.params.whole("organizations_limit", 10, 1, _MOST)
    return [project(ORGANIZATION, call.world, each, names) for each in found[:most]]


def _members(call: Call, terms: Terms) -> list[Json]:
    found = [each for each in call.world.members.all() if finds_text(terms, each.username, each.full_name)]
    names = call.params.names("member_fields", _MEMBER_DEFAULT)
    most = call.params.whole("members_limit", 10, 1, _MOST)
    return [project(MEMBER, call.world, each, names) for each in found[:most]]


def _actions(call: Call, terms: Terms) -> list[Json]:
    """Comments that hold the words."""
    boards, most = (
        {board.id for board in _boards_searched(call)},
        call.params.whole("actions_limit", 10, 1, _MOST),
    )
    found: Iterable[Any] = (
        action
        for action in call.world.actions.newest()
        if action.type == "commentCard"
        and action.id_board in boards
        and finds_text(terms, action.data["text"])
    )
    return [shown(call.world, action, Params({})) for action, _ in zip(found, range(most), strict=False)]


_FINDERS: dict[str, Callable[[Call, Terms], list[Json]]] = {
    "actions": _actions,
    "boards": _boards,
    "cards": _cards,
    "members": _members,
    "organizations": _organizations,
}


def search_members(call: Call) -> list[Json]:
    """People by a part of their name, narrowed to a board or a Workspace."""
    params, world = call.params, call.world
    query = params.text("query").strip().lower()
    if not query:
        raise params.invalid("query")
    pool = _pool(call)
    found = [each for each in pool if query in f"{each.full_name}\n{each.username}".lower()]
    most = params.whole("limit", 8, 1, _MOST_MEMBERS)
    return [project(MEMBER, world, each, _MEMBER_DEFAULT.split(",")) for each in found[:most]]


def _pool(call: Call) -> list[Member]:
    world, params = call.world, call.params
    board_id, organization_id = params.object_id("idBoard"), params.object_id("idOrganization")
    people = list(world.members.all())
    if board_id:
        board = call.permitted(call.found(world.boards, board_id), errors.no_board_permission)
        people = [each for each in people if each.id in board.memberships]
    if organization_id:
        members = call.found(world.organizations, organization_id).memberships
        people = [each for each in people if each.id in members]
    return people


ROUTES = (
    Route("GET", "/search", search),
    Route("GET", "/search/members", search_members),
)
