"""Which cards of ours stand on a board, archived ones too. Each board is read once in a pass."""

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from trello_ops.core.bindings import Binding
from trello_ops.core.calendar.occurrences import RELEASE_REACH
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.marker import find_card_key
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.core.trello import Card
from trello_ops.errors import CardLookupFailed, NotFound, TrelloError
from trello_ops.messages import say
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.context import Context
from trello_ops.operations.problems import lookup_subject

log = structlog.get_logger()

CardsByKey = Mapping[OccurrenceKey, Card]
"""The cards on a board that bear a marker of ours; the elder where several bear the same."""


def earliest_creation(occurrence: Occurrence) -> dt.datetime:
    """The instant before which no card of it can have been made.

    Earlier than its release: the files may have released it earlier once, by another rhythm, in any zone.
    """
    day = dt.datetime.combine(occurrence.key.date, dt.time(), dt.UTC)
    return min(occurrence.release, day - RELEASE_REACH)


@dataclass(frozen=True, slots=True)
class _BoardCards:
    """The cards of ours on a board that were made `since` then; `None` where it could not be read."""

    since: dt.datetime
    cards: CardsByKey | None


class CardLookup:
    """What one pass found on its boards, shared by its threads.

    Make it after `settled` told which claims may be taken over: from then on only their taker makes those
    cards, so that one read of a board serves all its occurrences. That a board cannot be read is a problem
    `board:looking`, left alone for growing pauses.

    `out_of_reach` turns true when a lookup met one of `OUT_OF_REACH`.
    """

    def __init__(self, context: Context) -> None:
        self.out_of_reach = False
        self._context = context
        self._paused = context.paused_subjects()
        self._lock = threading.Lock()
        self._by_board: dict[str, _BoardCards] = {}

    def cards_on(self, board: Binding, possible_since: dt.datetime) -> CardsByKey:
        """Our cards on a board, if they were made at `possible_since` or later.

        The board is read unless this pass has already read so far back. Raises `CardLookupFailed`, and one
        of `OUT_OF_REACH`.
        """
        since = possible_since - LOOK_BACK
        # One thread reads at a time, so that the others find what it has read.
        with self._lock:
            read = self._by_board.get(board.trello_id)
            if read is None or since < read.since:
                read = self._by_board[board.trello_id] = _BoardCards(since, self._read(board, since))
        if read.cards is None:
            raise CardLookupFailed(
                say(
                    "the cards on the board %(board)s cannot be read, so none is made twice",
                    board=board.board,
                )
            )
        return read.cards

    def already_read(self, board: Binding) -> CardsByKey | None:
        """What this pass has read of a board, if anything: to ask costs nothing."""
        read = self._by_board.get(board.trello_id)
        return read.cards if read else None

    def is_paused(self, board: Binding) -> bool:
        """Whether the board is not to be read in this pass."""
        read = self._by_board.get(board.trello_id)
        return lookup_subject(board.board) in self._paused or (read is not None and read.cards is None)

    def _read(self, board: Binding, since: dt.datetime) -> CardsByKey | None:
        services, subject = self._context.services, lookup_subject(board.board)
        if subject in self._paused:
            return None
        try:
            cards = services.trello.cards_since(board.trello_id, since)
        except TrelloError as error:
            self.out_of_reach = out_of_reach(services, error)
            if self.out_of_reach:
                raise
            if isinstance(error, NotFound) and self._context.workspace.board(board.board) is None:
                return {}  # retired, and gone with all that stood on it
            self._context.note_failure(subject, error)
            log.warning("board.unreadable", board=board.board, error=str(error))
            return None
        services.store.clear_problem(subject)
        return self._ours(board, since, cards)

    def _ours(self, board: Binding, since: dt.datetime, cards: Sequence[Card]) -> CardsByKey:
        """The cards by their markers; one that the ledger holds stands for its own occurrence alone.

        People may write another marker on it: they copy descriptions.
        """
        entries = self._context.store.with_cards([card.id for card in cards])
        stands_for = {entry.card.id: entry.occurrence.key for entry in entries if entry.card}
        found: dict[OccurrenceKey, Card] = {}
        for card in sorted(cards, key=lambda card: (card.created_at, card.id)):
            key = find_card_key(card.description, self._context.workspace.key)
            if key and stands_for.get(card.id, key) == key:
                found.setdefault(key, card)
        strangers = {key for key, card in found.items() if card.id not in stands_for}
        self._context.runtime.looks.note(board.trello_id, since, strangers)
        return found
