"""trello-ops draft"""

import re
from collections.abc import Mapping
from pathlib import Path

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import sentence
from trello_ops.cli.session import Session, pass_session
from trello_ops.declared.fields import KEY_PATTERN
from trello_ops.draft import files, markdown, table, team, writing
from trello_ops.draft.model import Draft
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import visible
from trello_ops.folder_files import Folder
from trello_ops.messages import Message, Number, reason, say, say_count
from trello_ops.plain_text import Unreadable


@click.command
@click.argument("source", metavar="SOURCE", type=PathType(exists=True, dir_okay=False))
@click.option(
    "--out", type=PathType(dir_okay=False), metavar="FILE", required=True,
    help="The board file to write, such as boards/weekly.yaml.",
)  # fmt: skip
@pass_session
def command(session: Session, source: Path, out: Path) -> None:
    """Draft a board file from a list or a table that you have.

    SOURCE is a Markdown checklist (.md), or a table of tasks (.csv, .xlsx). Writes the board file, the card
    templates that it names, and a workspace.yaml where there is none beside it. What was guessed stands
    there as a remark. Nothing is ever overwritten.
    """
    settings = session.settings()
    if out.suffix != ".yaml" or not re.fullmatch(KEY_PATTERN, out.stem) or out.stem == "workspace":
        message = say("name the board file like boards/weekly.yaml: lower-case letters, digits and hyphens.")
        raise click.BadParameter(spoken(message), param_hint="--out")
    draft = _read(source)
    _require_tasks(draft, source)
    today = SystemClock().now().date()
    place = writing.Place(out.stem, team.read(out.parent), today, spoken, reader().language)
    written = writing.write(draft, place)
    made = _files(written, out, settings.templates_dir / "cards")
    _write(made)
    click.echo("\n".join(map(visible, _told(made, draft, written))))


def _read(source: Path) -> Draft:
    name = source.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    kind, reading = source.suffix.lower(), Folder(source.resolve().parent)
    try:
        if kind in {".xlsx", ".xlsm"}:
            reading.data(source)  # which refuses what is too large
            return table.read_workbook(source, name)
        if kind in {".csv", ".tsv"}:
            return table.read_csv(reading.data(source), name, str(source))
        if kind in {".md", ".markdown", ".txt"}:
            return markdown.read(reading.text(source), name)
    except Unreadable as error:
        at = error.line, error.column
        raise InvalidDeclaration((Problem(str(source), *at, "", error.message),)) from None
    raise _refused(source, say("is none of .md, .csv and .xlsx: save it as one of these"))


def _require_tasks(draft: Draft, source: Path) -> None:
    if not draft.tasks:
        raise _refused(source, say("holds no tasks: list some"))
    if len(draft.tasks) > writing.MOST_TASKS:
        most = Number(writing.MOST_TASKS)
        raise _refused(source, say("holds more than %(most)s tasks: split it", most=most))


def _refused(source: Path, message: Message) -> InvalidDeclaration:
    return InvalidDeclaration((Problem(str(source), 1, 1, "", message),))


def _files(written: writing.Written, out: Path, cards: Path) -> dict[Path, str]:
    """The files to write, the board file last: without it, the others do nothing."""
    made = {cards / name: text for name, text in written.templates.items()}
    if written.workspace:
        made[out.parent / "workspace.yaml"] = written.workspace
    return made | {out: written.board}


def _write(made: Mapping[Path, str]) -> None:
    try:
        files.write_new(made)
    except FileExistsError as error:
        message = say("%(file)s would be overwritten: choose another name.", file=error.filename)
        raise click.BadParameter(spoken(message), param_hint="--out") from error
    except OSError as error:
        message = say("%(path)s cannot be written: %(why)s.", path=error.filename, why=reason(error))
        raise click.BadParameter(spoken(message), param_hint="--out") from error


def _told(made: Mapping[Path, str], draft: Draft, written: writing.Written) -> list[str]:
    tasks = say_count("%(count)s task was drafted", "%(count)s tasks were drafted", len(draft.tasks))
    guesses = say_count("%(count)s remark", "%(count)s remarks", written.guesses)
    told = [f"{sentence(tasks)} ({spoken(guesses)})", *(f"  {path}" for path in made)]
    if written.additions:
        told.append(spoken(say("Next: add to workspace.yaml what the head of the board file lists.")))
    word = spoken(say("to be checked: %(what)s", what="")).strip()
    next_ = say("Next: look for `%(word)s` in these files, then run `trello-ops validate`.", word=word)
    return [*told, spoken(next_)]
