"""Who is assigned to what a task plans: people by name, or those whose turn it is."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from trello_ops.core.calendar.absences import Assignment, named
from trello_ops.core.calendar.course import excused, timetable
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.core.calendar.rotation import LastTurn, turns
from trello_ops.core.calendar.timetable import Planned
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.people import TurnBy

_DAY = dt.timedelta(days=1)


def assigned(
    workspace: Workspace, board: Board, task: Task, found: Sequence[Planned], *, last: LastTurn | None = None
) -> Iterator[Assignment]:
    """Who is assigned to each of what the task plans, in the same order."""
    if task.round and found:
        until = _end_of(task.round.by, max(each.day for each in found))
        whose = _turns(workspace, board, task, until, last=last)
        # What the last turn settles stands in the ledger; nobody takes it once more.
        return (whose.get(each.nominal_day, Assignment()) for each in found)
    people = workspace.people_by_key
    theirs = (people[key] for key in task.assignees if key in people)
    if any(person.absences or person.working_days for person in theirs):
        return (named(task, people, each.day) for each in found)
    return repeat(Assignment(task.assignees), len(found))


def _turns(
    workspace: Workspace, board: Board, task: Task, until: dt.date, *, last: LastTurn | None
) -> Mapping[dt.date, Assignment]:
    """Whose turn it is, by nominal day, from after the last turn to a day."""
    # Tasks of one timetable and round take the same turns, but for what concerns one of them alone.
    own = (board.key, task.key) if workspace.covering(f"{board.key}/{task.key}") else ()
    key = (own, task.cadence, board.working_days, board.closures, task.pauses, task.round, until, last)
    known = workspace.remembered.get(key)
    if isinstance(known, dict):
        return known
    found = _days(workspace, board, task, until, last=last)
    days = [e for e in found if e.skip is None and not (last and last.settles(e.nominal_day, e.release))]
    taken = (
        turns(task.round, workspace.people_by_key, (each.day for each in days), last) if task.round else ()
    )
    whose = dict(zip((each.nominal_day for each in days), taken, strict=True))
    workspace.remembered[key] = whose
    return whose


def _days(
    workspace: Workspace, board: Board, task: Task, until: dt.date, *, last: LastTurn | None
) -> Iterator[Planned]:
    times, begin = timetable(workspace, board, task), task.round.since if task.round else until
    if last and last.released:
        # A card comes at most so late, counted from the nominal day.
        begin = last.released.date() - LONGEST_OFFSET - times.reach - _DAY
    elif last:
        begin = last.day + _DAY
    found = excused(workspace, board, task, times.nominal(begin, until + times.reach))
    return (each for each in found if each.day <= until)


def _end_of(by: TurnBy, day: dt.date) -> dt.date:
    """The last day of what is held at once."""
    match by:
        case TurnBy.OCCURRENCE:
            return day
        case TurnBy.WEEK:
            return day + (7 - day.isoweekday()) * _DAY
        case TurnBy.MONTH:
            return (day.replace(day=1) + 31 * _DAY).replace(day=1) - _DAY
