"""What to ask Trello for, to learn what happened on a board since it was last read.

A plan is asked step by step, since what one answer holds decides what else is read.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from trello_ops.core.bindings import Binding
from trello_ops.core.declared import DoneSignal
from trello_ops.core.ledger import IssuedCard, LedgerEntry
from trello_ops.core.sights import ReadCursor
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.core.tracking.card_logs import CardLogs
from trello_ops.core.tracking.events import is_done

_OVERLAP = dt.timedelta(minutes=2)
"""The log is read again from so long before its newest known action, so that none is missed."""


def last_read_at(card: IssuedCard, cursor: ReadCursor | None) -> dt.datetime:
    """When a card was last read: never, where the ledger learned of it only after its board was."""
    return cursor.read_at if cursor and card.confirmed_at < cursor.read_at else card.created_at


def told_until(card: IssuedCard, cursor: ReadCursor | None) -> dt.datetime:
    """How far into the log earlier reads have told everything of a card.

    To the newest action of the board that they met, or by our clock, from which Trello's may differ.
    """
    if cursor is None or card.confirmed_at >= cursor.read_at:
        return card.created_at - _OVERLAP
    by_our_clock = cursor.read_at - LOOK_BACK
    return max(by_our_clock, cursor.last_action_at or by_our_clock)


def with_cards(entries: Iterable[LedgerEntry]) -> Iterator[tuple[LedgerEntry, IssuedCard]]:
    """The entries that have a card, each with its card."""
    return ((entry, entry.card) for entry in entries if entry.card)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What a read of one board asks for; it `began` then, by our clock.

    `cursor` is `None` where the board was never read. `watched` are the board's entries with a card that are
    due since `unsettled_since`, the beginning of the earliest week that is not frozen. `closed_at` is when a
    week last closed.
    """

    board: Binding
    cursor: ReadCursor | None
    watched: tuple[LedgerEntry, ...]
    began: dt.datetime
    closed_at: dt.datetime
    unsettled_since: dt.datetime

    @property
    def with_checklists(self) -> bool:
        """Whether the board's cards are read with their checklists."""
        return any(
            DoneSignal.CHECKLIST_COMPLETE in entry.occurrence.complete_when.signals for entry in self.watched
        )

    @property
    def log_since(self) -> dt.datetime:
        """Where to begin in the log: before its newest known action, and before any card not read yet."""
        cursor = self.cursor
        if cursor is None or cursor.last_action_at is None:
            # `bound_at` is by our clock, the log by Trello's.
            begin = self.board.bound_at - LOOK_BACK
        else:
            begin = cursor.last_action_at - _OVERLAP
        unread = (
            card.created_at - _OVERLAP
            for _, card in with_cards(self.watched)
            if cursor is None or card.confirmed_at >= cursor.read_at
        )
        return min([begin, *unread])

    def hidden_cards(self, shown: Collection[str]) -> list[str]:
        """The watched cards that the board does not show, as they were archived or moved off it.

        Those that are done are left out, but in the first read after a close, which is full.
        """
        # Each costs a request of its own: polls must not grow with every card that was done and put away.
        full = self.cursor is None or self.cursor.read_at < self.closed_at
        return [
            card.id
            for entry, card in with_cards(self.watched)
            if card.id not in shown and (full or not is_done(entry.events, self.began))
        ]

    def unwatched_cards(self, logs: CardLogs) -> list[str]:
        """The other cards that the log names: they may be of settled weeks, or have moved here."""
        return sorted(logs.card_ids - {card.id for _, card in with_cards(self.watched)})

    def entries(self, others: Iterable[LedgerEntry], logs: CardLogs) -> tuple[LedgerEntry, ...]:
        """The watched entries, and of the `others` that the log names those of which it may tell anything."""
        found = list(self.watched)
        for entry, card in with_cards(others):
            # Most settled cards were only put away, which tells nothing unless that makes them done.
            counts = DoneSignal.ARCHIVED in entry.occurrence.complete_when.signals
            actions = logs.of_card(card.id)
            if counts or not all(action.archived and action.archived.after for action in actions):
                found.append(entry)
        return tuple(found)

    def touched_cards(self, entries: Iterable[LedgerEntry], logs: CardLogs) -> list[str]:
        """The cards with actions that no read told before, or the last one just before it.

        They may have changed after the board was read, so it is the next read that has the last word.
        """
        return [card.id for _, card in with_cards(entries) if self._has_new_actions(card, logs, again=True)]

    def vanished_cards(
        self, entries: Iterable[LedgerEntry], logs: CardLogs, invisible: Collection[str]
    ) -> dict[str, dt.datetime]:
        """Of the `invisible` cards those with new actions, and since when the log of each is to be read.

        Nothing shows them any more: their whole log, from their making on, is read once and tells all.
        """
        # Of weeks whose report is frozen nothing could be told any more.
        return {
            card.id: card.created_at - _OVERLAP
            for entry, card in with_cards(entries)
            if entry.occurrence.due >= self.unsettled_since
            and card.id in invisible
            and self._has_new_actions(card, logs)
        }

    def _has_new_actions(self, card: IssuedCard, logs: CardLogs, *, again: bool = False) -> bool:
        begin = told_until(card, self.cursor)
        if self.cursor and again:
            begin = min(begin, self.cursor.read_at - _OVERLAP)
        return any(action.at > begin for action in logs.of_card(card.id))
