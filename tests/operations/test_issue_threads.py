"""Issuing by several threads at once."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from shop_kit import EIGHT, MONDAY, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Bindings
from trello_ops.core.ledger import IssuedCard, OccurrenceKey
from trello_ops.core.planning.changes import Change, CreateCard
from trello_ops.core.trello import Card
from trello_ops.errors import OutcomeUnknown, RateLimited, TrelloError, Unavailable
from trello_ops.operations import issue as issuing
from trello_ops.operations.context import Context
from trello_ops.operations.schedule import record_released
from trello_ops.ports import Made
from trello_ops.testing import FakeTrello

WORKERS = 8


def shop_with(count: int) -> Shop:
    """Tasks whose dues are a minute apart, none of whose cards are made yet."""
    dues = (f"{10 + number // 60:02}:{number % 60:02}" for number in range(count))
    shop = Shop(
        *(daily_task(f"t{number:03}", due) for number, due in enumerate(dues)),
        cards=PlainCards({f"t{number:03}": (EIGHT,) for number in range(count)}),
    )
    shop.apply()
    return shop


def threaded(shop: Shop, stopping: Callable[[], bool] = lambda: False) -> Context:
    context = shop.context()
    runtime = replace(context.runtime, stopping=stopping)
    return replace(context, runtime=runtime, config=replace(context.config, workers=WORKERS))


class Meeting(FakeTrello):
    """Hooked into a shop: nobody's card is made before as many threads as can be are about to make one."""

    def __init__(self, shop: Shop) -> None:
        self.__dict__ = shop.trello.__dict__
        self.barrier = threading.Barrier(WORKERS, timeout=10)
        self.asked: list[str] = []
        self.alone = threading.Lock()
        shop.trello = self

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        if isinstance(change, CreateCard):
            with self.alone:
                self.asked.append(change.key.task)
            self.barrier.wait()
        with self.alone:
            return super().perform(change, bindings, send_before)


def test_as_many_requests_are_under_way_as_there_are_threads_the_most_urgent_first() -> None:
    shop = shop_with(2 * WORKERS)
    meeting = Meeting(shop)
    assert issuing.issue(threaded(shop)) == issuing.Issued(cards=2 * WORKERS)
    first, second = meeting.asked[:WORKERS], meeting.asked[WORKERS:]
    assert sorted(first) == [f"t{number:03}" for number in range(WORKERS)]
    assert sorted(second) == [f"t{number:03}" for number in range(WORKERS, 2 * WORKERS)]
    assert Counter(card.item_count for card in shop.cards_on()) == {8: 2 * WORKERS}
    assert shop.store.claims() == ()


@pytest.mark.parametrize("error", [Unavailable("away"), RateLimited("slow", 10)])
def test_what_ends_the_pass_lets_the_steps_in_hand_finish_and_begins_no_other(error: TrelloError) -> None:
    shop = shop_with(3 * WORKERS)
    meeting = Meeting(shop)
    meeting.fail_next(error, when=lambda change: isinstance(change, CreateCard))
    meeting.fail_next(error, when=lambda call: call == "time")
    confirm = shop.store.confirm

    def confirm_slowly(key: OccurrenceKey, card: IssuedCard) -> bool:
        time.sleep(0.2)  # by then the one that was refused has said so
        return confirm(key, card)

    shop.store.confirm = confirm_slowly  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        issuing.issue(threaded(shop))
    assert len(shop.cards_on()) == WORKERS - 1
    assert len(meeting.asked) == WORKERS
    assert shop.store.claims() == ()


def test_when_asked_to_stop_the_steps_in_hand_are_finished() -> None:
    shop = shop_with(3 * WORKERS)
    stop = threading.Event()
    meeting = Meeting(shop)
    meeting.barrier = threading.Barrier(WORKERS, action=stop.set, timeout=10)
    assert issuing.issue(threaded(shop, stop.is_set)).cards == WORKERS
    assert Counter(card.item_count for card in shop.cards_on()) == {8: WORKERS}
    assert shop.store.claims() == ()


def test_many_lost_answers_on_a_board_are_looked_up_by_reading_it_once() -> None:
    shop = shop_with(30)
    for number in range(30):
        lost = OutcomeUnknown("lost")
        shop.trello.fail_next(lost, lambda c: isinstance(c, CreateCard), after_effect=number % 2 == 0)
    assert shop.issue().failed == 30
    shop.settle()
    looks = []
    look = shop.trello.cards_since

    def counted(board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        looks.append(since)
        return look(board_id, since)

    shop.trello.cards_since = counted  # type: ignore[method-assign]
    assert issuing.issue(threaded(shop)).cards == 30
    assert len(looks) == 1
    assert len(shop.cards_on()) == 30


def test_a_look_that_fails_is_not_repeated_by_every_thread() -> None:
    shop = shop_with(10)
    for _ in range(10):
        shop.trello.fail_next(OutcomeUnknown("lost"), lambda c: isinstance(c, CreateCard))
    shop.issue()
    shop.settle()
    looks = 0

    def failing(_board_id: str, _since: dt.datetime) -> tuple[Card, ...]:
        nonlocal looks
        looks += 1
        raise Unavailable("away")

    shop.trello.cards_since = failing  # type: ignore[method-assign]
    assert issuing.issue(threaded(shop)) == issuing.Issued(failed=10)
    assert looks == 1, "not repeated"
    assert [p.count for p in shop.store.problems() if p.subject == "daily:looking"] == [1]
    del shop.trello.cards_since
    shop.advance(minutes=1)
    assert issuing.issue(threaded(shop)).cards == 10
    assert len(shop.cards_on()) == 10


def test_what_another_process_records_meanwhile_is_issued_in_this_pass() -> None:
    shop = shop_with(1)
    (mine,) = record_released(shop.context()).issue
    theirs = replace(mine, key=replace(mine.key, date=mine.key.date - dt.timedelta(days=1)))
    recorded = shop.store.recorded

    def meanwhile(board: str, task: str, since: dt.date) -> frozenset[OccurrenceKey]:
        shop.store.record([theirs], MONDAY)
        return recorded(board, task, since)

    shop.store.recorded = meanwhile  # type: ignore[method-assign]
    assert shop.issue().cards == 2
