"""What every sheet of a declaration holds: the rows, each cell as its text, and where the files say it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from trello_ops.declared.load import BoardsFolder
from trello_ops.located_yaml import Document, Path, Value
from trello_ops.messages import Translates, translated
from trello_ops.sheets import cells, columns
from trello_ops.sheets.columns import Column, Off, Table

Group: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands at a path of a file. `key` is its name there; `cells` has a text for each column."""

    file: Document
    path: Path
    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. `board` is the key of the board whose tasks it holds, and empty on others."""

    title: str
    table: Table
    rows: tuple[Row, ...]
    board: str = ""

    @property
    def mark(self) -> str:
        """What tells it, with all that it says, from others: two words or more, the last one a hash."""
        said = "\x1e".join("\x1f".join((row.key, *row.cells)) for row in self.rows)
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.board or self.table.title} {digest[:16]}"


def sheets(found: BoardsFolder, t: Translates) -> Iterator[Sheet]:
    """Every sheet, in the order of their tabs; rows in that of the files, which are sound."""
    team = found.document
    whole = _row(columns.WORKSPACE, team, (), "", team.entries)
    yield _sheet(columns.WORKSPACE, t, [whole])
    yield _sheet(columns.PEOPLE, t, _declared(columns.PEOPLE, team))
    yield _sheet(columns.DAYS_OFF, t, _days_off(team, t))
    yield _sheet(columns.THEMES, t, _declared(columns.THEMES, team))
    yield _sheet(columns.SLOTS, t, _declared(columns.SLOTS, team))
    boards = (_row(columns.BOARDS, file, (), key, file.entries) for key, file in found.boards.items())
    yield _sheet(columns.BOARDS, t, boards)
    for key, file in found.boards.items():
        title = cells.read_text(str(file.entries["title"]))
        yield Sheet(title, columns.TASKS, tuple(_declared(columns.TASKS, file, key)), key)


def _sheet(table: Table, t: Translates, rows: Iterable[Row]) -> Sheet:
    return Sheet(translated(table.title, t), table, tuple(rows))


def key_of(board: str, task: str) -> str:
    """What stands in the column of keys for a task: rows that are moved to another sheet keep it."""
    return f"{board}/{task}"


def _declared(table: Table, file: Document, board: str = "") -> Iterator[Row]:
    """A row for each entry of a table's group."""
    for key, entry in _group(file.entries.get(table.within)).items():
        yield _row(table, file, (table.within, key), key_of(board, key) if board else key, _group(entry))


def _row(table: Table, file: Document, path: Path, key: str, entry: Group) -> Row:
    return Row(file, path, key, tuple(_cell(column, entry) for column in table.columns))


def _cell(column: Column, entry: Group) -> str:
    """The text of what an entry says of a field; empty where it says nothing."""
    *groups, name = column.path
    for group in groups:
        entry = _group(entry.get(group))
    return _text(column, entry[name]) if name in entry else ""


def _text(column: Column, value: Value) -> str:
    return cells.written_text(value) if column.is_text and isinstance(value, str) else cells.written(value)


def _group(value: Value) -> Group:
    return value if isinstance(value, dict) else {}


# ---- days off ---------------------------------------------------------------------------------------


def _days_off(team: Document, t: Translates) -> Iterator[Row]:
    """A row for each stretch of days, and for each date."""
    for path, person, said in _stretches(team.entries):
        kind: Group = {"kind": translated(columns.OFF[_kind(path)], t)}
        whose: Group = {"person": person} if person else {}
        yield _row(columns.DAYS_OFF, team, path, "", {**kind, **whose, **said})


def _stretches(team: Group) -> Iterator[tuple[Path, str, Group]]:
    """The path of each, whose it is, and what the file says of it by the names of columns."""
    for kind in (Off.CLOSURE, Off.PAUSE):
        for place, span in _several(team.get(kind)):
            yield (kind, *place), "", _group(span)
    for date, name in _group(team.get(Off.HOLIDAY)).items():
        yield (Off.HOLIDAY, date), "", {"from": date, "reason": name}
    for place, day in _several(team.get(Off.NO_HOLIDAY)):
        yield (Off.NO_HOLIDAY, *place), "", {"from": day}
    for person, entry in _group(team.get("people")).items():
        for place, span in _several(_group(entry).get(Off.ABSENCE)):
            yield ("people", person, Off.ABSENCE, *place), person, _group(span)


def _kind(path: Path) -> Off:
    return Off.ABSENCE if path[0] == "people" else Off(str(path[0]))


def _several(value: Value) -> Sequence[tuple[Path, Value]]:
    """The items of a list, or one that stands for itself, each with its place."""
    if value is None:
        return ()
    return (
        [((place,), each) for place, each in enumerate(value)] if isinstance(value, list) else [((), value)]
    )
