"""Every refusal that is known of Trello: status, content type, body."""

import asyncio

import httpx
import pytest

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import create_app

UNKNOWN = "5f" * 12
TEXT, JSON, HTML = "text/plain; charset=utf-8", "application/json; charset=utf-8", "text/html"

REFUSALS = [
    ("GET", "/boards/no-board", {}, 400, "invalid id"),
    ("GET", "/cards/123", {}, 400, "invalid id"),
    ("GET", "/lists/abcdefgh", {}, 400, "invalid id"),
    ("GET", f"/boards/{UNKNOWN}", {}, 404, "The requested resource was not found."),
    ("GET", "/boards/abcdefgh", {}, 404, "The requested resource was not found."),
    ("GET", f"/cards/{UNKNOWN}", {}, 404, "The requested resource was not found."),
    ("GET", f"/checklists/{UNKNOWN}", {}, 404, "The requested resource was not found."),
    ("DELETE", f"/labels/{UNKNOWN}", {}, 404, "The requested resource was not found."),
    ("GET", f"/actions/{UNKNOWN}", {}, 404, "The requested resource was not found."),
    ("GET", f"/lists/{UNKNOWN}", {}, 404, "model not found"),
    ("PUT", f"/lists/{UNKNOWN}", {"name": "x"}, 404, "model not found"),
    ("POST", "/cards", {"name": "x"}, 400, "invalid value for idList"),
    ("POST", "/cards", {"idList": "abc"}, 400, "invalid value for idList"),
    ("POST", "/cards", {"idList": UNKNOWN}, 404, "could not find the board that the card belongs to"),
    ("POST", "/lists", {"idBoard": UNKNOWN}, 401, f"unauthorized board list requested {UNKNOWN}"),
    ("POST", "/lists", {"name": "x"}, 400, "invalid value for idBoard"),
    ("POST", "/checklists", {"idCard": UNKNOWN}, 401, "unauthorized board requested"),
    ("POST", "/checklists", {}, 400, "invalid value for idCard"),
    ("POST", "/boards", {}, 400, {"message": "invalid value for name", "error": "ERROR"}),
    ("POST", "/boards", {"name": "  "}, 400, {"message": "invalid value for name", "error": "ERROR"}),
    ("GET", "/boards/", {}, 404, "Cannot GET /1/boards/"),
    ("GET", "/webhooks", {}, 404, "Cannot GET /1/webhooks"),
    ("PATCH", "/cards", {}, 404, "Cannot PATCH /1/cards"),
]  # fmt: skip


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal[0]} {refusal[1]}")
def test_what_cannot_be_served_is_refused_as_trello_does(trello, refusal):
    method, path, sent, status, body = refusal
    answer = trello.ask(method, path, json=sent or None)
    assert_refused(answer, status, body)


def assert_refused(answer, status, body):
    assert answer.status_code == status
    if isinstance(body, dict):
        assert (answer.json(), answer.headers["content-type"]) == (body, JSON)
    else:
        assert (answer.text, answer.headers["content-type"]) == (body, TEXT)
    assert "x-server-time" not in answer.headers
    assert answer.headers["cache-control"].startswith("no-store" if status == 404 else "max-age=0")


ON_A_CARD = [
    ({"due": "next week"}, 400, {"message": "invalid date", "error": "ERROR"}),
    ({"idMembers": "abc"}, 400, {"message": "Invalid objectId", "error": "ERROR"}),
    ({"idLabels": ["abcdefgh"]}, 400, {"message": "Invalid objectId", "error": "ERROR"}),
    ({"closed": "yes"}, 400, "invalid value for closed"),
    ({"name": "x" * 16_385}, 400, "invalid value for name"),
    ({"desc": "x" * 16_385}, 400, "invalid value for desc"),
    ({"pos": "middle"}, 400, "invalid value for pos"),
    ({"idLabels": UNKNOWN}, 400, "label not found"),
]


@pytest.mark.parametrize(("sent", "status", "body"), ON_A_CARD)
def test_bad_values_on_a_card_change_nothing(trello, desk, sent, status, body):
    card = desk.card()
    assert_refused(trello.ask("PUT", f"/cards/{card['id']}", json={"name": "Renamed", **sent}), status, body)
    assert trello.get(f"/cards/{card['id']}/name") == {"_value": "Card"}


def test_a_text_of_16384_is_taken(desk):
    assert len(desk.card(desc="é" * 16_384)["desc"]) == 16_384


@pytest.mark.parametrize("sent", [{"value": "yes"}, {}])
def test_a_field_route_names_its_value(trello, desk, sent):
    assert_refused(
        trello.ask("PUT", f"/lists/{desk.lists[0]}/closed", json=sent), 400, "invalid value for value"
    )


def test_blank_list_names_have_a_body_of_their_own(trello, desk):
    body = {"message": "invalid value for name", "error": "BAD_REQUEST_ERROR"}
    assert_refused(trello.ask("POST", "/lists", json={"idBoard": desk.id, "name": " "}), 400, body)


def test_doubled_labels_are_refused(trello, desk):
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    answer = trello.ask("POST", "/cards", json={"idList": desk.lists[0], "idLabels": [label, label]})
    assert_refused(answer, 400, "label not found")


def test_members_of_a_card_must_be_on_the_board(trello, desk):
    amal = trello.get("/members/amal_zina")["id"]
    answer = trello.ask("POST", "/cards", json={"idList": desk.lists[0], "idMembers": amal})
    assert_refused(answer, 400, "member not found")


def test_short_links_are_no_ids_in_bodies(trello, desk):
    card = desk.card()
    sent = {"idList": desk.lists[0], "idCardSource": card["shortLink"]}
    body = {"message": "Invalid objectId", "error": "ERROR"}
    assert_refused(trello.ask("POST", "/cards", json=sent), 400, body)


def test_a_list_as_a_body_names_no_parameter(trello, desk):
    checklist = trello.post("/checklists", idCard=desk.card()["id"])
    path = f"/checklists/{checklist['id']}/checkItems"
    answer = trello.ask("POST", path, json=[{"name": "one"}, {"name": "two"}])
    assert_refused(answer, 400, "invalid value for name")


@pytest.mark.parametrize("color", ["yellow", "sky_light", "lime_dark", None])
def test_label_colours_that_exist(trello, desk, color):
    assert trello.post("/labels", idBoard=desk.id, name="x", color=color)["color"] == color


def test_label_colours_that_do_not_exist(trello, desk):
    answer = trello.ask("POST", "/labels", json={"idBoard": desk.id, "name": "x", "color": "mauve"})
    assert_refused(answer, 400, "invalid value for color")


def test_a_get_with_a_body_never_reaches_trello(trello, desk):
    answer = trello.ask("GET", f"/boards/{desk.id}", data="{}")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == HTML
    assert "The request could not be satisfied" in answer.text
    assert "cloudfront" in answer.text


def test_long_urls_are_refused_and_long_bodies_are_not(trello, desk):
    values = {"idList": desk.lists[0], "name": "x" * 10_000}
    assert trello.ask("POST", "/cards", params=values).status_code == 414
    assert trello.ask("POST", "/cards", json=values).status_code == 200


def test_object_limits_are_403(trello, desk):
    checklist = trello.post("/checklists", idCard=desk.card()["id"])
    path = f"/checklists/{checklist['id']}/checkItems"
    for number in range(200):
        trello.post(path, name=str(number))
    assert trello.ask("POST", path, json={"name": "one too many"}).status_code == 403
    limits = trello.get(f"/boards/{desk.id}", fields="limits")["limits"]
    assert limits["checkItems"]["perChecklist"] == {"status": "ok", "disableAt": 200, "warnAt": 160}
    assert limits["cards"]["openPerBoard"]["disableAt"] == 5_000


def test_custom_fields_are_for_paid_plans(trello, desk):
    answer = trello.ask("PUT", f"/cards/{desk.card()['id']}/customField/{UNKNOWN}/item", json={"value": {}})
    assert answer.status_code == 403


# ---- credentials


def anonymous(trello, method, path, **params):
    url = f"{trello.handle.url}/1{path}"
    return trello.session.request(method, url, params=params, timeout=10)


def test_credentials_go_by_query_body_or_header(trello, desk):
    key, token = trello.handle.key, trello.token
    url = f"{trello.handle.url}/1/cards"
    values = {"idList": desk.lists[0], "key": key, "token": token}
    for way in ("params", "data", "json"):
        assert trello.session.post(url, **{way: values}, timeout=10).status_code == 200
    pair = f'oauth_consumer_key="{key}", oauth_token="{token}"'
    header = f'OAuth realm="", oauth_nonce="1", {pair}, oauth_signature="x"'
    answer = trello.session.get(
        f"{trello.handle.url}/1/members/me", headers={"Authorization": header}, timeout=10
    )
    assert answer.json()["username"] == "robot"


@pytest.mark.parametrize(
    ("key", "token", "body"),
    [("wrong", "right", "invalid key"), (None, "right", "invalid key"), ("right", "wrong", "invalid token")],
)
def test_wrong_credentials(trello, desk, key, token, body):
    right = {"key": trello.handle.key, "token": trello.token}
    sent = {
        "key": right["key"] if key == "right" else key,
        "token": right["token"] if token == "right" else token,
    }
    assert_refused(anonymous(trello, "GET", f"/boards/{desk.id}", **sent), 401, body)


def test_ids_are_looked_at_before_credentials(trello):
    assert_refused(
        anonymous(trello, "GET", "/boards/no-board", key="wrong", token="wrong"), 400, "invalid id"
    )


def test_reading_a_private_board_without_a_token(trello, desk):
    card, key = desk.card(), trello.handle.key
    board_refusal = (401, "unauthorized permission requested")
    assert_refused(anonymous(trello, "GET", f"/boards/{desk.id}"), *board_refusal)
    assert_refused(anonymous(trello, "GET", f"/boards/{desk.id}", key=key), *board_refusal)
    answer = anonymous(trello, "GET", f"/cards/{card['id']}")
    assert_refused(answer, 401, "unauthorized card permission requested")
    trello.turn(key_only_missing_scopes=True)
    assert_refused(
        anonymous(trello, "GET", f"/boards/{desk.id}", key=key), 401, {"message": "missing scopes"}
    )


def test_writing_without_a_token(trello, desk):
    path = f"/boards/{desk.id}"
    assert_refused(anonymous(trello, "PUT", path, key=trello.handle.key), 401, {"message": "missing scopes"})
    assert_refused(anonymous(trello, "PUT", path), 401, "invalid key")
    assert_refused(anonymous(trello, "GET", "/members/me"), 401, "invalid key")


def test_others_see_a_board_when_they_are_on_it_or_it_is_the_workspaces(trello, desk):
    amal, card = trello.person("amal_zina"), desk.card()
    refusal = "unauthorized card permission requested"
    assert_refused(amal.ask("GET", f"/cards/{card['id']}"), 401, refusal)
    assert_refused(amal.ask("GET", f"/boards/{desk.id}"), 401, "unauthorized permission requested")
    trello.put(f"/boards/{desk.id}", **{"prefs/permissionLevel": "org"})
    assert amal.get(f"/boards/{desk.id}")["id"] == desk.id
    trello.put(f"/boards/{desk.id}/members/amal_zina", type="observer")
    assert amal.get(f"/cards/{card['id']}")["id"] == card["id"]
    assert_refused(amal.ask("PUT", f"/cards/{card['id']}", json={"name": "x"}), 401, refusal)


def test_standing_headers(trello):
    headers = trello.ask("GET", "/members/me").headers
    assert headers["x-trello-environment"] == "Production"
    assert headers["x-server-time"].isdecimal()
    assert headers["access-control-allow-methods"] == "GET, PUT, POST, DELETE"
    assert headers["content-type"] == JSON


def test_a_browser_may_ask_from_any_page(trello):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT"}
    answer = trello.session.options(f"{trello.handle.url}/1/cards/{UNKNOWN}", headers=asked, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]


# ---- control routes


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.1.2.3", 403), ("x", 403)]
)
def test_control_routes_answer_this_machine_only(address, status):
    async def ask() -> int:
        transport = httpx.ASGITransport(create_app(shop_sandbox()), client=(address, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/sandbox/clock")).status_code

    assert asyncio.run(ask()) == status


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("switches", {"nonsense": True}),
        ("switches", {"retry_after": "yes"}),
        ("switches", {"search_lag": True}),
        ("switches", {"search_lag": -1}),
        ("switches", []),
        ("faults", [{"nonsense": 1}]),
        ("faults", [{"path": "("}]),
        ("faults", [{"delay": "long"}]),
        ("faults", "fail"),
        ("clock", {"now": "2500-01-01T00:00:00Z"}),
        ("clock", {}),
        ("clock", {"now": "soon"}),
        ("tokens", {}),
        ("tokens", {"scopes": ["everything"]}),
        ("tokens", {"scopes": []}),
        ("tokens", {"username": "sara", "expires": "soon"}),
    ],
)
def test_control_routes_say_what_is_wrong(trello, name, sent):
    answer = trello.session.post(f"{trello.handle.url}/sandbox/{name}", json=sent, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]
