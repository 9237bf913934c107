"""trello-ops calendar"""

import datetime as dt
from pathlib import Path

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.files import reading
from trello_ops.cli.language import reader
from trello_ops.cli.names import find_board, find_person, find_task
from trello_ops.cli.options import DATE, format_option, out_option
from trello_ops.cli.output import to_json, utc, write_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, Choice, agenda
from trello_ops.core.declared import Workspace
from trello_ops.declaration_source import read_declaration
from trello_ops.operations.calendar import calendar
from trello_ops.own_store import has_store
from trello_ops.render.i18n import ENGLISH

_MOST = 53
"""Weeks: a year, whatever its first day."""


@click.command
@click.option("--from", "first", type=DATE, metavar="DATE", help="The first day.  [default: today]")
@click.option(
    "--weeks", type=click.IntRange(1, _MOST), default=4, show_default=True, help="So many times seven days."
)
@click.option("--board", metavar="BOARD", help="What comes on this board alone.")
@click.option("--person", metavar="PERSON", help="What is assigned to this person alone.")
@click.option("--task", metavar="BOARD/TASK", help="This task alone.")
@format_option("text", "json", "ics", "html")
@out_option("Write to a file.")
@pass_session
def command(
    session: Session,
    *,
    first: dt.date | None,
    weeks: int,
    board: str | None,
    person: str | None,
    task: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Show what comes, week by week.

    Days off, pauses, absences and turns are considered; what is not to be done is shown with the reason.
    Boards, people and tasks are named by their keys. Where there is a store, what has been issued is shown as
    it was issued. Asks nothing of Trello and needs no credentials; `html` is a page to print or to keep,
    `ics` a file for calendars.
    """
    settings = session.settings()

    def days(workspace: Workspace, now: dt.datetime) -> Span:
        begin = first or now.astimezone(workspace.timezone).date()
        return Span(begin, begin + dt.timedelta(days=7 * weeks - 1))

    if has_store(settings):
        with reading(session) as app:
            context = app.context()
            chosen = _choice(context.workspace, board, person, task)
            found = calendar(context, days(context.workspace, context.clock.now()), chosen)
    else:
        workspace, now = read_declaration(settings).workspace, SystemClock().now()
        chosen = _choice(workspace, board, person, task)
        found = agenda(workspace, days(workspace, now), now, chosen)
    written = _written(found, form)
    if out:
        write_file(out, written)
    else:
        click.echo(written, nl=False)


def _choice(workspace: Workspace, board: str | None, person: str | None, task: str | None) -> Choice:
    """What was chosen, by the keys of now. Raises `click.BadParameter` with a suggestion."""
    found = find_task(workspace, task, "--task") if task is not None else None
    return Choice(
        board=find_board(workspace, board, "--board").key if board is not None else "",
        person=find_person(workspace, person, "--person").key if person is not None else "",
        task=f"{found[0].key}/{found[1].key}" if found else "",
    )


# ---- the formats ------------------------------------------------------------------------------------


def _written(found: Agenda, form: str) -> str:
    # Imported for the one that is wanted: the others need not wait for it.
    match form:
        case "json":
            return _json(found)
        case "ics":
            from trello_ops.render.calendar_ics import ics as write
        case "html":
            from trello_ops.render.calendar_html import html as write
        case _:
            from trello_ops.render.calendar_text import text as write
    return write(found, reader())


def _json(found: Agenda) -> str:
    from trello_ops.render.calendar_words import CalendarWords

    warnings = CalendarWords(found, ENGLISH).warnings()
    document = {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "timezone": found.workspace.timezone.key,
        "occurrences": [_as_dict(entry) for entry in found.entries],
        "days_off": [
            {"date": off.date.isoformat(), "name": off.name, "kind": off.kind, "estimated": off.estimated}
            for off in found.days_off
        ],
        "warnings": [
            {"kind": kind, "date": day.isoformat(), "message": message} for kind, day, message in warnings
        ],
    }
    return to_json(document) + "\n"


def _as_dict(entry: AgendaEntry) -> dict[str, object]:
    one = entry.occurrence
    return {
        "key": str(one.key),
        "board": one.key.board,
        "task": one.key.task,
        "title": one.title,
        "theme": one.theme,
        "nominal_day": one.nominal_day.isoformat(),
        "day": one.day.isoformat(),
        "release_at": utc(one.release),
        "due_at": utc(one.due),
        "assignees": list(one.assignees),
        "slot": entry.slot or None,
        "planned_from": utc(entry.planned.begins) if entry.planned else None,
        "planned_to": utc(entry.planned.ends) if entry.planned else None,
        "moved": {"why": one.moved.reason or one.moved.kind} if one.moved else None,
        "skipped": {"kind": one.skip.kind, "reason": one.skip.reason} if one.skip else None,
        "card_url": entry.card_url or None,
    }
