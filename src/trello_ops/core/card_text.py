"""What a card says, as its template makes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist as a card template declares it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card template renders to. `description` is Markdown and ends with the marker line."""

    title: str
    description: str
    checklists: tuple[Checklist, ...] = ()

    @property
    def item_count(self) -> int:
        """How many items all checklists have together."""
        return sum(len(checklist.items) for checklist in self.checklists)
