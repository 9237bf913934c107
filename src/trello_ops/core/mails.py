"""Which mails are owed: to whom, about which week, and what is in them."""

from dataclasses import dataclass
from typing import Final

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy, Workspace

WHOLE: Final = "whole"
"""The kind of the report of a whole week."""

FORECAST: Final = "forecast"
"""The kind of a person's own coming week; its mail's week is that one."""

FLEET: Final = "fleet"
"""The kind of a fleet's report of all its shops."""

_BOARD: Final = "board:"


def kind_of_board(key: str) -> str:
    """The kind of the report of one board alone."""
    return _BOARD + key


@dataclass(frozen=True, slots=True, order=True)
class OwedMail:
    """A mail that a recipient is owed. `kind` is `WHOLE`, `FORECAST`, `FLEET`, or that of a board."""

    week: IsoWeek
    recipient: str
    kind: str = WHOLE

    @property
    def board(self) -> str:
        """The key of the board that the report is of; empty where it is of none alone."""
        return self.kind.removeprefix(_BOARD) if self.kind.startswith(_BOARD) else ""


def reports_of(policy: ReportPolicy, week: IsoWeek) -> tuple[OwedMail, ...]:
    """The mails about a week that those who get reports are owed once it is frozen."""
    whole = [OwedMail(week, recipient) for recipient in policy.recipients]
    boards = [
        OwedMail(week, to, kind_of_board(key)) for key, recipients in policy.by_board for to in recipients
    ]
    return (*whole, *boards)


def is_wanted(workspace: Workspace, mail: OwedMail) -> bool:
    """Whether the recipient is to get mails of this kind, as things are declared now."""
    policy = workspace.report
    if mail.kind == FORECAST:
        return policy.forecast and mail.recipient in {person.email for person in workspace.people}
    if mail.board:
        board = workspace.board_now(mail.board)
        return board is not None and mail.recipient in dict(policy.by_board).get(board.key, ())
    return mail.kind in {WHOLE, FLEET} and mail.recipient in policy.recipients
