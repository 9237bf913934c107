"""trello-ops export"""

import csv
import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from trello_ops.app import open_app
from trello_ops.cli.ledger import as_dict
from trello_ops.cli.options import DATE, format_option, out_option
from trello_ops.cli.output import progress, safe_json, utc, whole_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.ledger import LedgerEvent
from trello_ops.operations.export import Export
from trello_ops.operations.report_lines import ReportedEntry
from trello_ops.render.escape import visible

COLUMNS = (
    "key", "board", "board_title", "task", "date", "title", "theme", "theme_title", "assignees",
    "release_at", "due_at", "week", "outcome", "frozen", "completed_at", "completed_by", "approximate",
    "note", "card_url", "card_created_at", "completions",
)  # fmt: skip
"""Of the CSV. New ones come at the end."""

_BOM = "\ufeff"
"""Without it Excel takes a file for one of its country's old encodings, and spoils every accent."""

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet calculate a cell instead of showing it."""


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
    with closing(open_app(session.settings())) as app, _opened(out) as file:
        export = Export(app.context(), first or dt.date.min, last or dt.date.max)
        occurrences = _occurrences(export, quiet=_shares_terminal(out))
        lines = _csv(occurrences) if form == "csv" else _jsonl(occurrences)
        file.writelines(line.encode() for line in lines)


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    if out:
        with whole_file(out) as file:
            yield file
    else:
        yield sys.stdout.buffer
        sys.stdout.flush()


def _shares_terminal(out: Path | None) -> bool:
    return out is None and sys.stdout.isatty()


def _occurrences(export: Export, *, quiet: bool) -> Iterator[ReportedEntry]:
    if quiet:
        for page in export:
            yield from page
        return
    with progress("Exporting", len(export)) as step:
        for page in export:
            step(str(page[0].week) if page else "")
            yield from page


# ---- the two forms ----------------------------------------------------------------------------------


def _jsonl(found: Iterable[ReportedEntry]) -> Iterator[str]:
    for reported in found:
        yield safe_json(json.dumps(as_dict(reported), ensure_ascii=False)) + "\n"


def _csv(found: Iterable[ReportedEntry]) -> Iterator[str]:
    """As RFC 4180 has it: commas, CRLF, quotes where needed."""
    rows = csv.DictWriter(_Row(), COLUMNS)
    yield _BOM + rows.writeheader()
    for reported in found:
        yield rows.writerow({name: _cell(value) for name, value in _row(reported).items()})


class _Row:
    """What a csv writer writes to: it hands each row back as text."""

    def write(self, text: str) -> str:
        return text


def _row(reported: ReportedEntry) -> dict[str, object]:
    entry, known = reported.entry, as_dict(reported)
    flat = {name: known.get(name) for name in COLUMNS}
    return flat | {
        "assignees": " ".join(reported.line.assignees),
        "card_created_at": utc(entry.card.created_at) if entry.card else None,
        "completions": "; ".join(map(_told, entry.events)),
    }


def _told(event: LedgerEvent) -> str:
    about = "about " if event.approximate else ""
    who = f" by {event.by.username}" if event.by else ""
    return f"{event.kind} {about}{utc(event.at)}{who} ({event.source})"


def _cell(value: object) -> str:
    """Anybody's text on one line, as text: a spreadsheet shows the apostrophe and calculates nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return ("'" if text.startswith(_FORMULA) else "") + visible(text)
