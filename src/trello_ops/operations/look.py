"""The look: which cards of ours stand on a board, archived ones too. Each board is read once in a pass."""

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trello_ops.core.marker import find_card_key
from trello_ops.core.model import Binding, Card, OccurrenceKey
from trello_ops.errors import TrelloError
from trello_ops.ports import Services

LOOK_BACK = dt.timedelta(minutes=15)
"""How far apart two clocks may be, or a release and the making of its card, when all goes well."""

_Cards = Mapping[OccurrenceKey, Card]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was found on a board of the cards made `since` then, or why it could not be read."""

    since: dt.datetime
    found: _Cards | TrelloError


class Looks:
    """What one pass found on its boards, shared by its threads.

    Made after the claims to take over were seen to have settled: from then on only their taker makes a
    card, so that one reading serves them all.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._since: dict[str, dt.datetime] = {}
        self._alone = threading.Lock()
        self._readings: dict[str, _Reading] = {}

    def reach(self, board: str, possible_since: dt.datetime) -> None:
        """Have the board of that key read so far back that what was made since then is found."""
        since = possible_since - LOOK_BACK
        self._since[board] = min(since, self._since.get(board, since))

    def has_read(self, board: Binding) -> bool:
        """Whether to look costs nothing any more."""
        return board.trello_id in self._readings

    def card(self, board: Binding, key: OccurrenceKey) -> Card | None:
        """The elder of the board's cards that bear the occurrence's marker.

        The board is read where it was not yet, or not so far back as to `reach`. What a reading raised is
        raised again.
        """
        since = self._since[board.board]
        with self._alone:
            reading = self._readings.get(board.trello_id)
            if reading is None or since < reading.since:
                reading = self._readings[board.trello_id] = _Reading(since, self._read(board, since))
        if isinstance(reading.found, TrelloError):
            raise reading.found
        return reading.found.get(key)

    def _read(self, board: Binding, since: dt.datetime) -> _Cards | TrelloError:
        try:
            return self._ours(self._services.trello.cards_since(board.trello_id, since))
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
