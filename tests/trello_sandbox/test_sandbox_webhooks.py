"""Webhooks: the check of their callback URL, signed deliveries, retries on the sandbox's clock, their end."""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import socket
import threading
import time

import pytest
import requests

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.clock import trello_time
from trello_sandbox.instance import Sandbox
from trello_sandbox.server import running
from trello_sandbox.state.action_log import Log
from trello_sandbox.state.records import Webhook

UNKNOWN = "5f" * 12
NOT_FOUND = "The requested resource was not found."
NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def hook(trello, desk, receiver):
    return trello.post("/webhooks/", callbackURL=receiver.url, idModel=desk.id, description="ours")


def advance(trello, seconds):
    now = dt.datetime.fromisoformat(trello.control("GET", "clock")["now"])
    trello.control("POST", "clock", {"now": (now + dt.timedelta(seconds=seconds)).isoformat()})


# ---- making them


def test_a_webhook_is_made_read_changed_and_deleted(trello, desk, receiver, hook):
    assert hook == {
        "id": hook["id"],
        "description": "ours",
        "idModel": desk.id,
        "callbackURL": receiver.url,
        "active": True,
        "consecutiveFailures": 0,
        "firstConsecutiveFailDate": None,
    }
    assert receiver.heads == 1
    assert trello.get(f"/webhooks/{hook['id']}") == hook
    assert trello.get(f"/webhooks/{hook['id']}/active") == {"_value": True}
    assert trello.get(f"/tokens/{trello.token}/webhooks") == [hook]
    assert trello.get(f"/tokens/{trello.token}", webhooks="true")["webhooks"] == [hook]
    changed = trello.put(f"/webhooks/{hook['id']}", active="false", description="theirs")
    assert (changed["active"], changed["description"], receiver.heads) == (False, "theirs", 2)
    assert trello.delete(f"/webhooks/{hook['id']}") == {"_value": None}
    assert trello.ask("GET", f"/webhooks/{hook['id']}").status_code == 404


def test_a_webhook_of_a_token_named_in_the_path(trello, desk, receiver):
    url = f"{trello.handle.url}/1/tokens/{trello.token}/webhooks/"
    sent = {"callbackURL": receiver.url, "idModel": desk.id, "key": trello.handle.key}
    made = trello.session.post(url, data=sent, timeout=10).json()
    path = f"/tokens/{trello.token}/webhooks/{made['id']}"
    assert trello.put(path, description="x")["description"] == "x"
    assert trello.delete(path) == {"_value": None}


@pytest.mark.parametrize("newer", [True, False])
def test_a_callback_url_must_answer_head_with_200(trello, desk, receiver, newer):
    trello.turn(validator_error=newer)
    receiver.head_status = 405
    answer = trello.ask("POST", "/webhooks", json={"callbackURL": receiver.url, "idModel": desk.id})
    assert answer.status_code == 400
    assert answer.json() == {
        "message": f"URL ({receiver.url}) did not return 200 status code, got 405",
        "error": "VALIDATOR_URL_RETURNED_ERROR" if newer else "ERROR",
    }
    assert trello.get(f"/tokens/{trello.token}/webhooks") == []


def test_a_callback_url_that_nobody_serves_is_refused(trello, desk):
    sent = {"callbackURL": NOBODY, "idModel": desk.id}
    answer = trello.ask("POST", "/webhooks", json=sent)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"URL ({NOBODY}) did not return 200 status code")


@pytest.mark.parametrize("host", ["example.org", "10.1.2.3", "localhost.example.org", "[2001:db8::1]"])
def test_the_sandbox_calls_this_machine_only(trello, desk, host):
    answer = trello.ask("POST", "/webhooks", json={"callbackURL": f"http://{host}/", "idModel": desk.id})
    assert answer.status_code == 400
    assert answer.json()["message"].endswith("got nothing: the sandbox calls this machine only")


def test_a_second_webhook_alike_is_refused(trello, desk, receiver, hook):
    answer = trello.ask("POST", "/webhooks", json={"callbackURL": receiver.url, "idModel": desk.id})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text == "A webhook with that callback, model, and token already exists"
    other = trello.person("amal_zina")
    trello.put(f"/boards/{desk.id}/members/amal_zina", type="normal")
    assert other.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)["idModel"] == desk.id


@pytest.mark.parametrize(
    ("sent", "status", "text"),
    [
        ({"idModel": "board"}, 400, "invalid value for callbackURL"),
        ({"callbackURL": "ftp://127.0.0.1/", "idModel": "board"}, 400, "invalid value for callbackURL"),
        ({"callbackURL": "http://127.0.0.1/a b", "idModel": "board"}, 400, "invalid value for callbackURL"),
        ({"callbackURL": "http://127.0.0.1/"}, 400, "invalid value for idModel"),
        ({"callbackURL": "http://127.0.0.1/", "idModel": "abc"}, 400, "invalid value for idModel"),
        (
            {"callbackURL": "http://127.0.0.1/", "idModel": UNKNOWN},
            404,
            "The requested resource was not found.",
        ),
    ],
)
def test_what_a_webhook_needs(trello, desk, sent, status, text):
    if sent.get("idModel") == "board":
        sent = {**sent, "idModel": desk.id}
    answer = trello.ask("POST", "/webhooks", json=sent)
    assert (answer.status_code, answer.text) == (status, text)


def test_webhooks_are_for_what_one_may_see_and_belong_to_their_token(trello, desk, receiver, hook):
    amal = trello.person("amal_zina")
    answer = amal.ask("POST", "/webhooks", json={"callbackURL": receiver.url, "idModel": desk.id})
    assert (answer.status_code, answer.text) == (401, "unauthorized permission requested")
    answer = amal.ask("GET", f"/webhooks/{hook['id']}")
    assert (answer.status_code, answer.text) == (401, "webhook does not belong to token")
    assert trello.ask("GET", "/webhooks").status_code == 404


# ---- deliveries


def test_a_delivery_is_signed_over_its_bytes_and_the_callback_url(trello, desk, receiver, hook):
    headers = {"X-Trello-Client-Identifier": "trello-ops/1"}
    sent = {"idList": desk.lists[0], "name": "Fès — é"}
    trello.ask("POST", "/cards", json=sent, headers=headers)
    told = receiver.wait(1)[0]
    got, body = receiver.posts[0]
    mac = hmac.new(trello.handle.secret.encode(), body + receiver.url.encode(), hashlib.sha1)
    assert got["X-Trello-Webhook"] == base64.b64encode(mac.digest()).decode()
    assert got["X-Trello-Client-Identifier"] == "trello-ops/1"
    assert got["content-type"].startswith("application/json")
    assert "Fès — é".encode() in body
    assert set(told) == {"action", "model", "webhook"}
    assert (told["model"]["id"], told["webhook"]["id"]) == (desk.id, hook["id"])
    action = told["action"]
    assert (action["type"], action["data"]["card"]["name"]) == ("createCard", "Fès — é")
    assert action["display"]["translationKey"] == "action_create_card"
    assert action["display"]["entities"]["memberCreator"]["username"] == "robot"
    assert action["memberCreator"]["username"] == "robot"


def test_people_have_no_identifier_and_the_key_webhook_is_a_switch(trello, desk, receiver, hook):
    trello.turn(webhook_in_body=False)
    trello.put(f"/boards/{desk.id}/members/amal_zina", type="normal")
    headers = {"X-Trello-Client-Identifier": "browser"}
    trello.person("amal_zina").ask("POST", "/cards", json={"idList": desk.lists[0]}, headers=headers)
    told = receiver.wait(2)[1]
    assert set(told) == {"action", "model"}
    assert "X-Trello-Client-Identifier" not in receiver.posts[1][0]


def test_deliveries_come_in_order_and_hold_what_the_log_does_not(trello, desk, receiver, hook):
    card = desk.card()
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    checklist = desk.checklist(card, "one")
    trello.post(f"/cards/{card['id']}/idLabels", value=label)
    trello.put(f"/cards/{card['id']}/checkItem/{checklist['checkItems'][0]['id']}", state="complete")
    trello.put(f"/cards/{card['id']}", dueComplete=True)
    told = [each["action"] for each in receiver.wait(6)]
    assert [each["type"] for each in told] == [
        "createCard",
        "addChecklistToCard",
        "createCheckItem",
        "addLabelToCard",
        "updateCheckItemStateOnCard",
        "updateCard",
    ]
    assert [each["id"] for each in told] == sorted(each["id"] for each in told)
    assert told[-1]["display"]["translationKey"] == "action_marked_the_due_date_complete"
    assert "addLabelToCard" not in {each["type"] for each in desk.actions()}


def test_a_webhook_hears_of_its_model_only(trello, desk, receiver):
    card, other = desk.card(name="watched"), desk.card(name="other")
    me = trello.get("/members/amal_zina")["id"]
    for model in (card["id"], desk.lists[1], me):
        trello.post("/webhooks", callbackURL=receiver.url, idModel=model)
    trello.put(f"/cards/{other['id']}", name="not told")
    trello.put(f"/cards/{card['id']}", name="told")
    trello.put(f"/cards/{other['id']}", idList=desk.lists[1])
    desk.invite("amal_zina")
    told = receiver.wait(3)
    assert sorted(each["model"]["id"] for each in told) == sorted([card["id"], desk.lists[1], me])
    trello.delete(f"/cards/{card['id']}")
    last = receiver.wait(4)[-1]
    assert (last["action"]["type"], last["model"]["id"]) == ("deleteCard", card["id"])


def test_a_webhook_that_is_off_hears_nothing(trello, desk, receiver, hook):
    trello.put(f"/webhooks/{hook['id']}", active=False)
    desk.card()
    trello.put(f"/webhooks/{hook['id']}", active=True)
    desk.card(name="told")
    assert receiver.wait(1)[0]["action"]["data"]["card"]["name"] == "told"


# ---- failures


def test_retries_come_after_30_60_and_120_seconds_of_the_sandbox(trello, desk, receiver, hook):
    receiver.statuses = [500] * 4
    desk.card()
    for count, pause in ((1, 31), (2, 61), (3, 121)):
        receiver.wait(count)
        time.sleep(0.02)
        state = trello.get(f"/webhooks/{hook['id']}")
        assert state["consecutiveFailures"] == count
        assert state["firstConsecutiveFailDate"]
        advance(trello, pause - 5)
        time.sleep(0.02)
        assert len(receiver.posts) == count, "too early"
        advance(trello, 5)
    told = receiver.wait(4)
    advance(trello, 3600)
    desk.card(name="next")
    assert len({each["action"]["id"] for each in told}) == 1, "the same action each time"
    assert receiver.wait(5)[-1]["action"]["data"]["card"]["name"] == "next", "after four tries it is dropped"
    settled(trello, hook, 0)


def settled(trello, hook, failures):
    """Wait until the webhook has that many failures."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        state = trello.get(f"/webhooks/{hook['id']}")
        if state["consecutiveFailures"] == failures:
            return state
        time.sleep(0.005)
    raise AssertionError(state)


def test_one_success_resets_the_count(trello, desk, receiver, hook):
    receiver.statuses = [500]
    desk.card()
    assert settled(trello, hook, 1)["firstConsecutiveFailDate"]
    advance(trello, 31)
    receiver.wait(2)
    assert settled(trello, hook, 0)["firstConsecutiveFailDate"] is None


@pytest.mark.parametrize(
    ("days", "failures", "active"), [(31, 1_000, False), (31, 999, True), (29, 1_000, True)]
)
def test_thirty_days_and_more_than_a_thousand_failures_disable(days, failures, active):
    """One more failure, after so many in so many days."""

    async def story():
        sandbox = Sandbox(shop_sandbox())
        world = sandbox.world
        member, token = world.member("robot"), next(iter(world.tokens.all()))
        first = trello_time(sandbox.clock.now() - dt.timedelta(days=days))
        webhook = world.webhooks.add(
            Webhook(world.new_id(), token.id, member.id, NOBODY, "", True, failures, first)
        )
        sending = asyncio.create_task(sandbox.deliveries.keep_sending())
        Log(world, member, by_app=False).organization("updateOrganization", world.workspace)
        while webhook.failures == failures:
            await asyncio.sleep(0.001)
        sending.cancel()
        assert webhook.active is active

    asyncio.run(asyncio.wait_for(story(), 5))


def test_410_deletes_a_webhook(trello, desk, receiver, hook):
    receiver.statuses = [410]
    desk.card()
    receiver.wait(1)
    deadline = time.monotonic() + 5
    while trello.get(f"/tokens/{trello.token}/webhooks") and time.monotonic() < deadline:
        time.sleep(0.005)
    assert trello.get(f"/tokens/{trello.token}/webhooks") == []


def test_a_revoked_token_takes_its_webhooks_along(trello, desk, receiver):
    amal = trello.person("amal_zina")
    trello.put(f"/boards/{desk.id}/members/amal_zina", type="normal")
    amal.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)
    assert amal.delete(f"/tokens/{amal.token}/") == {"_value": None}
    answer = amal.ask("GET", "/members/me")
    assert (answer.status_code, answer.text) == (401, "invalid token")
    assert trello.control("GET", "state")["webhooks"] == []


def test_an_expired_token_takes_its_webhooks_along(trello, desk, receiver):
    granted = trello.control("POST", "tokens", {"username": "robot", "expires": "2100-01-01T00:00:00Z"})
    client = type(trello)(trello.handle, trello.session, granted["token"])
    client.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)
    trello.control("POST", "clock", {"now": "2100-01-01T00:00:01Z"})
    assert client.ask("GET", "/members/me").text == "invalid token"
    desk.card()
    assert trello.control("GET", "state")["webhooks"] == []
    assert receiver.posts == []


def test_who_is_put_off_the_board_hears_no_more_of_it(trello, desk, receiver):
    amal = trello.person("amal_zina")
    member = desk.invite("amal_zina")
    made = amal.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)
    trello.delete(f"/boards/{desk.id}/members/{member}")
    desk.card()
    assert amal.get(f"/webhooks/{made['id']}")["active"] is False
    assert receiver.posts == []


def test_webhooks_outlive_a_restart_with_the_same_token(client_for, receiver, tmp_path):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    with running(config) as handle:
        desk = client_for(handle).board()
        desk.client.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)
    with running(config) as handle:
        client_for(handle).post("/cards", idList=desk.lists[0], name="after")
        assert receiver.wait(1)[0]["action"]["data"]["card"]["name"] == "after"
    with running(shop_sandbox(port=0, data=config.data, rate_limit=False)) as handle:
        assert client_for(handle).control("GET", "state")["webhooks"] == [], "the token of another start"


def test_a_delivery_that_waits_for_its_retry_outlives_restarts(client_for, receiver, tmp_path):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    receiver.statuses = [500, 500]
    with running(config) as handle:
        desk = client_for(handle).board()
        hook = desk.client.post("/webhooks", callbackURL=receiver.url, idModel=desk.id)
        sent = {"idList": desk.lists[0], "name": "half \ud83d"}
        desk.client.ask("POST", "/cards", json=sent, headers={"X-Trello-Client-Identifier": "ours"})
        settled(desk.client, hook, 1)
    with running(config) as handle:
        advance(client_for(handle), 31)
        settled(client_for(handle), hook, 2)
    with running(config) as handle:
        advance(client_for(handle), 59)
        time.sleep(0.02)
        assert len(receiver.posts) == 2, "the second pause is 60 s, counted over the restart"
        advance(client_for(handle), 2)
        settled(client_for(handle), hook, 0)
        advance(client_for(handle), 3600)
    assert len({body for _, body in receiver.posts}) == 1, "the same bytes each time"
    assert [got["X-Trello-Client-Identifier"] for got, _ in receiver.posts] == ["ours"] * 3
    assert len({got["X-Trello-Webhook"] for got, _ in receiver.posts}) == 1


def test_what_is_under_way_when_the_sandbox_stops_is_sent_again(client_for, tmp_path):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with running(config) as handle, requests.Session() as session:
            desk = client_for(handle).board()
            waiting = type(desk.client)(handle, session, desk.client.token)
            sent = {"callbackURL": url, "idModel": desk.id}
            thread = threading.Thread(target=waiting.ask, args=("POST", "/webhooks"), kwargs={"json": sent})
            thread.start()
            with silent.accept()[0] as head:
                assert head.recv(65_536).startswith(b"HEAD")
                head.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            thread.join()
            desk.card(name="told twice")
            unanswered, _ = silent.accept()
        unanswered.close()
        with running(config):
            silent.settimeout(5)
            with silent.accept()[0] as again:
                assert b"told twice" in again.recv(65_536)
                again.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


def test_a_callback_that_does_not_answer_holds_up_nobody(server, trello, desk, receiver, hook):
    with socket.create_server(("127.0.0.1", 0)) as silent, requests.Session() as other:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        waiting = type(trello)(server, other, trello.token)
        sent = {"callbackURL": url, "idModel": desk.id}
        thread = threading.Thread(target=waiting.ask, args=("POST", "/webhooks"), kwargs={"json": sent})
        thread.start()
        called, _ = silent.accept()
        desk.card(name="meanwhile")
        assert receiver.wait(1)[0]["action"]["data"]["card"]["name"] == "meanwhile"
        assert thread.is_alive(), "still asking"
        called.close()
        thread.join()


HOSTILE = ["\x00", "\ud800", "null", {"a": [1]}, [None], 10**400, -1, True, "é" * 3000, "http://[::1", ""]


@pytest.mark.parametrize("name", ["callbackURL", "idModel", "description", "active", "fields", "token"])
def test_no_value_breaks_the_routes_of_webhooks(trello, desk, receiver, hook, name):
    for value in HOSTILE:
        sent = {"callbackURL": receiver.url, "idModel": desk.lists[0], name: value}
        for method, path in (("POST", "/webhooks"), ("PUT", f"/webhooks/{hook['id']}")):
            assert trello.ask(method, path, json=sent).status_code < 500
