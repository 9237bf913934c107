"""/checklists and their items, also as parts of a card. One item per request; no bulk form exists."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors, limits
from trello_sandbox.api.call import NO_LIMITS, NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import (
    BOARD,
    BOARD_DEFAULT,
    CHECK_ITEM,
    CHECKLIST,
    checklists_of,
    items_of,
    project,
)
from trello_sandbox.state import factories
from trello_sandbox.state.action_log import Log
from trello_sandbox.state.positions import bottom, place
from trello_sandbox.state.records import Card, CheckItem, Checklist, Json

_PAID: dict[str, tuple[str, Callable[[Params, str], Any]]] = {
    "due": ("due", Params.date),
    "dueReminder": ("due_reminder", Params.number),
    "idMember": ("id_member", Params.object_id),
}
"""Parameters of paid plans: the item's field, and how the value is read."""
_STATES = frozenset({"complete", "incomplete"})
_FIELDS = frozenset({"name", "pos"})

# ---- checklists


def create(call: Call) -> Json:
    """`POST /checklists`."""
    card_id = call.params.get("idCard")
    if not is_object_id(card_id):
        raise errors.invalid_value("idCard")
    card = call.world.cards.get(str(card_id).lower())
    if card is None:
        raise errors.unknown_card_of_checklist()
    call.permitted(call.world.boards[card.id_board], errors.no_card_permission)
    return _create(call, card)


def create_on_card(call: Call) -> Json:
    """`POST /cards/{id}/checklists`."""
    return _create(call, call.card())


def _create(call: Call, card: Card) -> Json:
    params, world = call.params, call.world
    source = _source(call)
    pos = place(params, world.checklists.of("id_card", card.id).values())
    if source:
        name = params.text("name") or source.name
        checklist = factories.copy_checklist(call.log, card, source, name, pos)
    else:
        checklist = factories.new_checklist(world, card, params.text("name") or "Checklist", pos)
    call.log.card("addChecklistToCard", card, {"checklist": _ref(checklist)}, in_list=False)
    return {**_shape(call, checklist), "limits": {}}


def _source(call: Call) -> Checklist | None:
    source_id = call.params.object_id("idChecklistSource")
    if source_id is None:
        return None
    source = call.found(call.world.checklists, source_id)
    call.permitted(call.world.boards[source.id_board], errors.no_card_permission)
    return source


def _ref(checklist: Checklist) -> Json:
    return {"id": checklist.id, "name": checklist.name}


def _shape(call: Call, checklist: Checklist) -> Json:
    names = call.params.names("fields", "all")
    return nested_reads.checklist(call.world, checklist, names, call.params)


def read(call: Call) -> Json:
    return _shape(call, call.checklist())


def read_of_card(call: Call) -> list[Json]:
    return [_shape(call, each) for each in checklists_of(call.world, call.card())]


def read_board(call: Call) -> Json:
    board = call.world.boards[call.checklist().id_board]
    return project(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


def read_card(call: Call) -> list[Json]:
    """`GET /checklists/{id}/cards`: the one card that it is on, in a list."""
    card = call.world.cards[call.checklist().id_card]
    return nested_reads.cards(call, [card], call.params, "all")


def update(call: Call) -> Json:
    checklist, params, world = call.checklist(), call.params, call.world
    card = world.cards[checklist.id_card]
    if "name" in params:
        old, checklist.name = checklist.name, params.text("name")
        call.log.card(
            "updateChecklist", card, {"checklist": _ref(checklist), "old": {"name": old}}, in_list=False
        )
    if "pos" in params:
        others = world.checklists.of("id_card", card.id).values()
        checklist.pos = place(params, others, but=checklist)
    return _shape(call, checklist)


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def delete(call: Call) -> Json:
    return _delete(call, call.checklist())


def delete_from_card(call: Call) -> Json:
    card, checklist = call.card(), call.checklist()
    if checklist.id_card != card.id:
        raise errors.not_found()
    return _delete(call, checklist)


def _delete(call: Call, checklist: Checklist) -> Json:
    card = call.world.cards[checklist.id_card]
    call.world.delete_checklist(checklist)
    call.log.card("removeChecklistFromCard", card, {"checklist": _ref(checklist)}, in_list=False)
    return NO_LIMITS


# ---- items


def read_items(call: Call) -> list[Json]:
    names = call.params.names("fields", "all")
    return [project(CHECK_ITEM, call.world, item, names) for item in items_of(call.world, call.checklist())]


def create_item(call: Call) -> Json:
    checklist, params, world = call.checklist(), call.params, call.world
    name = params.text("name")
    if not name:
        raise errors.invalid_value("name")
    others = world.check_items.of("id_checklist", checklist.id)
    limits.refuse_over(len(others), "checkItems", "perChecklist")
    state = "complete" if params.flag("checked") else "incomplete"
    pos = place(params, others.values())
    paid = _paid_fields(call)
    item = world.check_items.add(CheckItem(world.new_id(), checklist.id, name, pos, state, **paid))
    card = world.cards[checklist.id_card]
    call.log.card("createCheckItem", card, _refs(checklist, item), in_list=False)
    return {**project(CHECK_ITEM, world, item, ("all",)), "limits": {}}


def _paid_fields(call: Call) -> dict[str, Any]:
    """Due date, reminder and member of an item. A free Workspace drops them silently, we guess."""
    if not call.world.switches.free_item_due:
        return {}
    return {field: read(call.params, name) for name, (field, read) in _PAID.items() if name in call.params}


def _refs(checklist: Checklist, item: CheckItem) -> Json:
    """What an action says of an item."""
    said = {"id": item.id, "name": item.name, "state": item.state, "textData": {"emoji": {}}}
    return {"checklist": _ref(checklist), "checkItem": said}


def read_item(call: Call) -> Json:
    checklist = call.checklist()
    return project(CHECK_ITEM, call.world, _item_in(call, checklist), call.params.names("fields", "all"))


def _item_in(call: Call, checklist: Checklist) -> CheckItem:
    item = call.world.check_items.of("id_checklist", checklist.id).get(call.path["checkItem"])
    if item is None:
        raise errors.not_found()
    return item


def delete_item(call: Call) -> Json:
    checklist = call.checklist()
    return _delete_item(call, call.world.cards[checklist.id_card], checklist, _item_in(call, checklist))


def _delete_item(call: Call, card: Card, checklist: Checklist, item: CheckItem) -> Json:
    call.world.check_items.remove(item)
    call.log.card("deleteCheckItem", card, _refs(checklist, item), in_list=False)
    return NOTHING


# ---- items of a card


def _item_of_card(call: Call, card: Card) -> tuple[Checklist, CheckItem]:
    """The item that the path names, and its checklist; both must be the card's."""
    item = call.found(call.world.check_items, call.path["checkItem"])
    checklist = call.world.checklists[item.id_checklist]
    if checklist.id_card != card.id or call.path.get("checklist", checklist.id) != checklist.id:
        raise errors.not_found()
    return checklist, item


def read_item_of_card(call: Call) -> Json:
    _, item = _item_of_card(call, call.card())
    return project(CHECK_ITEM, call.world, item, call.params.names("fields", "all"))


def update_item_of_card(call: Call) -> Json:
    """Tick, untick, rename or move an item: `state`, `name`, `pos`, and where paid for `due`, `idMember`."""
    card, params = call.card(), call.params
    checklist, item = _item_of_card(call, card)
    state, pos = _state(params, item), _pos(call, checklist, item)
    name = params.text("name") if params.filled("name") else item.name
    for field, value in _paid_fields(call).items():
        setattr(item, field, value)
    if (name, pos) != (item.name, item.pos):
        item.name, item.pos = name, pos
        call.log.card("updateCheckItem", card, _refs(checklist, item), in_list=False)
    _tick(call.log, card, checklist, item, state)
    return {**project(CHECK_ITEM, call.world, item, ("all",)), "type": None, "creationMethod": None}


def _state(params: Params, item: CheckItem) -> str:
    """`complete`, `incomplete`, or true and false for the same."""
    if str(params.get("state")).lower() in ("true", "false"):
        return "complete" if params.flag("state") else "incomplete"
    return params.choice("state", _STATES, item.state)


def _pos(call: Call, checklist: Checklist, item: CheckItem) -> float:
    if "pos" not in call.params:
        return item.pos
    others = call.world.check_items.of("id_checklist", checklist.id).values()
    return place(call.params, others, but=item)


def _tick(log: Log, card: Card, checklist: Checklist, item: CheckItem, state: str) -> None:
    if state == item.state:
        return
    item.state = state
    log.card("updateCheckItemStateOnCard", card, _refs(checklist, item), in_list=False)


def convert_to_card(call: Call) -> Json:
    """Make an item a card of its own below its card, and take it off the checklist. Answers the new card.

    The specification has no such route, Trello's pages use it.
    """
    card, world = call.card(), call.world
    _, item = _item_of_card(call, card)
    into = world.lists[card.id_list]
    pos = bottom(world.cards.of("id_list", into.id).values())
    draft = factories.Draft(name=item.name, due=item.due, item_of=card)
    made = factories.new_card(call.log, into, draft, pos)
    world.check_items.remove(item)
    return nested_reads.single_card(call, made, Params({}))


def delete_item_of_card(call: Call) -> Json:
    card = call.card()
    checklist, item = _item_of_card(call, card)
    return _delete_item(call, card, checklist, item)


ROUTES = (
    Route("POST", "/checklists", create),
    Route("GET", "/checklists/{checklist}", read),
    Route("PUT", "/checklists/{checklist}", update),
    Route("DELETE", "/checklists/{checklist}", delete),
    Route("GET", "/checklists/{checklist}/board", read_board),
    Route("GET", "/checklists/{checklist}/cards", read_card),
    Route("GET", "/checklists/{checklist}/checkItems", read_items),
    Route("POST", "/checklists/{checklist}/checkItems", create_item),
    Route("GET", "/checklists/{checklist}/checkItems/{checkItem}", read_item),
    Route("DELETE", "/checklists/{checklist}/checkItems/{checkItem}", delete_item),
    Route("GET", "/checklists/{checklist}/{field}", fields.reader(Call.checklist, CHECKLIST)),
    Route("PUT", "/checklists/{checklist}/{field}", update_field),
    Route("GET", "/cards/{card}/checklists", read_of_card),
    Route("POST", "/cards/{card}/checklists", create_on_card),
    Route("DELETE", "/cards/{card}/checklists/{checklist}", delete_from_card),
    Route("GET", "/cards/{card}/checkItem/{checkItem}", read_item_of_card),
    Route("PUT", "/cards/{card}/checkItem/{checkItem}", update_item_of_card),
    Route("DELETE", "/cards/{card}/checkItem/{checkItem}", delete_item_of_card),
    Route("PUT", "/cards/{card}/checklist/{checklist}/checkItem/{checkItem}", update_item_of_card),
    Route("POST", "/cards/{card}/checklist/{checklist}/checkItem/{checkItem}/convertToCard", convert_to_card),
)
