"""What this process remembers of comparing the boards with their files."""

from dataclasses import dataclass, field

from trello_ops.core.mistakes import Mistake
from trello_ops.core.sights import ReadCursor


@dataclass(slots=True, eq=False)
class ComparisonCache:
    """By board key. Edited files and a new process begin with an empty one, which no other is
    equal to.

    `in_order` holds the boards that differed in nothing: when each was read, and had last been active.
    `waiting` counts the changes of a board that were left to a person, `mistakes` are those that it showed.
    """

    in_order: dict[str, ReadCursor] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    mistakes: dict[str, tuple[Mistake, ...]] = field(default_factory=dict)
