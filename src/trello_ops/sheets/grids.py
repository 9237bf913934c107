"""A workbook or a CSV file as somebody saved it → its sheets, with each cell as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.folder_files import Folder
from trello_ops.messages import Number, say
from trello_ops.plain_text import Unreadable
from trello_ops.sheets.problems import Place
from trello_ops.spreadsheets import csv_rows, csv_text, likely_delimiter, text_of, tidy, workbook

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 200
"""Rows and columns of a sheet that are read; people fill a few hundred, and a stray cell may lie anywhere."""

_LARGEST: Final = 10_000_000
"""Bytes of the largest file that is read."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its rows from the first on, each with the text of its cells. A CSV file gives it its name."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()


def opened(path: Path) -> tuple[Grid, ...]:
    """The sheets of a file. Raises `InvalidDeclaration` where it is none that can be read."""
    try:
        data = Folder(path.resolve().parent).data(path, _LARGEST)
        return _of_csv(path, data) if path.suffix.lower() == ".csv" else _of_workbook(data)
    except Unreadable as error:
        problem = Problem(str(path), error.line, error.column, "", error.message)
        raise InvalidDeclaration((problem,)) from None


# ---- workbooks --------------------------------------------------------------------------------------


def _of_workbook(data: bytes) -> tuple[Grid, ...]:
    with workbook(data) as book:
        sheets = list(book.worksheets)
    return tuple(map(_of_sheet, sheets))


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
        return text_of(cell.value, cell.number_format)
    problems.append(Place(cell.parent.title, cell.row, cell.column).problem(message))
    return ""


# ---- CSV --------------------------------------------------------------------------------------------


def _of_csv(path: Path, data: bytes) -> tuple[Grid]:
    text, told = csv_text(data)
    found = csv_rows(text, told or likely_delimiter(text))
    rows = tuple(tuple(map(tidy, row)) for row in islice(found, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Unreadable(say("holds more than %(most)s rows: split it", most=Number(MOST_ROWS)))
    return (Grid(path.stem, rows),)
