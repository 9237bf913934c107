"""A write that lands long after its answer was lost: one card all the same."""

import datetime as dt
import time

import pytest
from live_kit import TODAY, Shop, cards, one_pass

_REAL = 1.0
"""Real seconds after which the sandbox lands it."""


@pytest.mark.parametrize("seconds", [1, 30])
def test_a_write_that_lands_later_than_its_answer_was_lost(shop: Shop, seconds: int) -> None:
    """So many seconds later by the clock; passes go on meanwhile, with the default patience."""
    trello = shop.trello
    trello.forget_requests()
    trello.fault(method="POST", path="/1/cards$", skip=2, land_after=_REAL)
    one_pass(shop.app)
    lost, lost_at = time.monotonic(), shop.clock.now()  # or before, however long the pass took
    state = trello.state()
    assert sorted(len(cards(state, key)) for key in TODAY) == [0, 1, 1], "threads race for who meets it"
    while (passed := time.monotonic() - lost) < _REAL + 0.5:
        one_pass(shop.app)
        shop.clock.advance_to(lost_at + dt.timedelta(seconds=seconds * min(passed / _REAL, 1.5)))
        time.sleep(_REAL / 10)
    shop.heal()
    shop.check_today()
    assert [each["path"] for each in trello.writes()].count("/1/cards") == 3, "none was sent twice"
