"""A table of tasks as a draft, from CSV as Excel writes it or from a workbook; columns in any order."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from trello_ops.declared.day_words import several
from trello_ops.draft import guess
from trello_ops.draft.model import Draft, DraftTask, Rhythm
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import one_line
from trello_ops.messages import say
from trello_ops.suggestions import folded

_COLUMNS = {
    "title": "tache, taches, quoi, intitule, titre, action, activite, a faire, task, tasks, title, what",
    "rhythm": "frequence, periodicite, rythme, recurrence, cadence, frequency, rhythm, how often",
    "day": "jour, jours, quand, day, days, when",
    "people": "responsable, responsables, qui, personne, assigne a, assigne, owner, who, assignee, person",
    "due": "echeance, heure, heure limite, date limite, pour le, avant, deadline, due, time, due date",
    "theme": "theme, categorie, rubrique, domaine, pole, service, category, area, label",
    "items": "etapes, checklist, sous taches, controles, steps, subtasks",
    "description": "remarque, remarques, note, notes, commentaire, commentaires, description, remarks",
}
_BY_WORD = {word: field for field, words in _COLUMNS.items() for word in words.split(", ")}
_DELIMITERS = ";,\t"
_LOOKED_AT = 10
"""Rows among which the header is looked for; a title may stand above it."""

Rows = list[list[str]]


def read_csv(data: bytes, name: str, file: str) -> Draft:
    """The draft of a CSV file in UTF-8, UTF-16 or Windows-1252. Raises `InvalidDeclaration`."""
    text = _decoded(data)
    tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=each)) for each in _DELIMITERS]
    best = max(tables, key=lambda rows: max((len(_header(row)) for row in rows[:_LOOKED_AT]), default=0))
    return _draft(best, name, lambda row: (file, row))


def read_workbook(path: Path, name: str) -> Draft:
    """The draft of a workbook's first sheet that has tasks. Raises `InvalidDeclaration`."""
    import openpyxl  # imported late, as it takes a while

    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception:  # noqa: BLE001 (openpyxl raises what zip files, XML and its own code do)
        message = say("is no workbook that can be read: save it as .xlsx again, or as CSV")
        raise InvalidDeclaration((Problem(str(path), 1, 1, "", message),)) from None
    tables = [
        (sheet.title, [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)])
        for sheet in book.worksheets
    ]
    title, rows = next((each for each in tables if _header_row(each[1]) is not None), tables[0])
    return _draft(rows, name, lambda row: (f"{path}: {title}!A{row}", row))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _cell(value: object) -> str:
    """A cell's value as a person would write it."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return str(value.date())
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _header(row: Sequence[str]) -> dict[str, int]:
    """The places of the columns that a row names."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if field := _BY_WORD.get(folded(cell).strip(" :*?")):
            found.setdefault(field, place)
    return found


def _header_row(rows: Rows) -> int | None:
    return next((n for n, row in enumerate(rows[:_LOOKED_AT]) if "title" in _header(row)), None)


def _draft(rows: Rows, name: str, place: Callable[[int], tuple[str, int]]) -> Draft:
    where = _header_row(rows)
    if where is None:
        file, line = place(1)
        message = say("has no column of tasks: head one with `Tâche` or `Task`")
        raise InvalidDeclaration((Problem(file, line, 1, "", message),))
    columns = _header(rows[where])
    above = [cell.strip() for row in rows[:where] for cell in row if cell.strip()]
    tasks = [_task(row, columns, n) for n, row in enumerate(rows[where + 1 :], where + 2)]
    heads = enumerate(rows[where])
    unread = [one_line(cell) for n, cell in heads if cell.strip() and n not in columns.values()]
    remarks = [say("the column “%(name)s” was not read", name=each) for each in unread]
    return Draft(one_line(above[0]) if above else name, tuple(filter(None, tasks)), tuple(remarks))


def _task(row: Sequence[str], columns: dict[str, int], line: int) -> DraftTask | None:
    said = {field: row[n].strip() for field, n in columns.items() if n < len(row)}
    title = one_line(said.get("title", ""))
    if not title:
        return None
    rhythm, remarks = Rhythm(), []
    for field in ("rhythm", "day", "due"):
        text = one_line(said.get(field, ""))
        found = guess.rhythm(text) if text else Rhythm()
        if found is None:
            remarks.append(say("“%(text)s” (row %(row)s) was not understood", text=text, row=line))
        rhythm = guess.together(rhythm, found or Rhythm())
    return DraftTask(
        title=title,
        rhythm=rhythm,
        theme=one_line(said.get("theme", "")),
        people=tuple(map(one_line, _people(said.get("people", "")))),
        items=tuple(one_line(each) for each in _items(said.get("items", ""))),
        description=one_line(said.get("description", "")),
        remarks=tuple(remarks),
    )


def _people(text: str) -> list[str]:
    return [each for each in dict.fromkeys(several(text)) if each.strip("-–—? ")]


def _items(text: str) -> list[str]:
    lines = text.splitlines() if "\n" in text else text.split(";")
    return [each.strip(" -•*") for each in lines if each.strip(" -•*")]
