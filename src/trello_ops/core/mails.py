"""Which mails are owed: to whom, about which week, and what is in them."""

from dataclasses import dataclass
from typing import Final

from trello_ops.core.calendar.week import IsoWeek

WHOLE: Final = "whole"
"""The kind of the report of a whole week."""

FORECAST: Final = "forecast"
"""The kind of a person's own coming week; its mail's week is that one."""

_BOARD: Final = "board:"


def of_board(key: str) -> str:
    """The kind of the report of one board alone."""
    return _BOARD + key


@dataclass(frozen=True, slots=True, order=True)
class OwedMail:
    """A mail that a recipient is owed. `kind` is `WHOLE`, `FORECAST`, or that of a board."""

    week: IsoWeek
    recipient: str
    kind: str = WHOLE

    @property
    def board(self) -> str:
        """The key of the board that the report is of; empty where it is of none alone."""
        return self.kind.removeprefix(_BOARD) if self.kind.startswith(_BOARD) else ""
