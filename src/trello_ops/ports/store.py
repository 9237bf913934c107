"""The port to the store: one small Protocol per noun, and `Store`, which combines them."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from trello_ops.core.bindings import Binding, Bindings, Kind, Watermark
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import Claim
from trello_ops.core.declaration import InForce
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.ledger import Amendment, IssuedCard, LedgerEntry, LedgerEvent, Occurrence, OccurrenceKey
from trello_ops.core.links import Link
from trello_ops.core.mails import OwedMail
from trello_ops.core.problems import SystemProblem
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.history import FrozenCounts
from trello_ops.core.reporting.report import Report
from trello_ops.core.rows import RowItem
from trello_ops.core.sights import BoardSight, Outage, ReadCursor


class BindingStore(Protocol):
    """Which Trello object stands for which declared thing."""

    # By board, as a card that is made must not cost what a thousand other boards are bound to.
    def bindings(self, board: str = "") -> Bindings:
        """One board's bindings, at a cost that other boards do not raise; all of them without a board."""

    def bind(self, *bindings: Binding) -> None:
        """Insert, or replace those of the same kind, board and key; all or nothing."""

    def unbind(self, kind: Kind, board: str, key: str = "") -> None:
        """Delete a binding. No-op if absent."""

    def trello(self) -> TrelloIdentity | None:
        """The Trello that this store belongs to; `None` until it is bound."""

    def bind_trello(self, identity: TrelloIdentity) -> None:
        """Let the store belong to this Trello, and to no other any more."""


class DeclarationStore(Protocol):
    """The declaration in force, and those before it: appended, never changed."""

    def declaration_version(self) -> int:
        """The version in force, at the cost of a look; 0 where there is none yet."""

    def in_force(self) -> InForce | None:
        """The declaration in force; `None` in a store that no pass has worked with yet."""

    # One transaction: things under new keys and bindings under old ones would make all of them anew.
    def put_in_force(
        self,
        following: InForce,
        bind: Collection[Binding] = (),
        unbind: Collection[Binding] = (),
        links: Collection[Link] = (),
    ) -> bool:
        """Append a version and change bindings and `links` (by name) with it, all or nothing.

        False, and nothing is changed, when that version is there already: another process was faster.
        """


class ClaimStore(Protocol):
    """Who is at work on which key. Whoever wins a claim may act; a lost answer leaves it unknown."""

    # No claim expires: "unchanged since I looked" is a comparison of versions (decisions.md, Identity).

    def claim(self, key: str, holder: str, at: dt.datetime) -> Claim | None:
        """Take a free key. `None` when it is claimed, even if its holder has died or is `holder` itself."""

    def claims(self) -> tuple[Claim, ...]:
        """All claims, oldest attempt first."""

    def renew(self, claim: Claim, holder: str) -> Claim | None:
        """Continue under a new version, or take over. `None` when the claim has changed since it was read.

        `attempted_at` stays, `attempt` rises by one when the holder changes or the claim was unknown, and the
        claim is no longer unknown.
        """

    def mark_unknown(self, claim: Claim) -> None:
        """Record that an answer was lost. No-op when the claim has changed since it was read."""

    def release(self, claim: Claim) -> None:
        """Free the key. No-op when the claim has changed since it was read."""


class LedgerStore(Protocol):
    """Occurrences, their cards, what happened to those, and amendments: appended, never changed.

    Entries come as amended: they have, and are found by, the due that counts now. Watermarks say how far the
    schedule has been appended.
    """

    def watermarks(self) -> dict[tuple[str, str], Watermark]:
        """By the keys of board and task, in order."""

    def set_watermark(self, watermark: Watermark) -> None:
        """Insert, or replace the watermark of the same task."""

    def record(self, occurrences: Iterable[Occurrence], at: dt.datetime, skipped: str = "") -> int:
        """Append occurrences, leaving those already there as they are. Returns how many were new.

        Those with a `skip` are skipped for that reason, whatever `skipped` says of the others.
        """

    def recorded(self, board: str, tasks: Collection[str], since: dt.date) -> frozenset[OccurrenceKey]:
        """The keys of these tasks' recorded occurrences dated `since` or later."""

    def entry(self, key: OccurrenceKey) -> LedgerEntry | None:
        """One occurrence with its card and events; `None` when it was never recorded."""

    def latest(self, board: str, task: str, most: int) -> tuple[LedgerEntry, ...]:
        """At most `most` of a task's entries: those with the latest dates, newest first."""

    def unissued(self) -> tuple[Occurrence, ...]:
        """What waits for its card; the most urgent (earliest due, then key) first.

        An occurrence waits from when it is recorded, unless skipped, until it has a card or is passed over.
        """

    # The ledger's rows are never edited, so a store keeps apart from them what waits.
    def pass_over(self, keys: Collection[OccurrenceKey]) -> None:
        """Stop these from waiting; their entries stay as they are. No-op for keys that do not wait."""

    def wait_again(self, keys: Collection[OccurrenceKey]) -> None:
        """Let recorded occurrences wait for their card again. No-op for those that
        do, that have one, or that are skipped."""

    # The first card stays: a second one is a copy, or a write that landed long after its answer was lost.
    def confirm(self, key: OccurrenceKey, card: IssuedCard) -> bool:
        """Append the occurrence's card. False when it already has one, which then stays.

        Raises `StoreError` when the occurrence is not recorded, or the card belongs to another one.
        """

    def due_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with start <= due < end, by due, then key."""

    def issued_since(self, board: str, due_from: dt.datetime) -> tuple[LedgerEntry, ...]:
        """A board's entries that have a card and are due at `due_from` or later, by due, then key."""

    def with_cards(self, card_ids: Collection[str]) -> tuple[LedgerEntry, ...]:
        """The entries whose card is one of these, by due, then key."""

    # Logs are read with overlap, so the same action comes again and again.
    def append(self, events: Iterable[LedgerEvent], at: dt.datetime) -> int:
        """Append events, leaving out those whose key, kind and action are already there.

        Events without an action are told apart by their instant. Returns how many were new. Raises
        `StoreError` when an occurrence is not recorded.
        """

    # Appended twice, before its card is edited and once it is: a crash in between must not look like either.
    def amend(self, amendment: Amendment) -> None:
        """Append an amendment of an occurrence that has a card.

        One with the instant of the one before takes its place: so it is said to be written. Raises
        `StoreError` when the occurrence is not recorded.
        """

    def completed_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with an event `DONE` at start <= instant < end, by due, then key."""

    def first_due(self) -> dt.datetime | None:
        """The earliest due of all entries; `None` for an empty ledger."""


class RowStore(Protocol):
    """What cards were given of rows of workbooks: for good, whatever becomes of the rows."""

    def row_items(self, key: OccurrenceKey) -> tuple[RowItem, ...]:
        """What an occurrence's card was given, in the order in which it was."""

    # Before the items are written: what was lost half way is found, and nothing is given twice.
    def give_rows(self, key: OccurrenceKey, items: Sequence[RowItem]) -> None:
        """Append to what a card was given, leaving rows already there as they are."""

    def row_written(self, key: OccurrenceKey, row: str, item_id: str) -> None:
        """Note that a row's item is on the card. No-op for a row that it was not given."""


class ReportStore(Protocol):
    """Frozen reports, and the mails that are owed."""

    # Both in one step: a report that was frozen and is owed to nobody would never be sent.

    def freeze(self, report: Report, owed: Collection[OwedMail]) -> bool:
        """Keep a week's report for good, and owe the mails about it, in one transaction.

        False when the week is already frozen; then nothing changes.
        """

    def frozen(self, week: IsoWeek) -> Report | None:
        """A week's report as it was frozen."""

    def frozen_weeks(self) -> tuple[IsoWeek, ...]:
        """The weeks that have a frozen report, in order."""

    def owe(self, mails: Collection[OwedMail]) -> None:
        """Owe mails that come without a frozen report. No-op for those that were owed before."""

    def frozen_counts(self) -> tuple[FrozenCounts, ...]:
        """What each frozen week counts, oldest first, at a cost that occurrences hardly raise."""

    def unsent(self) -> tuple[OwedMail, ...]:
        """The mails that are still owed, in order."""

    def mails(self, week: IsoWeek) -> dict[OwedMail, dt.datetime | None]:
        """When each mail of a week went out, by recipient, then kind; `None` for a mail still owed."""

    def sent(self, mail: OwedMail, at: dt.datetime) -> None:
        """Record that an owed mail went out. No-op when that was recorded before."""


class LinkStore(Protocol):
    """Secret addresses of pages and calendar feeds. Their secrets are kept nowhere, but as digests."""

    def add_link(self, link: Link, digest: str) -> None:
        """Keep a new link, and what its secret is recognised by."""

    def link_of(self, digest: str) -> Link | None:
        """The link of a secret, unless it was revoked."""

    def links(self) -> tuple[Link, ...]:
        """All links, also revoked ones, in the order in which they were made."""

    def revoke_link(self, name: str, at: dt.datetime) -> Link | None:
        """Have a link open nothing any more, and return it; one that was revoked before stays as it is.

        `None` where there is none of this name.
        """


class HealthStore(Protocol):
    """How the robot fares: how far it has read, what was out of sight, what fails, which jobs succeed."""

    def read_cursors(self) -> dict[str, ReadCursor]:
        """How far each board has been read, by board key."""

    def note_read(self, cursor: ReadCursor) -> None:
        """Set a board's read cursor."""

    def note_outage(self, outage: Outage) -> None:
        """Append an outage; one with the same board and beginning stays as it is."""

    def outages(self, start: dt.datetime, end: dt.datetime) -> tuple[Outage, ...]:
        """Outages that overlap start <= instant < end, by beginning, then board."""

    def note_sight(self, sight: BoardSight) -> None:
        """Append that a board went out of sight, or came back; the same one stays as it is."""

    def board_sights(self) -> tuple[BoardSight, ...]:
        """When boards went out of sight and came back, by instant, board and id, coming back first."""

    def note_problem(
        self,
        subject: str,
        message: str,
        at: dt.datetime,
        *,
        left_while: str = "",
        not_before: dt.datetime | None = None,
    ) -> None:
        """Begin a problem, or count it again with the new message and when to try again.

        The template of the message is kept.
        """

    def tell_problem(self, subject: str, at: dt.datetime | None) -> bool:
        """Record when somebody was told of a problem, or with `None` that nobody was after all.

        Counting the problem again keeps it. False, and nothing is changed, when that was so already or the
        problem is over: of several processes, one may tell.
        """

    def clear_problem(self, subject: str) -> None:
        """End a problem. No-op if absent."""

    def problems(self) -> tuple[SystemProblem, ...]:
        """Current problems, by subject."""

    def job_done(self, name: str, at: dt.datetime) -> None:
        """Record that a job succeeded."""

    def jobs(self) -> dict[str, dt.datetime]:
        """When each job last succeeded."""


class Store(
    BindingStore,
    DeclarationStore,
    ClaimStore,
    LedgerStore,
    RowStore,
    ReportStore,
    LinkStore,
    HealthStore,
    Protocol,
):
    """One workspace's memory. Every method is one transaction; instants go in and out as aware UTC."""

    @property
    def name(self) -> str:
        """What messages call it, such as the path of its file."""

    def restore(self, rebuilt: Rebuilt, holder: str, at: dt.datetime) -> None:
        """Fill an empty store, all or nothing. Nobody is owed mails about its reports.

        It may be bound to a Trello, and stays so.
        What waits for its card gets an unknown claim held by `holder`: it is looked for before it is made.
        Raises `StoreError` when the store holds anything.
        """

    def close(self) -> None:
        """Give the database back. Closing twice is fine."""
