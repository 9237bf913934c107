"""Days that have a card already, under another key or of another rhythm."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from shop_kit import daily_task, workspace_of
from store_kit import occurrence

from trello_ops.core.cadence import Frequency, OnDayOff, Span
from trello_ops.core.declared import Carried, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.planning.inheritance import carry, names, period_then

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


@pytest.mark.parametrize(
    ("period", "days"),
    [("day", 95), ("weekly", 95), ("biweekly-1", 95), ("monthly", 95), ("quarterly", 156), ("yearly", 430)],
)
def test_a_day_counts_as_long_as_its_period_may_be_named_again(period: str, days: int) -> None:
    known = window(replace(WEEK, period=period))
    later = FRIDAY + dt.timedelta(days=days)
    assert carry(("grand", "window"), known, window(), [], later) == known
    assert carry(("grand", "window"), known, window(), [], later + dt.timedelta(days=1)) == window()


def test_a_day_that_holidays_moved_is_carried_as_the_rhythm_names_it() -> None:
    moved = replace(on_friday("weekly"), day=FRIDAY - dt.timedelta(days=2), nominal=FRIDAY)
    assert carry(("grand", "window"), window(), window(), [moved], FRIDAY).carried == (WEEK,)


@pytest.mark.parametrize(
    ("nominal", "days_off", "named"),
    [
        (None, {}, True),
        (FRIDAY, {}, True),
        (None, {"closures": (Span(FRIDAY, FRIDAY),)}, False),
        (None, {"working_days": (1, 2, 3)}, False),
        (None, {"closures": (Span(MONDAY, MONDAY),)}, True),
    ],
)
def test_a_task_names_what_the_calendar_does_not_excuse(
    nominal: dt.date | None, days_off: dict[str, Any], named: bool
) -> None:
    recorded = on_friday("weekly")
    if nominal:
        recorded = replace(recorded, day=MONDAY, nominal=nominal)
    task = window()
    task = replace(task, cadence=replace(task.cadence, on_day_off=OnDayOff.SKIP))
    workspace = workspace_of(task)
    (board,) = workspace.boards
    board = replace(board, **days_off)
    workspace = replace(workspace, boards=(board,))
    assert names(workspace, board, task, recorded, "weekly") is named
    other_days = replace(task, cadence=replace(task.cadence, on=(1, 2)))
    assert names(workspace, board, other_days, recorded, "weekly") is False


@pytest.mark.parametrize("name", ["", "weekly/window"])
def test_what_was_carried_keeps_the_rhythm_by_which_it_got_its_card(name: str) -> None:
    known = window(replace(WEEK, period="day", name=name))
    assert carry(("grand", "window"), known, window(), [on_friday("weekly")], FRIDAY) == known
