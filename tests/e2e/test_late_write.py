"""A write that lands long after its answer was lost: one card all the same."""

import time

import pytest
from live_kit import TODAY, Shop, cards, one_pass


@pytest.mark.parametrize("seconds", [1, 30])
def test_a_write_that_lands_later_than_its_answer_was_lost(shop: Shop, seconds: int) -> None:
    """The sandbox lands it so many real seconds later; passes go on meanwhile, with the default patience."""
    trello = shop.trello
    trello.forget_requests()
    trello.fault(method="POST", path="/1/cards$", skip=2, land_after=seconds)
    one_pass(shop.app)
    lands = time.monotonic() + seconds  # counted from the lost answer, however long the pass took
    state = trello.state()
    assert sorted(len(cards(state, key)) for key in TODAY) == [0, 1, 1], "threads race for who meets it"
    while time.monotonic() < lands + 0.5:
        one_pass(shop.app)
        time.sleep(seconds / 10)
    shop.heal()
    shop.check_today()
    assert [each["path"] for each in trello.writes()].count("/1/cards") == 3, "none was sent twice"
