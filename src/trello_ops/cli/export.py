"""trello-ops export"""

import csv
import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from trello_ops.cli import streams
from trello_ops.cli.codes import word
from trello_ops.cli.files import reading
from trello_ops.cli.language import spoken
from trello_ops.cli.ledger import as_dict
from trello_ops.cli.options import DATE, format_option, out_option
from trello_ops.cli.output import progress, utc, whole_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.ledger import LedgerEvent
from trello_ops.escape import safe_json, visible
from trello_ops.operations.export import Export
from trello_ops.operations.report_lines import ReportedEntry

COLUMNS = (
    "key", "board", "board_title", "task", "date", "title", "theme", "theme_title", "assignees",
    "release_at", "due_at", "week", "outcome", "frozen", "completed_at", "completed_by", "approximate",
    "note", "card_url", "card_created_at", "completions",
    "amended_at",
    "reason",
)  # fmt: skip
"""The CSV's columns. New ones go to the end, so that scripts which count columns go on working."""

_BOM = "\ufeff"
"""Without it, Excel reads the file in its country's old encoding and spoils every accent."""

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins with one of these is calculated by a spreadsheet instead of shown."""


@click.command
@format_option("csv", "jsonl")
@click.option("--from", "first", type=DATE, metavar="DATE", help="Only what fell due that day or later.")
@click.option("--to", "last", type=DATE, metavar="DATE", help="Only what fell due that day or earlier.")
@out_option("Write to a file.")
@pass_session
def command(
    session: Session, form: str, first: dt.date | None, last: dt.date | None, out: Path | None
) -> None:
    """Write out the ledger for spreadsheets and programs.

    One row for each occurrence, by due, with its outcome, card and completions. Takes as little memory for
    ten years as for a week, and may run while everything else does. Reads the store only; needs no
    credentials.
    """
    with reading(session) as app, _opened(out) as file:
        export = Export(app.context(), first or dt.date.min, last or dt.date.max)
        # A bar and rows on one terminal would overwrite each other.
        occurrences = _occurrences(export, quiet=out is None and sys.stdout.isatty())
        if form == "csv":
            lines = _csv(occurrences)
        else:
            lines = (safe_json(json.dumps(as_dict(each), ensure_ascii=False)) + "\n" for each in occurrences)
        # As bytes, since text files on Windows would add another CR to the CRLF of RFC 4180.
        for line in lines:
            file.write(line.encode())
            if streams.unread():  # as by `head`, or a pager that was left
                break


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    """The file to write to, or standard output."""
    if out:
        with whole_file(out) as file:
            yield file
    else:
        yield sys.stdout.buffer
        sys.stdout.flush()


def _occurrences(export: Export, *, quiet: bool) -> Iterator[ReportedEntry]:
    """Every occurrence, page by page, with a progress bar unless `quiet`."""
    if quiet:
        for page in export:
            yield from page
        return
    with progress("Exporting", len(export)) as step:
        for page in export:
            step(str(page[0].week) if page else "")
            yield from page


def _csv(found: Iterable[ReportedEntry]) -> Iterator[str]:
    """Lines of CSV as in RFC 4180: commas, CRLF, quotes where needed."""
    rows = csv.DictWriter(_Returned(), COLUMNS)
    yield _BOM + rows.writeheader()
    for reported in found:
        entry, known = reported.entry, as_dict(reported)
        row = {name: known.get(name) for name in COLUMNS} | {
            "assignees": " ".join(reported.line.assignees),
            "card_created_at": utc(entry.card.created_at) if entry.card else None,
            "completions": "; ".join(map(_event, entry.events)),
            "reason": spoken(word(reported.line.note)),
        }
        yield rows.writerow({name: _cell(value) for name, value in row.items()})


class _Returned:
    """A file for `csv.writer`, whose `writerow` returns what this `write` returns: the row as text."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def _event(event: LedgerEvent) -> str:
    about = "about " if event.approximate else ""
    who = f" by {event.by.username}" if event.by else ""
    return f"{event.kind} {about}{utc(event.at)}{who} ({event.source})"


def _cell(value: object) -> str:
    """A value as text on one line, which no spreadsheet calculates."""
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    # Text comes from people on Trello: with an apostrophe before it, a spreadsheet takes no formula for one.
    return ("'" if text.startswith(_FORMULA) else "") + visible(text)
