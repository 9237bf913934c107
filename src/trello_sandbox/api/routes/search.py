"""/search and /search/members. That the index lags and that searches are limited are both switches."""

import datetime as dt
from collections.abc import Callable
from itertools import islice

from trello_sandbox.api.call import Call, Route
from trello_sandbox.api.search_terms import Term, finds_board, finds_card, finds_text, parse
from trello_sandbox.clock import trello_time
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.actions import serialise_action
from trello_sandbox.serialisers.boards import BOARD, LIST
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import MEMBER, ORGANIZATION
from trello_sandbox.state.records import Board, Json, Member

_MOST = 1_000
_MOST_PAGES = 100
_MOST_MEMBERS = 20
_MEMBER_DEFAULT = "avatarHash,fullName,initials,username,confirmed"
Terms = tuple[Term, ...]


def search(call: Call) -> Json:
    """`{options, cards?, boards?, members?, organizations?, actions?}`; kinds that find nothing are absent.

    The OpenAPI document says that it answers a list.
    """
    params = call.params
    query = params.text("query").strip()
    if not query:
        raise params.invalid("query")
    terms, kinds = parse(query), params.names("modelTypes", "all")
    wanted = _FINDERS if "all" in kinds else {kind: _FINDERS[kind] for kind in _FINDERS if kind in kinds}
    if not wanted:
        raise params.invalid("modelTypes")
    found = {kind: find(call, terms) for kind, find in wanted.items()}
    options = {
        "terms": [{"text": term.text, "negated": term.negated} for term in terms if not term.operator],
        "modifiers": [{"text": f"{term.operator}:{term.text}"} for term in terms if term.operator],
        "modelTypes": list(wanted),
        "partial": params.flag("partial"),
    }
    return {"options": options} | {kind: rows for kind, rows in found.items() if rows}


def _boards_searched(call: Call) -> list[Board]:
    """The boards that the caller is on, narrowed by `idBoards` and `idOrganizations`."""
    params, me = call.params, call.me
    boards = [board for board in call.world.boards.all() if me.id in board.memberships]
    if params.filled("idBoards") and params["idBoards"] != "mine":
        named = set(params.ids("idBoards"))
        boards = [board for board in call.world.boards.all() if board.id in named and call.may_read(board)]
    if params.filled("idOrganizations"):
        named = set(params.ids("idOrganizations"))
        boards = [board for board in boards if board.id_organization in named]
    return boards


def _indexed_until(call: Call) -> str:
    """The instant until which changes are in the index."""
    # A live test suite tolerates that a card just made is missing. Nobody measured for how long.
    return trello_time(call.world.clock.now() - dt.timedelta(seconds=call.world.switches.search_lag))


def _find_cards(call: Call, terms: Terms) -> list[Json]:
    world, params, until = call.world, call.params, _indexed_until(call)
    named = set(params.ids("idCards")) if params.filled("idCards") else None
    found = [
        card
        for board in _boards_searched(call)
        for card in world.cards_of(board)
        if card.date_last_activity <= until
        and (named is None or card.id in named)
        and finds_card(world, card, terms, call.me)
    ]
    # An inference: nothing documents the order.
    found.sort(key=lambda card: card.date_last_activity, reverse=True)
    most = params.whole("cards_limit", 10, 1, _MOST)
    first = params.whole("cards_page", 0, 0, _MOST_PAGES) * most
    asked = params.nested("card_")
    names = nested_reads.card_names(world, asked)
    answers = []
    for card in found[first : first + most]:
        answer = nested_reads.card_in_collection(world, card, asked, names)
        if nested_reads.asks(asked, "board"):
            answer["board"] = serialise(BOARD, world, world.boards[card.id_board], ("name",))
        if nested_reads.asks(asked, "list"):
            answer["list"] = serialise(LIST, world, world.lists[card.id_list], ("all",))
        answers.append(answer)
    return answers


def _find_boards(call: Call, terms: Terms) -> list[Json]:
    world, params, until = call.world, call.params, _indexed_until(call)
    found = [
        board
        for board in _boards_searched(call)
        if board.date_last_activity <= until and finds_board(board, terms)
    ]
    names = params.names("board_fields", "name,idOrganization")
    most = params.whole("boards_limit", 10, 1, _MOST)
    with_organization = params.flag("board_organization")
    answers = []
    for board in found[:most]:
        answer = serialise(BOARD, world, board, names)
        if with_organization:
            own = world.organizations.get(board.id_organization or "")
            fields = ("name", "displayName")
            answer["organization"] = serialise(ORGANIZATION, world, own, fields) if own else None
        answers.append(answer)
    return answers


def _find_organizations(call: Call, terms: Terms) -> list[Json]:
    found = [
        each
        for each in call.world.organizations.all()
        if call.me.id in each.memberships and finds_text(terms, each.name, each.display_name, each.desc)
    ]
    names = call.params.names("organization_fields", "name,displayName")
    most = call.params.whole("organizations_limit", 10, 1, _MOST)
    return [serialise(ORGANIZATION, call.world, each, names) for each in found[:most]]


def _find_members(call: Call, terms: Terms) -> list[Json]:
    # A guess: everybody is found, whether or not they share a board with who asks.
    found = [each for each in call.world.members.all() if finds_text(terms, each.username, each.full_name)]
    names = call.params.names("member_fields", _MEMBER_DEFAULT)
    most = call.params.whole("members_limit", 10, 1, _MOST)
    return [serialise(MEMBER, call.world, each, names) for each in found[:most]]


def _find_comments(call: Call, terms: Terms) -> list[Json]:
    boards = {board.id for board in _boards_searched(call)}
    most = call.params.whole("actions_limit", 10, 1, _MOST)
    found = (
        action
        for action in call.world.actions.newest()
        if action.type == "commentCard"
        and action.id_board in boards
        and finds_text(terms, action.data["text"])
    )
    return [serialise_action(call.world, action, Params({})) for action in islice(found, most)]


_FINDERS: dict[str, Callable[[Call, Terms], list[Json]]] = {
    "actions": _find_comments,
    "boards": _find_boards,
    "cards": _find_cards,
    "members": _find_members,
    "organizations": _find_organizations,
}


def search_members(call: Call) -> list[Json]:
    """People by a part of their name, narrowed to a board or a Workspace."""
    params, world = call.params, call.world
    query = params.text("query").strip().lower()
    if not query:
        raise params.invalid("query")
    board_id, organization_id = params.object_id("idBoard"), params.object_id("idOrganization")
    people: list[Member] = list(world.members.all())
    if board_id:
        board = call.known_board(board_id)
        people = [each for each in people if each.id in board.memberships]
    if organization_id:
        members = call.found(world.organizations, organization_id).memberships
        people = [each for each in people if each.id in members]
    found = [each for each in people if query in f"{each.full_name}\n{each.username}".lower()]
    most = params.whole("limit", 8, 1, _MOST_MEMBERS)
    return [serialise(MEMBER, world, each, _MEMBER_DEFAULT.split(",")) for each in found[:most]]


ROUTES = (
    Route("GET", "/search", search),
    Route("GET", "/search/members", search_members),
)
