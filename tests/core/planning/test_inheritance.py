"""Days that have a card already, under another key or of another rhythm."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import daily_task
from store_kit import occurrence

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Carried, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.planning.inheritance import carry, period_then

MONDAY, FRIDAY = dt.date(2026, 11, 16), dt.date(2026, 11, 20)
DAY = Carried(MONDAY, MONDAY, "day", own=False, name="tills/window")
WEEK = Carried(MONDAY, FRIDAY, "weekly", own=False, name="weekly/window")
WEEKLY = replace(daily_task("window").cadence, frequency=Frequency.WEEKLY, on=(5,))


def window(*carried: Carried) -> Task:
    return daily_task("window", cadence=WEEKLY, carried=carried)


def on_friday(board: str) -> Occurrence:
    return replace(occurrence(), key=OccurrenceKey(board, "window", MONDAY), day=FRIDAY)


def test_a_day_and_a_week_of_one_date_are_both_carried() -> None:
    moved = carry(("grand", "window"), window(DAY), window(), [on_friday("weekly")], FRIDAY)
    assert moved.carried == (DAY, WEEK)
    assert carry(("grand", "window"), moved, window(), [on_friday("weekly")], FRIDAY) == moved
    assert period_then(moved, on_friday("tills")) == "day"
    assert period_then(moved, on_friday("weekly")) == "weekly"


@pytest.mark.parametrize("name", ["", "weekly/window"])
def test_what_was_carried_keeps_the_rhythm_by_which_it_got_its_card(name: str) -> None:
    known = window(replace(WEEK, period="day", name=name))
    assert carry(("grand", "window"), known, window(), [on_friday("weekly")], FRIDAY) == known
