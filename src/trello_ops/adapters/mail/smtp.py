"""The mailer that hands mails to an SMTP server."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import astuple
from email.utils import parseaddr

from trello_ops.adapters.mail.message import compose
from trello_ops.adapters.mail.smtp_line import Line, StepLimits
from trello_ops.addresses import SmtpServer
from trello_ops.errors import MailError, MailRefused
from trello_ops.messages import say
from trello_ops.ports import Mail


class SmtpMailer:
    """Hands each mail to an SMTP server over a new connection.

    Without STARTTLS nothing is sent, unless the URL says otherwise, and certificates are verified (name a
    private authority's in `SSL_CERT_FILE`). A password is sent unencrypted only where `starttls` is `never`.
    """

    def __init__(self, server: SmtpServer, sender: str, limits: StepLimits | None = None) -> None:
        self._server = server
        self._sender = sender
        self._limits = limits or StepLimits()

    @property
    def identity(self) -> str:
        """A digest of server, login and sender."""
        # Sixteen bits: enough to notice a new password, too few to test guesses of the old one by.
        return hashlib.sha256(repr((astuple(self._server), self._sender)).encode()).hexdigest()[:4]

    def send(self, mail: Mail, at: dt.datetime, confirm: Callable[[], None] = lambda: None) -> None:
        """Hand the mail over.

        Raises `MailOutcomeUnknown` when the answer to the content is lost or unclear, `MailRefused` when
        this mail alone was refused, else `MailError`.
        """
        content = compose(mail, self._sender, at).as_bytes()
        sender, recipient = _address(self._sender, MailError), _address(mail.recipient, MailRefused)
        with Line.open(self._server, self._limits) as line:
            line.secure()
            line.log_in()
            line.address(sender, recipient)
            # The last moment at which nothing has left that could go out twice.
            confirm()
            line.hand_over(content)


def _address(text: str, error: type[MailError]) -> str:
    """The bare address, for the envelope."""
    address = parseaddr(text)[1]
    if "@" not in address or not address.isascii():
        message = say("`%(address)s` is no mail address that can be written to", address=text)
        raise error(message, permanent=True)
    return address
