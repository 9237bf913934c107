"""A workbook or a CSV file as somebody saved it → its sheets, with each cell as text."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import Number, reason, say
from trello_ops.sheets.problems import Place

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 200
"""Rows and columns of a sheet that are read; people fill a few hundred, and a stray cell may lie anywhere."""

_LARGEST: Final = 20_000_000
"""Bytes of the largest file that is read."""

_LARGEST_UNPACKED: Final = 2 * _LARGEST
"""Bytes once unpacked: a file made for it would take minutes and all memory."""

_OLD: Final = b"\xd0\xcf\x11\xe0"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ";\t,"  # French Excel's first
_ANY_DAY: Final = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its rows from the first on, each with the text of its cells. A CSV file gives it its name."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()


def opened(path: Path) -> tuple[Grid, ...]:
    """The sheets of a file. Raises `InvalidDeclaration` where it is none that can be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, say("cannot be read: %(why)s", why=reason(error))) from None
    if len(data) > _LARGEST:
        raise _unreadable(path, say("is larger than %(most)s bytes: split it", most=Number(_LARGEST)))
    if path.suffix.lower() == ".csv":
        return (_of_csv(path, data),)
    return tuple(_of_workbook(path, data))


def _unreadable(path: Path, message: str) -> InvalidDeclaration:
    return InvalidDeclaration((Problem(str(path), 1, 1, "", message),))


# ---- workbooks --------------------------------------------------------------------------------------


def _of_workbook(path: Path, data: bytes) -> Iterator[Grid]:
    if data.startswith(_OLD):
        message = say("is an old Excel file, or has a password: save it as .xlsx without a password")
        raise _unreadable(path, message)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is no cell, which is left alone
            sheets = _sheets(data) if unpacked <= _LARGEST_UNPACKED else None
    except Exception as error:  # whatever it is, the file is none that spreadsheets write
        message = say("cannot be read as a workbook: save it as .xlsx once more, or as .csv")
        raise _unreadable(path, message) from error
    if sheets is None:
        raise _unreadable(
            path, say("is larger than %(most)s bytes: split it", most=Number(_LARGEST_UNPACKED))
        )
    yield from map(_of_sheet, sheets)


def _sheets(data: bytes) -> list[Worksheet]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets)


def _of_sheet(sheet: Worksheet) -> Grid:
    problems = list(_merged(sheet))
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        problems.append(_too_far(sheet))
    rows = sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS))
    found = tuple(tuple(_text_of(cell, problems) for cell in row) for row in rows)
    return Grid(sheet.title, found, tuple(problems))


def _merged(sheet: Worksheet) -> Iterator[Problem]:
    message = say("is merged with others, so that only one row has its text: split the cells again")
    for each in sheet.merged_cells.ranges:
        yield Place(sheet.title, each.min_row, each.min_col).problem(message)


def _too_far(sheet: Worksheet) -> Problem:
    message = say(
        "the sheet goes on beyond %(rows)s rows or %(columns)s columns: delete those that are empty, and"
        " split what is left",
        rows=Number(MOST_ROWS),
        columns=MOST_COLUMNS,
    )
    return Place(sheet.title, 1, 1).problem(message)


def _text_of(cell: Cell | MergedCell, problems: list[Problem]) -> str:
    """The text that stands for what is in a cell."""
    if cell.data_type == "f":
        message = say("holds a formula: put its value in its place (copy, then paste the values alone)")
    elif cell.data_type == "e":
        message = say("holds the error %(error)s: give the cell a value, or empty it", error=str(cell.value))
    else:
        return _written(cell.value, cell.number_format)
    problems.append(Place(cell.parent.title, cell.row, cell.column).problem(message))
    return ""


def _written(value: object, number_format: str) -> str:
    """A value as a person would write it in a board file."""
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
            return "" if value is None else _tidy(str(value))


def _to_minute(moment: dt.datetime) -> dt.datetime:
    """The nearest minute, as spreadsheets keep times as fractions of a day."""
    return (moment + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)


# ---- CSV --------------------------------------------------------------------------------------------


def _of_csv(path: Path, data: bytes) -> Grid:
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):  # which Excel takes for no row
        delimiter, text = first[4:5], rest
    else:
        counted = Counter(each for each in first if each in _DELIMITERS)
        delimiter = max(_DELIMITERS, key=lambda each: counted[each])
    try:
        rows = tuple(tuple(map(_tidy, row)) for row in csv.reader(io.StringIO(text, ""), delimiter=delimiter))
    except csv.Error:
        raise _unreadable(path, say("cannot be read as CSV: save it as CSV UTF-8 once more")) from None
    if len(rows) > MOST_ROWS:
        raise _unreadable(path, say("holds more than %(most)s rows: split it", most=Number(MOST_ROWS)))
    return Grid(path.stem, rows)


def _decoded(data: bytes) -> str:
    """The text; what is no Unicode is as Excel writes it in French."""
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
