"""The check items of rows, compared with what a card holds: which are there, and where the others go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trello_ops.core.planning.checklists import GAP
from trello_ops.core.rows import RowItem
from trello_ops.core.trello import Card, TrelloCheckItem, TrelloChecklist


@dataclass(frozen=True, slots=True)
class RowsOnCard:
    """What a card lacks of the rows that it was given.

    `found` are items that a lost attempt left there, with their ids. The `missing` go, at their positions,
    into the checklist with `checklist_id`; where that is empty, into one that is to be made at `position`.
    """

    checklist_id: str
    position: float
    found: tuple[tuple[RowItem, str], ...]
    missing: tuple[tuple[RowItem, float], ...]


def rows_on_card(card: Card, title: str, given: Sequence[RowItem]) -> RowsOnCard:
    """Compare a card with the rows that it was given, in their order.

    What is known to have been there is not looked for: people may have renamed or deleted it.
    """
    known = {each.item_id for each in given if each.item_id}
    checklist = _their_checklist(card.checklists or (), title, known)
    left = [item for item in (checklist.items if checklist else ()) if item.id not in known]
    pairs = [(each, _take(left, each.text)) for each in given if not each.item_id]
    return RowsOnCard(
        checklist.id if checklist else "",
        GAP + max((each.position for each in card.checklists or ()), default=0.0),
        tuple((each, item_id) for each, item_id in pairs if item_id),
        tuple(_placed(checklist, [each for each, item_id in pairs if not item_id])),
    )


def _their_checklist(
    checklists: Sequence[TrelloChecklist], title: str, known: set[str]
) -> TrelloChecklist | None:
    """The checklist that holds most of what is known, whatever it is called; else that of the title."""

    def held(checklist: TrelloChecklist) -> int:
        return sum(item.id in known for item in checklist.items)

    fullest = max(checklists, key=held, default=None)
    if fullest and held(fullest):
        return fullest
    return next((each for each in checklists if each.title == title), None)


def _take(left: list[TrelloCheckItem], text: str) -> str:
    """The id of an item with this text, which then is no other row's; empty where there is none."""
    found = next((item for item in left if item.title == text), None)
    if found is None:
        return ""
    left.remove(found)
    return found.id


def _placed(checklist: TrelloChecklist | None, missing: Sequence[RowItem]) -> Iterator[tuple[RowItem, float]]:
    """Below whatever there is, wherever people have moved that."""
    last = max((item.position for item in checklist.items), default=0.0) if checklist else 0.0
    return ((each, last + GAP * place) for place, each in enumerate(missing, 1))
