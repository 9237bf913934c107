"""Housekeeping: which cards of a board may be put away, as its file declares.

Done cards are archived some days after they were done, undone ones are archived or moved once their week's
report is frozen. Only a card that the ledger holds, and that lies on its own board, is ever touched. Nothing
is decided while ledger and card disagree about whether it is done.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import DONE, Board, Undone, Workspace
from trello_ops.core.ledger import EventKind, LedgerEntry
from trello_ops.core.planning.changes import ArchiveCard, ArchiveWithdrawn, MoveCard, Risk
from trello_ops.core.tracking.card_state import shows_done
from trello_ops.core.tracking.events import is_done, is_excused, withdrawal
from trello_ops.core.trello import Card, Snapshot

PutAway = ArchiveCard | MoveCard


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What housekeeping decides by.

    `entries` are those whose card the snapshot shows; `frozen` are the weeks whose report is frozen. `newest`
    are the newest entries of tasks whose former cards go when the next one comes.
    """

    snapshot: Snapshot
    entries: tuple[LedgerEntry, ...]
    frozen: frozenset[IsoWeek]
    newest: tuple[LedgerEntry, ...] = ()


def housekeeping(
    workspace: Workspace, board: Board, bindings: Bindings, facts: CardFacts, now: dt.datetime
) -> tuple[PutAway, ...]:
    """The cards to put away now, in the order of the entries.

    A card that somebody fetched back is left alone: a done or excused one for as many days again, an undone
    one for good.
    """
    keeper = Keeper(workspace, board, bindings, facts, now)
    changes = (
        keeper.change(entry, card)
        for entry, card in keeper.shown()
        if entry.occurrence.key.board in (board.key, *board.was)
    )
    return tuple(change for change in changes if change)


def withdrawn(
    board: str, bindings: Bindings, facts: CardFacts, now: dt.datetime
) -> Iterator[ArchiveWithdrawn]:
    """Archives the open cards that the files named no more before they were due.

    None that would count as done thereby, and none that shows to be done, read back or not.
    """
    cards = {card.id: card for card in facts.snapshot.cards}
    done_list = bindings.id(Kind.LIST, board, DONE)
    lists = {done_list} if done_list else set()
    for entry in facts.entries:
        card, rule = cards.get(entry.card.id) if entry.card else None, entry.occurrence.complete_when
        if not card or card.closed or not withdrawal(entry.events, now) or is_done(entry.events, now):
            continue
        if not shows_done(replace(card, closed=True), rule, lists, now):
            yield ArchiveWithdrawn(board=board, key=entry.occurrence.key, card_id=card.id, url=card.url)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Decides card by card, and knows when a card may not be put away, whoever asks for it."""

    workspace: Workspace
    board: Board
    bindings: Bindings
    facts: CardFacts
    now: dt.datetime

    def shown(self) -> Iterator[tuple[LedgerEntry, Card]]:
        """The entries whose card the snapshot shows, each with its card."""
        cards = {card.id: card for card in self.facts.snapshot.cards}
        for entry in self.facts.entries:
            if entry.card and entry.card.id in cards:
                yield entry, cards[entry.card.id]

    def change(self, entry: LedgerEntry, card: Card) -> PutAway | None:
        """What the board's `housekeeping` does with a card now."""
        if not self.agree(entry, card):
            return None
        closed = self.is_frozen(entry)
        if is_done(entry.events, self.now) or (closed and is_excused(entry.events, self.now)):
            return self._put_away_settled(entry, card)
        return self._put_away_undone(entry, card) if closed else None

    def agree(self, entry: LedgerEntry, card: Card) -> bool:
        """Whether ledger and card say the same of whether it is done."""
        # They differ while something is not read back yet: the next pass decides.
        return is_done(entry.events, self.now) == self._shows_done(entry, card)

    def is_frozen(self, entry: LedgerEntry) -> bool:
        """Whether the report of its week is frozen."""
        return self._week(entry) in self.facts.frozen

    def archive(self, entry: LedgerEntry, card: Card) -> ArchiveCard | None:
        """The change that archives a card, but where that would make it count as done."""
        # The robot's account may be a person's, so nothing would tell our hand from theirs.
        archived = replace(card, closed=True)
        if self._shows_done(entry, archived) and not self._shows_done(entry, card):
            return None
        return ArchiveCard(
            board=self.board.key,
            key=entry.occurrence.key,
            card_id=card.id,
            url=card.url,
            risk=Risk.HOUSEKEEPING,
        )

    def move(self, entry: LedgerEntry, card: Card, to: str) -> MoveCard | None:
        """The change that moves a card to the list of this key; `None` where it lies there already."""
        target = self.bindings.id(Kind.LIST, self.board.key, to)
        # While somebody keeps that list archived, a card moved there would be out of sight.
        archived = {each.id for each in self.facts.snapshot.lists if each.closed}
        if target == card.list_id or target in archived:
            return None
        return MoveCard(board=self.board.key, key=entry.occurrence.key, card_id=card.id, url=card.url, to=to)

    def _shows_done(self, entry: LedgerEntry, card: Card) -> bool:
        done_list = self.bindings.id(Kind.LIST, self.board.key, DONE)
        rule = entry.occurrence.complete_when
        return shows_done(card, rule, {done_list} if done_list else (), self.now)

    def _week(self, entry: LedgerEntry) -> IsoWeek:
        return IsoWeek.at(entry.occurrence.due, self.workspace.timezone)

    def _closes_at(self, entry: LedgerEntry) -> dt.datetime:
        return self._week(entry).closes_at(self.workspace.timezone, self.workspace.report.closes_at)

    # ---- done or excused

    def _put_away_settled(self, entry: LedgerEntry, card: Card) -> PutAway | None:
        """Archive it so many days after it was done, was excused at its week's close, or was fetched back."""
        days = self.board.housekeeping.archive_done_after
        if days is None:
            return None
        done = max(instants(entry, EventKind.DONE), default=None)
        settled = done if done and is_done(entry.events, self.now) else self._closes_at(entry)
        last = max([settled, *instants(entry, EventKind.KEPT)])
        return self.archive(entry, card) if last + dt.timedelta(days=days) <= self.now else None

    # ---- not done in its week

    def _put_away_undone(self, entry: LedgerEntry, card: Card) -> PutAway | None:
        if any(kept >= self._closes_at(entry) for kept in instants(entry, EventKind.KEPT)):
            return None
        match self.board.housekeeping.undone:
            case Undone.KEEP:
                return None
            case Undone.ARCHIVE:
                return self.archive(entry, card)
            case Undone.MOVE:
                return self.move(entry, card, self.board.housekeeping.move_to)


def instants(entry: LedgerEntry, kind: EventKind) -> Iterator[dt.datetime]:
    """When events of a kind happened."""
    return (event.at for event in entry.events if event.kind is kind)
