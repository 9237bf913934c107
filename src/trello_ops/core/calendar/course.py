"""What a task plans: its timetable, with the pauses, covers and absences that concern it alone."""

import datetime as dt
from collections.abc import Iterable, Iterator

from trello_ops.core.cadence import NO_DAY
from trello_ops.core.calendar.absences import is_excused
from trello_ops.core.calendar.recurrence import period_end
from trello_ops.core.calendar.timetable import Planned, Timetable
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Board, Task, Workspace


def timetable(workspace: Workspace, board: Board, task: Task) -> Timetable:
    """The timetable of a task, which all tasks of its cadence share."""
    # Whatever a timetable is made from, and no more: a shop has few, however many its tasks.
    key = (task.cadence, board.working_days, board.closures)
    known = workspace.remembered.get(key)
    if not isinstance(known, Timetable):
        known = workspace.remembered[key] = Timetable(task.cadence, workspace.days_off(board))
    return known


def planned(
    workspace: Workspace, board: Board, task: Task, first: dt.date, last: dt.date
) -> tuple[Planned, ...]:
    """What a task plans whose nominal day lies in first … last, both included, in order."""
    times = timetable(workspace, board, task)
    return tuple(excused(workspace, board, task, times.nominal(first, last)))


def between(
    workspace: Workspace, board: Board, task: Task, since: dt.datetime, until: dt.datetime
) -> Iterator[Planned]:
    """What a task plans that is due after `since` and released by `until`, by nominal day."""
    # What is excused keeps its nominal day, and only then shows whether it is one of these.
    found = excused(workspace, board, task, timetable(workspace, board, task).around(since, until))
    return (each for each in found if each.due > since and each.release <= until)


def on_days(
    workspace: Workspace, board: Board, task: Task, first: dt.date, last: dt.date
) -> Iterator[Planned]:
    """What a task plans that has its day (after moving) in first … last, both included, by nominal day."""
    found = excused(workspace, board, task, timetable(workspace, board, task).near(first, last))
    return (each for each in found if first <= each.day <= last)


def excused(workspace: Workspace, board: Board, task: Task, found: Iterable[Planned]) -> Iterator[Planned]:
    """What a timetable plans, with what this task's pauses and other tasks' covers excuse.

    What they excuse keeps its nominal day.
    """
    covering = workspace.covering(board, task)
    if not task.pauses and not covering:
        yield from found
        return
    times = timetable(workspace, board, task)
    for each in found:
        pause = next((span for span in task.pauses if span.covers(each.nominal_day)), None)
        if pause:
            skip: Skip | None = Skip(SkipKind.PAUSE, pause.reason)
        else:
            skip = each.skip or _covered(workspace, covering, times, each)
        yield each if skip == each.skip else times.on(each.recurrence, each.nominal_day, None, skip)


def _covered(
    workspace: Workspace, covering: Iterable[tuple[Board, Task]], times: Timetable, each: Planned
) -> Skip | None:
    """That a task which contains this one has an occurrence in the same period, if it is not excused."""
    recurrence = each.recurrence
    last = period_end(times.cadence, recurrence)
    first = last if recurrence.date == NO_DAY else recurrence.date
    for board, task in covering:
        found = planned(workspace, board, task, first, last)
        done = (other for other in found if other.skip is None)
        if any(not is_excused(task, workspace.people_by_key, other.day) for other in done):
            return Skip(SkipKind.COVERED, task.title)
    return None
