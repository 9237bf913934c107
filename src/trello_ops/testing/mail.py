"""A mailbox in memory."""

import datetime as dt
from collections.abc import Callable

from trello_ops.errors import MailError
from trello_ops.ports import Mail


class Outbox:
    """Keeps what was sent, in order."""

    def __init__(self) -> None:
        self.identity = "outbox"
        self.sent: list[Mail] = []
        self._failures: list[MailError] = []

    def fail_next(self, error: MailError) -> None:
        """Raise `error` at the next send instead of keeping the mail. Several are raised in order."""
        self._failures.append(error)

    def send(self, mail: Mail, at: dt.datetime, confirm: Callable[[], None] = lambda: None) -> None:  # noqa: ARG002 (the port passes it)
        """Keep the mail, or raise the next failure."""
        if self._failures:
            raise self._failures.pop(0)
        confirm()
        self.sent.append(mail)
