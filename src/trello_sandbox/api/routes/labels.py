"""/labels: 30 colours and none. Nothing keeps two labels from having the same name and colour."""

from trello_sandbox import errors
from trello_sandbox.api.call import NO_LIMITS, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params
from trello_sandbox.serialisers.boards import LABEL, LABEL_DEFAULT
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
from trello_sandbox.state.action_log import label_ref
from trello_sandbox.state.colours import COLORS
from trello_sandbox.state.records import Board, Json, Label

_FIELDS = frozenset({"name", "color"})


def create(call: Call) -> Json:
    """`POST /labels`."""
    board_id = call.params.object_id("idBoard")
    if board_id is None:
        raise errors.invalid_value("idBoard")
    return _create(call, call.known_board(board_id))


def create_on_board(call: Call) -> Json:
    """`POST /boards/{id}/labels`."""
    return _create(call, call.board())


def _create(call: Call, board: Board) -> Json:
    # Recorded: what is made is answered with empty limits, whatever its kind.
    return {**_label(call, make(call, board)), "limits": {}}


def make(call: Call, board: Board) -> Label:
    """A new label as `name` and `color` ask."""
    label = factories.new_label(call.world, board, call.params.text("name"), _color(call.params))
    call.log.board("createLabel", board, {"label": label_ref(label)})
    return label


def _color(params: Params) -> str | None:
    return params.choice("color", frozenset(COLORS), "") if params.filled("color") else None


def _label(call: Call, label: Label) -> Json:
    return serialise(LABEL, call.world, label, call.params.names("fields") or LABEL_DEFAULT)


def read(call: Call) -> Json:
    return _label(call, call.label())


def update(call: Call) -> Json:
    label, params = call.label(), call.params
    color = _color(params) if "color" in params else label.color
    label.name = params.text("name") if "name" in params else label.name
    label.color = color  # null takes the colour away
    call.log.board("updateLabel", call.world.boards[label.id_board], {"label": label_ref(label)})
    return _label(call, label)


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def delete(call: Call) -> Json:
    """Delete a label. It leaves its cards, without an action for each."""
    label = call.label()
    for card in call.world.cards.of("id_board", label.id_board).values():
        if label.id in card.id_labels:
            card.id_labels = tuple(each for each in card.id_labels if each != label.id)
    call.world.labels.remove(label)
    call.log.board("deleteLabel", call.world.boards[label.id_board], {"label": {"id": label.id}})
    return NO_LIMITS


ROUTES = (
    Route("POST", "/labels", create),
    Route("POST", "/boards/{board}/labels", create_on_board),
    Route("GET", "/labels/{label}", read),
    Route("PUT", "/labels/{label}", update),
    Route("GET", "/labels/{label}/{field}", fields.reader(Call.label, LABEL)),
    Route("PUT", "/labels/{label}/{field}", update_field),
    Route("DELETE", "/labels/{label}", delete),
)
