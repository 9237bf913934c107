"""A mail as it travels: one RFC 5322 message, all ASCII."""

import base64
import datetime as dt
import re
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import quote

from trello_ops.errors import MailRefused
from trello_ops.escape import one_line
from trello_ops.messages import say
from trello_ops.ports import Mail

_PLAIN: Final = re.compile(r"(?!.*=\?)[!-~]+( [!-~]+)*")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+"
_WORDS: Final = re.compile(f"{_ATOM}( {_ATOM}){{0,8}}")  # which need no quotes in a name
_WORD_BYTES: Final = 42  # of text in one encoded word, which may have 75 characters (RFC 2047)
_LINE: Final = 60  # what is longer is encoded, since folding could alter it


class _Policy(EmailPolicy):
    """As the library's for SMTP, but people's words in headers arrive character for character."""

    # The library folds headers wherever Python sees white space, no-break spaces included, and loses those.
    def fold(self, name: str, value: str) -> str:
        if name.lower() in {"message-id", "list-unsubscribe"}:  # one long word, which folding would encode
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            return f"{name}: {_encoded(value)}{self.linesep}"
        if name.lower() in {"from", "to"}:
            display, address = parseaddr(value)
            if display and not _WORDS.fullmatch(display):
                return f"{name}: {_in_words(display)}{self.linesep} <{address}>{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


# Bodies are sent as quoted-printable or base64, so that a server without 8BITMIME will do.
_POLICY: Final = _Policy(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


def compose(mail: Mail, sender: str, at: dt.datetime) -> EmailMessage:
    """The message as it is sent, dated `at`. `sender` is an address, or `Name <address>`.

    Raises `MailRefused` where something cannot stand in a mail.
    """
    try:
        message = EmailMessage(_POLICY)
        message["From"] = _named(sender, mail.sender_name)
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = mail.message_id
        # Keeps absence notices from answering the robot (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        # No web address takes a click: a person reads what is sent there, and edits the files.
        message["List-Unsubscribe"] = f"<mailto:{quote(parseaddr(sender)[1], safe='@')}?subject=unsubscribe>"
        _fill(message, mail)
    except ValueError as error:
        problem = say(
            "the mail to `%(recipient)s` cannot be written: %(error)s",
            recipient=mail.recipient,
            error=str(error),
        )
        raise MailRefused(problem, permanent=True) from error
    return message


def _fill(message: EmailMessage, mail: Mail) -> None:
    """Put in what it says: as text, as HTML with its images, and what is attached."""
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    *_, html = message.iter_parts()
    for image in mail.images:
        name = f"{image.name}.png"
        html.add_related(
            image.content, "image", "png", disposition="inline", cid=f"<{image.name}>", filename=name
        )
    for attached in mail.attachments:
        kind, _, subtype = attached.media_type.partition("/")
        name = attached.filename
        message.add_attachment(attached.content, maintype=kind, subtype=subtype, filename=name)


def _named(sender: str, name: str) -> str | Address:
    """The sender, under another name if there is one."""
    return Address(one_line(name), addr_spec=parseaddr(sender)[1]) if name else sender


def _encoded(text: str) -> str:
    """A header's text: as it is where nothing can happen to it, else as encoded words, folded."""
    if _PLAIN.fullmatch(text) and len(text) <= _LINE:
        return text
    return _in_words(text)


def _in_words(text: str) -> str:
    """The text as encoded words, folded."""
    words = (base64.b64encode(part.encode()).decode("ascii") for part in _parts(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _parts(text: str) -> Iterator[str]:
    """The text in pieces short enough for an encoded word; none ends within a character."""
    part, size = "", 0
    for character in text:
        width = len(character.encode())
        if size + width > _WORD_BYTES:
            yield part
            part, size = "", 0
        part, size = part + character, size + width
    yield part
