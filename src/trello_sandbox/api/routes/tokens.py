"""/tokens: what a token may do, and revoking it. Whoever holds a token's text may ask about it."""

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import TOKEN, WEBHOOK
from trello_sandbox.state.records import Json, Token
from trello_sandbox.state.world import World


def named(call: Call) -> Token:
    """The token of the path."""
    token = call.world.token(call.path["token"])
    if token is None:
        raise errors.not_found()  # how Trello answers an unknown one is not recorded
    return token


def serialise_token(world: World, token: Token, params: Params) -> Json:
    """A token, never its text; with its webhooks when `webhooks=true`."""
    answer = serialise(TOKEN, world, token, params.names("fields", "all"))
    if nested_reads.asks(params, "webhooks"):
        found = world.webhooks.of("id_token", token.id).values()
        answer["webhooks"] = [serialise(WEBHOOK, world, each, ("all",)) for each in found]
    return answer


def read(call: Call) -> Json:
    return serialise_token(call.world, named(call), call.params)


def read_member(call: Call) -> Json:
    member = call.world.members[named(call).id_member]
    return nested_reads.member(call.world, member, call.params.names("fields", "all"), call.caller.token)


def delete(call: Call) -> Json:
    """Revoke a token of one's own, and with it its webhooks."""
    token = named(call)
    if token.id_member != call.me.id:
        raise errors.no_board_permission()
    call.world.revoke(token)
    return NOTHING


ROUTES = (
    Route("GET", "/tokens/{token}", read),
    Route("DELETE", "/tokens/{token}", delete),
    Route("GET", "/tokens/{token}/member", read_member),
)
