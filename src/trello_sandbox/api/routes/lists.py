"""/lists: columns of a board, made at its top, moved and copied with their cards."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api import card_edits
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import BOARD, BOARD_DEFAULT, LIST, LIST_IN_BOARD, number, project
from trello_sandbox.state import action_log, factories
from trello_sandbox.state.action_log import board_ref, list_ref
from trello_sandbox.state.positions import bottom, place
from trello_sandbox.state.records import Board, Card, Json, List

_DEFAULT = "name,closed,idBoard,pos"
_FIELDS = frozenset({"name", "closed", "pos", "idBoard", "subscribed"})


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
    name, source = _name(call.params), _source(call)
    found = factories.new_list(call.world, board, name, call.params)
    call.log.board("createList", board, {"list": list_ref(found)})
    if source:
        _copy_cards(call, source, found)
    return {**_shape(call, found), "limits": {}}


def _source(call: Call) -> List | None:
    """The list that `idListSource` names, whose cards are copied along."""
    source_id = call.params.object_id("idListSource")
    if source_id is None:
        return None
    source = call.world.lists.get(source_id)
    if source is None:
        raise errors.model_not_found()
    call.permitted(call.world.boards[source.id_board], errors.no_board_permission)
    return source


def _copy_cards(call: Call, source: List, into: List) -> None:
    """Copy a list's open cards, with all they hold but comments; what Trello keeps is a guess."""
    kept = frozenset({"checklists", "attachments", "labels", "members"})
    for old in [each for each in nested_reads.cards_of(call.world, source) if not each.closed]:
        factories.new_card(call.log, into, factories.draft_of(old, kept), old.pos)


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise errors.invalid_list_name()
    return name


def _shape(call: Call, found: List) -> Json:
    return project(LIST, call.world, found, call.params.names("fields", _DEFAULT))


def read(call: Call) -> Json:
    return _shape(call, call.list_())


def read_cards(call: Call) -> list[Json]:
    asked = Params({"filter": call.path.get("filter", "visible"), **call.params})
    kind = asked.choice("filter", nested_reads.CARD_FILTERS, "visible")
    return nested_reads.cards(call, nested_reads.cards_of(call.world, call.list_()), call.params, kind)


def read_actions(call: Call) -> Any:
    found = call.list_()
    asked = Params({**call.params, "idModels": found.id})
    log = action_log.on_board(call.world, call.world.boards[found.id_board])
    return action_log.listing(call.world, log, asked)


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
    if "subscribed" in params:
        changes["subscribed"] = params.flag("subscribed")
    board = _board(call)
    if board and board.id != found.id_board:
        _change_board(call, found, board)
    if "pos" in params:
        others = call.world.lists.of("id_board", found.id_board).values()
        changes["pos"] = place(params, others, but=found)
    for name, value in changes.items():
        _set(call, found, name, value)
    return _shape(call, found)


def _set(call: Call, found: List, name: str, value: Any) -> None:
    old = getattr(found, name)
    if old == value:
        return
    if name == "closed" and not value:
        factories.refuse_full_of_lists(call.world, call.world.boards[found.id_board])
    setattr(found, name, value)
    if name == "subscribed":
        return
    board = call.world.boards[found.id_board]
    data = {"list": {**list_ref(found), name: value}, "old": {name: old}}
    call.log.board("updateList", board, data)


def update_field(call: Call) -> Json:
    """`PUT /lists/{id}/closed?value=true`."""
    return update(call.as_edit(_FIELDS))


def delete(call: Call) -> Json:
    """Delete an archived list with its cards. The specification has no such route, Trello does."""
    found, world = call.list_(), call.world
    if not found.closed:
        raise errors.list_is_open()
    for card in list(world.cards.of("id_list", found.id).values()):
        world.delete_card(card)
    world.lists.remove(found)
    call.log.board("deleteList", world.boards[found.id_board], {"list": list_ref(found)})
    return NOTHING


# ---- moving


def _board(call: Call) -> Board | None:
    """The board that `idBoard` names."""
    board_id = call.params.object_id("idBoard")
    if board_id is None:
        return None
    return call.permitted(call.found(call.world.boards, board_id), errors.no_board_permission)


def _change_board(call: Call, found: List, board: Board) -> None:
    """Move a list with its cards to the right end of another board."""
    world, log, source = call.world, call.log, call.world.boards[found.id_board]
    factories.refuse_full_of_lists(world, board)
    held = list(world.cards.of("id_list", found.id).values())
    if held:
        factories.refuse_full_of_cards(
            world, List("", board.id, "", 0.0), sum(not card.closed for card in held)
        )
    said = {"list": list_ref(found)}
    log.board("moveListFromBoard", source, {**said, "boardTarget": board_ref(board)})
    found.pos = bottom(world.lists.of("id_board", board.id).values())
    world.lists.change(found, "id_board", board.id)
    for card in held:
        card_edits.settle_on_board(log, card, board)
    log.board("moveListToBoard", board, {**said, "boardSource": board_ref(source)})


def move_all_cards(call: Call) -> list[Json]:
    """`POST /lists/{id}/moveAllCards?idBoard=&idList=`. Answers where every card is now."""
    source, params, world = call.list_(), call.params, call.world
    board_id, list_id = params.object_id("idBoard"), params.object_id("idList")
    if board_id is None or list_id is None:
        raise params.invalid("idBoard" if board_id is None else "idList")
    target = world.lists.get(list_id)
    if target is None:
        raise errors.model_not_found()
    call.permitted(world.boards[target.id_board], errors.no_board_permission)
    if target.id_board != board_id:
        raise params.invalid("idList")
    moved = sorted(
        (each for each in nested_reads.cards_of(world, source) if not each.closed), key=lambda each: each.pos
    )
    if target is not source:
        factories.refuse_full_of_cards(world, target, len(moved))
        for card in moved:
            _move_to_bottom(call, card, target)
    return [
        {"id": each.id, "idBoard": each.id_board, "idList": each.id_list, "pos": number(each.pos)}
        for each in moved
    ]


def _move_to_bottom(call: Call, card: Card, target: List) -> None:
    pos = bottom(call.world.cards.of("id_list", target.id).values())
    card_edits.move(call.log, card, target)
    card.pos = pos


def archive_all_cards(call: Call) -> Json:
    for card in nested_reads.cards_of(call.world, call.list_()):
        if not card.closed:
            card.closed, card.date_closed = True, call.world.now()
            call.log.updated(card, "closed", True, False)
    return {}


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
