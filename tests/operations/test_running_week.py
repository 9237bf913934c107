"""The running week's account: a total that stays the same all week, whatever has been released of it."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import MONDAY, PARIS, Shop, daily_task

from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.report import Outcome
from trello_ops.operations.report import account, running_week

WEEK = IsoWeek.parse("2026-W48")
DAYS = [f"2026-11-{day}" for day in range(23, 30)]
BEGIN = MONDAY + dt.timedelta(days=7)
"""Of the week after the shop was set up."""


def shop_at(moment: dt.datetime) -> Shop:
    shop = Shop(daily_task("parcels"), daily_task("news", due="09:00"))
    shop.apply()
    while shop.clock.now() < moment:
        shop.issue()
        shop.observe()
        shop.report()
        shop.advance(hours=6)
    return shop


@pytest.mark.parametrize("day", range(7))
def test_what_lies_ahead_counts_as_open_on_every_day(day: int) -> None:
    report = account(shop_at(BEGIN + dt.timedelta(days=day)).context(), WEEK)
    assert report.totals.scheduled == 14
    assert sorted(line.key for line in report.occurrences) == sorted(
        f"daily/{task}/{date}" for task in ("parcels", "news") for date in DAYS
    )
    ahead = [line for line in report.occurrences if line.due_at > BEGIN + dt.timedelta(days=day, hours=16)]
    assert {line.outcome for line in ahead} <= {Outcome.OPEN}
    assert [g.totals.scheduled for g in report.boards] == [14]


def test_a_week_to_come_is_open_and_the_frozen_one_is_as_it_was_frozen() -> None:
    shop = shop_at(BEGIN + dt.timedelta(days=8))
    assert account(shop.context(), WEEK).frozen_at is not None
    assert account(shop.context(), WEEK).totals.scheduled == 14
    to_come = account(shop.context(), WEEK.next().next())
    assert (to_come.totals.scheduled, to_come.totals.open) == (14, 14)


def test_what_was_released_and_is_not_recorded_yet_counts_along() -> None:
    shop = shop_at(BEGIN)
    shop.advance(days=2)  # and nobody was there
    assert account(shop.context(), WEEK).totals.scheduled == 14
    shop.issue()
    assert account(shop.context(), WEEK).totals.scheduled == 14


def test_a_board_that_is_not_on_trello_yet_owes_nothing() -> None:
    shop = Shop(daily_task("parcels"))
    assert account(shop.context(), WEEK).totals.scheduled == 0
    shop.apply()
    assert account(shop.context(), WEEK).totals.scheduled == 7


def test_lines_come_by_due() -> None:
    dues = [line.due_at for line in account(shop_at(BEGIN).context(), WEEK).occurrences]
    assert dues == sorted(dues)


def test_the_week_that_runs_never_runs_backwards() -> None:
    """Though the first thing recorded falls due next week, there is still something to do in this one."""
    early = Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(18)), PARIS, release=DayTime(dt.time(0), -7))
    shop = Shop(replace(daily_task("rota"), cadence=early), daily_task("parcels"))
    shop.advance(days=4, hours=11)
    shop.apply()
    weeks = []
    for _ in range(12):
        shop.issue()
        weeks.append(running_week(shop.context()))
        shop.advance(hours=6)
    assert weeks == sorted(weeks)
    assert weeks[0] == IsoWeek.parse("2026-W47")
