"""From tasks and windows of time to occurrences, and which of them are still owed a card."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from trello_ops.core.cadence import Turn, days_into_period, longest_period, sequence, turns
from trello_ops.core.model import (
    Board,
    CatchUp,
    CatchUpMode,
    DayTime,
    Occurrence,
    OccurrenceKey,
    Task,
    Workspace,
)
from trello_ops.core.week import instant

_DAY = dt.timedelta(days=1)


def occurrences(
    workspace: Workspace, board: Board, task: Task, since: dt.datetime, until: dt.datetime
) -> tuple[Occurrence, ...]:
    """The occurrences of a task due after `since` and released by `until`, by due."""
    cadence = task.cadence
    first = since.astimezone(cadence.timezone).date() - (cadence.due.offset_days + 1) * _DAY
    last = until.astimezone(cadence.timezone).date() - (cadence.release.offset_days - 1) * _DAY
    _, farthest = days_into_period(cadence)
    wanted = (
        turn
        for turn in turns(cadence, first, last + farthest)
        if _moment(turn.day, cadence.due, task) > since and _moment(turn.date, cadence.release, task) <= until
    )
    return tuple(sorted((_occurrence(workspace, board, task, turn) for turn in wanted), key=_by_due))


def next_occurrence(workspace: Workspace, board: Board, task: Task, day: dt.date) -> Occurrence | None:
    """The first occurrence whose nominal day is `day` or later, however far a start date puts it off."""
    begin = max(day, task.cadence.start or day)
    turn = next(turns(task.cadence, begin, begin + longest_period(task.cadence)), None)
    return _occurrence(workspace, board, task, turn) if turn else None


class Owed(NamedTuple):
    """What catching up makes of the occurrences that nothing was recorded of yet."""

    issue: tuple[Occurrence, ...]
    skip: tuple[Occurrence, ...]


def catch_up(policy: CatchUp, owed: Iterable[Occurrence], newest: dt.date | None, now: dt.datetime) -> Owed:
    """Split a task's occurrences without card into those to issue and those to skip.

    One whose due lies ahead is always issued. Of those whose due has passed, `latest` issues the task's
    newest, unless one lies ahead; `all` issues the newest `cap`, `none` none. `newest` is the latest date
    of the task's occurrences that have been recorded already.
    """
    by_due = sorted(owed, key=_by_due)
    ahead = tuple(o for o in by_due if o.due > now)
    past = tuple(o for o in by_due if o.due <= now)
    outdated = bool(ahead) or (newest is not None and bool(past) and past[-1].key.date < newest)
    keep = {
        CatchUpMode.LATEST: 0 if outdated else 1,
        CatchUpMode.ALL: policy.cap,
        CatchUpMode.NONE: 0,
    }[policy.mode]
    split = max(0, len(past) - keep)
    return Owed(past[split:] + ahead, past[:split])


def _occurrence(workspace: Workspace, board: Board, task: Task, turn: Turn) -> Occurrence:
    theme = workspace.theme(task.theme)
    cadence = task.cadence
    return Occurrence(
        key=OccurrenceKey(board.key, task.key, turn.date),
        board_title=board.title,
        title=task.title,
        theme=task.theme,
        theme_title=theme.title if theme else task.theme,
        assignees=task.assignees,
        day=turn.day,
        release=_moment(turn.date, cadence.release, task),
        due=_moment(turn.day, cadence.due, task),
        sequence=sequence(cadence, turn),
        complete_when=task.complete_when,
        requires=task.requires,
    )


def _moment(day: dt.date, time: DayTime, task: Task) -> dt.datetime:
    return instant(day + time.offset_days * _DAY, time.time, task.cadence.timezone)


def _by_due(occurrence: Occurrence) -> tuple[dt.datetime, OccurrenceKey]:
    return occurrence.due, occurrence.key
