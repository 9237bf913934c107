"""Checklists as declared, compared with those that a card holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from trello_ops.core.card_text import Checklist
from trello_ops.core.trello import Card, TrelloChecklist

GAP = 16384.0
"""The distance that Trello leaves between neighbours (trello-behaviour.md#positions).

We send numbers, not `bottom`: items made in parallel at `bottom` may get the same position.
"""


def fingerprint(checklists: Sequence[Checklist]) -> str:
    """A hash of titles and items in their order; empty for no checklists.

    A template card is copied only where this equals what the occurrence's card should hold.
    """
    if not checklists:
        return ""
    # Bindings hold the hash: in another form, no template card would be copied until it is bound anew.
    text = json.dumps([[c.title, *c.items] for c in checklists])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def checklists_of(card: Card) -> tuple[Checklist, ...]:
    """What a card holds, as a template would declare it."""
    found = sorted(card.checklists or (), key=lambda checklist: checklist.position)
    return tuple(Checklist(c.title, tuple(item.title for item in c.items)) for c in found)


def missing_items(declared: Checklist, found: TrelloChecklist | None) -> tuple[tuple[int, str], ...]:
    """The (index, item) pairs of a declared checklist that a card's lacks. Equal items count separately."""
    there = Counter(item.title for item in found.items) if found else Counter[str]()
    missing = []
    for index, item in enumerate(declared.items):
        if there[item]:
            there[item] -= 1
        else:
            missing.append((index, item))
    return tuple(missing)


def pair_checklists(
    declared: Sequence[Checklist], card: Card
) -> tuple[tuple[Checklist, TrelloChecklist | None], ...]:
    """Each declared checklist with the card's of the same title. Equal titles are paired in their order."""
    there = sorted(card.checklists or (), key=lambda checklist: checklist.position)
    pairs: list[tuple[Checklist, TrelloChecklist | None]] = []
    for checklist in declared:
        match = next((found for found in there if found.title == checklist.title), None)
        if match:
            there.remove(match)
        pairs.append((checklist, match))
    return tuple(pairs)
