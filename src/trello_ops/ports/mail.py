"""The port to the mail server, and what it is given."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_SPACES = str.maketrans("\u00a0\u202f", "  ")  # of French names; Python does not count them as printable


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail carries, such as a `text/csv; charset=utf-8`.

    `filename` is a bare name in printable characters, accents included. ValueError for anything else: neither
    it nor `media_type` may smuggle a header into the mail.
    """

    filename: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        if not self.filename.translate(_SPACES).isprintable() or not re.fullmatch(r"[^/\\]+", self.filename):
            raise ValueError(f"no name for an attachment: {self.filename!r}")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(; charset=[\w-]+)?", self.media_type, re.ASCII):
            raise ValueError(f"no media type: {self.media_type!r}")


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A PNG that the mail's HTML shows as `cid:` and its name, such as `chart`.

    ValueError unless the name is small letters alone, for it stands in headers.
    """

    name: str
    content: bytes

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+", self.name):
            raise ValueError(f"no name for an image: {self.name!r}")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one recipient. `message_id` has its angle brackets and is stable over retries.

    `sender_name` is what the sender is called in it; empty for the name that the settings have.
    """

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[Attachment, ...] = ()
    images: tuple[InlineImage, ...] = ()
    sender_name: str = ""


class Mailer(Protocol):
    """Hands mails over."""

    @property
    def identity(self) -> str:
        """Which way mails go: another text once the settings have changed. It tells no secret."""

    def send(self, mail: Mail, at: dt.datetime, confirm: Callable[[], None] = ...) -> None:
        """Hand over a mail, dated `at`.

        `confirm` is called right before the content leaves; what it raises ends the attempt, and nothing was
        handed over. Raises `MailError` when the mail was not handed over (`MailRefused` where others may
        be), `MailOutcomeUnknown` when it may have been.
        """
