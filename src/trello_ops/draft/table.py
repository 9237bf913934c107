"""A table of tasks as a draft, from CSV as Excel writes it or from a workbook; columns in any order."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from trello_ops.declared.day_words import several
from trello_ops.draft import columns, guess
from trello_ops.draft.model import Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.yaml_text import plain
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import Number, say
from trello_ops.plain_text import Unreadable
from trello_ops.spreadsheets import DELIMITERS, csv_rows, csv_text, shown, text_of, workbook

_MOST_ROWS, _MOST_COLUMNS = 10_000, 100
_LONGEST_CELL = 32_767
"""Characters that Excel lets a cell have."""

Rows = list[list[str]]
Where = Callable[[int], tuple[str, int]]
"""The file and line of a row, counted from 1."""


def read_csv(data: bytes, name: str, file: str) -> Draft:
    """The draft of a CSV file. Raises `InvalidDeclaration`, and `Unreadable` for a file of another kind."""
    text, told = csv_text(data)
    tables = [_split(text, each) for each in ([told] if told else DELIMITERS)]
    return _draft(max(tables, key=columns.known), name, lambda row: (file, row))


def read_workbook(data: bytes, name: str, file: str) -> Draft:
    """The draft of that sheet of a workbook whose headings are known best. Raises likewise."""
    with workbook(data, values=True) as book:
        tables = [(sheet.title, _cells(sheet)) for sheet in shown(book)]
    title, rows = max(tables, key=lambda table: columns.known(table[1]), default=("", []))
    return _draft(rows, name, lambda row: (f"{file}: {title}!A{row}", row))


def _split(text: str, delimiter: str) -> Rows:
    try:
        rows = islice(csv_rows(text, delimiter), _MOST_ROWS + 1)
        return [[cell[:_LONGEST_CELL] for cell in row[:_MOST_COLUMNS]] for row in rows]
    except Unreadable:  # a cell without end, most likely of another delimiter or an open quotation mark
        return []


def _cells(sheet: Any) -> Rows:
    """The texts of a sheet's first rows and columns."""
    sheet.reset_dimensions()  # which some programs write wrongly
    rows = sheet.iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
    return [[text_of(value) for value in row] for row in rows]


def _draft(rows: Rows, name: str, where: Where) -> Draft:
    found = columns.find(rows)
    if found is None:
        message = say("has no column of tasks: head one with `Tâche` or `Task`")
        raise InvalidDeclaration((Problem(*where(1), 1, "", message),))
    if len(rows) > _MOST_ROWS:
        message = say("has more than %(most)s rows: split it", most=Number(_MOST_ROWS))
        raise InvalidDeclaration((Problem(*where(_MOST_ROWS), 1, "", message),))
    above = [plain(cell) for row in rows[: found.row] for cell in row if plain(cell)]
    tasks = [_task(row, found, n) for n, row in enumerate(rows[found.row + 1 :], found.row + 2)]
    return Draft(above[0] if above else name, tuple(filter(None, tasks)), found.remarks)


def _task(row: Sequence[str], found: columns.Columns, line: int) -> DraftTask | None:
    said = {field: row[n].strip() for field, n in found.places.items() if n < len(row)}
    title = plain(said.get("title", ""))
    if not title:
        return None
    rhythm, remarks = _rhythm([plain(said.get(field, "")) for field in ("rhythm", "day", "due")], line)
    items = tuple(_items(said.get("items", "")))
    return DraftTask(
        title=title,
        rhythm=rhythm,
        theme=plain(said.get("theme", "")),
        people=tuple(_people(plain(said.get("people", "")))),
        slot=plain(said.get("slot", "")),
        checklists=(DraftChecklist("", items),) if items else (),
        description=said.get("description", ""),
        remarks=tuple(remarks),
    )


def _rhythm(texts: Sequence[str], line: int) -> tuple[Rhythm, list[str]]:
    """What the cells of a row say of its rhythm together, and what of it was not understood."""
    rhythm, remarks = Rhythm(), list[str]()
    for text in filter(None, texts):
        found = guess.rhythm(text)
        both = guess.together(rhythm, found) if found else None
        if both is None:
            remarks.append(say("“%(text)s” (row %(row)s) was not understood", text=text, row=line))
        rhythm = both or rhythm
    return rhythm, remarks


def _people(text: str) -> list[str]:
    # Spaces without end would take the pattern of `several` as long.
    each = (one.strip("-–—? ") for one in several(" ".join(text.split())))
    return [one for one in dict.fromkeys(each) if one]


def _items(text: str) -> Iterator[str]:
    lines = text.splitlines() if "\n" in text else text.split(";")
    stripped = (plain(each).strip(" -•*☐") for each in lines)
    return (each for each in stripped if each)
