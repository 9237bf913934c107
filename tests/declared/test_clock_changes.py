"""Releases that changes of the clocks move, where days off are declared."""

import datetime as dt
from dataclasses import replace

from calendar_kit import PARIS, board, task, workspace

from trello_ops.core.cadence import DayTime, OnDayOff, Span
from trello_ops.declared.clock_changes import _moved

SUNDAY = dt.date(2027, 3, 28)


def test_a_day_off_has_no_release_that_could_move() -> None:
    release, due = DayTime(dt.time(2, 30)), DayTime(dt.time(3, 10))
    one = task("daily", tuple(range(1, 8)), release=release, due=due, zone=PARIS)
    one = replace(one, cadence=replace(one.cadence, on_day_off=OnDayOff.SKIP))
    days = list(_moved(workspace(one), board(one), one, dt.date(2026, 12, 1)))
    assert [found.day for found, _ in days] == [SUNDAY]
    closed = replace(board(one), closures=(Span(SUNDAY, SUNDAY),))
    assert list(_moved(workspace(one), closed, one, dt.date(2026, 12, 1))) == []
