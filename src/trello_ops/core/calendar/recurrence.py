"""Rhythm: which local days a cadence names. Nothing else in the program knows about it."""

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from trello_ops.core.declared import LAST, Cadence, Frequency

_DAY = dt.timedelta(days=1)
LONGEST_PERIOD = dt.timedelta(days=31)

FARTHEST = {Frequency.DAILY: 0 * _DAY, Frequency.WEEKLY: 6 * _DAY, Frequency.MONTHLY: 30 * _DAY}
"""No nominal day lies further than this from the date of its occurrence."""


class Recurrence(NamedTuple):
    """One time that a cadence comes round.

    `date` names the period and so the occurrence: the day, the ISO week's Monday or the month's first; the
    nominal day itself where the cadence names several days of one period. `day` is the nominal day.
    """

    date: dt.date
    day: dt.date


def recurrences(cadence: Cadence, first: dt.date, last: dt.date) -> Iterator[Recurrence]:
    """The recurrences whose nominal day lies in first … last, both included, in order, each once.

    A cadence's start date is the first nominal day that counts.
    """
    begin = max(first, cadence.start) if cadence.start else first
    for day in _nominal_days(cadence, begin, last):
        yield Recurrence(_date_of(cadence, day), day)


@lru_cache(maxsize=10_000)
def sequence(cadence: Cadence, recurrence: Recurrence) -> int:
    """The 1-based index of a recurrence among those whose date falls in the same calendar year.

    Cached: every pass asks for the same recurrences again, and counting goes through up to a year of days.
    """
    year = recurrence.date.year
    before = recurrences(cadence, dt.date(year, 1, 1), recurrence.day)
    return sum(1 for earlier in before if earlier.date.year == year)


def _nominal_days(cadence: Cadence, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    if cadence.frequency is Frequency.MONTHLY:
        return _days_of_months(cadence.on, first, last)
    numbers = range(first.toordinal(), last.toordinal() + 1)  # day 1 was a Monday
    return (dt.date.fromordinal(n) for n in numbers if (n - 1) % 7 + 1 in cadence.on)


def _days_of_months(on: tuple[int, ...], first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        named = {month.replace(day=length if day == LAST else min(day, length)) for day in on}
        yield from (day for day in sorted(named) if first <= day <= last)
        month += length * _DAY


def _date_of(cadence: Cadence, day: dt.date) -> dt.date:
    if len(cadence.on) > 1 or cadence.frequency is Frequency.DAILY:
        return day
    if cadence.frequency is Frequency.WEEKLY:
        return day - (day.isoweekday() - 1) * _DAY
    return day.replace(day=1)
