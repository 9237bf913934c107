"""What comes otherwise once other files are in force: occurrences that are added, that go, that move."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence

TaskId = tuple[str, str]
"""The keys of board and task."""


@dataclass(frozen=True, slots=True)
class ComingChanges:
    """Occurrences that somebody has to do: new ones, those that go, and those with another day, due or board.

    Each in order of due; of what moves there is the occurrence before and after.
    """

    added: tuple[Occurrence, ...]
    gone: tuple[Occurrence, ...]
    moved: tuple[tuple[Occurrence, Occurrence], ...]


def coming_changes(
    old: Workspace, new: Workspace, came_from: Mapping[TaskId, TaskId], days: Span
) -> ComingChanges:
    """What changes on some days. `came_from` names the old task that each new one goes on from, if any."""
    before = {(one.key.board, one.key.task, one.key.date): one for one in _to_do(old, days)}
    added, moved = list[Occurrence](), list[tuple[Occurrence, Occurrence]]()
    for one in _to_do(new, days):
        board, task = came_from.get((one.key.board, one.key.task), ("", ""))
        was = before.pop((board, task, one.key.date), None)
        if was is None:
            added.append(one)
        elif _where(was) != _where(one):
            moved.append((was, one))
    return ComingChanges(
        added=tuple(sorted(added, key=lambda one: one.urgency)),
        gone=tuple(sorted(before.values(), key=lambda one: one.urgency)),
        moved=tuple(sorted(moved, key=lambda pair: pair[1].urgency)),
    )


def _to_do(workspace: Workspace, days: Span) -> Iterator[Occurrence]:
    for board, task in workspace.tasks:
        yield from (one for one in on_days(workspace, board, task, days) if one.skip is None)


def _where(one: Occurrence) -> tuple[object, ...]:
    return one.day, one.due, one.key.board
