"""When a cadence's occurrences are released and due, days off considered. Tasks of one cadence share it."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from trello_ops.core.cadence import Cadence, DayTime, OnDayOff
from trello_ops.core.calendar.bounds import LAST_DATE
from trello_ops.core.calendar.recurrence import (
    Recurrence,
    days_into_period,
    is_named_by_day,
    longest_period,
    recurrences,
)
from trello_ops.core.calendar.week import before_gap, instant
from trello_ops.core.days_off import DaysOff, Skip, SkipKind

_DAY = dt.timedelta(days=1)
_STEP = {OnDayOff.PREVIOUS: -1, OnDayOff.NEXT: 1}
_LAST_RESORT = dt.timedelta(minutes=1)


class Planned(NamedTuple):
    """A recurrence as it is planned.

    `day` is the day after moving, and `moved` says why it is not the nominal one. `skip` says why nobody has
    to do it. `release` and `due` are UTC instants.
    """

    recurrence: Recurrence
    day: dt.date
    moved: Skip | None
    skip: Skip | None
    release: dt.datetime
    due: dt.datetime

    @property
    def nominal_day(self) -> dt.date:
        """The day that the rhythm names."""
        return self.recurrence.day


class Timetable:
    """What a cadence plans. It keeps what it found, by the month of the nominal day."""

    def __init__(self, cadence: Cadence, days_off: DaysOff) -> None:
        self.cadence, self.days_off = cadence, days_off
        self._months: dict[int, tuple[Planned, ...]] = {}
        self._years: dict[int, list[dt.date]] = {}
        moves = cadence.on_day_off in _STEP
        self._counts_from_day = is_named_by_day(cadence)
        # How far a day may move from the nominal one, at most.
        self.reach = days_off.longest_run if moves else 0 * _DAY
        # Counted in working days, a due lies at most so much later.
        self._due_reach = cadence.due.working_days * (days_off.longest_run + _DAY)

    # ---- windows

    def around(self, since: dt.datetime, until: dt.datetime) -> Iterator[Planned]:
        """All that may be due after `since` and released by `until`, moved or not, by nominal day."""
        cadence = self.cadence
        # A day of margin at both ends: days are local to the cadence, instants are not.
        margin = (cadence.due.offset_days + 1) * _DAY + self._due_reach + self.reach
        first = since.astimezone(cadence.timezone).date() - margin
        last = until.astimezone(cadence.timezone).date() - (cadence.release.offset_days - 1) * _DAY
        _, farthest = days_into_period(cadence)
        return self.nominal(first, last + farthest + self.reach)

    def near(self, first: dt.date, last: dt.date) -> Iterator[Planned]:
        """All that may have its day in first … last, both included, moved or not, by nominal day."""
        return self.nominal(first - self.reach, last + self.reach)

    def nominal(self, first: dt.date, last: dt.date) -> Iterator[Planned]:
        """What has its nominal day in first … last, both included, in order."""
        for month in range(12 * first.year + first.month - 1, 12 * last.year + last.month):
            found = self._months.get(month)
            if found is None:
                found = self._month(month)
            if found and first <= found[0].recurrence.day and found[-1].recurrence.day <= last:
                yield from found
            else:
                yield from (each for each in found if first <= each.recurrence.day <= last)

    def first_from(self, day: dt.date) -> Iterator[Planned]:
        """Everything from a nominal day on, however far ahead the first is."""
        begin = max(day, self.cadence.start or day)
        last = min(self.cadence.until or LAST_DATE, LAST_DATE)
        step = longest_period(self.cadence)
        while begin <= last:
            end = min(begin + step, last)
            yield from self.nominal(begin, end)
            # A rule may come round once in decades: twice as far each time finds that, and is soon there.
            begin, step = end + _DAY, 2 * step

    def _month(self, number: int) -> tuple[Planned, ...]:
        """What a month plans, counted from January of year 0."""
        first = dt.date(number // 12, number % 12 + 1, 1)
        last = (first + 31 * _DAY).replace(day=1) - _DAY
        # Months as a whole, so that windows share what they have in common, however they are cut.
        found = tuple(map(self._plan, recurrences(self.cadence, first, last, self.days_off)))
        self._months[number] = found
        return found

    # ---- one recurrence

    def _plan(self, recurrence: Recurrence) -> Planned:
        day_off = self.cadence.on_day_off
        why = None if day_off is OnDayOff.KEEP else self.days_off.why(recurrence.day)
        if recurrence.missing:
            # The month's last day only stands for the one that is missing, and is moved nowhere.
            skip = why if why and day_off is OnDayOff.SKIP else Skip(SkipKind.NO_DAY)
            return self.on(recurrence, recurrence.day, None, skip)
        if why is None:
            return self.on(recurrence, recurrence.day, None, None)
        step = _STEP.get(day_off)
        day = self.days_off.nearest(recurrence.day, step) if step else None
        if day is None:
            return self.on(recurrence, recurrence.day, None, why)
        return self.on(recurrence, day, why, None)

    def on(self, recurrence: Recurrence, day: dt.date, moved: Skip | None, skip: Skip | None) -> Planned:
        """The recurrence on a day."""
        due = self._due(day)
        release = self._release(recurrence, day, due)
        return Planned(recurrence, day, moved, skip, release, due)

    def _due(self, day: dt.date) -> dt.datetime:
        due = self.cadence.due
        if due.working_days:
            # Counted anew from the day it was moved to: two working days are two for everybody.
            return instant(
                self.days_off.later(day + due.offset_days * _DAY, due.working_days),
                due.time,
                self.cadence.timezone,
            )
        return self._moment(day, due)

    def _release(self, recurrence: Recurrence, day: dt.date, due: dt.datetime) -> dt.datetime:
        """When the card appears: always before its due.

        It moves with the day where it counts from that, or would else come too late. A skipped time moves
        forward by the gap, at or past a due right behind it; it then moves back instead.
        """
        declared, moved = self.cadence.release, recurrence.base + (day - recurrence.day)
        base = moved if self._counts_from_day else recurrence.base
        release = self._moment(base, declared)
        if release < due:
            return release
        release = self._moment(moved, declared)
        if release < due:
            return release
        back = before_gap(moved + declared.offset_days * _DAY, declared.time, self.cadence.timezone)
        return back if back < due else due - _LAST_RESORT

    def sequence(self, recurrence: Recurrence) -> int:
        """Which of the recurrences it is whose date falls in the same calendar year, from 1."""
        if self.cadence.counts_from:
            return 1
        year = recurrence.date.year
        if year not in self._years:
            # A week whose Friday is in January may have its Monday, which names it, in the December before.
            first, last = dt.date(year, 1, 1), dt.date(year + 1, 1, 14)
            found = recurrences(self.cadence, first, last, self.days_off)
            self._years[year] = [each.day for each in found if each.date.year == year]
        return bisect_right(self._years[year], recurrence.day)

    def _moment(self, day: dt.date, time: DayTime) -> dt.datetime:
        return instant(day + time.offset_days * _DAY, time.time, self.cadence.timezone)
