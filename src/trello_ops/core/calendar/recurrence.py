"""Rhythm: which local days a cadence names. Nothing else in the program knows about it.

A cadence divides the days into periods, such as ISO weeks or quarters. Each period has its nominal days; the
dates of `once` and the days of a rule are periods of their own.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from trello_ops.core.cadence import LAST, NO_DAY, WORKING_DAY, Cadence, Exceptions, Frequency, NthDay, Span
from trello_ops.core.calendar import rule
from trello_ops.core.days_off import DaysOff

_DAY = dt.timedelta(days=1)

LONGEST_OFFSET = 31 * _DAY
"""How far, at most, a release or due may lie before or after the day that it counts from."""

# A daily cadence has weeks for periods too, so that its `on` holds weekdays like a weekly one's.
_WEEKS = {Frequency.DAILY: 1, Frequency.WEEKLY: 1, Frequency.BIWEEKLY: 2}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}

LONGEST_PERIOD = 366 * _DAY
"""How long a period of any frequency is at most."""

ONCE = str(Frequency.ONCE)
"""As a period: all of time, in which its task comes once."""

_EVERY_DAY_IS_WORKED = DaysOff()
_NONE = Exceptions()


class Recurrence(NamedTuple):
    """One time that a cadence comes round.

    `date` names the period and so the occurrence: the day, the ISO week's Monday, the Monday of the
    fortnight's counted week, or the first of month, quarter, half-year or year; the nominal day itself where
    the cadence names several days of one period; `NO_DAY` where the day is counted from a named date, so that
    it is the same occurrence when that is moved. `day` is the nominal day. `base` is the day from which the
    release counts. `missing`: its month lacks such a day, and `day` is the month's last.
    """

    date: dt.date
    day: dt.date
    base: dt.date
    missing: bool = False


def recurrences(
    cadence: Cadence, first: dt.date, last: dt.date, days_off: DaysOff = _EVERY_DAY_IS_WORKED
) -> Iterator[Recurrence]:
    """The recurrences whose nominal day lies in first … last, both included, in order, each once.

    A cadence's `start` is the first nominal day that counts, `until` the last; its exceptions do not.
    """
    first, last = max(first, cadence.start or first), min(last, cadence.until or last)
    excepted = cadence.exceptions if cadence.exceptions != _NONE else None
    for each in _recurrences(cadence, first, last, days_off):
        if first <= each.day <= last and not (excepted and excepted.cover(each.day)):
            yield each


def _recurrences(cadence: Cadence, first: dt.date, last: dt.date, days_off: DaysOff) -> Iterator[Recurrence]:
    if cadence.frequency is Frequency.ONCE:
        yield from (Recurrence(NO_DAY if cadence.counts_from else day, day, day) for day in cadence.dates)
    elif cadence.frequency is Frequency.RULE:
        yield from (Recurrence(day, day, day) for day in rule.days(cadence.rule, cadence.start, first, last))
    elif cadence.frequency in _WEEKS:
        yield from _by_week(cadence, first, last)
    else:
        yield from _by_month(cadence, first, last, days_off)


def _by_week(cadence: Cadence, first: dt.date, last: dt.date) -> Iterator[Recurrence]:
    begin, named_by_day = period_start(cadence, first), is_named_by_day(cadence)
    length = 7 * _WEEKS[cadence.frequency] * _DAY
    days = [(on - 1) * _DAY for on in cadence.on]
    while begin <= last:
        for after in days:
            day = begin + after
            yield Recurrence(day, day, day) if named_by_day else Recurrence(begin, day, begin)
        begin += length


def _by_month(cadence: Cadence, first: dt.date, last: dt.date, days_off: DaysOff) -> Iterator[Recurrence]:
    begin, named_by_day = period_start(cadence, first), is_named_by_day(cadence)
    while begin <= last:
        month = _months_later(begin, (cadence.month or _MONTHS[cadence.frequency]) - 1)
        for day, missing in _days_of_month(cadence, month, days_off):
            if named_by_day:
                yield Recurrence(day, day, day, missing)
            else:
                yield Recurrence(begin, day, month, missing)
        begin = _months_later(begin, _MONTHS[cadence.frequency])


def _days_of_month(cadence: Cadence, month: dt.date, days_off: DaysOff) -> list[tuple[dt.date, bool]]:
    """The nominal days of a month, by day; whether the month lacks it, and its last day stands for it."""
    length = calendar.monthrange(month.year, month.month)[1]
    # A month that is too short takes its last day: `dateutil.rrule` would skip it (decisions.md, Time).
    found = {month.replace(day=length if on == LAST else min(on, length)): False for on in cadence.on}
    for nth in cadence.nth:
        day = _nth(nth, month, length, days_off)
        found.setdefault(day or month.replace(day=length), day is None)
    # Once each: days 30 and `last` are one occurrence in a month of 30 days.
    return sorted(found.items())


def _nth(nth: NthDay, month: dt.date, length: int, days_off: DaysOff) -> dt.date | None:
    """Such a day of a month; `None` if there are not so many."""
    days = (month + n * _DAY for n in range(length))
    if nth.weekday == WORKING_DAY:
        these = [day for day in days if days_off.why(day) is None]
    else:
        these = [day for day in days if day.isoweekday() == nth.weekday]
    place = nth.nth - 1 if nth.nth > 0 else len(these) + nth.nth
    return these[place] if 0 <= place < len(these) else None


# ---- periods ----------------------------------------------------------------------------------------


def period_start(cadence: Cadence, day: dt.date) -> dt.date:
    """The first day of the period in which a day lies."""
    if weeks := _WEEKS.get(cadence.frequency):
        anchor = (cadence.anchor or dt.date.min).toordinal() - 1  # day 1 of the calendar was a Monday
        monday = anchor - anchor % 7
        return day - (day.toordinal() - 1 - monday) % (7 * weeks) * _DAY
    if months := _MONTHS.get(cadence.frequency):
        return day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return day


def period_end(cadence: Cadence, recurrence: Recurrence) -> dt.date:
    """The last day of a recurrence's period: its day, where that is a period of its own."""
    if is_named_by_day(cadence):
        return recurrence.day
    if weeks := _WEEKS.get(cadence.frequency):
        return recurrence.date + (7 * weeks - 1) * _DAY
    return _months_later(recurrence.date, _MONTHS[cadence.frequency]) - _DAY


def period_around(cadence: Cadence, nominal_day: dt.date) -> Span:
    """The days of the period that an occurrence with this nominal day stands for."""
    first = nominal_day if is_named_by_day(cadence) else period_start(cadence, nominal_day)
    return Span(first, period_end(cadence, Recurrence(first, nominal_day, first)))


def _months_later(first: dt.date, months: int) -> dt.date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def longest_period(cadence: Cadence) -> dt.timedelta:
    """The most that may lie between one nominal day and the next, but for exceptions, dates and rules."""
    if weeks := _WEEKS.get(cadence.frequency):
        return 7 * weeks * _DAY
    # The last Friday, say, comes up to six days later in its month than the time before.
    return (31 * _MONTHS.get(cadence.frequency, 12) + (7 if cadence.nth else 0)) * _DAY


def days_into_period(cadence: Cadence) -> tuple[dt.timedelta, dt.timedelta]:
    """How far after the day from which its release counts a nominal day lies: at least, and at most."""
    if is_named_by_day(cadence):
        return 0 * _DAY, 0 * _DAY
    if cadence.frequency in _WEEKS:
        return (cadence.on[0] - 1) * _DAY, (cadence.on[0] - 1) * _DAY
    if cadence.nth:
        return _reach_of(cadence.nth[0])
    (on,) = cadence.on
    # A month has 28 days at least, 31 at most, and what it lacks falls on its last.
    return (27 if on == LAST else min(on, 28) - 1) * _DAY, (30 if on == LAST else on - 1) * _DAY


def _reach_of(nth: NthDay) -> tuple[dt.timedelta, dt.timedelta]:
    """How far after the month's first such a day lies: at least, and at most."""
    if nth.weekday == WORKING_DAY:  # or the month's last day, where there are not so many
        return max(0, nth.nth - 1) * _DAY, 30 * _DAY
    # Counted from the first it lies within seven days; from the end, months also differ by three.
    if nth.nth > 0:
        return 7 * (nth.nth - 1) * _DAY, (7 * nth.nth - 1) * _DAY
    return (28 + 7 * nth.nth) * _DAY, (30 + 7 * (nth.nth + 1)) * _DAY


def period_of(cadence: Cadence) -> str:
    """What the date of an occurrence names: `day`, or the frequency whose period it begins.

    `once` where it names no day (`NO_DAY`).
    Occurrences of one date are the same duty only where this is the same. A fortnight's names which of two
    weeks it begins in as well.
    """
    if cadence.counts_from:
        return ONCE
    if is_named_by_day(cadence):
        return "day"
    if cadence.frequency is Frequency.BIWEEKLY:
        # Every other fortnight would begin on that Monday as well, and the rest one week later.
        odd = period_start(cadence, dt.date(1970, 1, 5)) != dt.date(1970, 1, 5)
        return f"{cadence.frequency}-{int(odd)}"
    return str(cadence.frequency)


def is_named_by_day(cadence: Cadence) -> bool:
    """Whether its nominal day names an occurrence: several of one period could not share its date."""
    own = {Frequency.DAILY, Frequency.ONCE, Frequency.RULE}
    return cadence.frequency in own or len(cadence.on) + len(cadence.nth) > 1
