"""/checklists and their items, also as parts of a card. One item per request: there is no bulk form."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors, limits
from trello_sandbox.api.call import NO_LIMITS, NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.boards import BOARD, BOARD_DEFAULT
from trello_sandbox.serialisers.cards import CHECK_ITEM, CHECKLIST
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
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
    source_id = params.object_id("idChecklistSource")
    source = call.found(world.checklists, source_id) if source_id else None
    if source:
        call.permitted(world.boards[source.id_board], errors.no_card_permission)
    pos = place(params, world.checklists.of("id_card", card.id).values())
    if source:
        name = params.text("name") or source.name
        checklist = factories.copy_checklist(call.log, card, source, name, pos)
    else:
        # The default name is known from live tests.
        checklist = factories.new_checklist(world, card, params.text("name") or "Checklist", pos)
    call.log.card("addChecklistToCard", card, {"checklist": _ref(checklist)}, in_list=False)
    return {**_checklist(call, checklist), "limits": {}}


def _ref(checklist: Checklist) -> Json:
    """A checklist as actions refer to it."""
    return {"id": checklist.id, "name": checklist.name}


def _checklist(call: Call, checklist: Checklist) -> Json:
    names = call.params.names("fields", "all")
    return nested_reads.checklist(call.world, checklist, names, call.params)


def read(call: Call) -> Json:
    return _checklist(call, call.checklist())


def read_of_card(call: Call) -> list[Json]:
    return [_checklist(call, each) for each in call.world.checklists_of(call.card())]


def read_board(call: Call) -> Json:
    board = call.world.boards[call.checklist().id_board]
    return serialise(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


def read_card(call: Call) -> list[Json]:
    """`GET /checklists/{id}/cards`: the one card that it is on, in a list."""
    card = call.world.cards[call.checklist().id_card]
    return nested_reads.cards(call.world, [card], call.params, "all")


def update(call: Call) -> Json:
    checklist, params, world = call.checklist(), call.params, call.world
    card = world.cards[checklist.id_card]
    if "name" in params:
        old, checklist.name = checklist.name, params.text("name")
        data = {"checklist": _ref(checklist), "old": {"name": old}}
        call.log.card("updateChecklist", card, data, in_list=False)
    if "pos" in params:
        others = world.checklists.of("id_card", card.id).values()
        checklist.pos = place(params, others, but=checklist)
    return _checklist(call, checklist)


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
    return [serialise(CHECK_ITEM, call.world, item, names) for item in call.world.items_of(call.checklist())]


def create_item(call: Call) -> Json:
    checklist, params, world = call.checklist(), call.params, call.world
    name = params.text("name")
    if not name:
        # What a list of items in a JSON body gets as well, by Trello's staff: it has no name.
        raise errors.invalid_value("name")
    others = world.check_items.of("id_checklist", checklist.id)
    limits.refuse_over(len(others), "checkItems", "perChecklist")
    state = "complete" if params.flag("checked") else "incomplete"
    pos = place(params, others.values())
    paid = _paid_fields(call)
    item = world.check_items.add(CheckItem(world.new_id(), checklist.id, name, pos, state, **paid))
    _log(call, "createCheckItem", world.cards[checklist.id_card], checklist, item)
    return {**serialise(CHECK_ITEM, world, item, ("all",)), "limits": {}}


def _paid_fields(call: Call) -> dict[str, Any]:
    """Due date, reminder and member of an item, as far as the Workspace's plan includes them."""
    # One report says that they are not visible without it. Dropped or refused? We drop them.
    if not call.world.switches.free_item_due:
        return {}
    return {field: read(call.params, name) for name, (field, read) in _PAID.items() if name in call.params}


def _log(call: Call, kind: str, card: Card, checklist: Checklist, item: CheckItem) -> None:
    """Write an action on an item. Recorded: it refers to the checklist, but not to the card's list."""
    said = {"id": item.id, "name": item.name, "state": item.state, "textData": {"emoji": {}}}
    call.log.card(kind, card, {"checklist": _ref(checklist), "checkItem": said}, in_list=False)


def read_item(call: Call) -> Json:
    checklist = call.checklist()
    return serialise(CHECK_ITEM, call.world, _item_in(call, checklist), call.params.names("fields", "all"))


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
    _log(call, "deleteCheckItem", card, checklist, item)
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
    return serialise(CHECK_ITEM, call.world, item, call.params.names("fields", "all"))


def update_item_of_card(call: Call) -> Json:
    """Tick, untick, rename or move an item: `state`, `name`, `pos`, and where paid for `due`, `idMember`."""
    card, params, world = call.card(), call.params, call.world
    checklist, item = _item_of_card(call, card)
    if str(params.get("state")).lower() in ("true", "false"):
        state = "complete" if params.flag("state") else "incomplete"
    else:
        state = params.choice("state", _STATES, item.state)
    pos = item.pos
    if "pos" in params:
        pos = place(params, world.check_items.of("id_checklist", checklist.id).values(), but=item)
    name = params.text("name") if params.filled("name") else item.name
    for field, value in _paid_fields(call).items():
        setattr(item, field, value)
    if (name, pos) != (item.name, item.pos):
        item.name, item.pos = name, pos
        _log(call, "updateCheckItem", card, checklist, item)
    if state != item.state:
        item.state = state
        _log(call, "updateCheckItemStateOnCard", card, checklist, item)
    # Recorded: two fields that no other answer about items has.
    return {**serialise(CHECK_ITEM, world, item, ("all",)), "type": None, "creationMethod": None}


def convert_to_card(call: Call) -> Json:
    """Make an item a card of its own below its card, and take it off the checklist. Answers the new card.

    The OpenAPI document has no such route; Trello's pages use it.
    """
    card, world = call.card(), call.world
    _, item = _item_of_card(call, card)
    into = world.lists[card.id_list]
    pos = bottom(world.cards_of(into))
    draft = factories.Draft(name=item.name, due=item.due, item_of=card)
    made = factories.new_card(call.log, into, draft, pos)
    world.check_items.remove(item)
    return nested_reads.single_card(world, made, Params({}))


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
