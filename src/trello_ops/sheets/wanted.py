"""What a spreadsheet wants of the files: the edits of each, and the cell that each value comes from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from trello_ops.errors import Problem
from trello_ops.located_yaml import Document, Path, Value, dotted
from trello_ops.messages import say
from trello_ops.sheets.columns import Column, Table
from trello_ops.sheets.content import Row
from trello_ops.sheets.filled import Line
from trello_ops.sheets.problems import Place
from trello_ops.sheets.typed import NotAValue, Vocabulary, typed
from trello_ops.yaml_edits import Edit, Remove, Set
from trello_ops.yaml_edits.edits import applied

_LAST_STEP: Final = re.compile(r"(^|[.\[])[^.\[]*$")


@dataclass(slots=True)
class Wanted:
    """The edits of files, by the names of those, as they are found; removals of whole entries come last."""

    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    _edits: dict[str, list[Edit]] = field(default_factory=dict)
    _last: dict[str, list[Edit]] = field(default_factory=dict)
    _places: dict[tuple[str, str], Place] = field(default_factory=dict)
    _absent: dict[tuple[str, str], str] = field(default_factory=dict)

    # ---- what was found

    def edit(self, file: Document, edit: Edit) -> None:
        """Have a file edited."""
        self._edits.setdefault(file.file, []).append(edit)

    def remove(self, file: Document, path: Path) -> None:
        """Have an entry taken away, once what is new stands where it should."""
        self._last.setdefault(file.file, []).append(Remove(path))

    def note(self, file: Document, path: Path, place: Place) -> None:
        """Remember the cell that a value comes from."""
        self._places[file.file, dotted(path)] = place

    def complain(self, place: Place, message: str) -> None:
        """Add a problem."""
        self.problems.append(place.problem(message))

    # ---- what came of it

    def edits(self) -> Mapping[str, Sequence[Edit]]:
        """The edits of each file, one after another."""
        files = dict.fromkeys((*self._edits, *self._last))
        return {file: [*self._edits.get(file, ()), *self._last.get(file, ())] for file in files}

    def at_cell(self, problem: Problem) -> Problem:
        """A problem of a file as one of the cell that its value comes from, as near as the sheet has one."""
        path = problem.path
        while (place := self._places.get((problem.file, path))) is None and path:
            path = _LAST_STEP.sub("", path)
        if not place:
            return problem
        absent = self._absent.get((problem.file, path))
        message = say("%(what)s: %(why)s", what=absent, why=problem.message) if absent else problem.message
        return place.problem(message)

    # ---- rows

    def value(self, column: Column, line: Line) -> Value:
        """What a cell says; `None` for an empty one, and for one not understood, which is a problem."""
        text = line.cells.get(column.name, "")
        try:
            return typed(column, text, self.vocabulary) if text else None
        except NotAValue as wrong:
            self.problems += (line.at(column.name).problem(each.message) for each in wrong.problems)
            return None

    def entry(self, table: Table, line: Line, file: Document, path: Path) -> dict[str, Value]:
        """What a row says of something new, which will stand at a path."""
        found: dict[str, Value] = {}
        self._note_row(table, line, file, path)
        for column in table.columns:
            if (value := self.value(column, line)) is not None:
                _put(found, column.path, value)
        return found

    def compare(self, table: Table, line: Line, row: Row) -> None:
        """Have edited what a row says otherwise than the file does."""
        self._note_row(table, line, row.file, row.path)
        for edit in self._changes(table, line, row):
            self.edit(row.file, edit)

    def moved(self, table: Table, line: Line, row: Row, file: Document, path: Path) -> Value:
        """What a row says of a task that stands elsewhere so far, and will stand at a path of this file."""
        self._note_row(table, line, file, path)
        changed = applied(row.file.value, self._changes(table, line, row))
        value = value_at(changed, row.path)
        return {**value, "was": row.key} if isinstance(value, dict) else value

    def _note_row(self, table: Table, line: Line, file: Document, path: Path) -> None:
        self.note(file, path, line.at(table.columns[0].name))
        for column in table.columns:
            self.note(file, (*path, *column.path), line.at(column.name))
            if column.name not in line.places:  # the cell that stands for it does not say what it is about
                self._absent[file.file, dotted((*path, *column.path))] = say(column.heading)

    def _changes(self, table: Table, line: Line, row: Row) -> list[Edit]:
        edits = list[Edit]()
        for column, before in zip(table.columns, row.cells, strict=True):
            text = line.cells.get(column.name)
            if text is None or text == before.strip():
                continue
            path = (*row.path, *column.path)
            if not text:
                edits.append(Remove(path))
            elif (new := self._changed(column, line, value_at(row.file.value, path))) is not None:
                edits.append(Set(path, new))
        return without_empty_groups(row, edits)

    def _changed(self, column: Column, line: Line, old: Value) -> Value:
        """A cell's value, `None` where the file says the same in other words."""
        new = self.value(column, line)
        # A list stays one. A word for all, such as `nobody`, is no item of it, nor is a group among names.
        alone = isinstance(new, list | None) or new in column.choices
        if isinstance(old, list) and not alone and _is_like(new, old):
            new = [new]
        return None if repr(new) == repr(old) else new


def value_at(value: Value, path: Path) -> Value:
    """What stands at a path, `None` where nothing does."""
    for step in path:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def without_empty_groups(row: Row, edits: list[Edit]) -> list[Edit]:
    """The same edits; a group that nothing is left of goes as a whole."""
    depth = len(row.path) + 1
    for group in dict.fromkeys(edit.path[:depth] for edit in edits if len(edit.path) > depth):
        within = value_at(row.file.value, group)
        here = [edit for edit in edits if edit.path[:depth] == group]
        removed = {edit.path[-1] for edit in here if isinstance(edit, Remove)}
        if isinstance(within, dict) and len(removed) == len(here) and removed == set(within):
            edits = [Remove(group), *(edit for edit in edits if edit not in here)]
    return edits


def _is_like(new: Value, items: list[Value]) -> bool:
    """Whether it is a group where those are groups, and none where they are none."""
    return {isinstance(new, dict)} >= {isinstance(item, dict) for item in items}


def _put(entry: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    group, *names = path
    within = entry.setdefault(group, {} if names else value)
    if names and isinstance(within, dict):
        _put(within, tuple(names), value)
