"""Days that are counted from a named date, and are over before their task could be given to anybody."""

import datetime as dt
from collections.abc import Iterator

from trello_ops.core.cadence import OnDayOff
from trello_ops.core.calendar.course import planned, timetable
from trello_ops.core.calendar.timetable import Planned, Timetable
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Board, Task, Workspace

_DAY = dt.timedelta(days=1)


def overdue(workspace: Workspace, board: Board, task: Task, now: dt.datetime) -> Planned | None:
    """What a task plans that counts from a named date, once it is past its due; `None` for all else."""
    if task.cadence.counts_from is None:
        return None
    (day,) = task.cadence.dates
    found = (each for each in planned(workspace, board, task, day, day) if each.skip is None)
    return next((each for each in found if each.due <= now), None)


def put_off(workspace: Workspace, board: Board, task: Task, now: dt.datetime) -> Planned | None:
    """The same, but released now and due as soon as it would have had its time, by the named date at latest.

    `None` also where the named date is over: by then nobody waits for it.
    """
    late = overdue(workspace, board, task, now)
    if late is None or task.cadence.counts_from is None:
        return None
    named, times, best = task.cadence.counts_from, timetable(workspace, board, task), late
    why = Skip(SkipKind.LATE_START, named.name)
    for day in _worked(times, now.astimezone(task.cadence.timezone).date(), named.date):
        best = times.on(late.recurrence, day, why, None)
        if best.due - now >= late.due - late.release:
            break
    return best._replace(release=now) if best.due > now else None


def _worked(times: Timetable, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days from `first` to `last`, both included, on which such a task may fall."""
    keeps = times.cadence.on_day_off is OnDayOff.KEEP
    for after in range((last - first).days + 1):
        day = first + after * _DAY
        if keeps or times.days_off.why(day) is None:
            yield day
