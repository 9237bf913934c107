"""From tasks and windows of time to occurrences."""

import datetime as dt

from trello_ops.core.calendar.recurrence import (
    Recurrence,
    days_into_period,
    longest_period,
    recurrences,
    sequence,
)
from trello_ops.core.calendar.week import instant
from trello_ops.core.declared import Board, DayTime, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey

_DAY = dt.timedelta(days=1)


def occurrences(
    workspace: Workspace, board: Board, task: Task, since: dt.datetime, until: dt.datetime
) -> tuple[Occurrence, ...]:
    """The occurrences of a task due after `since` and released by `until`, by due."""
    cadence = task.cadence
    # A day of margin at both ends: days are local to the cadence, instants are not.
    first = since.astimezone(cadence.timezone).date() - (cadence.due.offset_days + 1) * _DAY
    last = until.astimezone(cadence.timezone).date() - (cadence.release.offset_days - 1) * _DAY
    _, farthest = days_into_period(cadence)
    wanted = (
        recurrence
        for recurrence in recurrences(cadence, first, last + farthest)
        if _moment(recurrence.day, cadence.due, task) > since
        and _moment(recurrence.date, cadence.release, task) <= until
    )
    found = (_occurrence(workspace, board, task, recurrence) for recurrence in wanted)
    return tuple(sorted(found, key=lambda occurrence: occurrence.urgency))


def next_occurrence(workspace: Workspace, board: Board, task: Task, day: dt.date) -> Occurrence | None:
    """The first occurrence whose nominal day is `day` or later; after a start date, however far ahead."""
    begin = max(day, task.cadence.start or day)
    recurrence = next(recurrences(task.cadence, begin, begin + longest_period(task.cadence)), None)
    return _occurrence(workspace, board, task, recurrence) if recurrence else None


def occurrence_of(workspace: Workspace, board: Board, task: Task, date: dt.date) -> Occurrence | None:
    """The task's occurrence of this date; `None` where its cadence has none."""
    _, farthest = days_into_period(task.cadence)
    found = recurrences(task.cadence, date, date + farthest)
    recurrence = next((each for each in found if each.date == date), None)
    return _occurrence(workspace, board, task, recurrence) if recurrence else None


def _occurrence(workspace: Workspace, board: Board, task: Task, recurrence: Recurrence) -> Occurrence:
    theme = workspace.theme(task.theme)
    cadence = task.cadence
    return Occurrence(
        key=OccurrenceKey(board.key, task.key, recurrence.date),
        board_title=board.title,
        title=task.title,
        theme=task.theme,
        theme_title=theme.title if theme else task.theme,
        assignees=task.assignees,
        day=recurrence.day,
        release=_moment(recurrence.date, cadence.release, task),
        due=_moment(recurrence.day, cadence.due, task),
        sequence=sequence(cadence, recurrence),
        complete_when=task.complete_when,
        requires=task.requires,
    )


def _moment(day: dt.date, time: DayTime, task: Task) -> dt.datetime:
    return instant(day + time.offset_days * _DAY, time.time, task.cadence.timezone)
