"""What is wrong in a spreadsheet, at its cell."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from trello_ops.errors import Problem
from trello_ops.messages import Message


@dataclass(frozen=True, slots=True)
class CellProblem(Problem):
    """A problem of a cell: `file` is the sheet's name, and `line` and `column` are the cell's."""

    @property
    def located(self) -> Message:
        """The message behind its place, `weekly!D14: …`, still to be translated."""
        where = Place(self.file, self.line, self.column).whole_name
        # Not in the catalogue: spreadsheets name cells in this way.
        return Message("%(where)s: %(message)s", {"where": where, "message": self.message})


@dataclass(frozen=True, slots=True)
class Place:
    """A cell; row and column count from 1."""

    sheet: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """Such as `D14`."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def whole_name(self) -> str:
        """Such as `weekly!D14`."""
        return f"{self.sheet}!{self.name}"

    def problem(self, message: str) -> Problem:
        """A problem of this cell."""
        return CellProblem(self.sheet, self.row, self.column, "", message)
