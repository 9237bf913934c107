"""What becomes of tasks that count from named dates, told before it happens."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from trello_ops.core.cadence import NO_DAY
from trello_ops.core.calendar.belated import overdue
from trello_ops.core.calendar.occurrences import belated
from trello_ops.core.calendar.recurrence import ONCE
from trello_ops.core.declared import Task, Workspace
from trello_ops.core.ledger import OccurrenceKey


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A named date of a board that is another now; `tasks` follow it, by the `board/task` that they had."""

    board: str
    name: str
    before: dt.date
    after: dt.date
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateStart:
    """Tasks (keys) of a board whose counted day is over, and which never had a card.

    `until` is the last day of the cards that come at once; `None` where none comes, as the date is over too.
    """

    board: str
    name: str
    tasks: tuple[str, ...]
    until: dt.date | None


def follows(old: Task, new: Task) -> bool:
    """Whether the named date was moved, and nothing else of a task's days and times was edited."""
    before, after = old.cadence.counts_from, new.cadence.counts_from
    if before is None or after is None or before.name != after.name or before == after:
        return False
    dates = tuple(day + (after.date - before.date) for day in old.cadence.dates)
    moved = replace(old.cadence, dates=dates, counts_from=after, catch_up=new.cadence.catch_up)
    return moved == new.cadence


def moved_dates(
    old: Workspace, new: Workspace, came_from: Mapping[tuple[str, str], tuple[str, str]]
) -> Iterator[MovedDate]:
    """The named dates that were moved, of each board, with what follows them."""
    before = {(board.key, task.key): task for board, task in old.tasks}
    found = defaultdict[tuple[str, str, dt.date, dt.date], list[str]](list)
    for board, task in new.tasks:
        old_id = came_from.get((board.key, task.key))
        was = before.get(old_id) if old_id else None
        if old_id and was and follows(was, task) and was.cadence.counts_from and task.cadence.counts_from:
            dates = was.cadence.counts_from.date, task.cadence.counts_from.date
            found[board.key, task.cadence.counts_from.name, *dates].append("/".join(old_id))
    return (MovedDate(*date, tuple(tasks)) for date, tasks in found.items())


def late_starts(
    workspace: Workspace, recorded: Collection[OccurrenceKey], now: dt.datetime
) -> Iterator[LateStart]:
    """What has no card and whose counted day is over, by board and date; `recorded` are known occurrences."""
    found = defaultdict[tuple[str, str, bool], dict[str, dt.date | None]](dict)
    for board, task in workspace.tasks:
        named = task.cadence.counts_from
        is_known = OccurrenceKey(board.key, task.key, NO_DAY) in recorded
        is_known |= any(each.period == ONCE for each in task.carried)
        if named and not is_known and overdue(workspace, board, task, now):
            comes = belated(workspace, board, task, now)
            found[board.key, named.name, bool(comes)][task.key] = comes[0].day if comes else None
    for (key, name, _), tasks in found.items():
        yield LateStart(key, name, tuple(tasks), max(filter(None, tasks.values()), default=None))
