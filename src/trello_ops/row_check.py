"""Whether the rows that board files name can be read, and fit what is said of them.

Not part of what the files declare: a workbook that somebody is at work on keeps no edit from being in force.
"""

from collections.abc import Iterator

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.recurrence import period_around
from trello_ops.core.declared import Task
from trello_ops.core.rows import Rows, Table, dated, day_of, lacking, row_items, within
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.located_yaml import Document
from trello_ops.messages import say
from trello_ops.plain_text import Unreadable
from trello_ops.ports import CardRenderer, RowReader


def row_problems(found: BoardsFolder, reader: RowReader, cards: CardRenderer) -> tuple[Problem, ...]:
    """What is wrong with the rows of every task, in its board file or in the workbook itself, each once."""
    problems = dict[Problem, None]()
    for board, task in found.workspace.tasks if found.workspace else ():
        if task.rows:
            check = _Check(found.boards[board.key], board.key, task, task.rows)
            problems |= dict.fromkeys(check.problems(reader, cards))
    return tuple(problems)


class _Check:
    """The rows of one task, and the document that declares them."""

    def __init__(self, document: Document, board: str, task: Task, rows: Rows) -> None:
        self._document, self._board, self._task, self._rows = document, board, task, rows

    def problems(self, reader: RowReader, cards: CardRenderer) -> Iterator[Problem]:
        """Everything that is wrong."""
        try:
            table = reader.read(self._rows.file, self._rows.sheet)
        except Unreadable as error:
            yield self._at("file", say("`%(file)s` %(why)s", file=self._rows.file, why=error.message))
            return
        missing = list(lacking(self._rows, table))
        for field, message in missing:
            yield self._at(field, message)
        if not missing:
            yield from self._of_table(table, cards)

    def _of_table(self, table: Table, cards: CardRenderer) -> Iterator[Problem]:
        found = dated(self._rows, table)
        yield from found.problems
        try:
            rendered = cards.row_texts(self._board, self._task.key, found.table)
        except InvalidDeclaration as invalid:
            yield from (self._at("item", each.message) for each in invalid.problems)
            return
        yield from rendered.problems
        for days in self._periods(found.table):
            kept = within(self._rows, found.table, days)
            texts = dict(zip(found.table.rows, rendered.texts, strict=True))
            yield from row_items(self._rows, kept, tuple(texts[row] for row in kept.rows))[1]

    def _periods(self, table: Table) -> tuple[Span, ...]:
        """The periods in which rows of a `dated` table lie, each once."""
        days = (day_of(row.cell(table.column(self._rows.date) or 0)) for row in table.rows)
        spans = (period_around(self._task.cadence, day) for day in days if day)
        return tuple(dict.fromkeys(spans))

    def _at(self, field: str, message: str) -> Problem:
        document, path = self._document, ("tasks", self._task.key, "rows", field)
        return document.problem(document.placed(path), message)
