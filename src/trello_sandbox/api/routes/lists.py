"""/lists: the columns of a board, new ones at its left end, moved and copied with their cards."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api import card_edits
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import actions, nested_reads
from trello_sandbox.serialisers.boards import BOARD, BOARD_DEFAULT, LIST, LIST_IN_BOARD
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
from trello_sandbox.state.action_log import board_ref, list_ref
from trello_sandbox.state.positions import bottom, place, written
from trello_sandbox.state.records import Board, Json, List

_DEFAULT = "name,closed,idBoard,pos"
_FIELDS = frozenset({"name", "closed", "pos", "idBoard", "subscribed"})

# ---- creating


def create(call: Call) -> Json:
    """`POST /lists`."""
    board_id = call.params.get("idBoard")
    if not is_object_id(board_id):
        raise errors.invalid_value("idBoard")
    board = call.world.boards.get(str(board_id).lower())
    if board is None:
        raise errors.unknown_board_of_list(str(board_id))
    return _create(call, call.permitted(board, errors.no_board_permission))


def create_on_board(call: Call) -> Json:
    """`POST /boards/{id}/lists`."""
    return _create(call, call.board())


def _create(call: Call, board: Board) -> Json:
    name, source_id = _name(call.params), call.params.object_id("idListSource")
    source = call.known_list(source_id) if source_id else None
    found = factories.new_list(call.world, board, name, call.params)
    call.log.board("createList", board, {"list": list_ref(found)})
    if source:
        # What a copied list's cards keep is a guess: all but their comments.
        kept = frozenset({"checklists", "attachments", "labels", "members"})
        for card in [each for each in call.world.cards_of(source) if not each.closed]:
            factories.new_card(call.log, found, factories.draft_of(card, kept), card.pos)
    return {**_list(call, found), "limits": {}}


def _name(params: Params) -> str:
    """A list's title, trimmed."""
    name = params.text("name").strip()
    if not name:
        raise errors.invalid_list_name()
    return name


def _list(call: Call, found: List) -> Json:
    return serialise(LIST, call.world, found, call.params.names("fields", _DEFAULT))


# ---- reading


def read(call: Call) -> Json:
    return _list(call, call.list_())


def read_cards(call: Call) -> list[Json]:
    asked = Params({"filter": call.path.get("filter", "visible"), **call.params})
    kind = asked.choice("filter", nested_reads.CARD_FILTERS, "visible")
    return nested_reads.cards(call.world, call.world.cards_of(call.list_()), call.params, kind)


def read_actions(call: Call) -> Any:
    found = call.list_()
    asked = Params({**call.params, "idModels": found.id})
    log = actions.on_board(call.world, call.world.boards[found.id_board])
    return actions.listing(call.world, log, asked)


def read_board(call: Call) -> Json:
    board = call.world.boards[call.list_().id_board]
    return serialise(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


# ---- editing


def update(call: Call) -> Json:
    found, params = call.list_(), call.params
    changes: Json = {}
    if "name" in params:
        changes["name"] = _name(params)
    if "closed" in params:
        changes["closed"] = params.flag("closed")
    if "subscribed" in params:
        changes["subscribed"] = params.flag("subscribed")
    board_id = params.object_id("idBoard")
    board = call.known_board(board_id) if board_id else None
    if board and board.id != found.id_board:
        _change_board(call, found, board)
    if "pos" in params:
        others = call.world.lists.of("id_board", found.id_board).values()
        changes["pos"] = place(params, others, but=found)
    for name, value in changes.items():
        _set(call, found, name, value)
    return _list(call, found)


def _set(call: Call, found: List, name: str, value: Any) -> None:
    old = getattr(found, name)
    if old == value:
        return
    board = call.world.boards[found.id_board]
    if name == "closed" and not value:
        factories.refuse_full_of_lists(call.world, board)
    setattr(found, name, value)
    if name != "subscribed":  # a private matter of whoever watches the list
        data = {"list": {**list_ref(found), name: value}, "old": {name: old}}
        call.log.board("updateList", board, data)


def update_field(call: Call) -> Json:
    """`PUT /lists/{id}/closed?value=true` and the like."""
    return update(call.as_edit(_FIELDS))


def delete(call: Call) -> Json:
    """Delete an archived list with its cards. The OpenAPI document has no such route, Trello has."""
    found, world = call.list_(), call.world
    # A client's release notes say that it works. Test suites call it impossible; did they try open lists?
    if not found.closed:
        raise errors.list_is_open()
    for card in list(world.cards_of(found)):
        world.delete_card(card)
    world.lists.remove(found)
    call.log.board("deleteList", world.boards[found.id_board], {"list": list_ref(found)})
    return NOTHING


# ---- moving


def _change_board(call: Call, found: List, board: Board) -> None:
    """Move a list with its cards to the right end of another board. Which actions that writes is a guess."""
    world, log, source = call.world, call.log, call.world.boards[found.id_board]
    factories.refuse_full_of_lists(world, board)
    cards = list(world.cards_of(found))
    if cards:
        # The list itself will hold as many as before, so only the board can be too full.
        no_list, is_open = List("", board.id, "", 0.0), sum(not card.closed for card in cards)
        factories.refuse_full_of_cards(world, no_list, is_open)
    data = {"list": list_ref(found)}
    log.board("moveListFromBoard", source, {**data, "boardTarget": board_ref(board)})
    found.pos = bottom(world.lists.of("id_board", board.id).values())
    world.lists.change(found, "id_board", board.id)
    for card in cards:
        card_edits.settle_on_board(log, card, board)
    log.board("moveListToBoard", board, {**data, "boardSource": board_ref(source)})


def move_all_cards(call: Call) -> list[Json]:
    """`POST /lists/{id}/moveAllCards?idBoard=&idList=`. Answers where every card is now."""
    source, params, world = call.list_(), call.params, call.world
    board_id, list_id = params.object_id("idBoard"), params.object_id("idList")
    if board_id is None or list_id is None:
        raise params.invalid("idBoard" if board_id is None else "idList")
    target = call.known_list(list_id)
    if target.id_board != board_id:
        raise params.invalid("idList")
    moved = sorted((each for each in world.cards_of(source) if not each.closed), key=lambda each: each.pos)
    if target is not source:
        factories.refuse_full_of_cards(world, target, len(moved))
        for card in moved:
            pos = bottom(world.cards_of(target))
            card_edits.move(call.log, card, target)
            card.pos = pos
    return [
        {"id": each.id, "idBoard": each.id_board, "idList": each.id_list, "pos": written(each.pos)}
        for each in moved
    ]


def archive_all_cards(call: Call) -> Json:
    for card in call.world.cards_of(call.list_()):
        if not card.closed:
            card.closed, card.date_closed = True, call.world.now()
            call.log.updated(card, "closed", True, False)
    return {}  # recorded: neither the list nor its cards


ROUTES = (
    Route("POST", "/lists", create),
    Route("POST", "/boards/{board}/lists", create_on_board),
    Route("GET", "/lists/{list}", read),
    Route("PUT", "/lists/{list}", update),
    Route("DELETE", "/lists/{list}", delete),
    Route("GET", "/lists/{list}/cards", read_cards),
    Route("GET", "/lists/{list}/cards/{filter}", read_cards),
    Route("GET", "/lists/{list}/actions", read_actions),
    Route("GET", "/lists/{list}/board", read_board),
    Route("POST", "/lists/{list}/archiveAllCards", archive_all_cards),
    Route("POST", "/lists/{list}/moveAllCards", move_all_cards),
    Route("GET", "/lists/{list}/{field}", fields.reader(Call.list_, LIST_IN_BOARD)),
    Route("PUT", "/lists/{list}/{field}", update_field),
)
