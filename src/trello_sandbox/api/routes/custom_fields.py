"""/customFields: a free Workspace has none, and making one is refused."""

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Route
from trello_sandbox.state.records import Json


def none_on_board(call: Call) -> list[Json]:
    call.board()
    return []


def none_on_card(call: Call) -> list[Json]:
    call.card()
    return []


def refuse(_: Call) -> Json:
    raise errors.custom_fields_off()


def refuse_on_card(call: Call) -> Json:
    call.card()
    raise errors.custom_fields_off()


def unknown(_: Call) -> Json:
    raise errors.not_found()


ROUTES = (
    Route("GET", "/boards/{board}/customFields", none_on_board),
    Route("GET", "/cards/{card}/customFieldItems", none_on_card),
    Route("PUT", "/cards/{card}/customFields", refuse_on_card),
    Route("PUT", "/cards/{card}/customField/{customField}/item", refuse_on_card),
    Route("POST", "/customFields", refuse),
    Route("GET", "/customFields/{customField}", unknown),
    Route("PUT", "/customFields/{customField}", refuse),
    Route("DELETE", "/customFields/{customField}", refuse),
    Route("GET", "/customFields/{customField}/options", unknown),
    Route("POST", "/customFields/{customField}/options", refuse),
    Route("GET", "/customFields/{customField}/options/{option}", unknown),
    Route("DELETE", "/customFields/{customField}/options/{option}", refuse),
)
