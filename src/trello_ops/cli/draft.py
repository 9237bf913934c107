"""trello-ops draft"""

import os
import re
from pathlib import Path

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import sentence, whole_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.declared import glance, load
from trello_ops.declared.fields import KEY_PATTERN
from trello_ops.draft import markdown, table, writing
from trello_ops.draft.model import Draft
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import visible
from trello_ops.folder_files import Folder
from trello_ops.messages import say, say_count
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
    if out.suffix != ".yaml" or not re.fullmatch(KEY_PATTERN, out.stem):
        message = say("name the board file like boards/weekly.yaml: lower-case letters, digits and hyphens.")
        raise click.BadParameter(spoken(message), param_hint="--out")
    drafted = _read(source)
    if not drafted.tasks:
        raise InvalidDeclaration((Problem(str(source), 1, 1, "", say("holds no tasks: list some")),))
    today = SystemClock().now().date()
    written = writing.write(drafted, out.stem, _team(out.parent), today, spoken, reader().language)
    files = {out: written.board}
    if written.workspace:
        files[out.parent / "workspace.yaml"] = written.workspace
    cards = settings.templates_dir / "cards"
    files |= {cards / name: text for name, text in written.templates.items()}
    _write(files)
    click.echo("\n".join(map(visible, _told(files, drafted, written))))


def _read(source: Path) -> Draft:
    name, kind = source.stem.replace("-", " ").replace("_", " ").strip().capitalize(), source.suffix.lower()
    reading = Folder(source.parent)
    try:
        if kind in (".xlsx", ".xlsm"):
            reading.data(source)  # which refuses what is too large
            return table.read_workbook(source, name)
        if kind in (".csv", ".tsv"):
            return table.read_csv(reading.data(source), name, str(source))
        if kind in (".md", ".markdown", ".txt"):
            return markdown.read(reading.text(source), name)
    except Unreadable as error:
        raise InvalidDeclaration(
            (Problem(str(source), error.line, error.column, "", error.message),)
        ) from None
    message = say("is none of .md, .csv and .xlsx: save it as one of these")
    raise InvalidDeclaration((Problem(str(source), 1, 1, "", message),))


def _team(folder: Path) -> writing.Team:
    """What workspace.yaml says of people and themes."""
    if glance.key(folder) is None and not (folder / "workspace.yaml").exists():
        return writing.Team(there=False)
    found = load.read(folder, ()).workspace
    if found is None:
        return writing.Team()
    people = {each.key: (each.name, each.username) for each in found.people}
    return writing.Team(people, {each.key: each.title for each in found.themes})


def _write(files: dict[Path, str]) -> None:
    there = [str(path) for path in files if os.path.lexists(path)]
    if there:
        message = say("%(files)s would be overwritten: choose another name.", files=", ".join(there))
        raise click.BadParameter(spoken(message), param_hint="--out")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(text.encode())


def _told(files: dict[Path, str], drafted: Draft, written: writing.Written) -> list[str]:
    tasks = say_count("%(count)s task was drafted", "%(count)s tasks were drafted", len(drafted.tasks))
    guesses = say_count("%(count)s guess", "%(count)s guesses", written.guesses)
    told = [f"{sentence(tasks)} ({spoken(guesses)})", *(f"  {path}" for path in files)]
    missing = written.new_people + written.new_themes
    if missing and not written.workspace:
        told.append(spoken(say("Next: add to workspace.yaml what the head of the board file lists.")))
    told.append(spoken(say("Next: look for `%(word)s` in these files, then run `trello-ops validate`.",
                           word=spoken(say("to be checked: %(what)s", what="")).strip())))  # fmt: skip
    return told
