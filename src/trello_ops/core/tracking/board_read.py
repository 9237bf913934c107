"""What one read of a board brought, merged into an observation of each card."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.sights import ReadCursor
from trello_ops.core.tracking.card_logs import CardLogs
from trello_ops.core.tracking.events import CardObservation
from trello_ops.core.tracking.read_plan import last_read_at, told_until, with_cards
from trello_ops.core.trello import Card, Snapshot

Cards = Mapping[str, Card | None]
"""By id; `None` for a card that was deleted or is kept from us. A card that need not be read is not in it."""


@dataclass(frozen=True, slots=True)
class BoardRead:
    """The entries that may have new events, and what was read of their cards and of the log.

    It `began` then, by our clock. `snapshot` is the board as it was shown. `newest_action_at` is `None` where
    the board's own log told nothing; `active_at` is what its `ReadCursor` says.
    """

    board: str
    began: dt.datetime
    snapshot: Snapshot
    entries: tuple[LedgerEntry, ...]
    cards: Cards
    logs: CardLogs
    newest_action_at: dt.datetime | None
    active_at: dt.datetime | None

    def observations(
        self, cursors: Mapping[str, ReadCursor]
    ) -> Iterator[tuple[LedgerEntry, CardObservation]]:
        """Each entry whose card was read, with what was seen of it; `cursors` are those of all boards."""
        here = cursors.get(self.board)
        for entry, card in with_cards(self.entries):
            if card.id in self.cards:
                # A card may lie on another board than its own: either may have been read without it.
                own = cursors.get(entry.occurrence.key.board)
                yield (
                    entry,
                    CardObservation(
                        self.cards[card.id],
                        self.logs.of_card(card.id),
                        last_read_at=min(last_read_at(card, own), last_read_at(card, here)),
                        read_at=self.began,
                        told_until=told_until(card, here),
                    ),
                )


def places(entries: Iterable[LedgerEntry], cards: Cards, ours: Mapping[str, str]) -> dict[str, set[str]]:
    """By card id, the ids of the boards on which it was made and lies; `ours` are board ids by key."""
    found: dict[str, set[str]] = {}
    for entry, issued in with_cards(entries):
        if issued.id in cards:
            card = cards[issued.id]
            made_on = ours.get(entry.occurrence.key.board, "")
            found[issued.id] = {made_on, card.board_id if card else ""} - {""}
    return found
