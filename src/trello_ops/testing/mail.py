"""A mailbox in memory."""

import datetime as dt

from trello_ops.errors import MailError
from trello_ops.ports import Mail


class Outbox:
    """Keeps what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self._failures: list[MailError] = []

    def fail_next(self, error: MailError) -> None:
        """Raise `error` at the next send, and keep nothing of it. Several wait their turn."""
        self._failures.append(error)

    def send(self, mail: Mail, at: dt.datetime) -> None:  # noqa: ARG002 (the port passes it)
        if self._failures:
            raise self._failures.pop(0)
        self.sent.append(mail)
