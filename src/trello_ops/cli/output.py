"""Writing for people and programs: tables, JSON, files, progress."""

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from trello_ops.cli.language import reader, spoken
from trello_ops.core.problems import SystemProblem
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.escape import safe_json, visible, visible_lines
from trello_ops.messages import reason, say
from trello_ops.private_files import atomic_file


def local(instant: dt.datetime, zone: ZoneInfo) -> str:
    """Day, time and zone: `Mon 2026-11-16 08:00 +01`, in French « lun. 16/11/2026 08:00 +01 »."""
    return reader().stamp(instant, zone)


def utc(instant: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC with a `Z`, for JSON."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if instant else None


def done(line: ReportedOccurrence, zone: ZoneInfo) -> str:
    """When and by whom an occurrence was done; empty if it was not."""
    if line.completed_at is None:
        return ""
    moment, who = local(line.completed_at, zone), line.completed_by or say("somebody")
    if line.approximate:
        return spoken(say("done about %(moment)s by %(who)s", moment=moment, who=who))
    return spoken(say("done %(moment)s by %(who)s", moment=moment, who=who))


def sentence(text: str) -> str:
    """A message in the reader's language, with a capital at its beginning."""
    said = spoken(text)
    return said[:1].upper() + said[1:]


def table(rows: Iterable[Sequence[str]], indent: str = "  ") -> list[str]:
    """Rows of texts and messages as lines with aligned columns, harmless on a terminal."""
    cells = [[visible(spoken(cell)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [indent + "  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """Text as indented lines, with control characters made harmless."""
    return [(indent + visible(line)).rstrip() for line in text.splitlines()]


def to_json(document: object) -> str:
    """A document as indented JSON, harmless on a terminal."""
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2))


def problem_as_dict(problem: SystemProblem) -> dict[str, object]:
    """A problem of the robot's as JSON values."""
    return {
        "subject": problem.subject,
        "message": problem.message,
        "since": utc(problem.since),
        "last_seen": utc(problem.last_seen),
        "count": problem.count,
    }


def write_file(path: Path, text: str) -> None:
    """Write a file completely or not at all."""
    with whole_file(path) as file:
        file.write(text.encode())


@contextlib.contextmanager
def whole_file(path: Path, said_by: str = "--out") -> Iterator[BinaryIO]:
    """A file to write to, which appears under its name once complete.

    Raises `click.BadParameter` of the option or argument that names it.
    """
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout, in whose place nothing may be put
            with path.open("wb") as file:
                yield file
        else:
            with atomic_file(path) as unfinished, unfinished.open("wb") as file:
                yield file
    except OSError as error:
        raise click.BadParameter(
            spoken(say("%(path)s cannot be written: %(why)s.", path=path, why=reason(error))),
            param_hint=said_by,
        ) from error


def notice(text: str) -> None:
    """Say something on standard error, apart from the output itself."""
    click.echo(visible_lines(spoken(text)), err=True)


@contextlib.contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on the terminal; nothing where standard error is none.

    Yields a function to call with each step's name before the step.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # Imported only where there is a terminal to draw on.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(spoken(title), markup=False), BarColumn(), MofNCompleteColumn())
    now = TextColumn("{task.fields[now]}", markup=False)
    with Progress(*columns, now, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, now="")
        begun = -1

        def step(name: str) -> None:
            nonlocal begun
            begun += 1
            bar.update(task, completed=begun, now=visible(spoken(name)))

        yield step
