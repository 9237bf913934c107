"""The gateway on webhooks: the token that one of its requests needs in its path is nowhere to be seen."""

import datetime as dt
import json
import traceback
from collections.abc import Iterator

import pytest
import responses
from structlog.testing import capture_logs

from trello_ops.adapters.trello.gateway import Gateway, connect
from trello_ops.core.trello import Webhook
from trello_ops.errors import TokenRefused, Unavailable
from trello_ops.testing.clock import FixedClock

API = "http://trello.test/1"
TOKEN = "t" * 64
HOOK, BOARD = "5f" * 12, "6a" * 12
CALLBACK = "https://shop.example/trello/webhook"

Json = dict[str, object]


def webhook_json(**changes: object) -> Json:
    return {
        "id": HOOK,
        "description": "trello-ops",
        "idModel": BOARD,
        "callbackURL": CALLBACK,
        "active": True,
        "consecutiveFailures": 0,
        "firstConsecutiveFailDate": None,
        **changes,
    }


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    clock = FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))
    gateway = connect(
        "http://trello.test", "k" * 32, TOKEN, timeout=5, requests_per_10s=90, budget_file=None, clock=clock
    )
    yield gateway
    gateway.close()


@pytest.fixture
def trello() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_the_list_of_webhooks_is_asked_for_by_the_token_which_nobody_sees(
    gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.get(f"{API}/tokens/{TOKEN}/webhooks", json=[webhook_json(active=False)])
    trello.get(f"{API}/tokens/{TOKEN}/webhooks", json={"of": "another shape"})
    trello.get(f"{API}/tokens/{TOKEN}/webhooks", body=f"invalid token {TOKEN}", status=401)
    with capture_logs() as logs:
        assert gateway.webhooks() == (Webhook(HOOK, BOARD, CALLBACK, active=False),)
        said = ""
        for kind in (Unavailable, TokenRefused):
            with pytest.raises(kind, match=r"/1/tokens/\{token\}/webhooks") as caught:
                gateway.webhooks()
            said += "".join(traceback.format_exception(caught.value))
    assert [line["path"] for line in logs] == ["/1/tokens/{token}/webhooks"] * 3
    assert TOKEN not in said + str(logs)


def test_a_webhook_is_made_and_set_right(gateway: Gateway, trello: responses.RequestsMock) -> None:
    trello.post(f"{API}/webhooks", json=webhook_json())
    trello.put(f"{API}/webhooks/{HOOK}", json=webhook_json())
    made = gateway.ensure_webhook(BOARD, CALLBACK)
    assert gateway.ensure_webhook(BOARD, CALLBACK, HOOK) == made == Webhook(HOOK, BOARD, CALLBACK)
    wanted = {"callbackURL": CALLBACK, "idModel": BOARD, "active": True}
    sent = [json.loads(call.request.body or "") for call in trello.calls]
    assert sent == [{**wanted, "description": "trello-ops"}, wanted]


@pytest.mark.parametrize("answer", [{"json": {"_value": None}}, {"body": "not found", "status": 404}])
def test_a_webhook_is_gone_after_its_removal(
    answer: Json, gateway: Gateway, trello: responses.RequestsMock
) -> None:
    trello.delete(f"{API}/webhooks/{HOOK}", **answer)
    gateway.remove_webhook(HOOK)
