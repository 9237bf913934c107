"""What Trello alone cannot tell of a ledger that was lost."""

from dataclasses import dataclass
from enum import StrEnum


class UncertaintyKind(StrEnum):
    """What is uncertain: something that was not found, or something that had to be guessed."""

    BOARD = "board_not_found"
    LIST = "list_not_found"
    LABEL = "label_not_found"
    NEW_TASK = "no_trace"
    NO_CARD = "no_card"
    DELETED = "card_deleted"
    MARKER = "marker_lost"
    TITLE = "title"
    THEME = "theme"
    ASSIGNEES = "assignees"
    DUE = "due"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """One thing that cannot be known. `subject` is `board`, `board/task` or the occurrence's key, as text.

    `message` says what is assumed instead, and what may be done about it. It may quote people's text.
    """

    subject: str
    kind: UncertaintyKind
    message: str
