"""Spreadsheets as people save them, workbooks and CSV: opened within bounds, and told apart from all else."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from trello_ops.messages import Number, say
from trello_ops.plain_text import Unreadable, decoded_table

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST_UNPACKED: Final = 50_000_000
"""Bytes of a workbook's files, which a small one may unpack to without end."""

DELIMITERS: Final = ";\t,"
"""What may stand between the cells of a CSV file; French Excel's first."""

_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
_NO_CSV: Final = say("cannot be taken apart here: save it as CSV again, separated by semicolons")
_ANY_DAY: Final = dt.date(2000, 1, 1)


# ---- workbooks --------------------------------------------------------------------------------------


@contextmanager
def workbook(data: bytes, *, values: bool = False) -> "Iterator[Workbook]":
    """A workbook; with `values` its values alone, row by row.

    Raises `Unreadable` where it is none, or unpacks to more than `LARGEST_UNPACKED`; also for what is only
    seen while its rows are read in the block.
    """
    _require_small(data)
    import openpyxl  # imported late: few processes need it

    try:
        with warnings.catch_warnings():  # of what is no cell, such as rules for what may be typed
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=values, data_only=values)
        try:
            yield book
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 (openpyxl raises what zip files, XML and its own code do)
        raise Unreadable(
            say("is no workbook that can be read: save it as .xlsx again, and if it is open, close it")
        ) from None


def _require_small(data: bytes) -> None:
    if data.startswith(_OLD_OR_LOCKED):
        raise Unreadable(say("is an old Excel file, or has a password: save it as .xlsx, without a password"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile:
        raise Unreadable(
            say("is no whole workbook: it may be in the middle of being saved; else save it as .xlsx again")
        ) from None
    if unpacked > LARGEST_UNPACKED:
        most = Number(LARGEST_UNPACKED)
        raise Unreadable(say("unpacks to more than %(most)s bytes: shorten it", most=most))


def shown(book: "Workbook") -> list[Any]:
    """The sheets that a person sees, or all of them where none is shown."""
    return [each for each in book.worksheets if each.sheet_state == "visible"] or book.worksheets


def text_of(value: object, number_format: str = "") -> str:
    """A cell's value as a person would write it in a board file."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value * 100:.15g}%" if "%" in number_format else f"{value:.15g}"
        case dt.datetime():
            return f"{_to_minute(value):%Y-%m-%d %H:%M}".removesuffix(" 00:00")
        case dt.time():
            return f"{_to_minute(dt.datetime.combine(_ANY_DAY, value)):%H:%M}"
        case dt.timedelta():
            return f"{_to_minute(dt.datetime.combine(_ANY_DAY, dt.time()) + value):%H:%M}"
        case _:
            return "" if value is None else tidy(str(value))


def _to_minute(moment: dt.datetime) -> dt.datetime:
    """The nearest minute, as spreadsheets keep times as fractions of a day."""
    return (moment + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)


def tidy(text: str) -> str:
    """A cell's text without spaces around it, its line breaks as in files of ours."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# ---- CSV --------------------------------------------------------------------------------------------


def csv_text(data: bytes) -> tuple[str, str]:
    """The text of a CSV file, and the delimiter that a first line `sep=;` tells, which is no row to Excel.

    The delimiter is empty where nothing tells it. Raises `Unreadable`.
    """
    text = decoded_table(data)
    first, _, rest = text.partition("\n")
    if not first.lower().startswith("sep="):
        return text, ""
    return rest, first[4:].strip("\r ")


def likely_delimiter(text: str) -> str:
    """The one that the first line with anything has most of."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV file's text, as they are found. Raises `Unreadable`."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except (TypeError, ValueError):  # one that can be none
        raise Unreadable(_NO_CSV) from None
    try:
        yield from reader
    except csv.Error:
        raise Unreadable(_NO_CSV, reader.line_num) from None
