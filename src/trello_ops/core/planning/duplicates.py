"""Two cards with one marker: somebody copied a card, or a write landed long after its answer was lost.

The card that the ledger holds counts, even if it was archived or deleted; where the ledger holds none yet,
`issue` takes the elder. Every other visible card with the marker is a copy.
"""

from collections.abc import Iterable, Iterator

from trello_ops.core.ledger import LedgerEntry, OccurrenceKey
from trello_ops.core.marker import find_card_key
from trello_ops.core.planning.changes import ArchiveCard
from trello_ops.core.trello import Card

MarkedCard = tuple[Card, OccurrenceKey]
"""A card, and the occurrence whose marker it bears."""


def marked_strangers(
    workspace: str, cards: Iterable[Card], entries: Iterable[LedgerEntry]
) -> tuple[MarkedCard, ...]:
    """The cards that surely bear a marker of the workspace, and are the card of none of these entries."""
    ours = {entry.card.id for entry in entries if entry.card}
    # A template that somebody made of a card is left alone, as it cannot be taken for the card itself.
    others = (card for card in cards if card.id not in ours and not card.is_template)
    marked = ((card, find_card_key(card.description, workspace, sure=True)) for card in others)
    return tuple((card, key) for card, key in marked if key)


def duplicates(
    board: str, marked: Iterable[MarkedCard], entries: Iterable[LedgerEntry]
) -> Iterator[ArchiveCard]:
    """Those of a board's `marked` cards whose occurrence is among `entries` with another card.

    The occurrence may be another board's. A marker whose occurrence has no card, or that the ledger does not
    know, proves nothing.
    """
    of_record = {entry.occurrence.key: entry.card.id for entry in entries if entry.card}
    for card, key in marked:
        if of_record.get(key, card.id) != card.id:
            yield ArchiveCard(board=board, key=key, card_id=card.id, url=card.url)
