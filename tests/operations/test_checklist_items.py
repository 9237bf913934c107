"""Checklists built item by item, whatever breaks and whoever edits meanwhile."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from card_building import Died, killed_at, nth
from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Bindings
from trello_ops.core.card_text import Checklist
from trello_ops.core.planning.changes import AddCheckItem, Change
from trello_ops.errors import OutcomeUnknown, Unavailable
from trello_ops.operations import issue as issuing
from trello_ops.operations.leases import Watch
from trello_ops.ports import Made


def dated_shop(*checklists: Checklist) -> Shop:
    shop = Shop(
        daily_task("parcels"), cards=PlainCards({"parcels": checklists or (EIGHT,)}, dated={"parcels"})
    )
    shop.apply()
    return shop


def items_of(shop: Shop) -> list[list[str]]:
    (card,) = shop.cards_on()
    return [[item.title for item in checklist.items] for checklist in card.checklists or ()]


@pytest.mark.parametrize("seconds", [5, 60, 89])
@pytest.mark.parametrize("step", [0, 1, 2, 5, 9])
def test_a_write_that_lands_late_is_neither_doubled_nor_missing(step: int, seconds: int) -> None:
    shop = dated_shop()
    shop.trello.land_late(dt.timedelta(seconds=seconds), when=nth(step))
    shop.issue()
    for _ in range(30):
        shop.advance(seconds=15)
        shop.issue()
    assert items_of(shop) == [list(EIGHT.items)]
    assert shop.store.claims() == ()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(10))
def test_another_process_goes_on_where_one_was_killed(step: int, after: bool) -> None:
    shop = dated_shop()
    with killed_at(shop, step, after=after), pytest.raises(Died):
        shop.issue()
    other = shop.context("two", Watch())
    for _ in range(20):
        issuing.issue(other)
        shop.advance(seconds=15)
    assert items_of(shop) == [list(EIGHT.items)]
    assert shop.store.claims() == ()


def test_a_process_that_wakes_after_its_lease_leaves_the_rest_to_the_one_that_took_over() -> None:
    shop = dated_shop()
    perform, slept = shop.trello.perform, [False]
    two = shop.context("two", Watch())

    def freezes(change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        if isinstance(change, AddCheckItem) and change.title == EIGHT.items[3] and not slept[0]:
            slept[0] = True
            for _ in range(20):
                issuing.issue(two)
                shop.advance(seconds=15)
        return perform(change, bindings, send_before)

    shop.trello.perform = freezes  # type: ignore[method-assign]
    shop.issue()
    assert items_of(shop) == [list(EIGHT.items)]
    for _ in range(20):
        shop.issue()
        issuing.issue(two)
        shop.advance(seconds=15)
    assert items_of(shop) == [list(EIGHT.items)]
    assert shop.store.claims() == ()


def test_two_hundred_items_outlast_several_leases_and_a_break_in_each() -> None:
    long = Checklist("Inventaire", tuple(f"référence {number}" for number in range(200)))
    shop = dated_shop(long)
    perform = shop.trello.perform

    def slowly(change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        shop.advance(seconds=2)
        return perform(change, bindings, send_before)

    shop.trello.perform = slowly  # type: ignore[method-assign]
    for step in (3, 50, 120, 180):
        shop.trello.fail_next(OutcomeUnknown("lost"), when=nth(step), after_effect=step % 20 == 0)
    for _ in range(40):
        shop.issue()
        shop.advance(seconds=15)
    assert items_of(shop) == [list(long.items)]
    assert shop.store.claims() == ()


def test_equal_items_and_equal_titles_are_counted() -> None:
    twice = Checklist("Vérifier", ("compter", "compter", "signer"))
    for step in range(9):
        shop = dated_shop(twice, twice)
        shop.trello.fail_next(OutcomeUnknown("lost"), when=nth(step), after_effect=step % 2 == 0)
        shop.issue()
        shop.settle()
        shop.issue()
        assert items_of(shop) == [list(twice.items)] * 2, step


# ---- people meanwhile -------------------------------------------------------------------------------


def interrupted(step: int) -> Shop:
    """The answer to that write was lost; its effect stands, and it is about to be taken over."""
    shop = dated_shop()
    shop.trello.fail_next(OutcomeUnknown("lost"), when=nth(step), after_effect=True)
    shop.issue()
    shop.settle()
    return shop


def test_what_people_ticked_and_reordered_meanwhile_stays() -> None:
    shop = interrupted(5)
    (card,) = shop.cards_on()
    (there,) = card.checklists or ()
    ticked = replace(there.items[0], complete=True, position=1e6)
    shop.trello._set_checklists(card, (replace(there, items=(*there.items[1:], ticked)),))
    shop.issue()
    (card,) = shop.cards_on()
    (there,) = card.checklists or ()
    assert Counter(item.title for item in there.items) == Counter(EIGHT.items)
    assert [item.title for item in there.items if item.complete] == [EIGHT.items[0]]
    assert shop.store.claims() == ()


def test_an_item_that_a_person_renamed_is_added_once_more_under_its_declared_name() -> None:
    """Nothing tells a renamed item from a missing one: what was declared is complete, and nothing is lost."""
    shop = interrupted(5)
    (card,) = shop.cards_on()
    shop.trello.edit_checkitem(card.id, EIGHT.items[0], to="autre chose")
    shop.issue()
    (card,) = shop.cards_on()
    titles = Counter(item.title for item in (card.checklists or ())[0].items)
    assert titles == Counter([*EIGHT.items, "autre chose"])
    shop.issue()
    assert shop.store.claims() == ()


def test_a_reading_that_fails_while_filling_keeps_the_claim_until_the_card_is_whole() -> None:
    shop = dated_shop()
    shop.away(lambda call: call == "card")
    with pytest.raises(Unavailable):
        shop.issue()
    assert len(shop.store.claims()) == 1
    shop.settle()
    shop.issue()
    assert items_of(shop) == [list(EIGHT.items)]
