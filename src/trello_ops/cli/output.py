"""Writing for people and programs: tables, JSON, files, progress."""

import contextlib
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from trello_ops.atomic_file import atomic_file
from trello_ops.render.escape import visible

_OBEYED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON lets stand as it is and a terminal may obey, or no encoding can write."""


def local(instant: dt.datetime, zone: ZoneInfo) -> str:
    """Day, time and zone: `Mon 2026-11-16 08:00 +01`."""
    return f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"


def utc(instant: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC with a `Z`, for JSON."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if instant else None


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def table(rows: Iterable[Sequence[str]], indent: str = "  ") -> list[str]:
    """Rows as lines with their columns aligned. Cells may hold anybody's text."""
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [indent + "  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """Anybody's lines, indented."""
    return [(indent + visible(line)).rstrip() for line in text.splitlines()]


def to_json(document: object) -> str:
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2))


def safe_json(text: str) -> str:
    """The same JSON, harmless on a terminal."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_file(path: Path, text: str) -> None:
    """Write a file completely or not at all."""
    with whole_file(path) as file:
        file.write(text.encode())


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which appears under its name once it is complete, and not at all on failure."""
    try:
        with atomic_file(path) as unfinished, unfinished.open("wb") as file:
            yield file
    except OSError as error:
        raise click.BadParameter(
            f"{path} cannot be written: {error.strerror}.", param_hint="--out"
        ) from error


def notice(text: str) -> None:
    """Say something beside the output proper."""
    click.echo("\n".join(visible(line) for line in text.split("\n")), err=True)


@contextlib.contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on the terminal. Call what it yields before each step, with the step's name.

    Nothing is shown where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(title, markup=False), BarColumn(), MofNCompleteColumn())
    now = TextColumn("{task.fields[now]}", markup=False)
    with Progress(*columns, now, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, now="")
        begun = -1

        def step(name: str) -> None:
            nonlocal begun
            begun += 1
            bar.update(task, completed=begun, now=visible(name))

        yield step
