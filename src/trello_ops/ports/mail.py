"""The port to the mail server, and what it is given."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol


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
        if not self.filename.isprintable() or not re.fullmatch(r"[^/\\]+", self.filename):
            raise ValueError(f"no name for an attachment: {self.filename!r}")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(; charset=[\w-]+)?", self.media_type, re.ASCII):
            raise ValueError(f"no media type: {self.media_type!r}")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one recipient. `message_id` has its angle brackets and is stable over retries."""

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Hands mails over."""

    def send(self, mail: Mail, at: dt.datetime) -> None:
        """Hand over a mail, dated `at`.

        Raises `MailError` when it was not handed over, `MailOutcomeUnknown` when it may have been.
        """
