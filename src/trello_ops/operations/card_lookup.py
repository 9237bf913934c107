"""Which cards of ours stand on a board, archived ones too. Each board is read once in a pass."""

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from trello_ops.core.bindings import Binding
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.marker import find_card_key
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.core.trello import Card
from trello_ops.errors import CardLookupFailed, NotFound, TrelloError
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.backoff import note_failure, paused_subjects
from trello_ops.operations.context import Context
from trello_ops.operations.problems import lookup_subject

log = structlog.get_logger()

_Cards = Mapping[OccurrenceKey, Card]


def earliest_creation(occurrence: Occurrence) -> dt.datetime:
    """No card of it can have been made before, though the files may once have released it earlier."""
    day = dt.datetime.combine(occurrence.key.date, dt.time(), dt.UTC)
    return min(occurrence.release, day - dt.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class _BoardCards:
    """What was found on a board of the cards made `since` then; `None` where it could not be read."""

    since: dt.datetime
    found: _Cards | None


class CardLookup:
    """What one pass found on its boards, shared by its threads.

    Made after the claims to take over were seen to have settled: from then on only their taker makes a
    card, so that one read serves them all. That a board cannot be looked at is a problem `board:looking`,
    left alone for growing pauses; where Trello is `out_of_reach`, a lookup said so already.
    """

    def __init__(self, context: Context) -> None:
        self.out_of_reach = False
        self._context = context
        self._paused = paused_subjects(context.services, context.runtime.backoff)
        self._since: dict[str, dt.datetime] = {}
        self._lock = threading.Lock()
        self._by_board: dict[str, _BoardCards] = {}

    def read_back_to(self, board: str, possible_since: dt.datetime) -> None:
        """Have the board of that key read so far back that what was made since then is found."""
        since = possible_since - LOOK_BACK
        self._since[board] = min(since, self._since.get(board, since))

    def has_read(self, board: Binding) -> bool:
        """Whether to look a card up there costs nothing any more."""
        cards = self._by_board.get(board.trello_id)
        return cards is not None and cards.found is not None

    def is_paused(self, board: Binding) -> bool:
        """Whether the board is not to be looked at in this pass."""
        cards = self._by_board.get(board.trello_id)
        return lookup_subject(board.board) in self._paused or (cards is not None and cards.found is None)

    def find(self, board: Binding, key: OccurrenceKey) -> Card | None:
        """The elder of the board's cards that bear the occurrence's marker.

        The board is read where it was not yet, or not so far back as asked for by `read_back_to`. Raises
        `CardLookupFailed`, and one of `OUT_OF_REACH`.
        """
        since = self._since[board.board]
        with self._lock:
            cards = self._by_board.get(board.trello_id)
            if cards is None or since < cards.since:
                cards = self._by_board[board.trello_id] = _BoardCards(since, self._read(board, since))
        if cards.found is None:
            raise CardLookupFailed(
                f"the cards on the board {board.board} cannot be read, so none is made twice"
            )
        return cards.found.get(key)

    def _read(self, board: Binding, since: dt.datetime) -> _Cards | None:
        services = self._context.services
        if lookup_subject(board.board) in self._paused:
            return None
        try:
            cards = services.trello.cards_since(board.trello_id, since)
        except TrelloError as error:
            self.out_of_reach = out_of_reach(services, error)
            if self.out_of_reach:
                raise
            if isinstance(error, NotFound) and self._context.workspace.board(board.board) is None:
                return {}  # retired, and gone with all that stood on it
            note_failure(services, self._context.runtime.backoff, lookup_subject(board.board), error)
            log.warning("board.unreadable", board=board.board, error=str(error))
            return None
        services.store.clear_problem(lookup_subject(board.board))
        return self._ours(cards)

    def _ours(self, cards: Sequence[Card]) -> _Cards:
        """A card that stands for an occurrence already is that one's, whatever people wrote on it since."""
        entries = self._context.store.with_cards([card.id for card in cards])
        stands_for = {entry.card.id: entry.occurrence.key for entry in entries if entry.card}
        found: dict[OccurrenceKey, Card] = {}
        for card in sorted(cards, key=lambda card: (card.created_at, card.id)):
            key = find_card_key(card.description)
            if key and stands_for.get(card.id, key) == key:
                found.setdefault(key, card)
        return found
