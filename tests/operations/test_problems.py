"""Growing pauses, and what ends them."""

import datetime as dt

import pytest
from shop_kit import MONDAY, Shop, daily_task, parcels_shop

from trello_ops.core.planning.changes import CreateCard
from trello_ops.core.problems import SystemProblem
from trello_ops.errors import TokenRefused, TrelloError, Unavailable
from trello_ops.operations.backoff import Backoff, note_failure, pause_after, paused_subjects
from trello_ops.operations.problems import TOKEN
from trello_ops.operations.token_breaker import TokenBreaker


def test_pauses_double_up_to_an_hour() -> None:
    minutes = [pause_after(count) / 60 for count in (1, 2, 3, 4, 5, 6, 7, 8, 5000)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_only_what_failed_here_rests() -> None:
    backoff = Backoff()
    problem = SystemProblem("daily/parcels", "no", MONDAY, MONDAY, count=2)
    assert not backoff.pauses(problem, 0.0)
    backoff.note("daily/parcels", 1000.0)
    assert backoff.pauses(problem, 1119.0)
    assert not backoff.pauses(problem, 1120.0)


def refuse(shop: Shop, times: int) -> None:
    for _ in range(times):
        shop.trello.fail_next(TrelloError("no"), when=lambda change: isinstance(change, CreateCard))


@pytest.mark.parametrize("by", [dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=365)])
@pytest.mark.parametrize("sign", [1, -1], ids=["forth", "back"])
def test_a_jump_of_the_wall_clock_neither_hurries_nor_stops_a_retry(by: dt.timedelta, sign: int) -> None:
    shop = parcels_shop()
    services = shop.context().services
    note_failure(services, shop.backoff, "daily/parcels", "no")
    shop.clock.jump(sign * by)
    shop.advance(seconds=59)
    assert paused_subjects(services, shop.backoff) == {"daily/parcels"}
    shop.advance(seconds=1)
    assert paused_subjects(services, shop.backoff) == frozenset()


def test_a_new_process_tries_at_once_and_waits_as_long_as_the_count_says() -> None:
    shop = parcels_shop()
    refuse(shop, 4)
    for seconds in (0, 60, 120):
        shop.advance(seconds=seconds)
        shop.issue()
    shop.backoff = Backoff()
    shop.issue()
    (problem,) = shop.store.problems()
    assert problem.count == 4
    shop.advance(seconds=479)
    assert shop.issue().cards == 0
    shop.advance(seconds=1)
    assert shop.issue().cards == 1


def test_a_task_in_trouble_keeps_no_other_from_its_card() -> None:
    shop = Shop(daily_task("a"), daily_task("b"))
    shop.apply()
    for _ in range(3):
        shop.trello.fail_next(
            TrelloError("no"), when=lambda c: isinstance(c, CreateCard) and c.key.task == "a"
        )
    shop.issue()
    shop.advance(days=1)
    shop.issue()
    titles = [card.title for card in shop.cards_on()]
    assert titles == ["Tâche b 2026-11-16", "Tâche b 2026-11-17"]


# ---- the token --------------------------------------------------------------------------------------


def test_a_refused_token_is_said_once_and_tried_by_one_read_at_growing_pauses() -> None:
    shop, token_breaker = parcels_shop(), TokenBreaker()
    services = shop.context().services
    token_breaker.trip(services, shop.backoff, TokenRefused("invalid token"))
    token_breaker.trip(services, shop.backoff, TokenRefused("invalid token"))
    reads = 0

    def asked(call: object) -> bool:
        nonlocal reads
        reads += call == "time"
        return call == "time"

    for _ in range(4):
        shop.trello.fail_next(TokenRefused("invalid token"), when=asked)
    for _ in range(14 * 4):
        assert isinstance(token_breaker.refusal(services, shop.backoff), TokenRefused)
        shop.advance(seconds=15)
    assert reads == 3, "after 1, 2 and 4 minutes"
    (problem,) = shop.store.problems()
    assert (problem.subject, problem.count) == (TOKEN, 4)


def test_work_goes_on_by_itself_when_the_token_works_again() -> None:
    shop, token_breaker = parcels_shop(), TokenBreaker()
    services = shop.context().services
    token_breaker.trip(services, shop.backoff, TokenRefused("invalid token"))
    shop.advance(seconds=60)
    assert token_breaker.refusal(services, shop.backoff) is None
    assert shop.store.problems() == ()


def test_a_new_process_asks_at_once() -> None:
    shop = parcels_shop()
    services = shop.context().services
    TokenBreaker().trip(services, shop.backoff, TokenRefused("invalid token"))
    assert TokenBreaker().refusal(services, Backoff()) is None


def test_trello_out_of_reach_says_nothing_of_the_token() -> None:
    shop, token_breaker = parcels_shop(), TokenBreaker()
    services = shop.context().services
    note_failure(services, Backoff(), TOKEN, "invalid token")
    shop.trello.fail_next(Unavailable("away"), when=lambda call: call == "time")
    assert isinstance(token_breaker.refusal(services, shop.backoff), Unavailable)
    assert [problem.subject for problem in shop.store.problems()] == [TOKEN]
