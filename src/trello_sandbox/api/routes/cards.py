"""/cards: creating, copying, reading, editing, deleting. What belongs to a card is in `card_parts`."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api import card_edits
from trello_sandbox.api.call import NO_LIMITS, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import actions, nested_reads
from trello_sandbox.serialisers.boards import BOARD, BOARD_DEFAULT, LIST
from trello_sandbox.serialisers.cards import card_fields, check_item_states, plain_names
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
from trello_sandbox.state.factories import Draft
from trello_sandbox.state.positions import place
from trello_sandbox.state.records import Board, Card, Json

_KEEP = frozenset({
    "attachments", "checklists", "comments", "customFields", "due", "labels", "members", "start", "stickers",
})  # fmt: skip
_ROLES = frozenset({"separator", "board", "mirror", "link"})


def create(call: Call) -> Json:
    """`POST /cards`: a new card, or with `idCardSource` a copy of one."""
    # There is no idempotency key: who sends it twice gets two cards.
    list_id = call.params.get("idList")
    if not is_object_id(list_id):
        raise errors.invalid_value("idList")
    into = call.world.lists.get(str(list_id).lower())
    if into is None:
        raise errors.no_board_for_card()
    board = call.permitted(call.world.boards[into.id_board], errors.no_card_permission)
    draft = _draft(call, board, _source(call))
    pos = place(call.params, call.world.cards_of(into))
    card = factories.new_card(call.log, into, draft, pos)
    return {**_whole(call, card), "attachments": card.attachments, "stickers": [], "limits": {}}


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
    """The new card: what was sent, and for the rest what `keepFromSource` keeps of the source."""
    params, switches = call.params, call.world.switches
    kept = frozenset(params.names("keepFromSource", "all"))
    kept = _KEEP if "all" in kept else kept & _KEEP
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


def _overlay(draft: Draft, params: Params) -> None:
    """Put what was sent over what the source gave."""
    # Recorded: empty values are ignored. Not so a date of null, which leaves the card without one.
    draft.name = params.text("name") if params.filled("name") else draft.name
    draft.desc = params.text("desc") if params.filled("desc") else draft.desc
    draft.due = params.date("due") if "due" in params else draft.due
    draft.start = params.date("start") if "start" in params else draft.start
    draft.due_complete = params.flag("dueComplete", default=draft.due_complete)
    draft.is_template = params.flag("isTemplate", default=draft.is_template)
    draft.due_reminder = params.number("dueReminder") if params.filled("dueReminder") else draft.due_reminder
    draft.card_role = params.choice("cardRole", _ROLES, "") if params.filled("cardRole") else None
    draft.url = params.text("urlSource")
    if params.filled("fileSource"):
        raise errors.links_only()
    if draft.url and not draft.url.startswith(("http://", "https://")):
        raise errors.invalid_value("urlSource")


def _whole(call: Call, card: Card) -> Json:
    """A card as writing answers it, whatever `fields` says."""
    answer = serialise(card_fields(call.world), call.world, card, plain_names(call.world))
    return {**answer, "checkItemStates": check_item_states(call.world, card)}


# ---- reading


def read(call: Call) -> Json:
    return nested_reads.single_card(call.world, call.card(), call.params)


def read_field(call: Call) -> Any:
    # Not made once as for other objects: a switch decides which fields there are.
    return fields.reader(Call.card, card_fields(call.world))(call)


def read_check_item_states(call: Call) -> list[Json]:
    return check_item_states(call.world, call.card())


def read_actions(call: Call) -> Any:
    log = actions.on_card(call.world, call.card())
    return actions.listing(call.world, log, call.params, actions.CARD_DEFAULT)


def read_board(call: Call) -> Json:
    board = call.world.boards[call.card().id_board]
    return serialise(BOARD, call.world, board, call.params.names("fields", BOARD_DEFAULT))


def read_list(call: Call) -> Json:
    found = call.world.lists[call.card().id_list]
    return serialise(LIST, call.world, found, call.params.names("fields", "all"))


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
