"""Rhythm: which local days a cadence names. Nothing else in the program knows about it.

A new frequency, say `biweekly`, needs

- its word: `Frequency` in `core/declared.py`, and `cadence` of a board file in `declared/schema.py`, with its
  default days and what is said of days that do not suit it in `declared/build.py`;
- its periods: one line of `_RHYTHMS` below, `_Rhythm(partial(_monday, 2), _weekday, 14, 14)`.

All else here, and whatever reckons with recurrences, follows from that line.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from trello_ops.core.cadence import LAST, Cadence, Frequency

_DAY = dt.timedelta(days=1)

LONGEST_OFFSET = 31 * _DAY
"""How far, at most, a release or due may lie before or after the day that it counts from."""


class Recurrence(NamedTuple):
    """One time that a cadence comes round.

    `date` names the period and so the occurrence: the day, the ISO week's Monday or the month's first; the
    nominal day itself where the cadence names several days of one period. `day` is the nominal day.
    """

    date: dt.date
    day: dt.date


# ---- the frequencies --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """A frequency as periods that follow each other without a gap, of `shortest` to `longest` days.

    `begin` gives the first day of the period in which a day lies; `offset` tells which day of a period, from
    0, a number of `Cadence.on` means in one of so many days. `named_by_day`: an occurrence has the date of
    its nominal day, not that of its period.
    """

    begin: Callable[[dt.date], dt.date]
    offset: Callable[[int, int], int]
    shortest: int
    longest: int
    named_by_day: bool = False


def _monday(weeks: int, day: dt.date) -> dt.date:
    """The Monday that begins a period of so many weeks; which weeks belong together is fixed for ever."""
    return day - (day.toordinal() - 1) % (7 * weeks) * _DAY  # day 1 of the calendar was a Monday


def _weekday(on: int, _length: int) -> int:
    return on - 1


# A daily cadence has weeks for periods too, so that its `on` holds weekdays like a weekly one's.
_RHYTHMS = {
    Frequency.DAILY: _Rhythm(partial(_monday, 1), _weekday, 7, 7, named_by_day=True),
    Frequency.WEEKLY: _Rhythm(partial(_monday, 1), _weekday, 7, 7),
    Frequency.MONTHLY: _Rhythm(
        lambda day: day.replace(day=1),
        # A month that is too short takes its last day: `dateutil.rrule` would skip it (decisions.md, Time).
        lambda on, length: (length if on == LAST else min(on, length)) - 1,
        28,
        31,
    ),
}


LONGEST_PERIOD = max(rhythm.longest for rhythm in _RHYTHMS.values()) * _DAY
"""How long a period of any frequency is at most."""


# ---- what follows from them -------------------------------------------------------------------------


def recurrences(cadence: Cadence, first: dt.date, last: dt.date) -> Iterator[Recurrence]:
    """The recurrences whose nominal day lies in first … last, both included, in order, each once.

    A cadence's start date is the first nominal day that counts.
    """
    rhythm = _RHYTHMS[cadence.frequency]
    first = max(first, cadence.start or first)
    period = rhythm.begin(first)
    while period <= last:
        following = rhythm.begin(period + rhythm.longest * _DAY)
        length = (following - period).days
        # A set: days 30 and `last` are one occurrence in a month of 30 days.
        for day in sorted({period + rhythm.offset(on, length) * _DAY for on in cadence.on}):
            if first <= day <= last:
                yield Recurrence(day if _is_named_by_day(cadence) else period, day)
        period = following


def longest_period(cadence: Cadence) -> dt.timedelta:
    """The most that may lie between one nominal day and the next."""
    return _RHYTHMS[cadence.frequency].longest * _DAY


def days_into_period(cadence: Cadence) -> tuple[dt.timedelta, dt.timedelta]:
    """How far after the date of its occurrence a nominal day lies: at least, and at most."""
    if _is_named_by_day(cadence):
        return 0 * _DAY, 0 * _DAY
    rhythm, (on,) = _RHYTHMS[cadence.frequency], cadence.on
    return rhythm.offset(on, rhythm.shortest) * _DAY, rhythm.offset(on, rhythm.longest) * _DAY


def period_of(cadence: Cadence) -> str:
    """What the date of an occurrence names: `day`, or the frequency whose period it begins.

    Occurrences of one date are the same duty only where this is the same.
    """
    return "day" if _is_named_by_day(cadence) else str(cadence.frequency)


def _is_named_by_day(cadence: Cadence) -> bool:
    """Several nominal days of one period could not share its date."""
    return _RHYTHMS[cadence.frequency].named_by_day or len(cadence.on) > 1


@lru_cache(maxsize=10_000)
def sequence(cadence: Cadence, recurrence: Recurrence) -> int:
    """The 1-based index of a recurrence among those whose date falls in the same calendar year.

    Cached: every pass asks for the same recurrences again, and counting goes through up to a year of days.
    """
    year = recurrence.date.year
    # A week whose Friday is in January may have its Monday, which names it, in the December before.
    before = recurrences(cadence, dt.date(year, 1, 1), recurrence.day)
    return sum(1 for earlier in before if earlier.date.year == year)
