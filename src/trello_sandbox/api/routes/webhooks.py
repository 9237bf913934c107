"""/webhooks and /tokens/{token}/webhooks. Before they are made or changed, HEAD asks their callback URL."""

import re

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields, tokens
from trello_sandbox.params import is_object_id
from trello_sandbox.serialisers.fields import WEBHOOK, project
from trello_sandbox.state.records import Json, Token, Webhook
from trello_sandbox.webhooks import callbacks
from trello_sandbox.webhooks.deliveries import can_see, model_shape

_ADDRESS = re.compile(r"https?://[!-~]+")


def _token(call: Call) -> Token:
    """The token whose webhooks are meant: that of the path, or the caller's."""
    if "token" in call.path:
        return tokens.named(call)
    if call.caller.token is None:
        raise errors.missing_scopes()
    return call.caller.token


def _webhook(call: Call) -> Webhook:
    webhook = call.found(call.world.webhooks, call.path["webhook"])
    if webhook.id_token != _token(call).id:
        raise errors.other_tokens_webhook()
    return webhook


def _shape(call: Call, webhook: Webhook) -> Json:
    return project(WEBHOOK, call.world, webhook, call.params.names("fields", "all"))


def read(call: Call) -> Json:
    return _shape(call, _webhook(call))


def read_of_token(call: Call) -> list[Json]:
    found = call.world.webhooks.of("id_token", _token(call).id).values()
    return [_shape(call, each) for each in found]


def delete(call: Call) -> Json:
    call.world.webhooks.remove(_webhook(call))
    return NOTHING


# ---- writing


def _address(call: Call) -> str:
    url = call.params.text("callbackURL")
    if not _ADDRESS.fullmatch(url):
        raise call.params.invalid("callbackURL")
    return url


def _model(call: Call) -> str:
    """What is to be watched. How an unknown model is refused is not recorded."""
    sent = call.params.get("idModel")
    if not is_object_id(sent):
        raise call.params.invalid("idModel")
    model_id = str(sent).lower()
    if model_shape(call.world, model_id) is None:
        raise errors.not_found()
    if not can_see(call.world, model_id, call.me.id):
        raise errors.no_board_permission()
    return model_id


def _refuse_double(call: Call, token: Token, model_id: str, url: str, own: Webhook | None = None) -> None:
    for each in call.world.webhooks.of("id_token", token.id).values():
        if each is not own and (each.id_model, each.callback_url) == (model_id, url):
            raise errors.doubled_webhook()


async def _check(call: Call, url: str) -> None:
    got = await callbacks.ask("HEAD", url, {})
    if got != 200:
        said = got.reason if isinstance(got, callbacks.Failed) else got
        raise errors.callback_failed(url, said, newer=call.world.switches.validator_error)


async def create(call: Call) -> Json:
    """`POST /webhooks`, `POST /tokens/{token}/webhooks`. What was looked at may change during the check."""
    token, url, model_id = _token(call), _address(call), _model(call)
    text, active = call.params.text("description"), call.params.flag("active", default=True)
    _refuse_double(call, token, model_id, url)
    await _check(call, url)
    _refuse_double(call, token, model_id, url)
    if call.world.tokens.get(token.id) is None:
        raise errors.invalid_token()
    webhook = Webhook(call.world.new_id(), token.id, model_id, url, text, active)
    return _shape(call, call.world.webhooks.add(webhook))


async def update(call: Call) -> Json:
    webhook, params = _webhook(call), call.params
    url = _address(call) if "callbackURL" in params else webhook.callback_url
    model_id = _model(call) if "idModel" in params else webhook.id_model
    text = params.text("description", webhook.description)
    active = params.flag("active", default=webhook.active)
    _refuse_double(call, call.world.tokens[webhook.id_token], model_id, url, webhook)
    await _check(call, url)
    webhook = _webhook(call)
    webhook.callback_url, webhook.description, webhook.active = url, text, active
    call.world.webhooks.change(webhook, "id_model", model_id)
    return _shape(call, webhook)


ROUTES = (
    Route("POST", "/webhooks", create),
    Route("GET", "/webhooks/{webhook}", read),
    Route("PUT", "/webhooks/{webhook}", update),
    Route("DELETE", "/webhooks/{webhook}", delete),
    Route("GET", "/webhooks/{webhook}/{field}", fields.reader(_webhook, WEBHOOK)),
    Route("GET", "/tokens/{token}/webhooks", read_of_token),
    Route("POST", "/tokens/{token}/webhooks", create),
    Route("GET", "/tokens/{token}/webhooks/{webhook}", read),
    Route("PUT", "/tokens/{token}/webhooks/{webhook}", update),
    Route("DELETE", "/tokens/{token}/webhooks/{webhook}", delete),
)
