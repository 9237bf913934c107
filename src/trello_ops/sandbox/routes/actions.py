"""/actions: entries of the log by id."""

from trello_ops.sandbox import refusals
from trello_ops.sandbox.actions import shown
from trello_ops.sandbox.call import NOTHING, Call, Route
from trello_ops.sandbox.records import Action, Json
from trello_ops.sandbox.shapes import ACTION


def _action(call: Call) -> Action:
    action = call.found(call.world.actions, call.path["action"])
    call.permitted(call.world.boards[action.id_board], refusals.no_board_permission)
    return action


def read(call: Call) -> Json:
    return shown(call.world, _action(call), call.params, display=True)


def read_field(call: Call) -> Json:
    action, name = _action(call), call.path["field"]
    if name not in ACTION:
        raise refusals.invalid_value("field")
    return {"_value": ACTION[name](call.world, action)}


def delete(call: Call) -> Json:
    """Only a comment can be deleted."""
    action = _action(call)
    if action.type != "commentCard":
        raise refusals.already("only comment actions can be deleted")
    card = call.world.cards.get(action.id_card)
    if card:
        card.comments -= 1
    call.world.actions.remove(action)
    return NOTHING


ROUTES = (
    Route("GET", "/actions/{action}", read),
    Route("DELETE", "/actions/{action}", delete),
    Route("GET", "/actions/{action}/{field}", read_field),
)
