"""Rows of a workbook: what a task declares of them, which are whose, and the check items that they become."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.cadence import Span
from trello_ops.errors import Problem
from trello_ops.messages import Message, say

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | None
"""What a cell holds, as its file tells it. Dates and times are local and naive."""

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""What spreadsheets show for a formula that fails."""

_MOST_NAMED = 30
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")


# ---- what is declared -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rows:
    """A task's rows: those of a file beside its board file whose date lies in the period of a card.

    `date` and `key` are headings of columns; without a `key`, a row is known by its item. `item` is a text
    for Jinja. `sheet` is empty for the first one, `checklist` for the name of the file. With `cards`, each
    row is a task of its own (`core.row_tasks`), whose title is the item.
    """

    file: str
    date: str
    item: str
    sheet: str = ""
    key: str = ""
    checklist: str = ""
    cards: bool = False

    @property
    def title(self) -> str:
        """The title of the checklist that holds the rows of a card."""
        return self.checklist or self.file.rpartition("/")[2].rpartition(".")[0]

    @property
    def scheme(self) -> str:
        """By what rows are told apart; those of two schemes cannot be compared."""
        said = f"key:{self.key}" if self.key else f"item:{self.item}"
        return _hash(said)


# ---- what a file holds ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, by its number there; cells that the sheet lacks at its end are left out."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """What a column, counted from 0, holds."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its headings from left to right, and its rows without those that are empty.

    `path` is the file's own, for messages; `sheet` is empty for a CSV file. The headings are those of the row
    with the number `heading`.
    """

    path: str
    sheet: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    heading: int = 1

    def column(self, heading: str) -> int | None:
        """The first column with a heading, whatever spaces are around and within it."""
        wanted = _spaced(heading)
        return next((n for n, each in enumerate(self.headings) if _spaced(each) == wanted), None)

    @property
    def place(self) -> str:
        """What messages call it: `shooting.xlsx!Vues`."""
        file = self.path.replace("\\", "/").rpartition("/")[2]
        return f"{file}!{self.sheet}" if self.sheet else file

    @property
    def names(self) -> dict[str, int]:
        """The columns by the names that a text for Jinja calls them: `Nom_du_fichier`."""
        found: dict[str, int] = {}
        for column, name in enumerate(map(name_of, self.headings)):
            if name:
                found.setdefault(name, column)
        return found

    def problem(self, row: int, column: int, message: str) -> Problem:
        """A problem with a cell, the column counted from 0."""
        cell = f"{letters(column)}{row}"
        return Problem(self.path, row, column + 1, f"{self.sheet}!{cell}" if self.sheet else cell, message)


def name_of(heading: str) -> str:
    """The name of a column in a text for Jinja, which takes letters, digits and `_` alone."""
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", heading)).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def letters(column: int) -> str:
    """A column, counted from 0, as spreadsheets call it: `A`, `Z`, `AA`."""
    found = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(ord("A") + letter) + found
    return found


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# ---- which rows are a card's ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The part of a table that counts, and what is wrong with the rest."""

    table: Table
    problems: tuple[Problem, ...] = ()


def dated(rows: Rows, table: Table) -> Found:
    """The rows that have a date, which then is one whatever its cell held; those without have none yet.

    The table must have the column.
    """
    column = table.column(rows.date)
    assert column is not None  # noqa: S101 (`lacking` came before)
    kept, problems = list[Row](), list[Problem]()
    for row in table.rows:
        cell = row.cell(column)
        day = day_of(cell)
        if day:
            kept.append(replace(row, cells=(*row.cells[:column], day, *row.cells[column + 1 :])))
        elif not (cell is None or (isinstance(cell, str) and not cell.strip())):
            message = say("is no date: write it like `16/11/2026`, and its row comes onto its card")
            problems.append(table.problem(row.number, column, message))
    return Found(replace(table, rows=tuple(kept)), tuple(problems))


def within(rows: Rows, table: Table, days: Span) -> Table:
    """The rows of a `dated` table whose date is one of these days."""
    column = table.column(rows.date)
    assert column is not None  # noqa: S101 (likewise)
    return replace(table, rows=tuple(row for row in table.rows if _falls(row.cell(column), days)))


def _falls(day: Cell, days: Span) -> bool:
    return isinstance(day, dt.date) and days.covers(day)


def day_of(cell: Cell) -> dt.date | None:
    """The day that a cell names: a date, or text with the day first or the year; `None` for all else."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = _spaced(cell) if isinstance(cell, str) else ""
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def lacking(rows: Rows, table: Table) -> Iterator[tuple[str, Message]]:
    """The fields of the declaration that name a column which the table lacks, and what to say of each."""
    for field, heading in (("date", rows.date), ("key", rows.key)):
        if heading and table.column(heading) is None:
            yield field, no_column(heading, table, table.headings)


def no_column(name: str, table: Table, known: Collection[str]) -> Message:
    """The message about a column that a table does not have; `known` are the names of those that it has."""
    names = [f"`{each}`" for each in dict.fromkeys(known) if each]
    return say(
        "%(table)s has no column `%(name)s`, but %(names)s",
        table=table.place,
        name=name,
        names=", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "") or "–",
    )


# ---- items ------------------------------------------------------------------------------------------

MOST_ITEMS = 200
"""Items in one checklist (trello-behaviour.md#object-limits)."""


@dataclass(frozen=True, slots=True)
class RowItem:
    """A check item that a card is given of a row, for good.

    `row` is what the row is known by among those of its scheme, as a hash; empty for an item that says why
    there are no rows. `item_id` is Trello's, empty until it is known to be on the card.
    """

    row: str
    text: str
    scheme: str
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class RowsNow:
    """What a workbook has for a card now, and what is wrong with other rows; `broken` says why nothing."""

    items: tuple[RowItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: str = ""


def notice(text: str) -> RowItem:
    """The item that stands for rows which could not be read."""
    return RowItem("", text, "")


def row_items(
    rows: Rows, table: Table, texts: tuple[str, ...]
) -> tuple[tuple[RowItem, ...], tuple[Problem, ...]]:
    """The items of rows with these texts, each row once, and what is wrong with the others.

    A row whose text is empty has no item.
    """
    column = table.column(rows.key) if rows.key else None
    items, problems, seen = list[RowItem](), list[Problem](), dict[str, int]()
    for row, text in zip(table.rows, texts, strict=True):
        if not text:
            continue
        known_by = text if column is None else key_text(row.cell(column))
        if not known_by and column is not None:
            message = say("is empty: give the row a key of its own, and it comes onto its card")
            problems.append(table.problem(row.number, column, message))
        elif known_by in seen and column is not None:
            message = say(
                "is the key of row %(row)s already: give the row one of its own", row=seen[known_by]
            )
            problems.append(table.problem(row.number, column, message))
        elif known_by not in seen:
            seen[known_by] = row.number
            items.append(RowItem(_hash(known_by), text, rows.scheme))
    return tuple(items), tuple(problems)


def fresh(given: Sequence[RowItem], items: Sequence[RowItem]) -> tuple[RowItem, ...]:
    """The items that a card was not given yet.

    None where those that it was given are of another scheme: all of them would come once more.
    """
    known = {each.row for each in given if each.row}
    schemes = {each.scheme for each in given if each.row}
    return tuple(each for each in items if each.row not in known and schemes <= {each.scheme})


def with_room(given: Sequence[RowItem], more: Sequence[RowItem]) -> tuple[RowItem, ...]:
    """As many more items as a checklist takes beside those that it was given."""
    return tuple(more[: max(0, MOST_ITEMS - len(given))])


def key_text(cell: Cell) -> str:
    """A key as text: a number is the same with and without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else _spaced(str(cell))


def _hash(text: str) -> str:
    # Short enough for the index of any database; keys of rows may be long, and texts are.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
