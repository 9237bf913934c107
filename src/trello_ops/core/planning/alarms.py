"""When so much of a board goes at once that it may be an accident."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from trello_ops.core.declared import Workspace
from trello_ops.core.planning.differences import Alarm

_MANY: Final = 10
"""From so many tasks on, a share of a board that goes at once is suspicious."""

_ALARMING: Final = 0.3

_TaskId = tuple[str, str]


def alarms_of(
    old: Workspace,
    boards: Mapping[str, str],
    came_from: Mapping[_TaskId, _TaskId],
    asked_boards: Mapping[str, str],
    asked_tasks: Mapping[_TaskId, _TaskId],
) -> Iterator[Alarm]:
    """Boards that vanished, and boards of which too many tasks went at once."""
    going_on: Collection[_TaskId] = {*came_from.values(), *asked_tasks.values()}
    standing, asked = set(boards.values()), set(asked_boards.values())
    for board in old.boards:
        if board.key in asked:
            continue
        # Last week's rows of a workbook make place for those of this week.
        tasks = [task for task in board.tasks if not task.row_of]
        gone = sum((board.key, task.key) not in going_on for task in tasks)
        # A file may be gone for a moment only, as while a shared folder is synchronised.
        vanished = board.key not in standing
        if vanished or (len(tasks) >= _MANY and gone > _ALARMING * len(tasks)):
            yield Alarm(board.key, gone, len(tasks), vanished)
