"""Editing and deleting comments, which are reached as actions and as parts of a card."""

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call
from trello_sandbox.params import Params
from trello_sandbox.serialisers.actions import serialise_action
from trello_sandbox.state import access
from trello_sandbox.state.action_log import COMMENTS
from trello_sandbox.state.records import Action, Json


def text(call: Call, name: str) -> str:
    """The text that is sent under this name; 400 for none."""
    found = call.params.text(name)
    if not found:
        raise call.params.invalid(name)
    return found


def edit(call: Call, action: Action, new: str) -> Json:
    """Change a comment of one's own. Answers the action."""
    _refuse_other_kinds(action)
    if action.id_member_creator != call.me.id:
        raise errors.no_card_permission()
    old = action.data["text"]
    # The entry itself changes: the log has no trace of the old text, except for webhooks.
    action.data = {**action.data, "text": new, "dateLastEdited": call.world.now()}
    card = call.world.cards.get(action.id_card)
    if card:
        data = {"action": {"id": action.id, "text": new}, "old": {"text": old}}
        call.log.card("updateComment", card, data, in_list=False)
    return serialise_action(call.world, action, Params({}), with_display=True)


def delete(call: Call, action: Action) -> Json:
    """Remove a comment: one's own, or any on a board of which one is an admin."""
    _refuse_other_kinds(action)
    board = call.world.boards[action.id_board]
    if action.id_member_creator != call.me.id and not access.is_admin(board, call.me):
        raise errors.no_card_permission()
    call.world.actions.remove(action)
    card = call.world.cards.get(action.id_card)
    if card:
        card.comments -= 1
        call.log.card("deleteComment", card, {"action": {"id": action.id}}, in_list=False)
    return NOTHING


def _refuse_other_kinds(action: Action) -> None:
    if action.type not in COMMENTS:
        # The rule is Trello's, the sentence ours.
        raise errors.already("only comment actions can be changed or deleted")
