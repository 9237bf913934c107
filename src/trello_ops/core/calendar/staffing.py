"""Who is assigned to what a task plans: people by name, or those whose turn it is."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from trello_ops.core.calendar.absences import Assignment, named
from trello_ops.core.calendar.course import excused, timetable
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.core.calendar.rotation import LastTurn, turn_ends, turns
from trello_ops.core.calendar.timetable import Planned
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.people import Round

_DAY = dt.timedelta(days=1)


def assigned(
    workspace: Workspace, board: Board, task: Task, found: Sequence[Planned], *, last: LastTurn | None = None
) -> Iterator[Assignment]:
    """Who is assigned to each of what the task plans, in the same order."""
    if task.round and found:
        return iter(_in_turn(workspace, board, task, task.round, found, last=last))
    people = workspace.people_by_key
    theirs = (people[key] for key in task.assignees if key in people)
    if any(person.absences or person.working_days for person in theirs):
        return (named(task, people, each.day) for each in found)
    return repeat(Assignment(task.assignees), len(found))


def _in_turn(
    workspace: Workspace,
    board: Board,
    task: Task,
    order: Round,
    found: Sequence[Planned],
    *,
    last: LastTurn | None,
) -> Sequence[Assignment]:
    """Whose turn it is."""
    until = turn_ends(order.by, max(each.day for each in found))
    # Tasks of one timetable and round take the same turns, but for what concerns one of them alone.
    own = (board.key, task.key) if workspace.covering(board, task) else ()
    key = (own, task.cadence, board.working_days, board.closures, task.pauses, order)
    known = workspace.remembered.get(key)
    if not (isinstance(known, _Taken) and (known.until, known.last) == (until, last)):
        planned = _days(workspace, board, task, order, until, last=last)
        days = [each for each in planned if each.skip is None and not _is_settled(each, last)]
        taken = turns(order, workspace.people_by_key, (each.day for each in days), last)
        nominal = (each.nominal_day for each in days)
        known = workspace.remembered[key] = _Taken(until, last, dict(zip(nominal, taken, strict=True)))
    return [_on(workspace, order, each, known) for each in found]


def _is_settled(planned: Planned, last: LastTurn | None) -> bool:
    return last is not None and last.settles(planned.nominal_day, planned.release)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Whose turns there are after `last` and up to a day, by nominal day."""

    until: dt.date
    last: LastTurn | None
    by_day: Mapping[dt.date, Assignment]


def _on(workspace: Workspace, order: Round, planned: Planned, taken: _Taken) -> Assignment:
    known = taken.by_day.get(planned.nominal_day)
    if known or planned.skip:
        return known or Assignment()
    # The ledger has it, or may have it: whoever asks all the same gets somebody, and no turn is used up.
    return next(turns(order, workspace.people_by_key, (planned.day,), taken.last))


def _days(
    workspace: Workspace, board: Board, task: Task, order: Round, until: dt.date, *, last: LastTurn | None
) -> Iterator[Planned]:
    times, begin = timetable(workspace, board, task), order.since
    if last and last.released:
        # A card comes at most so late, counted from the nominal day.
        begin = last.released.date() - LONGEST_OFFSET - times.reach - _DAY
    elif last:
        begin = last.day + _DAY
    found = excused(workspace, board, task, times.nominal(begin, until + times.reach))
    return (each for each in found if each.day <= until)
