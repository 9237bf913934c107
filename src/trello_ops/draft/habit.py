"""Which rhythm a card has that came again and again, by a program or by hand: from its days alone."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from trello_ops.core.cadence import Frequency
from trello_ops.declared.rhythm_names import ORDINALS
from trello_ops.draft.guess import weekday
from trello_ops.draft.model import Rhythm

FEWEST = 3
"""Days that show a habit: two may be chance."""

_MOST_OFTEN = 0.75
"""The share of days that must agree; the others came late, or by hand."""

_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


def of_days(days: Sequence[dt.date]) -> Rhythm | None:
    """The rhythm of some days; `None` where they show none."""
    seen = sorted(set(days))
    if len(seen) < FEWEST:
        return None
    gap = median((later - day).days for day, later in pairwise(seen))
    if gap < 7:
        return _within_weeks(seen)
    by_week = {7: Frequency.WEEKLY, 14: Frequency.BIWEEKLY}.get(round(gap))
    if by_week:
        day = most_often(seen, lambda each: weekday(each.isoweekday()))
        anchor = str(seen[-1]) if by_week is Frequency.BIWEEKLY else ""
        return Rhythm(by_week, (day,), anchor=anchor) if day else None
    cadence = next((each for each, n in _MONTHS.items() if 28 * n <= gap <= 31 * n + 1), None)
    return _of_months(cadence, seen) if cadence else None


def most_often(days: Sequence[dt.date], told: Callable[[dt.date], str]) -> str:
    """What most of the days have in common; empty where they have not."""
    said, count = Counter(map(told, days)).most_common(1)[0]
    return said if count >= _MOST_OFTEN * len(days) else ""


def _within_weeks(seen: Sequence[dt.date]) -> Rhythm | None:
    """Several days a week: those that came more than once in a while."""
    weeks = len({day.isocalendar()[:2] for day in seen})
    counted = Counter(day.isoweekday() for day in seen)
    usual = sorted(day for day, count in counted.items() if count > weeks / 3)
    if sum(counted[day] for day in usual) < _MOST_OFTEN * len(seen):
        return None
    return Rhythm(Frequency.DAILY if len(usual) > 3 else Frequency.WEEKLY, tuple(map(weekday, usual)))


def _of_months(cadence: Frequency, seen: Sequence[dt.date]) -> Rhythm | None:
    told = (lambda day: str(day.day), _last, _nth)
    on = next((found for each in told if (found := most_often(seen, each))), "")
    months = _MONTHS[cadence]
    month = most_often(seen, lambda day: str((day.month - 1) % months + 1))
    if not on or not month:
        return None
    return Rhythm(cadence, (on,), month=month if months > 1 else "")


def _last(day: dt.date) -> str:
    last = day.day == calendar.monthrange(day.year, day.month)[1]
    return "last" if last else f"not {day}"


def _nth(day: dt.date) -> str:
    """Which weekday of its month a day is; the fifth is none that board files know."""
    place = (day.day - 1) // 7 + 1
    return f"{ORDINALS[place][0]} {weekday(day.isoweekday())}" if place < 5 else f"not {day}"
