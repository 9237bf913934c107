"""The look: which cards of ours stand on a board, archived ones too. Each board is read once in a pass."""

import datetime as dt
import threading
from collections.abc import Mapping, Sequence

from trello_ops.core.marker import find_card_key
from trello_ops.core.model import Binding, Card, OccurrenceKey
from trello_ops.errors import TrelloError
from trello_ops.ports import Services

_Cards = Mapping[OccurrenceKey, Card]


class Looks:
    """What one pass found on its boards, shared by its threads.

    `since` says, by board, how far back to read. Made after the claims to take over were seen to have
    settled: from then on only their taker makes a card, so that one reading serves them all.
    """

    def __init__(self, services: Services, since: Mapping[str, dt.datetime]) -> None:
        self._services = services
        self._since = since
        self._alone = threading.Lock()
        self._found: dict[str, _Cards | TrelloError] = {}

    def card(self, board: Binding, key: OccurrenceKey) -> Card | None:
        """The elder of the board's cards that bear the occurrence's marker."""
        with self._alone:
            if board.trello_id not in self._found:
                self._found[board.trello_id] = self._read(board)
        found = self._found[board.trello_id]
        if isinstance(found, TrelloError):
            raise found
        return found.get(key)

    def _read(self, board: Binding) -> _Cards | TrelloError:
        try:
            return self._ours(self._services.trello.cards_since(board.trello_id, self._since[board.board]))
        except TrelloError as error:
            return error

    def _ours(self, cards: Sequence[Card]) -> _Cards:
        """A card that stands for an occurrence already is that one's, whatever people wrote on it since."""
        entries = self._services.store.with_cards([card.id for card in cards])
        stands_for = {entry.card.id: entry.occurrence.key for entry in entries if entry.card}
        found: dict[OccurrenceKey, Card] = {}
        for card in sorted(cards, key=lambda card: (card.created_at, card.id)):
            key = find_card_key(card.description)
            if key and stands_for.get(card.id, key) == key:
                found.setdefault(key, card)
        return found
