"""/cards: creating, copying, reading, editing, deleting. What hangs on a card is in `card_parts`."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api import card_edits
from trello_sandbox.api.call import NO_LIMITS, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import (
    BOARD,
    BOARD_DEFAULT,
    LIST,
    card_shape,
    check_item_states,
    project,
)
from trello_sandbox.state import action_log, factories
from trello_sandbox.state.factories import Draft
from trello_sandbox.state.positions import place
from trello_sandbox.state.records import Board, Card, Json, List

_KEEP = frozenset({
    "attachments", "checklists", "comments", "customFields", "due", "labels", "members", "start", "stickers",
})  # fmt: skip
_ROLES = frozenset({"separator", "board", "mirror", "link"})


def create(call: Call) -> Json:
    into = _list(call)
    board = call.permitted(call.world.boards[into.id_board], errors.no_card_permission)
    draft = _draft(call, board, _source(call))
    pos = place(call.params, call.world.cards.of("id_list", into.id).values())
    return _whole(call, factories.new_card(call.log, into, draft, pos), fresh=True)


def _list(call: Call) -> List:
    list_id = call.params.get("idList")
    if not is_object_id(list_id):
        raise errors.invalid_value("idList")
    found = call.world.lists.get(str(list_id).lower())
    if found is None:
        raise errors.no_board_for_card()
    return found


def _source(call: Call) -> Card | None:
    """The card that `idCardSource` names, which the caller must be able to read."""
    source_id = call.params.object_id("idCardSource")
    if source_id is None:
        return None
    source = call.found(call.world.cards, source_id)
    call.permitted(call.world.boards[source.id_board], errors.no_card_permission)
    archived = source.closed or call.world.lists[source.id_list].closed
    if archived and not call.world.switches.archived_source:
        raise errors.not_found()
    return source


def _draft(call: Call, board: Board, source: Card | None) -> Draft:
    """The new card: what was sent, and for the rest what `keepFromSource` keeps."""
    params, switches = call.params, call.world.switches
    kept = _kept(params)
    draft = Draft(source=source, kept=kept)
    if source:
        draft.name, draft.desc = source.name, source.desc
        draft.is_template = source.is_template and switches.copy_is_template
        if "due" in kept:
            draft.due, draft.due_reminder = source.due, source.due_reminder
            draft.due_complete = source.due_complete and switches.copy_due_complete
        if "start" in kept:
            draft.start = source.start
    _overlay(draft, params)
    draft.members = card_edits.members_on(board, params)
    draft.labels = card_edits.labels_on(call.world, board, params)
    return draft


def _kept(params: Params) -> frozenset[str]:
    names = frozenset(params.names("keepFromSource", "all"))
    return _KEEP if "all" in names else names & _KEEP


def _overlay(draft: Draft, params: Params) -> None:
    """What was sent wins; empty values are ignored, except a date given as null."""
    draft.name = params.text("name") if params.filled("name") else draft.name
    draft.desc = params.text("desc") if params.filled("desc") else draft.desc
    draft.due = params.date("due") if "due" in params else draft.due
    draft.start = params.date("start") if "start" in params else draft.start
    draft.due_complete = params.flag("dueComplete", default=draft.due_complete)
    draft.is_template = params.flag("isTemplate", default=draft.is_template)
    draft.due_reminder = params.number("dueReminder") if params.filled("dueReminder") else draft.due_reminder
    draft.card_role = params.choice("cardRole", _ROLES, "") if params.filled("cardRole") else None
    draft.url = _url(params)


def _url(params: Params) -> str:
    url = params.text("urlSource")
    if params.filled("fileSource"):
        raise errors.links_only()
    if url and not url.startswith(("http://", "https://")):
        raise errors.invalid_value("urlSource")
    return url


def _whole(call: Call, card: Card, *, fresh: bool = False) -> Json:
    """A card as writing answers it; a new one also has its attachments, stickers and empty limits."""
    shape = project(card_shape(call.world), call.world, card, nested_reads.card_names(call.world, Params({})))
    shape["checkItemStates"] = check_item_states(call.world, card)
    if fresh:
        shape |= {"attachments": card.attachments, "stickers": [], "limits": {}}
    return shape


# ---- reading


def read(call: Call) -> Json:
    return nested_reads.single_card(call, call.card(), call.params)


def read_field(call: Call) -> Json:
    return fields.reader(Call.card, card_shape(call.world))(call)  # type: ignore[no-any-return]


def read_check_item_states(call: Call) -> list[Json]:
    return check_item_states(call.world, call.card())


def read_actions(call: Call) -> Any:
    log = action_log.on_card(call.world, call.card())
    return action_log.listing(call.world, log, call.params, action_log.CARD_DEFAULT)


def read_board(call: Call) -> Json:
    board = call.world.boards[call.card().id_board]
    return project(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


def read_list(call: Call) -> Json:
    found = call.world.lists[call.card().id_list]
    return project(LIST, call.world, found, call.params.names("fields", "all"))


# ---- writing


def update(call: Call) -> Json:
    card = call.card()
    card_edits.edit(call, card)
    return _whole(call, card)


def update_field(call: Call) -> Json:
    """`PUT /cards/{id}/{field}?value=`. Answers the whole card."""
    return update(call.as_edit(card_edits.FIELDS))


def delete(call: Call) -> Json:
    card = call.card()
    call.log.card("deleteCard", card, named=False)
    call.world.delete_card(card)
    return NO_LIMITS


ROUTES = (
    Route("POST", "/cards", create),
    Route("GET", "/cards/{card}", read),
    Route("PUT", "/cards/{card}", update),
    Route("DELETE", "/cards/{card}", delete),
    Route("GET", "/cards/{card}/actions", read_actions),
    Route("GET", "/cards/{card}/board", read_board),
    Route("GET", "/cards/{card}/list", read_list),
    Route("GET", "/cards/{card}/checkItemStates", read_check_item_states),
    Route("GET", "/cards/{card}/{field}", read_field),
    Route("PUT", "/cards/{card}/{field}", update_field),
)
