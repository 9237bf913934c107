"""The four ports, and the Services bundle that operations receive.

A port speaks core nouns only. `tests/contracts/` holds one suite per port, run on every implementation.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import CardText
from trello_ops.core.ledger import (
    Claim,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
    Outage,
    ReadCursor,
    SystemProblem,
)
from trello_ops.core.planning.changes import Change
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.report import Report
from trello_ops.core.trello import Action, BoardSummary, Card, Snapshot, Webhook


@dataclass(frozen=True, slots=True)
class Made:
    """What a performed change made or edited. `item_count` is the card's number of check items."""

    id: str
    url: str = ""
    item_count: int = 0


class TrelloGateway(Protocol):
    """Trello, or the sandbox.

    Every method raises a `TrelloError`. Reads raise `Unavailable` when Trello fails; only `perform` and
    what concerns one webhook raise `OutcomeUnknown`, and then the change may have been done.
    """

    def time(self, *, fresh: bool = False) -> dt.datetime:
        """Now by Trello's clock, as its last answer told it; `fresh` asks it anew."""

    def boards(self, workspace: str) -> tuple[BoardSummary, ...]:
        """Open boards of a Trello Workspace (id or short name) that this token sees."""

    def last_active(self, workspace: str) -> Mapping[str, dt.datetime | None]:
        """When each open board of a Trello Workspace was last active, by its id, in one request.

        A hint only: Trello does not say that it moves with everything people do.
        """

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        """The board as it is now, closed or not. `NotFound` when it was deleted.

        Where `checklists` are asked for, each of its cards is what `card` would tell of it.
        """

    def card(self, card_id: str) -> Card:
        """One card with its checklists, archived or not. `NotFound` when it was deleted."""

    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        """Every card of the board created at or after `since`, archived ones too: what a lookup reads."""

    def activity(self, board_id: str, since: dt.datetime) -> tuple[Action, ...]:
        """The board's actions at or after `since`, oldest first, however many."""

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        """Make one edit of Trello. `Bind`, `Unbind` and `FillTemplateCard` are not Trello's: ValueError.

        `send_before` is an instant of the clock's `monotonic()`: a request that could only leave later
        is not sent, and `NotSent` is raised.
        """

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook of this token, whoever made it."""

    def ensure_webhook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """Have `callback` called about a board: by a new webhook, or by the one of that id, set right.

        Trello first asks the address, and refuses one that does not answer; it refuses a second webhook
        from the same board to the same address. Raises `OutcomeUnknown` when it may have been done.
        """

    def remove_webhook(self, webhook_id: str) -> None:
        """Well also when there is none of that id. Raises `OutcomeUnknown` when it may have been done."""


class Store(Protocol):
    """One workspace's memory. Every method is one transaction; instants go in and out as aware UTC."""

    # ---- bindings

    def bindings(self, board: str = "") -> Bindings:
        """Those of one board, which however many others cost nothing, or all of them."""

    def bind(self, binding: Binding) -> None:
        """Insert, or replace the binding of the same kind, board and key."""

    def unbind(self, kind: Kind, board: str, key: str = "") -> None: ...

    # ---- claims

    def claim(self, key: str, holder: str, at: dt.datetime) -> Claim | None:
        """Take a key that nobody holds; `None` when somebody does, whatever became of them."""

    def claims(self) -> tuple[Claim, ...]:
        """Every claim there is, oldest attempt first."""

    def renew(self, claim: Claim, holder: str) -> Claim | None:
        """Go on under a new version, or take over: `None` when the claim is no longer as `claim` says.

        `attempted_at` stays, `attempt` rises by one when the holder changes or the claim was unknown,
        and the claim is no longer unknown.
        """

    def mark_unknown(self, claim: Claim) -> None:
        """Say that an answer was lost; without effect when the claim is no longer as `claim` says."""

    def release(self, claim: Claim) -> None:
        """Give the key back; without effect when the claim is no longer as `claim` says."""

    # ---- the ledger

    def record(self, occurrences: Iterable[Occurrence], at: dt.datetime, skipped: str = "") -> int:
        """Append occurrences; those already there are left as they are. Returns how many were new."""

    def recorded(self, board: str, tasks: Collection[str], since: dt.date) -> frozenset[OccurrenceKey]:
        """The keys of these tasks' recorded occurrences dated `since` or later."""

    def entry(self, key: OccurrenceKey) -> LedgerEntry | None: ...

    def latest(self, board: str, task: str, most: int) -> tuple[LedgerEntry, ...]:
        """A task's entries of the latest dates, so many at most, the newest first."""

    def unissued(self) -> tuple[Occurrence, ...]:
        """What waits for its card; the most urgent (earliest due, then key) first.

        An occurrence waits from when it is recorded, unless skipped, until it has a card or is passed over.
        """

    def pass_over(self, keys: Collection[OccurrenceKey]) -> None:
        """Let these wait no longer; the ledger keeps them as they are. Without effect on all others."""

    def confirm(self, key: OccurrenceKey, card: IssuedCard) -> bool:
        """Append the occurrence's card. False when it has one already, which then stays."""

    def due_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with start <= due < end, by due, then key."""

    def issued_since(self, board: str, due_from: dt.datetime) -> tuple[LedgerEntry, ...]:
        """A board's entries that have a card and are due at `due_from` or later, by due, then key."""

    def with_cards(self, card_ids: Collection[str]) -> tuple[LedgerEntry, ...]:
        """The entries whose card is one of these, by due, then key."""

    def append(self, events: Iterable[LedgerEvent], at: dt.datetime) -> int:
        """Append events; one whose key, kind and action is there already is left out.

        Those without action are told apart by their instant. Returns how many were new.
        """

    def completed_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with an event `DONE` at start <= instant < end, by due, then key."""

    def first_due(self) -> dt.datetime | None:
        """The earliest due of all entries."""

    # ---- how far boards were read

    def read_cursors(self) -> dict[str, ReadCursor]:
        """By board key."""

    def note_read(self, cursor: ReadCursor) -> None: ...

    def note_outage(self, outage: Outage) -> None:
        """Append an outage; one of the same board and beginning stays as it is."""

    def outages(self, start: dt.datetime, end: dt.datetime) -> tuple[Outage, ...]:
        """Those that touch the time from `start` to before `end`, by beginning, then board."""

    # ---- reports and mail

    def freeze(self, report: Report, recipients: Collection[str]) -> bool:
        """Keep a week's report for ever, and owe it to each recipient: one transaction.

        False when the week is frozen already; then nothing changes.
        """

    def frozen(self, week: IsoWeek) -> Report | None: ...

    def frozen_weeks(self) -> tuple[IsoWeek, ...]:
        """In order."""

    def unsent(self) -> tuple[tuple[IsoWeek, str], ...]:
        """The mails that are owed and did not go out yet, as (week, recipient), in order."""

    def mails(self, week: IsoWeek) -> dict[str, dt.datetime | None]:
        """To whom a week's report was owed, in order, and when it went out: `None` where it did not yet."""

    def sent(self, week: IsoWeek, recipient: str, at: dt.datetime) -> None:
        """Note that an owed mail went out; without effect when that was noted before."""

    # ---- how the robot fares

    def note_problem(self, subject: str, message: str, at: dt.datetime) -> None:
        """Begin a problem, or count it again; a new message for the same subject replaces the old."""

    def clear_problem(self, subject: str) -> None: ...

    def problems(self) -> tuple[SystemProblem, ...]:
        """By subject."""

    def job_done(self, name: str, at: dt.datetime) -> None: ...

    def jobs(self) -> dict[str, dt.datetime]:
        """When each job last succeeded."""

    # ---- from the beginning

    def restore(self, rebuilt: Rebuilt, holder: str, at: dt.datetime) -> None:
        """Fill an empty store, all or nothing. Its reports are owed to nobody.

        What waits to be issued gets an unknown claim of `holder`'s: it is looked for before it is made.
        Raises `StoreError` when the store holds anything.
        """

    def close(self) -> None: ...


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> dt.datetime:
        """Aware UTC. May jump."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""

    def sleep(self, seconds: float) -> None: ...


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
    def send(self, mail: Mail, at: dt.datetime) -> None:
        """Raises `MailError` when it was not handed over, `MailOutcomeUnknown` when it may have been."""


class CardRenderer(Protocol):
    """Turns a task's card template into text. Raises `InvalidDeclaration` when the template fails."""

    def card(self, occurrence: Occurrence) -> CardText: ...

    def template_card(self, board: str, task: str) -> CardText | None:
        """The text of a task's template card.

        `None` when the task has no checklists, or when they use the occurrence.
        """


class ReportRenderer(Protocol):
    """Turns a frozen report into the mail to one recipient."""

    def __call__(self, report: Report, recipient: str) -> Mail: ...


@dataclass(frozen=True, slots=True)
class Services:
    """The four ports together."""

    trello: TrelloGateway
    store: Store
    clock: Clock
    mailer: Mailer


__all__ = [
    "Attachment",
    "CardRenderer",
    "Clock",
    "Made",
    "Mail",
    "Mailer",
    "ReportRenderer",
    "Services",
    "Store",
    "TrelloGateway",
]
