"""Tasks of another rhythm that are turned to count from a named date: never a second card, nobody charged."""

import datetime as dt
from dataclasses import replace

import pytest
from launch_kit import GO_LIVE, Launch, counted, day_of
from shop_kit import daily_task

from trello_ops.core.cadence import Cadence, Frequency
from trello_ops.core.declared import Task
from trello_ops.core.tracking.events import is_done, withdrawal
from trello_ops.core.trello import Card

KEY = "before-14"
DAY = GO_LIVE - dt.timedelta(days=14)
LATER = GO_LIVE + dt.timedelta(days=30)


def of(frequency: Frequency, **said: object) -> Task:
    """The task by another rhythm."""
    task = counted(GO_LIVE, 14)
    cadence: Cadence = replace(
        task.cadence,
        frequency=frequency,
        counts_from=None,
        **{"dates": (), **said},  # type: ignore[arg-type]
    )
    return replace(task, cadence=cadence)


FIXED = of(Frequency.ONCE, dates=(DAY,))
WEEKLY = of(Frequency.WEEKLY, on=(DAY.isoweekday(),), until=DAY)
RHYTHMS = pytest.mark.parametrize("before", [FIXED, WEEKLY], ids=["fixed", "weekly"])


class Turned(Launch):
    """A shop whose task had another rhythm, and a card of the very day that it then counts."""

    def __init__(self, before: Task) -> None:
        self.days = ()
        super(Launch, self).__init__(before)
        self.begin()

    def only(self) -> Card:
        found = self.cards_on()
        assert len(found) == 1, [each.title for each in found]
        return found[0]


def the_shop(before: Task) -> Turned:
    shop = Turned(before)
    assert day_of(shop.only()) == DAY
    return shop


@RHYTHMS
def test_an_open_card_goes_on_and_follows(before: Task) -> None:
    shop = the_shop(before)
    assert shop.edit(counted(GO_LIVE, 14)) == set()
    assert shop.issue().cards == 0
    for go_live in (LATER, LATER + dt.timedelta(days=400), GO_LIVE + dt.timedelta(days=2)):
        assert shop.edit(counted(go_live, 14)) == {KEY}
        assert day_of(shop.only()) == go_live - dt.timedelta(days=14)
        assert shop.issue().cards == 0
        (entry,) = shop.store.latest("daily", KEY, 9)
        assert withdrawal(entry.events, shop.clock.now()) is None


@RHYTHMS
def test_a_done_card_stays_done(before: Task) -> None:
    shop = the_shop(before)
    shop.trello.tick(shop.only().id, "amal_zina")
    shop.advance(minutes=20)
    shop.observe()
    shop.edit(counted(GO_LIVE, 14))
    shop.edit(counted(LATER, 14))
    shop.advance(days=40)
    assert shop.issue().cards == 0
    (entry,) = shop.store.latest("daily", KEY, 9)
    assert is_done(entry.events, shop.clock.now())
    assert day_of(shop.only()) == DAY


def test_turned_and_moved_by_one_edit() -> None:
    shop = the_shop(FIXED)
    assert shop.edit(counted(LATER, 14)) == {KEY}
    assert day_of(shop.only()) == LATER - dt.timedelta(days=14)
    assert shop.issue().cards == 0


def test_renamed_since() -> None:
    shop = the_shop(FIXED)
    shop.edit(counted(GO_LIVE, 14))
    renamed = replace(counted(LATER, 14), key="domain", was=(f"daily/{KEY}",))
    shop.edit(renamed)
    shop.advance(days=30)
    assert shop.issue().cards == 0
    assert shop.only()


def test_and_back_to_a_fixed_date() -> None:
    shop = the_shop(FIXED)
    shop.edit(counted(GO_LIVE, 14))
    shop.edit(counted(LATER, 14))
    shop.edit(of(Frequency.ONCE, dates=(LATER - dt.timedelta(days=14),)))
    shop.advance(days=25)
    assert shop.issue().cards == 0
    assert shop.only()


def test_another_day_of_a_rhythm_is_excused_and_the_counted_one_comes() -> None:
    shop = Turned(daily_task(KEY))
    today = shop.only()
    shop.edit(counted(GO_LIVE, 14))
    assert shop.issue().cards == 1
    (entry,) = (each for each in shop.store.latest("daily", KEY, 9) if each.card and each.card.id == today.id)
    assert withdrawal(entry.events, shop.clock.now()) is not None
    assert day_of(shop.card(14)) == DAY
    assert len(shop.store.latest("daily", KEY, 9)) == 2
