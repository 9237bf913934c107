"""Wall clocks that jump, while issuing and between passes."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.planning.changes import CreateCard
from trello_ops.errors import OutcomeUnknown, WrongClock
from trello_ops.operations import issue as issuing
from trello_ops.operations.context import Context
from trello_ops.operations.leases import Watch
from trello_ops.testing import FakeTrello, FixedClock

JUMPS = [
    sign * by
    for by in (dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=365))
    for sign in (1, -1)
]


class TrueTime:
    """Trello's clock: the machine's, without its jumps."""

    def __init__(self, machine: FixedClock) -> None:
        self._machine = machine
        self._ahead = dt.timedelta(0)

    def jump(self, by: dt.timedelta) -> None:
        """Let the machine's clock jump, and it alone."""
        self._machine.jump(by)
        self._ahead += by

    def now(self) -> dt.datetime:
        return self._machine.now() - self._ahead

    def monotonic(self) -> float:
        return self._machine.monotonic()

    def sleep(self, seconds: float) -> None:
        self._machine.sleep(seconds)


class JumpyShop(Shop):
    """Its cards are built item by item, so that a jump may come between any two steps."""

    def __init__(self) -> None:
        super().__init__(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
        self.true = TrueTime(self.clock)
        self.trello = FakeTrello(self.true, ("amal_zina", "karim_zina"), "zinaobeldi")
        self.apply()

    def jump_at(self, service: object, method: str, by: dt.timedelta) -> None:
        """Let the clock jump as this is called next."""
        original = getattr(service, method)

        def jumping(*args: object, **named: object) -> object:
            delattr(service, method)
            self.true.jump(by)
            return original(*args, **named)

        setattr(service, method, jumping)

    def passes(self, count: int, *contexts: Context) -> None:
        """By a process whose clock may be refused, and by others."""
        for _ in range(count):
            for context in contexts or (self.context(),):
                with suppress(WrongClock):
                    issuing.issue(context)
            self.advance(seconds=15)

    def check(self) -> None:
        """Monday's card stands once, whole, and nothing else is in the ledger."""
        (card,) = self.cards_on()
        assert card.item_count == 8
        years = dt.timedelta(days=1000)
        (entry,) = self.store.due_between(self.true.now() - years, self.true.now() + years)
        assert entry.card is not None
        assert (str(entry.occurrence.key), entry.card.id) == ("daily/parcels/2026-11-16", card.id)
        assert self.store.claims() == ()


STEPS: dict[str, Callable[[JumpyShop], object]] = {
    "bindings": lambda shop: shop.store,
    "record": lambda shop: shop.store,
    "claim": lambda shop: shop.store,
    "perform": lambda shop: shop.trello,
    "confirm": lambda shop: shop.store,
    "card": lambda shop: shop.trello,
    "release": lambda shop: shop.store,
}


@pytest.mark.parametrize("by", JUMPS, ids=str)
@pytest.mark.parametrize("step", STEPS)
def test_a_jump_in_the_middle_of_a_step(step: str, by: dt.timedelta) -> None:
    shop = JumpyShop()
    shop.jump_at(STEPS[step](shop), step, by)
    shop.passes(5)
    shop.true.jump(-by)
    shop.passes(5)
    shop.check()


@pytest.mark.parametrize("by", JUMPS, ids=str)
@pytest.mark.parametrize("landed", [True, False])
def test_an_answer_lost_at_a_wrong_time_is_found_at_the_right_one(by: dt.timedelta, landed: bool) -> None:
    shop = JumpyShop()
    shop.jump_at(shop.store, "claim", by)
    shop.trello.fail_next(
        OutcomeUnknown("lost"), when=lambda change: isinstance(change, CreateCard), after_effect=landed
    )
    shop.passes(5)
    shop.true.jump(-by)
    shop.passes(10)
    shop.check()


@pytest.mark.parametrize("by", JUMPS, ids=str)
def test_a_clock_that_jumps_at_every_pass_hurries_no_take_over(by: dt.timedelta) -> None:
    """Two daemons; the answer to the first one's card comes to nothing, and it lands a minute later."""
    shop = JumpyShop()
    shop.trello.land_late(dt.timedelta(seconds=60), when=lambda change: isinstance(change, CreateCard))
    one, two = shop.context(), shop.context("two", Watch())
    shop.passes(1, one, two)
    for _ in range(10):
        shop.true.jump(by)
        shop.passes(1, one, two)
        shop.true.jump(-by)
        shop.passes(1, one, two)
    shop.check()
