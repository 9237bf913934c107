"""/actions: entries of the log by id, and what each is about."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors
from trello_sandbox.api import comments
from trello_sandbox.api.call import Call, Handler, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.actions import ACTION, serialise_action
from trello_sandbox.serialisers.boards import BOARD, LIST
from trello_sandbox.serialisers.cards import card_fields
from trello_sandbox.serialisers.fields import Fields, serialise
from trello_sandbox.serialisers.people import MEMBER, ORGANIZATION
from trello_sandbox.state.records import Action, Json
from trello_sandbox.state.tables import Table
from trello_sandbox.state.world import World


def read(call: Call) -> Json:
    # Here `display` is sent unasked; lists of actions have it with `display=true` only.
    return serialise_action(call.world, call.action(), call.params, with_display=True)


def update(call: Call) -> Json:
    """`PUT /actions/{id}?text=`: edit a comment."""
    return comments.edit(call, call.action(), comments.text(call, "text"))


def update_text(call: Call) -> Json:
    """`PUT /actions/{id}/text?value=`: the same under another name."""
    return comments.edit(call, call.action(), comments.text(call, "value"))


def delete(call: Call) -> Json:
    return comments.delete(call, call.action())


def none(call: Call) -> list[Json]:
    """Reactions: the sandbox has none."""
    call.action()
    return []


def read_author(call: Call) -> Json:
    author = call.world.members[call.action().id_member_creator]
    return nested_reads.member(call.world, author, call.params.names("fields", "all"), call.caller.token)


def _referred(part: str) -> Callable[[Action], str]:
    """The id of what an action's data calls `part`, "" for none."""
    return lambda action: str(action.data.get(part, {}).get("id", ""))


def _about(
    table: Callable[[World], Table[Any]],
    fields: Callable[[World], Fields[Any]],
    find: Callable[[Action], str],
) -> Handler:
    """A handler that reads the object of which `find` finds the id; 404 when it is gone or none is meant."""

    def read_it(call: Call) -> Json:
        record = table(call.world).get(find(call.action()))
        if record is None:
            raise errors.not_found()
        return serialise(fields(call.world), call.world, record, call.params.names("fields", "all"))

    return read_it


_BOARD = _about(lambda world: world.boards, lambda _: BOARD, lambda action: action.id_board)
_CARD = _about(lambda world: world.cards, card_fields, lambda action: action.id_card)
_LIST = _about(lambda world: world.lists, lambda _: LIST, _referred("list"))
_MEMBER = _about(lambda world: world.members, lambda _: MEMBER, lambda action: action.id_member or "")
_ORGANIZATION = _about(lambda world: world.organizations, lambda _: ORGANIZATION, _referred("organization"))

ROUTES = (
    Route("GET", "/actions/{action}", read),
    Route("PUT", "/actions/{action}", update),
    Route("DELETE", "/actions/{action}", delete),
    Route("PUT", "/actions/{action}/text", update_text),
    Route("GET", "/actions/{action}/board", _BOARD),
    Route("GET", "/actions/{action}/card", _CARD),
    Route("GET", "/actions/{action}/list", _LIST),
    Route("GET", "/actions/{action}/member", _MEMBER),
    Route("GET", "/actions/{action}/memberCreator", read_author),
    Route("GET", "/actions/{action}/organization", _ORGANIZATION),
    Route("GET", "/actions/{action}/reactions", none),
    Route("GET", "/actions/{action}/reactionsSummary", none),
    Route("GET", "/actions/{action}/{field}", fields.reader(Call.action, ACTION)),
)
