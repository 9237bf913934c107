"""preview: the card that would be made of an occurrence."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from trello_ops.core.calendar.occurrences import gave_way
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import TODO, Board, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Person
from trello_ops.core.rows import RowsNow
from trello_ops.messages import Message
from trello_ops.operations.rows import first_items, rows_in, table_of
from trello_ops.ports import CardRenderer, RowReader


@dataclass(frozen=True, slots=True)
class Preview:
    """The card that would be made of an occurrence."""

    workspace: Workspace
    board: Board
    task: Task
    occurrence: Occurrence
    card: CardText

    @property
    def list_title(self) -> str:
        """The list on which it would appear."""
        return next(each.title for each in self.board.lists if each.key == TODO)

    @property
    def theme(self) -> Theme:
        """Its label."""
        return next(each for each in self.workspace.themes if each.key == self.task.theme)

    @property
    def assignees(self) -> tuple[Person, ...]:
        """Whom it would be given to."""
        return tuple(each for each in self.workspace.people if each.key in self.occurrence.assignees)

    @property
    def skipped_time(self) -> str:
        """The time of day, skipped by the clocks, before which it appears; empty elsewhere."""
        skipped = gave_way(self.task, self.occurrence)
        return f"{skipped:%H:%M}" if skipped else ""


def preview(
    workspace: Workspace,
    cards: CardRenderer,
    rows: RowReader,
    occurrence: Occurrence,
    translate: Callable[[str], str],
) -> Preview:
    """The card of an occurrence of a declared task, with the rows that its workbook has now.

    Raises `InvalidDeclaration` where its template fails.
    """
    found = workspace.task_now(occurrence.key.board, occurrence.key.task)
    if found is None:
        raise ValueError(occurrence.key)
    card = cards.card(occurrence)
    of_rows = _of_rows(cards, rows, found, occurrence, translate)
    return Preview(workspace, *found, occurrence, replace(card, checklists=(*card.checklists, *of_rows)))


def _of_rows(
    cards: CardRenderer,
    rows: RowReader,
    found: tuple[Board, Task],
    occurrence: Occurrence,
    translate: Callable[[str], str],
) -> tuple[Checklist, ...]:
    of_task = found[1].rows
    if of_task is None:
        return ()
    table = table_of(rows, of_task)
    now = RowsNow(broken=table) if isinstance(table, Message) else rows_in(table, cards, *found, occurrence)
    items = first_items(now, translate)
    return (Checklist(of_task.title, tuple(item.text for item in items)),) if items else ()
