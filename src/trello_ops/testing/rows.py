"""`SheetsInMemory`: workbooks without files."""

from trello_ops.core.rows import Cell, Row, Table
from trello_ops.messages import Message, say
from trello_ops.plain_text import Unreadable
from trello_ops.wording import choose


class SheetsInMemory:
    """`ports.RowReader` for sheets that a test writes, row by row."""

    def __init__(self) -> None:
        self._sheets: dict[str, dict[str, Table]] = {}
        self.trouble: dict[str, Message] = {}

    def write(self, file: str, sheet: str, *rows: tuple[Cell, ...]) -> None:
        """Write a sheet anew; the first row holds the headings."""
        headings, *others = rows
        table = Table(
            file,
            sheet,
            tuple(str(each or "").strip() for each in headings),
            tuple(Row(number, cells) for number, cells in enumerate(others, 2) if any(cells)),
        )
        self._sheets.setdefault(file, {})[sheet] = table

    def delete(self, file: str) -> None:
        """Delete a workbook."""
        del self._sheets[file]

    def read(self, file: str, sheet: str) -> Table:
        """A sheet; the first one where none is named. Raises `Unreadable`, as `trouble` of the file says."""
        if why := self.trouble.get(file):
            raise Unreadable(why)
        sheets = self._sheets.get(file)
        if sheets is None:
            raise Unreadable(say("is not there: put it beside the board files"))
        if not sheet:
            return next(iter(sheets.values()))
        found = next((each for name, each in sheets.items() if name.casefold() == sheet.casefold()), None)
        if found is None:
            advice = choose(sheet, tuple(sheets))
            raise Unreadable(say("has no sheet `%(name)s`: %(advice)s", name=sheet, advice=advice))
        return found
