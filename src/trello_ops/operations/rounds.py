"""Rounds of people go on after whom the ledger last has, whatever was edited since."""

from collections.abc import Iterator, Sequence

from trello_ops.core.calendar.occurrences import given_out
from trello_ops.core.calendar.rotation import LastTurn, is_in, last_turn
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.ports import Store

_FEW, _MANY = 40, 500
"""How many of a task's newest occurrences are looked through: almost always one of a few has a turn. The few
are no fewer than can be released ahead of their days."""


def with_turns(
    store: Store, workspace: Workspace, board: Board, task: Task, found: Sequence[Occurrence]
) -> Sequence[Occurrence]:
    """Occurrences of a task, each with whose turn it is; as they are where the task has no round."""
    if task.round is None or not found:
        return found
    last = last_recorded(store, workspace, board, task)
    last = last.owing(each.release for each in found) if last else None
    return given_out(workspace, board, task, found, last=last)


def last_recorded(store: Store, workspace: Workspace, board: Board, task: Task) -> LastTurn | None:
    """Whom the ledger last has for a task, also under the keys that it had before; `None` without a round."""
    if task.round is None:
        return None
    people, found = workspace.people_by_key, None
    for most in (_FEW, _MANY):
        found = last_turn(task.round, people, _newest(store, workspace, board, task, most))
        if found and is_in(task.round, people, found.person):
            break
    return found


def _newest(store: Store, workspace: Workspace, board: Board, task: Task, most: int) -> Iterator[Occurrence]:
    """The newest of a task's occurrences, at most so many under each of its keys."""
    for name in (f"{board.key}/{task.key}", *task.was):
        of_board, of_task = name.split("/")
        for entry in store.latest(of_board, of_task, most):
            # Another task may have had the key before, as where two changed places.
            found = workspace.task_of(of_board, of_task, entry.occurrence.key.date)
            if found and (found[0].key, found[1].key) == (board.key, task.key):
                yield entry.occurrence
