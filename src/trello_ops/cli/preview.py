"""trello-ops preview"""

import datetime as dt
from collections.abc import Iterator

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.row_files import RowFiles
from trello_ops.app import said_in
from trello_ops.cli.language import spoken
from trello_ops.cli.names import find_task
from trello_ops.cli.options import DATE, format_option
from trello_ops.cli.output import local, paragraph, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.declaration_source import read_declaration
from trello_ops.escape import visible
from trello_ops.messages import say
from trello_ops.operations.preview import Preview, preview


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
    locale = declared.workspace.locale
    rows = RowFiles(session.settings().boards_folder)
    found = preview(declared.workspace, declared.cards, rows, occurrence, lambda text: said_in(text, locale))
    click.echo(to_json(_as_dict(found)) if form == "json" else "\n".join(_lines(found)))


def _lines(found: Preview) -> Iterator[str]:
    """As text: the facts, the checklists, the description."""
    zone, occurrence, card = found.task.cadence.timezone, found.occurrence, found.card
    names = ", ".join(f"{person.name} (@{person.username})" for person in found.assignees)
    facts = (
        (say("Title"), card.title),
        (say("Board"), f"{found.board.title} ({found.board.key})"),
        (say("List"), found.list_title),
        (say("Label"), f"{found.theme.title} ({found.theme.colour})"),
        (say("Assigned"), names or say("nobody")),
        (say("Release"), _release(found)),
        (say("Due"), local(occurrence.due, zone)),
    )
    yield from (str(occurrence.key), *table(facts))
    for checklist in card.checklists:
        yield from ("", visible(spoken(say("Checklist: %(title)s", title=checklist.title))))
        yield from (f"  [ ] {visible(item)}" for item in checklist.items)
    yield from ("", spoken(say("Description:")), *paragraph(card.description))


def _as_dict(found: Preview) -> dict[str, object]:
    """As JSON."""
    return {
        "key": str(found.occurrence.key),
        "title": found.card.title,
        "board": found.board.title,
        "list": found.list_title,
        "label": {"title": found.theme.title, "colour": found.theme.colour},
        "assignees": [
            {"key": each.key, "username": each.username, "name": each.name} for each in found.assignees
        ],
        "timezone": found.task.cadence.timezone.key,
        "release_at": utc(found.occurrence.release),
        "due_at": utc(found.occurrence.due),
        "checklists": [{"title": each.title, "items": each.items} for each in found.card.checklists],
        "description": found.card.description,
    }


def _release(found: Preview) -> str:
    release = local(found.occurrence.release, found.task.cadence.timezone)
    if not found.skipped_time:
        return release
    return say("%(release)s (the clocks skip %(time)s)", release=release, time=found.skipped_time)
