"""Rate limits over HTTP and on a hand-driven clock, and the cap of 1,000 on collections."""

import pytest

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.limits import MEMBERS_ROUTE, RateLimits
from trello_sandbox.server import running
from trello_sandbox.switches import Switches


@pytest.fixture
def limited(session, client_for):
    """A sandbox of its own that does enforce its limits."""
    with running(shop_sandbox(port=0)) as handle:
        yield client_for(handle)


def test_every_answer_tells_what_is_left(limited):
    first, second = limited.ask("GET", "/nothing").headers, limited.ask("GET", "/boards/x").headers
    assert first["x-rate-limit-api-token-interval-ms"] == "10000"
    assert (first["x-rate-limit-api-token-max"], first["x-rate-limit-api-token-remaining"]) == ("100", "99")
    assert (second["x-rate-limit-api-key-max"], second["x-rate-limit-api-key-remaining"]) == ("300", "298")
    assert (second["x-rate-limit-member-max"], second["x-rate-limit-member-remaining"]) == ("375", "373")
    limited.turn(member_headers=False)
    assert "x-rate-limit-member-max" not in limited.ask("GET", "/nothing").headers


def test_the_hundred_and_first_request_of_a_token_is_refused_and_does_nothing(limited):
    desk = limited.board()
    while int(limited.ask("GET", "/nothing").headers["x-rate-limit-api-token-remaining"]):
        pass
    answer = limited.ask("POST", "/cards", json={"idList": desk.lists[0]})
    assert answer.status_code == 429
    assert answer.json() == {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}
    assert answer.headers["x-rate-limit-api-token-remaining"] == "0"
    assert "retry-after" not in answer.headers
    assert limited.person("amal_zina").ask("GET", "/members/me").status_code == 200, "each token has its own"
    limited.turn(retry_after=True)
    assert 1 <= int(limited.ask("GET", "/nothing").headers["retry-after"]) <= 11
    log = limited.control("GET", "requests")["requests"]
    assert log[-1]["bucket"] == "api-token"
    assert limited.control("GET", "state")["cards"] == []


def test_a_batch_may_cost_as_many_requests_as_it_holds(limited):
    def left():
        return int(limited.ask("GET", "/nothing").headers["x-rate-limit-api-token-remaining"])

    before = left()
    limited.get("/batch", urls="/members/me/boards,/members/me/organizations")
    assert left() == before - 4
    limited.turn(batch_counts_each=False)
    before = left()
    limited.get("/batch", urls="/members/me/boards,/members/me/organizations")
    assert left() == before - 2


class Seconds:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


def charge(limits, who="me", route=False):
    special = limits.special("GET", ("members", "me")) if route else None
    refused_by = limits.charge("key", who, who, special).refused_by
    return refused_by.error if refused_by else None


def test_a_fixed_window_ends_ten_seconds_after_its_first_request(seconds):
    limits = RateLimits(Switches(), enforced=True, now=seconds)
    charge(limits)
    seconds.now = 9.0
    assert [charge(limits) for _ in range(100)][-1] == "API_TOKEN_LIMIT_EXCEEDED"
    seconds.now = 10.0
    assert [charge(limits) for _ in range(100)] == [None] * 100


def test_a_sliding_window_looks_back_ten_seconds(seconds):
    limits = RateLimits(Switches(sliding_window=True), enforced=True, now=seconds)
    charge(limits)
    seconds.now = 9.0
    assert [charge(limits) for _ in range(99)] == [None] * 99
    seconds.now = 10.0
    assert [charge(limits), charge(limits)] == [None, "API_TOKEN_LIMIT_EXCEEDED"]


def test_tokens_share_their_keys_limit(seconds):
    limits = RateLimits(Switches(), enforced=True, now=seconds)
    answers = [charge(limits, token) for token in "abcd" for _ in range(100)]
    assert answers == [None] * 300 + ["API_KEY_LIMIT_EXCEEDED"] * 100


def test_the_members_route_has_a_limit_of_fifteen_minutes(seconds):
    limits = RateLimits(Switches(), enforced=True, now=seconds)
    assert [charge(limits, route=True) for _ in range(100)] == [None] * 100
    seconds.now = 800.0
    assert charge(limits, route=True) == "MEMBER_LIMIT_EXCEEDED"
    assert charge(limits) is None, "nested routes do not count"
    seconds.now = 900.0
    assert charge(limits, route=True) is None


def test_a_storm_of_refused_requests_shuts_the_whole_key_out(seconds):
    limits = RateLimits(Switches(), enforced=True, now=seconds)
    refused = [charge(limits) for _ in range(100 + 201)][100:]
    assert set(refused) == {"API_TOKEN_LIMIT_EXCEEDED"}
    assert charge(limits, "innocent") == "API_KEY_LIMIT_EXCEEDED"
    assert limits.charge("", "", "").refused_by is None, "who sends another key is not of this one"
    seconds.now = 10.0
    assert charge(limits, "innocent") is None


def test_limits_that_are_not_enforced_always_leave_room(seconds):
    limits = RateLimits(Switches(), enforced=False, now=seconds)
    charges = [limits.charge("key", "token", "member", MEMBERS_ROUTE) for _ in range(150)]
    assert all(charge.refused_by is None for charge in charges)
    assert ("x-rate-limit-api-token-remaining", "99") in charges[-1].headers


# ---- the cap on collections


def test_a_collection_is_the_newest_thousand_and_pages_by_id(trello, desk):
    made = [desk.card(name=str(number), pos="top")["id"] for number in range(1005)]
    path = f"/boards/{desk.id}/cards/all"
    page = trello.get(path, fields="name")
    assert [each["id"] for each in page] == made[:4:-1], "in order of position, the oldest cut off"
    rest = trello.get(path, fields="name", before=min(each["id"] for each in page))
    assert [each["id"] for each in rest] == made[4::-1]
    assert [each["id"] for each in trello.get(path, since=made[-3], fields="")] == made[:-3:-1]
    assert len(trello.get(path, since="2100-01-01", fields="")) == 0
    assert len(trello.get(path, limit=10, fields="")) == 10
    assert len(trello.get(f"/boards/{desk.id}", cards="all", card_fields="name")["cards"]) == 1000
    assert len(desk.actions(limit=1000)) == 1000
    assert trello.ask("GET", path, params={"limit": 1001}).text == "invalid value for limit"
    nested = trello.get(f"/boards/{desk.id}", actions="all", actions_limit=1000, action_fields="type")
    assert len(nested["actions"]) == 1000
    trello.turn(nested_actions_300=True)
    nested = trello.get(f"/boards/{desk.id}", actions="all", actions_limit=1000, action_fields="type")
    assert len(nested["actions"]) == 300
