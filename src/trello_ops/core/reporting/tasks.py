"""Tasks that stand out by what became of them lately: those that keep failing, and the rare ones."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Final

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Workspace
from trello_ops.core.reporting.history import LONGEST, Record, TaskName, not_on_time
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome

LOOKED_AT: Final = 5
"""How many of a task's judged occurrences tell whether it keeps failing."""

_FAILING: Final = 3
_RARE_LAST: Final = 4
_RARE: Final = frozenset(
    {Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.HALF_YEARLY, Frequency.YEARLY, Frequency.ONCE}
)


def chronic(found: Mapping[TaskName, Record]) -> Iterator[Notice]:
    """Tasks not on time at least three times of their last five, of which the newest is this week's."""
    for (board, task), record in found.items():
        last = record.last(LOOKED_AT)
        failed = not_on_time(last)
        if len(last) == LOOKED_AT and failed >= _FAILING:
            title = record.lines[-1].title
            yield Notice(Why.NOT_ON_TIME, board=board, task=task, title=title, count=failed, of=LOOKED_AT)


def rare(workspace: Workspace, found: Mapping[TaskName, Record]) -> Iterator[Notice]:
    """How rare tasks of this week fared: so often on time in a row, else not so often of the last four."""
    for (board, task), record in found.items():
        if not is_rare(workspace, board, task) or _comes_once(workspace, board, task):
            continue
        every = record.last(LONGEST)
        in_a_row = len(tuple(takewhile(lambda outcome: outcome == Outcome.ON_TIME, every)))
        last = every[:_RARE_LAST]
        why, count, of = Why.NOT_ON_TIME, not_on_time(last), len(last)
        if in_a_row:
            why, count, of = Why.IN_A_ROW, in_a_row, in_a_row
        title = record.lines[-1].title
        yield Notice(why, board=board, task=task, title=title, count=count, of=of)


def _comes_once(workspace: Workspace, board: str, task: str) -> bool:
    """Whether it is over with its only day, as a step of a project is: there is no row to tell of."""
    found = workspace.task_now(board, task)
    return found is not None and len(found[1].cadence.dates) == 1


def is_rare(workspace: Workspace, board: str, task: str) -> bool:
    """Whether a task comes round monthly or more rarely; one by a rule does where its board does."""
    found = workspace.task_now(board, task)
    if found is None:
        return False
    rhythm = found[1].cadence.frequency
    return (found[0].frequency if rhythm is Frequency.RULE else rhythm) in _RARE
