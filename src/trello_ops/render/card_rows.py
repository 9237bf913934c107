"""Rows of a workbook → the texts of check items. The cells are other people's: values, and never Jinja."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import TemplateSyntaxError, meta

from trello_ops.core.rows import ERRORS, Cell, Row, Rows, Table, no_column
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import one_line
from trello_ops.messages import say
from trello_ops.ports.render import RowTexts
from trello_ops.render.card_lint import REFERENCES, syntax_message
from trello_ops.render.card_sandbox import CardSandbox
from trello_ops.render.i18n import Translator
from trello_ops.render.template_file import FrontMatter, TemplateFile, Text

LONGEST = 16_384
"""Characters in a check item (trello-behaviour.md#lengths-and-time-outs)."""


class RowRenderer:
    """Renders the items of one task's rows. `file` and `path` are where they are declared.

    `said` makes a message of whatever a text for Jinja raises.
    """

    def __init__(
        self,
        sandbox: CardSandbox,
        translator: Translator,
        rows: Rows,
        place: tuple[str, str],
        said: Callable[[Exception], str],
    ) -> None:
        file, path = place
        self._sandbox, self._translator, self._rows, self._said = sandbox, translator, rows, said
        self._text = Text(rows.item, f"{path}.item")
        self._file = TemplateFile(file, file, (), FrontMatter(), self._text, ())

    def texts(self, table: Table, begin: Callable[[], None]) -> RowTexts:
        """The text of each row, empty where there is none, and what is wrong with rows.

        Calls `begin` before each. Raises `InvalidDeclaration` for an `item` that fits no row of the table.
        """
        used = self._columns(table)
        texts, problems = list[str](), list[Problem]()
        for row in table.rows:
            begin()
            wrong = tuple(_failed(table, row, used))
            text = "" if wrong else self._of_row(table, row, problems)
            problems += wrong
            texts.append(text)
        return RowTexts(tuple(texts), tuple(problems))

    def _columns(self, table: Table) -> tuple[int, ...]:
        """The columns that the item names. Raises `InvalidDeclaration`."""
        try:
            tree = self._sandbox.parsed(self._file, self._text)
            names = meta.find_undeclared_variables(tree) - {"range", "loop", "caller", "varargs", "kwargs"}
        except TemplateSyntaxError as error:
            raise self._wrong(syntax_message(error)) from None
        if any(True for _ in tree.find_all(REFERENCES)):
            raise self._wrong(say("brings in another file, which only a card template can: write it here"))
        columns = table.names
        for name in sorted(names):
            if name not in columns:
                raise self._wrong(no_column(name, table, tuple(columns)))
        return tuple(sorted(columns[name] for name in names))

    def _wrong(self, message: str) -> InvalidDeclaration:
        return InvalidDeclaration((Problem(self._file.path, 1, 1, self._text.path, message),))

    def _of_row(self, table: Table, row: Row, problems: list[Problem]) -> str:
        values = {name: self._value(row.cell(column)) for name, column in table.names.items()}
        try:
            text = one_line(self._sandbox.render_text(self._file, self._text, values))
        except Exception as error:  # noqa: BLE001 (a template may fail in as many ways as Python)
            problems.append(table.problem(row.number, 0, self._said(error)))
            return ""
        if len(text) > LONGEST:
            message = say("comes out longer than a check item may be: shorten what its cells say")
            problems.append(table.problem(row.number, 0, message))
            return ""
        return text

    def _value(self, cell: Cell) -> Any:
        """What a template is given of a cell: text, a whole number, or a day."""
        if cell is None:
            return ""
        if isinstance(cell, bool):
            gettext = self._translator.gettext
            return gettext("yes") if cell else gettext("no")
        if isinstance(cell, float):
            return int(cell) if cell.is_integer() else self._translator.number(cell)
        if isinstance(cell, dt.datetime):
            return cell.date() if cell.time() == dt.time() else f"{cell:%Y-%m-%d %H:%M}"
        if isinstance(cell, dt.time):
            return f"{cell:%H:%M}"
        return one_line(cell) if isinstance(cell, str) else cell


def _failed(table: Table, row: Row, columns: tuple[int, ...]) -> Iterator[Problem]:
    """The cells of a row that show a formula's failure."""
    for column in columns:
        cell = row.cell(column)
        if isinstance(cell, str) and cell.strip() in ERRORS:
            yield table.problem(
                row.number, column, say("holds an error (%(error)s): correct it", error=cell.strip())
            )
