"""A request waits for its token, then for the key that other tokens share; each hears what concerns it."""

import datetime as dt

import pytest
import responses
from wire_kit import BASE, MADE, Wire

from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.token_and_key import TokenAndKey
from trello_ops.errors import NotSent, RateLimited
from trello_ops.testing.clock import FixedClock

CARD = f"{BASE}/1/cards/c1"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))


def both(clock: FixedClock, token: int, key: int) -> tuple[Budget, Budget, TokenAndKey[int]]:
    of_token, of_key = Budget.private(token, clock), Budget.private(key, clock)
    return of_token, of_key, TokenAndKey(of_token, of_key)


def waits(clock: FixedClock, limit: Budget | TokenAndKey[int]) -> float:
    begun = clock.monotonic()
    limit.answered(limit.wait(reads=True))
    return clock.monotonic() - begun


@pytest.mark.parametrize(("token", "key"), [(2, 3), (3, 2)])
def test_the_narrower_limit_holds(token: int, key: int, clock: FixedClock) -> None:
    *_, limit = both(clock, token, key)
    assert [round(waits(clock, limit)) for _ in range(4)] == [0, 0, 10, 0]


def test_tokens_share_the_key(clock: FixedClock) -> None:
    key = Budget.private(2, clock)
    one, two = (TokenAndKey(Budget.private(2, clock), key) for _ in range(2))
    assert [round(waits(clock, each)) for each in (one, two, two)] == [0, 0, 10]


def test_what_the_key_holds_back_too_long_takes_no_place_of_the_token(clock: FixedClock) -> None:
    token, key, limit = both(clock, 1, 1)
    key.wait(reads=True)
    with pytest.raises(NotSent):
        limit.wait(reads=False, send_before=clock.monotonic() + 9)
    assert waits(clock, token) == 0


def test_what_never_left_takes_no_place_of_either(clock: FixedClock) -> None:
    token, key, limit = both(clock, 1, 1)
    limit.give_back(limit.wait(reads=True))
    assert waits(clock, token) == waits(clock, key) == 0


@pytest.mark.parametrize("seconds", [35, 55])
def test_a_request_counts_for_its_token_from_when_the_key_let_it_go(seconds: int, clock: FixedClock) -> None:
    """After 55 s the token has forgotten it: it asks both again."""
    token, key, limit = both(clock, 1, 1)
    key.pause(seconds)
    begun = clock.monotonic()
    limit.wait(reads=True)
    assert clock.monotonic() - begun == pytest.approx(seconds, abs=0.1)
    assert waits(clock, token) == pytest.approx(40, abs=0.1)


def test_who_takes_a_token_over_waits_until_the_old_window_has_lapsed(clock: FixedClock) -> None:
    assert waits(clock, Budget.taken_over(100, clock)) == pytest.approx(10, abs=0.1)


# ---- over the wire


def wire(clock: FixedClock, limit: TokenAndKey[int], trello: responses.RequestsMock, **headers: str) -> Wire:
    told = {f"x-rate-limit-{name.replace('_', '-')}-remaining": value for name, value in headers.items()}
    trello.get(CARD, json=MADE, headers=told)
    return Wire(clock, budget=limit)


@pytest.mark.parametrize(
    ("told", "of_token", "of_key"),
    [
        ({"api_token": "0", "api_key": "99"}, 10, 0),
        ({"api_token": "5", "member": "0", "api_key": "99"}, 10, 0),
        ({"api_token": "99", "api_key": "0"}, 0, 10),
    ],
)
def test_each_limit_learns_what_is_left_of_it(
    told: dict[str, str], of_token: float, of_key: float, clock: FixedClock
) -> None:
    token, key, limit = both(clock, 20, 20)
    with responses.RequestsMock() as trello:
        wire(clock, limit, trello, **told).read()
    begun = clock.monotonic()
    token.give_back(token.wait(reads=True))
    assert clock.monotonic() - begun == pytest.approx(of_token, abs=0.1)
    begun = clock.monotonic() - of_token
    key.give_back(key.wait(reads=True))
    assert clock.monotonic() - begun == pytest.approx(max(of_token, of_key), abs=0.1)


@pytest.mark.parametrize(
    ("said", "of_token", "of_key"),
    [("API_TOKEN_LIMIT_EXCEEDED", 10, 0), ("API_KEY_LIMIT_EXCEEDED", 0, 10), ("", 10, 0)],
)
def test_a_429_of_the_token_quiets_no_other_shop(
    said: str, of_token: float, of_key: float, clock: FixedClock
) -> None:
    token, key, limit = both(clock, 20, 20)
    with responses.RequestsMock() as trello:
        trello.post(f"{BASE}/1/cards", json={"error": said, "message": "Rate limit exceeded"}, status=429)
        with pytest.raises(RateLimited):
            Wire(clock, budget=limit).write()
    quiet = token if of_token else key
    other = key if of_token else token
    assert waits(clock, other) == 0
    assert waits(clock, quiet) == pytest.approx(max(of_token, of_key), abs=0.1)


def test_what_belongs_to_others_stays_open_when_a_session_ends(clock: FixedClock) -> None:
    token, key, limit = both(clock, 1, 1)
    limit.answered(limit.wait(reads=True))
    Wire(clock, budget=limit).session.close()
    assert waits(clock, token) == pytest.approx(10, abs=0.1)
    assert waits(clock, key) == 0


def test_of_two_limits_that_of_the_token_is_told(clock: FixedClock) -> None:
    _, key, limit = both(clock, 3, 9)
    key.wait(reads=True)
    limit.wait(reads=True)
    assert (limit.used(), limit.limit) == (1, 3)
