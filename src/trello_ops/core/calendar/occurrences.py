"""From tasks and windows of time to occurrences."""

import datetime as dt
from collections.abc import Iterable, Iterator

from trello_ops.core.cadence import DayTime
from trello_ops.core.calendar.recurrence import (
    LONGEST_OFFSET,
    LONGEST_PERIOD,
    Recurrence,
    days_into_period,
    longest_period,
    period_of,
    recurrences,
    sequence,
)
from trello_ops.core.calendar.week import before_gap, instant
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.people import Person

_DAY = dt.timedelta(days=1)

RELEASE_REACH = LONGEST_OFFSET + 2 * LONGEST_PERIOD + 2 * _DAY
"""How long before its date, at 0:00 UTC, an occurrence can have been released at most, whatever was declared.

The offset counts from the date of its recurrence. Where that was taken, the occurrence bears a date up to two
periods later (`_date`). A zone is up to 14 hours ahead, and its clocks may skip a whole day.
"""


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
        for recurrence in _still_owed(task, recurrences(cadence, first, last + farthest))
        if _moment(recurrence.day, cadence.due, task) > since and _release(recurrence, task) <= until
    )
    found = (_occurrence(workspace, board, task, recurrence) for recurrence in wanted)
    return tuple(sorted(found, key=lambda occurrence: occurrence.urgency))


def next_occurrence(workspace: Workspace, board: Board, task: Task, day: dt.date) -> Occurrence | None:
    """The first occurrence whose nominal day is `day` or later; after a start date, however far ahead."""
    begin = max(day, task.cadence.start or day)
    coming = recurrences(task.cadence, begin, begin + longest_period(task.cadence))
    recurrence = next(_still_owed(task, coming), None)
    return _occurrence(workspace, board, task, recurrence) if recurrence else None


def occurrence_named(
    workspace: Workspace, board: Board, task: Task, recorded: Occurrence, period: str
) -> Occurrence | None:
    """What the task makes now of a recorded occurrence, whose date named such a period then.

    `None` where it names that one no more.
    """
    around = longest_period(task.cadence) + LONGEST_OFFSET
    found = tuple(recurrences(task.cadence, recorded.day - around, recorded.day + around))
    of_period = (each for each in found if each.date == recorded.key.date)
    same = next(of_period, None) if period == period_of(task.cadence) else None
    same = same or next((each for each in found if each.day == recorded.day), None)
    return _occurrence(workspace, board, task, same) if same else None


def _still_owed(task: Task, recurrences: Iterable[Recurrence]) -> Iterator[Recurrence]:
    """Without those that an occurrence under another key, or of another rhythm, serves already."""
    period = period_of(task.cadence)
    dates = {each.date for each in task.carried if each.period == period and not each.own}
    days = {each.day for each in task.carried if each.period != period}
    return (each for each in recurrences if each.date not in dates and each.day not in days)


def _date(task: Task, recurrence: Recurrence) -> dt.date:
    """The recurrence's date; another, where an occurrence of another rhythm took that.

    It is then the recurrence's day; or, if that is what was taken, the day of the other, which needs none.
    """
    period = period_of(task.cadence)
    taken = {each.date: each.day for each in task.carried if each.period != period and each.own}
    if recurrence.date not in taken:
        return recurrence.date
    return taken.get(recurrence.day, recurrence.day)


def _occurrence(workspace: Workspace, board: Board, task: Task, recurrence: Recurrence) -> Occurrence:
    theme = workspace.theme(task.theme)
    cadence = task.cadence
    return Occurrence(
        key=OccurrenceKey(board.key, task.key, _date(task, recurrence)),
        board_title=board.title,
        title=task.title,
        theme=task.theme,
        theme_title=theme.title if theme else task.theme,
        assignees=task.assignees,
        day=recurrence.day,
        release=_release(recurrence, task),
        due=_moment(recurrence.day, cadence.due, task),
        sequence=sequence(cadence, recurrence),
        complete_when=task.complete_when,
        requires=task.requires,
        people=tuple(
            Person(person.key, person.username, person.name)  # what it was called before is not the card's
            for person in filter(None, map(workspace.person, task.assignees))
        ),
    )


def gave_way(task: Task, occurrence: Occurrence) -> dt.datetime | None:
    """The local time, skipped by the clocks, before which the card appears; `None` elsewhere."""
    local = occurrence.release.astimezone(task.cadence.timezone).replace(tzinfo=None)
    declared = dt.datetime.combine(local, task.cadence.release.time)
    earlier = (declared - local) % _DAY
    # Skipped times that move forward are later by no more than half a day, as no gap is longer.
    return local + earlier if dt.timedelta() < earlier < _DAY / 2 else None


def _release(recurrence: Recurrence, task: Task) -> dt.datetime:
    """When the card appears: always before its due.

    A skipped time moves forward by the gap, at or past a due right behind it; it then moves back instead.
    """
    declared = task.cadence.release
    release = _moment(recurrence.date, declared, task)
    if release < _moment(recurrence.day, task.cadence.due, task):
        return release
    return before_gap(recurrence.date + declared.offset_days * _DAY, declared.time, task.cadence.timezone)


def _moment(day: dt.date, time: DayTime, task: Task) -> dt.datetime:
    return instant(day + time.offset_days * _DAY, time.time, task.cadence.timezone)
