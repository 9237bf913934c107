"""Workbooks and CSV files of the boards folder, read only and as they are at one instant."""

import os
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trello_ops.core.rows import Cell, Row, Table
from trello_ops.folder_files import Folder
from trello_ops.messages import Number, say
from trello_ops.plain_text import Unreadable
from trello_ops.spreadsheets import csv_rows, csv_text, likely_delimiter, shown, workbook
from trello_ops.wording import choose

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST: Final = 10_000_000
"""Bytes of the largest file."""

MOST_ROWS: Final = 10_000
"""Rows of a sheet that hold anything."""

MOST_COLUMNS: Final = 200
_MOST_LOOKED_AT: Final = 200_000  # rows, most of which are empty

_MISSING = say("is not there: put it beside the board files, or correct its name")
_CHANGED = say("was changed while it was read: it is read again in a moment")

_Signature = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RowFiles:
    """Implements `RowReader` for a folder. What has not changed is read once. Safe for threads."""

    folder: Folder
    _known: dict[tuple[str, str], tuple[_Signature, Table | Unreadable]] = field(default_factory=dict)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def read(self, file: str, sheet: str) -> Table:
        """A sheet. Raises `Unreadable`."""
        path = self._path(file)
        with self._reading:
            before = _signature(path)
            known = self._known.get((file, sheet))
            if known is None or known[0] != before:
                # Only what a file holds is remembered: a disk that failed is asked again.
                found = _try(path, self.folder.data(path, LARGEST), sheet)
                if _signature(path) != before:
                    raise Unreadable(_CHANGED)
                known = self._known[file, sheet] = before, found
        if isinstance(known[1], Unreadable):
            raise known[1].with_traceback(None)
        return known[1]

    def _path(self, file: str) -> Path:
        """Where a file lies. Raises `Unreadable` where that is outside of the folder."""
        path = self.folder.path / file
        if Path(file).is_absolute() or ".." in Path(file).parts:
            raise Unreadable(self.folder.outside(path))
        if not os.path.lexists(path):  # a Mac writes accents in file names apart from their letters
            path = self.folder.path / unicodedata.normalize("NFD", file)
        return path


def _try(path: Path, data: bytes, sheet: str) -> Table | Unreadable:
    try:
        lines = _of_csv(data, sheet) if path.suffix.lower() == ".csv" else None
        name, numbered = lines or _of_workbook(data, sheet)
        return _table(str(path), name, numbered)
    except Unreadable as error:
        return error


def _signature(path: Path) -> _Signature:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise Unreadable(_MISSING) from None
    except OSError:  # said better by who reads it
        return 0, 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


# ---- tables -----------------------------------------------------------------------------------------

_Numbered = Iterable[tuple[int, tuple[Cell, ...]]]


def _table(path: str, sheet: str, numbered: _Numbered) -> Table:
    """The table that begins with the first row that holds anything."""
    rows: list[Row] = []
    for number, cells in numbered:
        if any(not _is_empty(cell) for cell in cells):
            rows.append(Row(number, cells))
        if len(rows) > MOST_ROWS + 1:
            raise Unreadable(
                say("has more than %(most)s rows: move those that are done elsewhere", most=Number(MOST_ROWS))
            )
    if not rows:
        raise Unreadable(say("is empty: its first row should name the columns"))
    head, *others = rows
    headings = tuple("" if cell is None else str(cell).strip() for cell in head.cells)
    return Table(path, sheet, headings, tuple(others), head.number)


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


# ---- CSV --------------------------------------------------------------------------------------------


def _of_csv(data: bytes, sheet: str) -> tuple[str, _Numbered]:
    """Its rows by number."""
    if sheet:
        raise Unreadable(say("is a CSV file, which has no sheets: leave out `sheet`"))
    text, told = csv_text(data)
    rows = csv_rows(text, told or likely_delimiter(text))
    return "", ((number, tuple(cells[:MOST_COLUMNS])) for number, cells in enumerate(rows, 1))


# ---- workbooks --------------------------------------------------------------------------------------


def _of_workbook(data: bytes, sheet: str) -> tuple[str, _Numbered]:
    """The name of a sheet, and its rows by number."""
    with workbook(data, values=True) as book:
        found = _named(book, sheet)
        found.reset_dimensions()  # some programs write them wrongly, and rows would be cut off
        return found.title, list(_of_cells(found))


def _named(book: "Workbook", name: str) -> Any:
    if not name and (sheets := shown(book)):
        return sheets[0]
    for each in book.worksheets:
        if each.title.strip().casefold() == name.strip().casefold():
            return each
    advice = choose(name, [each.title for each in book.worksheets])
    raise Unreadable(say("has no sheet `%(name)s`: %(advice)s", name=name, advice=advice))


def _of_cells(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    kept = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _MOST_LOOKED_AT:
            raise Unreadable(
                say("has more than %(most)s rows: delete the empty ones", most=Number(_MOST_LOOKED_AT))
            )
        # Without those that are there for their colour alone.
        length = max((n for n, cell in enumerate(cells, 1) if cell is not None), default=0)
        if length:
            kept += 1
            yield number, tuple(map(_cell, cells[: min(length, MOST_COLUMNS)]))
        if kept > MOST_ROWS + 1:  # said by who makes the table
            return


def _cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else str(value)
