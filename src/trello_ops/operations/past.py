"""What became of tasks before a week, as the reports of those weeks were frozen."""

from collections.abc import Iterable, Iterator, Mapping

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.history import LONGEST, Past, TaskName, task_now
from trello_ops.core.reporting.outcome import JUDGED, Outcome
from trello_ops.core.reporting.tasks import LOOKED_AT, is_rare
from trello_ops.operations.context import Context

_FEW, _MANY = 20, 20 + LONGEST
"""How many of a task's newest entries are looked through: almost always the few are enough."""


def past(context: Context, week: IsoWeek, entries: Iterable[LedgerEntry]) -> Past:
    """What became of the tasks of these entries before a week, newest first.

    Of each as much as tells whether it keeps failing, and of rare ones as much as is told of them.
    """
    names = dict.fromkeys(task_now(context.workspace, each.occurrence.key) for each in entries)
    frozen = _Frozen(context)
    return {name: _before(context, frozen, week, name) for name in names}


class _Frozen:
    """The outcomes that frozen reports have, by occurrence key; each report is read once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._weeks: dict[IsoWeek, Mapping[str, Outcome | str]] = {}

    def outcome(self, entry: LedgerEntry, before: IsoWeek) -> Outcome | str | None:
        """What became of an entry; `None` where no report that was frozen of an earlier week tells it."""
        week = IsoWeek.at(entry.occurrence.due, self._context.workspace.timezone)
        if week >= before:
            return None
        if week not in self._weeks:
            report = self._context.store.frozen(week)
            self._weeks[week] = {line.key: line.outcome for line in report.occurrences} if report else {}
        return self._weeks[week].get(str(entry.occurrence.key))


def _before(context: Context, frozen: _Frozen, week: IsoWeek, name: TaskName) -> tuple[Outcome | str, ...]:
    enough = LONGEST if is_rare(context.workspace, *name) else LOOKED_AT
    found: list[Outcome | str] = []
    for most in (_FEW, _MANY):
        found, newest = [], _newest(context, name, most)
        for entry in newest:
            outcome = frozen.outcome(entry, week)
            if outcome is not None and outcome in JUDGED:
                found.append(outcome)
            if len(found) == enough:
                return tuple(found)
        if len(newest) < most:
            break
    return tuple(found)


def _newest(context: Context, name: TaskName, most: int) -> list[LedgerEntry]:
    """At most so many entries of a task under each of its keys, the latest due first."""
    found = [
        entry
        for board, task in _names(context, name)
        for entry in context.store.latest(board, task, most)
        # Another task may have had the key before, as where two changed places.
        if task_now(context.workspace, entry.occurrence.key) == name
    ]
    return sorted(found, key=lambda entry: (entry.occurrence.due, str(entry.occurrence.key)), reverse=True)


def _names(context: Context, name: TaskName) -> Iterator[TaskName]:
    """The keys of board and task that a task has, and those that it had."""
    yield name
    declared = context.workspace.task_now(*name)
    for former in declared[1].was if declared else ():
        board, task = former.split("/")
        yield board, task
