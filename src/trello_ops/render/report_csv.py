"""A report's occurrences as CSV, as Excel opens it by a double click."""

import csv
import datetime as dt
import io
from typing import Final

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_sheet import Cell, SheetWords

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"


def table(report: Report) -> bytes:
    """UTF-8 with a byte-order mark, by which Excel knows it; semicolons where a comma is in numbers."""
    words = SheetWords(report)
    separator = "," if words.t.number(0.5) == "0.5" else ";"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([*words.headings(), words.t.gettext("Card")])
    for row in words.rows():
        writer.writerow([*map(_text, row.cells), _text(row.url)])
    return (_BOM + out.getvalue()).encode("utf-8", "replace")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes")
    text = str(cell)
    # A text that begins like a formula is one to a spreadsheet, quotes or not.
    return f"'{text}" if text.startswith(_FORMULA) else text
