"""/webhooks and /tokens/{token}/webhooks. A callback URL must answer HEAD before it is made or changed."""

import re

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields, tokens
from trello_sandbox.params import is_object_id
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import WEBHOOK
from trello_sandbox.state.records import Json, Token, Webhook
from trello_sandbox.webhooks import callbacks
from trello_sandbox.webhooks.deliveries import can_see, serialise_model

_ADDRESS = re.compile(r"https?://[!-~]+")


def _token(call: Call) -> Token:
    """The token whose webhooks are meant: that of the path, or the caller's."""
    if "token" in call.path:
        return tokens.named(call)
    if call.caller.token is None:
        raise errors.missing_scopes()
    return call.caller.token


def _webhook(call: Call) -> Webhook:
    """The webhook that the path names, which must be the token's own."""
    webhook = call.found(call.world.webhooks, call.path["webhook"])
    if webhook.id_token != _token(call).id:
        raise errors.other_tokens_webhook()
    return webhook


def _serialised(call: Call, webhook: Webhook) -> Json:
    return serialise(WEBHOOK, call.world, webhook, call.params.names("fields", "all"))


def read(call: Call) -> Json:
    return _serialised(call, _webhook(call))


def read_of_token(call: Call) -> list[Json]:
    """`GET /tokens/{token}/webhooks`, the only list there is: `GET /webhooks` is no route."""
    found = call.world.webhooks.of("id_token", _token(call).id).values()
    return [_serialised(call, each) for each in found]


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
    """The id of what is to be watched, which the caller must be able to see."""
    sent = call.params.get("idModel")
    if not is_object_id(sent):
        raise call.params.invalid("idModel")
    model_id = str(sent).lower()
    if serialise_model(call.world, model_id) is None:
        raise errors.not_found()  # how Trello answers an unknown model is not recorded
    if not can_see(call.world, model_id, call.me.id):
        raise errors.no_board_permission()
    return model_id


def _refuse_duplicate(call: Call, token: Token, model_id: str, url: str, own: Webhook | None = None) -> None:
    for each in call.world.webhooks.of("id_token", token.id).values():
        if each is not own and (each.id_model, each.callback_url) == (model_id, url):
            raise errors.duplicate_webhook()


async def _check(call: Call, url: str) -> None:
    """Ask the callback URL. It must answer 200 and nothing else: 204 or a redirect will not do."""
    got = await callbacks.ask("HEAD", url, {})
    if got != 200:
        said = got.reason if isinstance(got, callbacks.Failed) else got
        raise errors.callback_failed(url, said, newer=call.world.switches.validator_error)


async def create(call: Call) -> Json:
    """`POST /webhooks`, `POST /tokens/{token}/webhooks`."""
    token, url, model_id = _token(call), _address(call), _model(call)
    text, active = call.params.text("description"), call.params.flag("active", default=True)
    _refuse_duplicate(call, token, model_id, url)
    await _check(call, url)
    # Other requests were served during the check: what was looked at before may have changed.
    _refuse_duplicate(call, token, model_id, url)
    if call.world.tokens.get(token.id) is None:
        raise errors.invalid_token()
    webhook = Webhook(call.world.new_id(), token.id, model_id, url, text, active)
    return _serialised(call, call.world.webhooks.add(webhook))


async def update(call: Call) -> Json:
    """Change a webhook. `active=true` also brings back one that was disabled for its failures."""
    webhook, params = _webhook(call), call.params
    url = _address(call) if "callbackURL" in params else webhook.callback_url
    model_id = _model(call) if "idModel" in params else webhook.id_model
    text = params.text("description", webhook.description)
    active = params.flag("active", default=webhook.active)
    _refuse_duplicate(call, call.world.tokens[webhook.id_token], model_id, url, webhook)
    await _check(call, url)
    webhook = _webhook(call)  # it may have been deleted during the check
    webhook.callback_url, webhook.description, webhook.active = url, text, active
    call.world.webhooks.change(webhook, "id_model", model_id)
    return _serialised(call, webhook)


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
