"""Which of a task and its board says something: a task's own word goes first."""

from dataclasses import dataclass

from trello_ops.declared.schema import BoardShape, TaskShape
from trello_ops.located_yaml import Path


@dataclass(frozen=True, slots=True)
class Said:
    """A shape that says something, and where in its file."""

    shape: BoardShape | TaskShape
    path: Path


def saying(board: BoardShape, key: str, task: TaskShape, name: str) -> Said | None:
    """Who says something for a task, be it that there is none (`never`); `None` if neither does."""
    if name in task.model_fields_set:
        return Said(task, ("tasks", key, name))
    return Said(board, (name,)) if name in board.model_fields_set else None
