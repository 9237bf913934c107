"""Claims, and the text by which the store tells them and their holders apart."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.mails import WHOLE, OwedMail


@dataclass(frozen=True, slots=True)
class Claim:
    """A timed right, held in the store, to make one thing.

    `key` and `holder` are a `ClaimKey` and a `Holder` as text. `version` is new at every take-over and
    renewal, so an unchanged version means an unchanged claim. `unknown` says that its holder gave up
    because an answer was lost. `attempted_at` is the first attempt's instant, kept over take-overs.
    """

    # No expiry: wall clocks jump and differ between machines (decisions.md, Claims are watched, not timed).
    key: str
    version: str
    holder: str
    attempted_at: dt.datetime
    attempt: int = 1
    unknown: bool = False


class ClaimKind(StrEnum):
    """What a claim gives the right to make. `OTHER` is what this version does not know."""

    OCCURRENCE = "occurrence"
    CHANGE = "change"
    MAIL = "mail"
    NAG = "nag"
    ROWS = "rows"
    OTHER = "other"


_PREFIXED = frozenset({ClaimKind.CHANGE, ClaimKind.MAIL, ClaimKind.NAG, ClaimKind.ROWS})


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """What is claimed: the kind, and the name of the one thing among its kind.

    board/task/date      the card of an occurrence
    change:subject       what a change makes, named by the change's `subject`
    mail:week:recipient  the mail of one week's report to one recipient; `week/kind` for another kind of mail
    nag:board/task/date  a comment that reminds people of an occurrence's card, one at a time
    rows:board/task/date check items of rows that came once an occurrence had its card

    Keys hold no colon, so no occurrence's key begins like one of the others.
    """

    kind: ClaimKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.kind in _PREFIXED else self.name

    @classmethod
    def parse(cls, text: str) -> Self:
        """Never fails, and `str` of the result is `text` again, whoever wrote it."""
        kind, colon, name = text.partition(":")
        if colon and kind in _PREFIXED:
            return cls(ClaimKind(kind), name)
        try:
            OccurrenceKey.parse(text)
        except ValueError:
            return cls(ClaimKind.OTHER, text)
        return cls(ClaimKind.OCCURRENCE, text)

    @classmethod
    def of_occurrence(cls, key: OccurrenceKey) -> Self:
        """The claim on an occurrence's card."""
        return cls(ClaimKind.OCCURRENCE, str(key))

    @classmethod
    def of_change(cls, subject: str) -> Self:
        """The claim on what a change of this `subject` makes."""
        return cls(ClaimKind.CHANGE, subject)

    @classmethod
    def of_mail(cls, mail: OwedMail) -> Self:
        """The claim on one mail."""
        # As versions wrote it that knew one kind. A week holds no slash, so that no two mails look alike.
        about = f"{mail.week}" if mail.kind == WHOLE else f"{mail.week}/{mail.kind}"
        return cls(ClaimKind.MAIL, f"{about}:{mail.recipient}")

    @classmethod
    def of_nag(cls, key: OccurrenceKey) -> Self:
        """The claim on reminding people of an occurrence's card."""
        return cls(ClaimKind.NAG, str(key))

    @classmethod
    def of_rows(cls, key: OccurrenceKey) -> Self:
        """The claim on adding rows to an occurrence's card."""
        return cls(ClaimKind.ROWS, str(key))

    @property
    def occurrence(self) -> OccurrenceKey | None:
        """The occurrence whose card is claimed; `None` for a claim on anything else."""
        return OccurrenceKey.parse(self.name) if self.kind is ClaimKind.OCCURRENCE else None

    @property
    def nagged(self) -> OccurrenceKey | None:
        """The occurrence of whose card people are reminded; `None` for a claim on anything else."""
        try:
            return OccurrenceKey.parse(self.name) if self.kind is ClaimKind.NAG else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a claim, written `host:pid:nonce`; it is shown to people and compared, no more.

    `nonce` tells apart two processes that got the same number, as after a restart. Without a `pid` only the
    host is known.
    """

    host: str
    pid: int | None = None
    nonce: str = ""

    def __str__(self) -> str:
        return self.host if self.pid is None else f"{self.host}:{self.pid}:{self.nonce}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Never fails: text of another form is taken for a host, so that `str` gives it back."""
        # From the right, as a host may hold colons itself; `007` is no number that `str` would give back.
        match text.rsplit(":", 2):
            case [host, pid, nonce] if pid.isascii() and pid.isdecimal() and str(int(pid)) == pid:
                return cls(host, int(pid), nonce)
        return cls(text)
