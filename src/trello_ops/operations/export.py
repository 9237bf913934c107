"""export: the whole ledger, or what fell due between two days, a day at a time."""

import datetime as dt
from collections.abc import Iterator

from trello_ops.core.calendar.week import instant
from trello_ops.operations.context import Context
from trello_ops.operations.report_lines import ReportedEntry, ReportLines

_DAY = dt.timedelta(days=1)
_END = dt.datetime.max.replace(tzinfo=dt.UTC)


class Export:
    """What fell due from `first` to `last`, local days both included, by due, then key; iterable once.

    Each page holds what falls due on one day; the last one, everything after today. Each is read in a
    transaction of its own, so that a slow reader keeps no writer waiting. Since the ledger only grows, pages
    that were read at different times do not contradict each other.
    """

    def __init__(self, context: Context, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> None:
        self._context, self._first, self._last = context, first, last
        self._lines = ReportLines(context)
        self._windows = tuple(self._days())

    def __len__(self) -> int:
        """How many pages there are."""
        return len(self._windows)

    def __iter__(self) -> Iterator[tuple[ReportedEntry, ...]]:
        for start, end in self._windows:
            entries = self._context.store.due_between(start, end)
            wanted = (e for e in entries if self._first <= self._local(e.occurrence.due) <= self._last)
            yield tuple(self._lines.of(wanted))

    def _days(self) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The instants between which each page's dues lie."""
        begin, today = self._context.store.first_due(), self._local(self._context.clock.now())
        if begin is None:
            return
        day = max(self._first, self._local(begin))
        while day <= min(self._last, today):
            yield self._midnight(day), self._midnight(day + _DAY)
            day += _DAY
        if self._last > today:
            yield self._midnight(max(today + _DAY, self._local(begin))), _END

    def _local(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self._context.workspace.timezone).date()

    def _midnight(self, day: dt.date) -> dt.datetime:
        return instant(day, dt.time(0), self._context.workspace.timezone)
