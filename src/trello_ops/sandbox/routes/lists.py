"""/lists: columns of a board. New ones go to the top unless told otherwise."""

from typing import Any

from trello_ops.sandbox import actions, making, reading, refusals
from trello_ops.sandbox.actions import list_ref
from trello_ops.sandbox.call import Call, Route
from trello_ops.sandbox.params import Params, is_object_id
from trello_ops.sandbox.positions import place
from trello_ops.sandbox.records import Board, Json, List
from trello_ops.sandbox.shapes import BOARD, BOARD_DEFAULT, LIST, project

_DEFAULT = "name,closed,idBoard,pos"
_FIELDS = frozenset({"name", "closed", "pos"})


def create(call: Call) -> Json:
    """`POST /lists`."""
    board_id = call.params.get("idBoard")
    if not is_object_id(board_id):
        raise refusals.invalid_value("idBoard")
    board = call.world.boards.get(str(board_id))
    if board is None:
        raise refusals.unknown_board_of_list(str(board_id))
    return _create(call, call.permitted(board, refusals.no_board_permission))


def create_on_board(call: Call) -> Json:
    """`POST /boards/{id}/lists`."""
    return _create(call, call.board())


def _create(call: Call, board: Board) -> Json:
    found = making.new_list(call.world, board, _name(call.params), call.params)
    call.log.board("createList", board, {"list": list_ref(found)})
    return {**_shape(call, found), "limits": {}}


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise refusals.invalid_list_name()
    return name


def _shape(call: Call, found: List) -> Json:
    return project(LIST, call.world, found, call.params.names("fields", _DEFAULT))


def read(call: Call) -> Json:
    return _shape(call, call.list_())


def read_field(call: Call) -> Json:
    found, name = call.list_(), call.path["field"]
    if name not in LIST:
        raise refusals.invalid_value("field")
    return {"_value": LIST[name](call.world, found)}


def read_cards(call: Call) -> list[Json]:
    kind = call.params.choice("filter", reading.CARD_FILTERS, "visible")
    return reading.cards(call, reading.cards_of(call.world, call.list_()), call.params, kind)


def read_actions(call: Call) -> Any:
    found = call.list_()
    asked = Params({**call.params, "idModels": found.id})
    return actions.listing(call.world, call.world.actions.of("id_board", found.id_board), asked)


def read_board(call: Call) -> Json:
    board = call.world.boards[call.list_().id_board]
    return project(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


def update(call: Call) -> Json:
    found, params = call.list_(), call.params
    changes: Json = {}
    if "name" in params:
        changes["name"] = _name(params)
    if "closed" in params:
        changes["closed"] = params.flag("closed")
    if "pos" in params:
        others = call.world.lists.of("id_board", found.id_board).values()
        changes["pos"] = place(params, (each.pos for each in others if each is not found))
    for name, value in changes.items():
        _set(call, found, name, value)
    return _shape(call, found)


def _set(call: Call, found: List, name: str, value: Any) -> None:
    old = getattr(found, name)
    if old == value:
        return
    setattr(found, name, value)
    board = call.world.boards[found.id_board]
    data = {"list": {**list_ref(found), name: value}, "old": {name: old}}
    call.log.board("updateList", board, data)


def update_field(call: Call) -> Json:
    """`PUT /lists/{id}/closed?value=true`."""
    return update(call.as_edit(_FIELDS))


def archive_all_cards(call: Call) -> Json:
    found = call.list_()
    for card in reading.cards_of(call.world, found):
        if not card.closed:
            card.closed, card.date_closed = True, call.world.now()
            call.log.updated(card, "closed", True, False)
    return {}


ROUTES = (
    Route("POST", "/lists", create),
    Route("POST", "/boards/{board}/lists", create_on_board),
    Route("GET", "/lists/{list}", read),
    Route("PUT", "/lists/{list}", update),
    Route("GET", "/lists/{list}/cards", read_cards),
    Route("GET", "/lists/{list}/actions", read_actions),
    Route("GET", "/lists/{list}/board", read_board),
    Route("POST", "/lists/{list}/archiveAllCards", archive_all_cards),
    Route("GET", "/lists/{list}/{field}", read_field),
    Route("PUT", "/lists/{list}/{field}", update_field),
)
