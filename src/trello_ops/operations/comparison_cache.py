"""What this process knows of the boards since it compared them with their files."""

from dataclasses import dataclass, field

from trello_ops.core.ledger import ReadCursor


@dataclass(slots=True)
class ComparisonCache:
    """By board key, and good for one declaration only: edited files, and a new process, begin with nothing.

    `in_order` tells when the boards were read that differed in nothing, and when each was last active then;
    `waiting` how many changes of a board were left to a person.
    """

    in_order: dict[str, ReadCursor] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
