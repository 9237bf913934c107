"""Mailers: SMTP, and .eml files in a folder."""

import contextlib
import datetime as dt
import email.policy
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import quote

from trello_ops.addresses import SmtpServer
from trello_ops.atomic_file import atomic_file
from trello_ops.errors import MailError, MailOutcomeUnknown
from trello_ops.ports import Mail

# Bodies are sent as quoted-printable or base64, so that a server without 8BITMIME will do.
_POLICY: Final = email.policy.SMTP.clone(cte_type="7bit")


def compose(mail: Mail, sender: str, at: dt.datetime) -> EmailMessage:
    """The message as it is sent. `sender` is an address, or `Name <address>`."""
    try:
        message = EmailMessage(_POLICY)
        message["From"] = sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = mail.message_id
        # Keeps absence notices from answering the robot (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        for each in mail.attachments:
            kind, _, subtype = each.media_type.partition("/")
            message.add_attachment(each.content, maintype=kind, subtype=subtype, filename=each.filename)
    except ValueError as error:
        raise MailError(f"the mail to {mail.recipient!r} cannot be written: {error}") from error
    return message


class FolderMailer:
    """Writes each mail to an .eml file, which mail programs can open, named after its Message-ID."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail, at: dt.datetime) -> None:
        """Write the file, whole or not at all. Sending again replaces it."""
        message = compose(mail, self._sender, at)
        path = self._folder / f"{quote(mail.message_id.strip('<>'), safe='@')}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic_file(path, mode=0o600) as unfinished:
                unfinished.write_bytes(message.as_bytes())
        except OSError as error:
            raise MailError(f"the mail could not be written to {path}: {error.strerror}") from error


class SmtpMailer:
    """Hands each mail to an SMTP server over a new connection.

    STARTTLS is used where the server offers it, and certificates are verified (name a private authority's in
    `SSL_CERT_FILE`). A password is sent unencrypted only where `starttls` is `never`. `timeout` (seconds)
    applies to each step.
    """

    def __init__(self, server: SmtpServer, sender: str, timeout: float = 30) -> None:
        self._server = server
        self._sender = sender
        self._timeout = timeout

    def send(self, mail: Mail, at: dt.datetime) -> None:
        """Hand the mail over.

        Raises `MailOutcomeUnknown` when the answer to the content is lost or unclear, else `MailError`.
        """
        message = compose(mail, self._sender, at)
        smtp = self._connect()
        try:
            self._secure(smtp)
            self._log_in(smtp)
            self._address(smtp, _address(self._sender), _address(mail.recipient))
            self._hand_over(smtp, message.as_bytes())
            # The server has accepted the mail: no trouble while saying goodbye changes that.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        with self._trouble("cannot be reached"):
            if server.tls_at_once:
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
            return smtplib.SMTP(server.host, server.port, timeout=self._timeout)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        with self._trouble("failed to set up encryption"):
            smtp.ehlo_or_helo_if_needed()
            if server.tls_at_once or server.starttls == "never":
                return
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
            elif server.starttls == "required" or server.password:
                raise MailError(
                    f"{server} offers no STARTTLS, so nothing was sent. Use another port or smtps://, or"
                    " allow an unencrypted connection with ?starttls=never at the end of the URL."
                )

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        if not server.user:
            return
        try:
            smtp.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            # The server's words could repeat the password: pass on only its code.
            code = getattr(error, "smtp_code", None)
            answer = f"answered {code}" if code else "did not complete the login"
            hint = "check user and password in the SMTP URL (percent-encoded)"
            raise MailError(f"{server} {answer} to user '{server.user}': {hint}") from None

    def _address(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
        # Step by step and not by `sendmail`, which does not tell a refusal from an answer that was lost.
        with self._trouble("broke off"):
            self._accepted(smtp.mail(sender), f"the sender {sender}")
            self._accepted(smtp.rcpt(recipient), f"the recipient {recipient}")
            self._accepted(smtp.docmd("DATA"), "the mail", wanted=(354,))

    def _hand_over(self, smtp: smtplib.SMTP, content: bytes) -> None:
        """Once the first byte is sent, only the server's answer tells whether it accepted the mail."""
        try:
            smtp.send(_dot_stuffed(content) + b".\r\n")
            code, answer = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise MailOutcomeUnknown(
                f"{self._server} broke off after the mail was sent, so it may have gone out: {_why(error)}"
            ) from error
        if code < 0:  # smtplib's sign for a reply without a number
            raise MailOutcomeUnknown(f"{self._server} gave no clear answer: the mail may have gone out")
        self._accepted((code, answer), "the mail")

    def _accepted(self, reply: tuple[int, bytes], what: str, wanted: tuple[int, ...] = (250, 251)) -> None:
        code, answer = reply
        if code not in wanted:
            raise MailError(f"{self._server} refused {what}: {code} {_printable(answer)}")

    @contextlib.contextmanager
    def _trouble(self, what: str) -> Iterator[None]:
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(f"{self._server} {what}: {_why(error)}") from error


def _address(text: str) -> str:
    """The bare address, for the envelope."""
    address = parseaddr(text)[1]
    if "@" not in address or not address.isascii():
        raise MailError(f"{text!r} is no mail address that can be written to")
    return address


def _dot_stuffed(content: bytes) -> bytes:
    """The content as SMTP transfers it: leading dots doubled, and a line break at the end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return (b"\r\n" + ended).replace(b"\r\n.", b"\r\n..")[2:]


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_printable(error.smtp_error)}"
    return str(error) or type(error).__name__


def _printable(answer: bytes | str) -> str:
    """A server's words on one line, without control characters."""
    text = answer if isinstance(answer, str) else answer.decode("ascii", "replace")
    return "".join(c for c in text.replace("\n", " ") if c.isprintable())[:300]
