"""trello-ops draft"""

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import open_trello
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import sentence
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.declared import words
from trello_ops.declared.fields import KEY_PATTERN
from trello_ops.draft import source as sources
from trello_ops.draft import team, writing
from trello_ops.draft.model import MOST_TASKS, Draft
from trello_ops.escape import visible
from trello_ops.files_together import write_new
from trello_ops.messages import Number, reason, say, say_count
from trello_ops.operations.adopt import board_id


@click.command
@click.argument("source", metavar="SOURCE")
@click.option(
    "--out", type=PathType(dir_okay=False), metavar="FILE", required=True,
    help="The board file to write, such as boards/weekly.yaml.",
)  # fmt: skip
@pass_session
def command(session: Session, source: str, out: Path) -> None:
    """Draft a board file from a list, a table or a board that you have.

    SOURCE is a Markdown checklist (.md), a table of tasks (.csv, .xlsx), what Trello exports of a board
    (.json), or the address or id of a board on Trello, which is only read. Writes the board file, the card
    templates that it names, and a workspace.yaml where there is none beside it. What was guessed stands
    there as a remark. Nothing is ever overwritten.
    """
    settings = session.settings()
    if out.suffix != ".yaml" or not re.fullmatch(KEY_PATTERN, out.stem) or out.stem == "workspace":
        message = say("name the board file like boards/weekly.yaml: lower-case letters, digits and hyphens.")
        raise click.BadParameter(spoken(message), param_hint="--out")
    known, language = team.read(out.parent), reader().language
    zone = _zone(known.timezone, language)
    today = SystemClock().now().astimezone(zone).date()
    draft = _read(session, source, zone, today)
    _require_tasks(draft, source)
    place = writing.Place(out.stem, known, today, spoken, language)
    written = writing.write(draft, place)
    made = _files(written, out, settings.templates_dir / "cards")
    _write(made)
    click.echo("\n".join(map(visible, _told(made, draft, written))))


def _read(session: Session, source: str, zone: ZoneInfo, today: dt.date) -> Draft:
    path = Path(source)
    if path.exists():
        return sources.read_file(path, zone, today)
    try:
        named = board_id(source)
    except ValueError:
        message = say(
            "%(source)s is no file, and names no board: give its address, such as %(address)s",
            source=source,
            address="https://trello.com/b/AbCd1234",
        )
        raise click.BadParameter(spoken(message), param_hint="SOURCE") from None
    with closing(open_trello(session.settings(*CREDENTIALS))) as trello:
        return sources.read_board(trello, named, zone, today)


def _zone(name: str, language: str) -> ZoneInfo:
    try:
        return words.time_zone(name)
    except ValueError:  # `validate` tells of it
        return ZoneInfo(team.usual_zone(language))


def _require_tasks(draft: Draft, source: str) -> None:
    if not draft.tasks:
        raise sources.refused(source, say("holds no tasks: list some"))
    if len(draft.tasks) > MOST_TASKS:
        most = Number(MOST_TASKS)
        raise sources.refused(source, say("holds more than %(most)s tasks: split it", most=most))


def _files(written: writing.Written, out: Path, cards: Path) -> dict[Path, str]:
    """The files to write, the board file last: without it, the others do nothing."""
    made = {cards / name: text for name, text in written.templates.items()}
    if written.workspace:
        made[out.parent / "workspace.yaml"] = written.workspace
    return made | {out: written.board}


def _write(made: Mapping[Path, str]) -> None:
    try:
        write_new(made)
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
