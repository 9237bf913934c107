"""trello-ops preview"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.row_files import RowFiles
from trello_ops.app import said_in
from trello_ops.cli.language import spoken
from trello_ops.cli.names import find_task
from trello_ops.cli.options import DATE, format_option
from trello_ops.cli.output import local, paragraph, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.calendar.occurrences import gave_way, next_occurrence
from trello_ops.core.declared import TODO, Board, CardText, Checklist, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Person
from trello_ops.core.rows import RowsNow
from trello_ops.declaration_source import Declared, read_declaration
from trello_ops.escape import visible
from trello_ops.messages import Message, say
from trello_ops.operations.rows import first_items, rows_in, table_of
from trello_ops.settings import Settings


@click.command
@click.argument("name", metavar="TASK")
@click.option("--date", "day", type=DATE, metavar="D", help="Show the first card whose day is D or later.")
@format_option("text", "json")
@pass_session
def command(session: Session, name: str, day: dt.date | None, form: str) -> None:
    """Show the card that would be made of a task.

    TASK is a task's key, or BOARD/TASK where several boards have one of that key. Without --date the card
    is the next one from today on. Needs no credentials and no network, and writes nothing.
    """
    declared = read_declaration(session.settings())
    board, task = find_task(declared.workspace, name, "TASK")
    day = day or SystemClock().now().astimezone(task.cadence.timezone).date()
    occurrence = next_occurrence(declared.workspace, board, task, day)
    if occurrence is None:
        raise click.BadParameter(
            spoken(
                say("%(task)s does not come round after %(day)s.", task=f"{board.key}/{task.key}", day=day)
            ),
            param_hint="--date",
        )
    card = declared.cards.card(occurrence)
    of_rows = _of_rows(session.settings(), declared, board, task, occurrence)
    card = replace(card, checklists=(*card.checklists, *of_rows))
    shown = _Preview(declared.workspace, board, task, occurrence, card)
    click.echo(to_json(shown.as_dict()) if form == "json" else "\n".join(shown.lines()))


def _of_rows(
    settings: Settings, declared: Declared, board: Board, task: Task, occurrence: Occurrence
) -> tuple[Checklist, ...]:
    """The checklist that the card would have of the workbook as it is now."""
    if task.rows is None:
        return ()
    table = table_of(RowFiles(settings.boards_folder), task.rows)
    if isinstance(table, Message):
        now = RowsNow(broken=table)
    else:
        now = rows_in(table, declared.cards, board, task, occurrence)
    items = first_items(now, lambda message: said_in(message, declared.workspace.locale))
    return (Checklist(task.rows.title, tuple(item.text for item in items)),) if items else ()


@dataclass(frozen=True, slots=True)
class _Preview:
    """The card that would be made of an occurrence."""

    workspace: Workspace
    board: Board
    task: Task
    occurrence: Occurrence
    card: CardText

    def lines(self) -> Iterator[str]:
        """As text: the facts, the checklists, the description."""
        zone, occurrence, theme = self.task.cadence.timezone, self.occurrence, self._theme()
        names = ", ".join(f"{person.name} (@{person.username})" for person in self._assignees())
        facts = (
            (say("Title"), self.card.title),
            (say("Board"), f"{self.board.title} ({self.board.key})"),
            (say("List"), self._list()),
            (say("Label"), f"{theme.title} ({theme.colour})"),
            (say("Assigned"), names or say("nobody")),
            (say("Release"), self._release()),
            (say("Due"), local(occurrence.due, zone)),
        )
        yield from (str(occurrence.key), *table(facts))
        for checklist in self.card.checklists:
            yield from ("", visible(spoken(say("Checklist: %(title)s", title=checklist.title))))
            yield from (f"  [ ] {visible(item)}" for item in checklist.items)
        yield from ("", spoken(say("Description:")), *paragraph(self.card.description))

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "key": str(self.occurrence.key),
            "title": self.card.title,
            "board": self.board.title,
            "list": self._list(),
            "label": {"title": self._theme().title, "colour": self._theme().colour},
            "assignees": [
                {"key": each.key, "username": each.username, "name": each.name} for each in self._assignees()
            ],
            "timezone": self.task.cadence.timezone.key,
            "release_at": utc(self.occurrence.release),
            "due_at": utc(self.occurrence.due),
            "checklists": [{"title": each.title, "items": each.items} for each in self.card.checklists],
            "description": self.card.description,
        }

    def _release(self) -> str:
        release = local(self.occurrence.release, self.task.cadence.timezone)
        skipped = gave_way(self.task, self.occurrence)
        if skipped is None:
            return release
        return say("%(release)s (the clocks skip %(time)s)", release=release, time=f"{skipped:%H:%M}")

    def _list(self) -> str:
        return next(each.title for each in self.board.lists if each.key == TODO)

    def _theme(self) -> Theme:
        return next(each for each in self.workspace.themes if each.key == self.task.theme)

    def _assignees(self) -> list[Person]:
        return [each for each in self.workspace.people if each.key in self.task.assignees]
