"""/tokens: what a token may do, and giving it back. Whoever holds a token's text may ask about it."""

from trello_ops.sandbox import reading, refusals
from trello_ops.sandbox.call import NOTHING, Call, Route
from trello_ops.sandbox.params import Params
from trello_ops.sandbox.records import Json, Token
from trello_ops.sandbox.shapes import TOKEN, WEBHOOK, project
from trello_ops.sandbox.state import World


def named(call: Call) -> Token:
    """The token of the path. How an unknown one is refused is not recorded."""
    token = call.world.token(call.path["token"])
    if token is None:
        raise refusals.not_found()
    return token


def token_shape(world: World, token: Token, params: Params) -> Json:
    shape = project(TOKEN, world, token, params.names("fields", "all"))
    if reading.asks(params, "webhooks"):
        found = world.webhooks.of("id_token", token.id).values()
        shape["webhooks"] = [project(WEBHOOK, world, each, ("all",)) for each in found]
    return shape


def read(call: Call) -> Json:
    return token_shape(call.world, named(call), call.params)


def read_member(call: Call) -> Json:
    member = call.world.members[named(call).id_member]
    return reading.member(call, member, call.params.names("fields", "all"))


def delete(call: Call) -> Json:
    """Revoke a token of one's own, and with it its webhooks."""
    token = named(call)
    if token.id_member != call.me.id:
        raise refusals.no_board_permission()
    call.world.revoke(token)
    return NOTHING


ROUTES = (
    Route("GET", "/tokens/{token}", read),
    Route("DELETE", "/tokens/{token}", delete),
    Route("GET", "/tokens/{token}/member", read_member),
)
