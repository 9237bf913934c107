"""One connection to a mail server, step by step."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from trello_ops.adapters.mail.smtp_login import log_in
from trello_ops.addresses import SmtpServer
from trello_ops.errors import MailError, MailOutcomeUnknown, MailRefused
from trello_ops.escape import one_line
from trello_ops.messages import Message, reason, say

_BLOCK: Final = 65_536  # bytes of the content that leave in one step
_CLOSING: Final = 421  # the server gives the connection up, whatever was asked
_UNREACHABLE: Final = say("cannot be reached")


@dataclass(frozen=True, slots=True)
class StepLimits:
    """Seconds that a mail server is given for each step, as RFC 5321 (4.5.3.2) asks.

    `command` also goes for the greeting, encryption and login; `block` for each part of the content to leave,
    and `accept` for the answer to all of it.
    """

    connect: float = 30
    command: float = 300
    data: float = 120
    block: float = 180
    accept: float = 600
    # The mail is accepted by then, so nobody needs the answer.
    goodbye: float = 5


class _Smtp(smtplib.SMTP):
    """On a socket of our own."""

    sock: socket.socket

    def __init__(self, host: str, sock: socket.socket) -> None:
        super().__init__()
        self._host = host  # which STARTTLS verifies
        self.sock = sock


class Line:
    """A connection on which each step has its own time.

    The verbs are to be called in their order: `secure`, `log_in`, `address`, `hand_over`.
    """

    def __init__(self, server: SmtpServer, limits: StepLimits, wire: socket.socket) -> None:
        self._server = server
        self._limits = limits
        # By a socket of its own a step can be ended from outside, also while TLS takes the other one over.
        self._handle = wire.dup()
        self._smtp = _Smtp(server.host, wire)

    @classmethod
    @contextlib.contextmanager
    def open(cls, server: SmtpServer, limits: StepLimits) -> Iterator[Self]:
        """Connect, and close in the end. Raises `MailError`."""
        try:
            wire = socket.create_connection((server.host, server.port), limits.connect)
        except OSError as error:
            raise MailError(_said(server, _UNREACHABLE, _why(error))) from error
        line = cls(server, limits, wire)
        with line._handle, contextlib.closing(line._smtp):
            line._greet()
            yield line
            # The server has accepted the mail: no trouble while saying goodbye changes that.
            with contextlib.suppress(MailError), line._step(_UNREACHABLE, limits.goodbye):
                line._smtp.quit()

    def secure(self) -> None:
        """Encrypt the connection as the settings and the server have it."""
        server, smtp = self._server, self._smtp
        with self._step(say("failed to set up encryption"), self._limits.command):
            smtp.ehlo_or_helo_if_needed()
            if server.tls_at_once or server.starttls == "never":
                return
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
            elif server.starttls == "required" or server.password:
                # Who sits in between could hide the offer, and have the password sent for all to read.
                raise MailError(
                    say(
                        "%(server)s offers no STARTTLS, so nothing was sent. Use another port or smtps://, or"
                        " allow an unencrypted connection with ?starttls=never at the end of the URL.",
                        server=server.named,
                    )
                )

    def log_in(self) -> None:
        """Log in where the URL names a user."""
        server = self._server
        if not server.user:
            return
        with self._step(say("did not complete the login"), self._limits.command):
            code = log_in(self._smtp, server.user, server.password)
        if code in {235, 503}:  # accepted, or accepted before
            return
        # The server's words could repeat the password: pass on only its code.
        answer = (
            say("answered %(code)s to user '%(user)s'", code=code, user=server.user)
            if code
            else say("offers no login that we know")
        )
        hint = say("check user and password in the SMTP URL (percent-encoded)")
        raise MailError(_said(server, answer, hint), permanent=code // 100 == 5) from None

    def address(self, sender: str, recipient: str) -> None:
        """Say from whom to whom, and that the content comes next."""
        # Step by step and not by `sendmail`, which does not tell a refusal from an answer that was lost.
        smtp, limits = self._smtp, self._limits
        with self._step(say("broke off"), limits.command):
            self._accepted(smtp.mail(sender), say("the sender %(address)s", address=sender), MailError)
        with self._step(say("broke off"), limits.command):
            self._accepted(
                smtp.rcpt(recipient), say("the recipient %(address)s", address=recipient), MailRefused
            )
        with self._step(say("broke off"), limits.data):
            self._accepted(smtp.docmd("DATA"), say("the mail"), MailRefused, wanted=(354,))

    def hand_over(self, content: bytes) -> None:
        """Send the content. Once its first byte is sent, only the server's answer tells what became of it."""
        whole = _dot_stuffed(content) + b".\r\n"
        try:
            for begin in range(0, len(whole), _BLOCK):
                with self._step(say("took no more of the mail"), self._limits.block):
                    self._smtp.send(whole[begin : begin + _BLOCK])
            with self._step(say("gave no answer"), self._limits.accept):
                code, answer = self._smtp.getreply()
        except MailError as error:
            raise MailOutcomeUnknown(
                say("%(error)s. The mail was sent, so it may have gone out", error=error.message)
            ) from error
        if not 200 <= code < 600:  # no number at all is -1, and a reply that broke off has half of one
            message = say(
                "%(server)s gave no clear answer: the mail may have gone out", server=self._server.named
            )
            raise MailOutcomeUnknown(message)
        self._accepted((code, answer), say("the mail"), MailRefused)

    # ---- inside

    def _greet(self) -> None:
        server = self._server
        with self._step(_UNREACHABLE, self._limits.command):
            if server.tls_at_once:
                context = ssl.create_default_context()
                self._smtp.sock = context.wrap_socket(self._smtp.sock, server_hostname=server.host)
            code, answer = self._smtp.getreply()
        if code != 220:
            message = _said(server, _UNREACHABLE, f"{code} {_printable(answer)}")
            raise MailError(message, permanent=code // 100 == 5)

    def _accepted(
        self,
        reply: tuple[int, bytes],
        what: str,
        refusal: type[MailError],
        wanted: tuple[int, ...] = (250, 251),
    ) -> None:
        code, answer = reply
        if code not in wanted:
            error = MailError if code == _CLOSING else refusal
            refused = say("refused %(what)s", what=what)
            message = _said(self._server, refused, f"{code} {_printable(answer)}")
            raise error(message, permanent=code // 100 == 5)

    @contextlib.contextmanager
    def _step(self, what: str, seconds: float) -> Iterator[None]:
        """Give a step its time. Raises `MailError`, which says `what` the server did."""
        self._smtp.sock.settimeout(seconds)
        late, silence = threading.Event(), say("no answer within %(seconds)s seconds", seconds=f"{seconds:g}")
        # A socket's own limit begins anew with each byte, so that a trickle would never end.
        limit = threading.Timer(seconds, self._hang_up, [late])
        limit.daemon = True
        limit.start()
        try:
            yield
        except TimeoutError as error:
            raise MailError(_said(self._server, what, silence)) from error
        except (smtplib.SMTPException, OSError) as error:
            why = silence if late.is_set() else _why(error)
            raise MailError(_said(self._server, what, why)) from error
        finally:
            limit.cancel()
        if late.is_set():  # what came may be half an answer, which smtplib takes for a whole one
            raise MailError(_said(self._server, what, silence))

    def _hang_up(self, late: threading.Event) -> None:
        late.set()
        with contextlib.suppress(OSError):  # the other side was faster
            self._handle.shutdown(socket.SHUT_RDWR)


def _said(server: SmtpServer, what: str, why: str) -> Message:
    return say("%(server)s %(what)s: %(why)s", server=server.named, what=what, why=why)


def _dot_stuffed(content: bytes) -> bytes:
    """The content as SMTP transfers it: leading dots doubled, and a line break at the end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return (b"\r\n" + ended).replace(b"\r\n.", b"\r\n..")[2:]


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_printable(error.smtp_error)}"
    # TLS has numbers of its own for its errors.
    if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
        return reason(error)
    return str(error) or type(error).__name__


def _printable(answer: bytes | str) -> str:
    """A server's words on one line, without control characters."""
    text = answer if isinstance(answer, str) else answer.decode("ascii", "replace")
    return one_line(text)[:300]
