"""Rows that stand for what has a key: people, themes, slots, boards and tasks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trello_ops.located_yaml import Document, Path, Value
from trello_ops.messages import say
from trello_ops.sheets import columns
from trello_ops.sheets.content import Row, Sheet, key_of
from trello_ops.sheets.filled import Filled, Line
from trello_ops.sheets.problems import Place
from trello_ops.sheets.typed import key_from
from trello_ops.sheets.wanted import Wanted
from trello_ops.wording import shown
from trello_ops.yaml_edits import Add


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its key; `row` is what the file has under that key, `None` where it is new."""

    line: Line
    key: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A sheet as somebody filled it in, and as it would be exported now."""

    filled: Filled
    sheet: Sheet
    file: Document

    @property
    def rows(self) -> Mapping[str, Row]:
        """What the file has, by what stands in the column of keys."""
        return {row.key: row for row in self.sheet.rows}


# ---- which row is what ------------------------------------------------------------------------------


def named(wanted: Wanted, pair: Pair) -> list[Entry]:
    """The rows of people, themes or slots, each with its key; what has none gets one from its name."""
    rows, lines = pair.rows, pair.filled.lines
    taken = {*rows, *(line.key for line in lines)}
    found = dict[str, Entry]()
    for line in lines:
        key = line.key or _new_key(pair.filled, line, taken)
        if not key:
            wanted.complain(
                line.at(), say("has no key: give it one, such as `%(key)s`", key="monday-morning")
            )
        elif key in found:
            wanted.complain(line.at(), _copied(found[key].line, line))
        else:
            taken.add(key)
            found[key] = Entry(line, key, rows.get(key))
    return list(found.values())


def tasks(
    wanted: Wanted, pairs: Sequence[Pair], every: Mapping[str, Row]
) -> Iterator[tuple[Pair, list[Entry]]]:
    """The rows of tasks, sheet by sheet. `every` has what the files have, by what columns of keys say."""
    seen = dict[str, Line]()
    boards = {pair.filled.board for pair in pairs}
    for pair in pairs:
        board, found = pair.filled.board, list[Entry]()
        taken = {
            key.removeprefix(f"{board}/") for key in (*every, *_keys(pair)) if key.startswith(f"{board}/")
        }
        for line, text in zip(pair.filled.lines, _keys(pair), strict=True):
            if message := _refused(text, line, seen, every, boards):
                wanted.complain(line.at(), message)
                continue
            row = every.get(text)
            key = text.rpartition("/")[2] or _new_key(pair.filled, line, taken)
            if row and row.file is not pair.file and key in taken:
                key = key_from(key, taken, key)
            seen[text or key_of(board, key)] = line
            taken.add(key)
            found.append(Entry(line, key, row))
        yield pair, found


def _keys(pair: Pair) -> list[str]:
    """What stands in the column of keys, with the board in front of it."""
    board = pair.filled.board
    found = (line.key for line in pair.filled.lines)
    return [key_of(board, key) if key and "/" not in key else key for key in found]


def _refused(
    text: str, line: Line, seen: Mapping[str, Line], every: Mapping[str, Row], boards: set[str]
) -> str:
    """Why a row is none that can be told from others; empty where it can."""
    if not text:
        return ""
    if text in seen:
        return _copied(seen[text], line)
    if text not in every and "/" in line.key:
        return say(
            "there is no task `%(key)s` any more: export the files again, or empty its key in the hidden"
            " column, and the row becomes a new task",
            key=shown(text),
        )
    if (board := text.partition("/")[0]) not in boards:
        return say(
            "is a task of the board `%(board)s`, whose sheet is not here: move it in a workbook that holds"
            " both sheets",
            board=shown(board),
        )
    return ""


def _copied(first: Line, line: Line) -> str:
    return say(
        "has the key of %(first)s: if this row is a copy, empty %(cell)s (whose column may be hidden), and it"
        " becomes new",
        first=first.at().whole_name,
        cell=line.at().name,
    )


def _new_key(filled: Filled, line: Line, taken: set[str]) -> str:
    """A key from the title or the name of a row; empty for a slot, which has neither."""
    table = filled.table
    if table is columns.SLOTS:
        return ""
    title = line.cells.get(table.columns[0].name, "")
    return key_from(title, taken, table.within.removesuffix("s"))


# ---- what becomes of it -----------------------------------------------------------------------------


def want_entries(wanted: Wanted, pair: Pair, entries: Sequence[Entry]) -> None:
    """Have added what is new, edited what is otherwise, and taken away what has no row any more."""
    table, file, last = pair.filled.table, pair.file, None
    stay = set[Path]()
    for entry in entries:
        path, row, line = (table.within, entry.key), entry.row, entry.line
        if row is not None and row.file is file:
            wanted.compare(table, line, row)
            stay.add(row.path)
        else:
            value: Value = (
                wanted.entry(table, line, file, path)
                if row is None
                else wanted.moved(table, line, row, file, path)
            )
            wanted.edit(file, Add(path, value, last))
        if table.key is columns.Key.SHOWN:
            wanted.note(file, path, line.at())
        last = entry.key
    if table is columns.SLOTS and pair.rows and not entries:
        wanted.remove(file, (table.within,))  # a group may be left out, but not be empty
        return
    for row in pair.sheet.rows:
        if row.path not in stay:
            wanted.remove(file, row.path)


def want_boards(wanted: Wanted, pair: Pair) -> None:
    """Have edited what the boards' rows say otherwise than their files do."""
    rows, seen = pair.rows, dict[str, Line]()
    for line in pair.filled.lines:
        if line.key in seen:
            wanted.complain(line.at(), _copied(seen[line.key], line))
        elif line.key in rows:
            wanted.compare(pair.filled.table, line, rows[line.key])
        else:
            message = say(
                "`%(key)s` is no board's key: write a file for a new board, and export the files again",
                key=shown(line.key),
            )
            wanted.complain(line.at(), message)
        seen[line.key] = line
    for key in rows.keys() - seen.keys():
        message = say("the row of `%(key)s` is missing: put it back; a board ends with its file", key=key)
        wanted.complain(Place(pair.filled.title, 1, 1), message)


def want_team(wanted: Wanted, pair: Pair) -> None:
    """Have edited what the team's row says otherwise than workspace.yaml does."""
    for line in pair.filled.lines[:1]:
        wanted.compare(pair.filled.table, line, pair.sheet.rows[0])
    for line in pair.filled.lines[1:]:
        wanted.complain(line.at(), say("the team has one row: delete this one"))
