"""Reads workbooks whose rows become check items."""

from typing import Protocol

from trello_ops.core.rows import Table
from trello_ops.messages import say
from trello_ops.plain_text import Unreadable


class RowReader(Protocol):
    """Reads sheets of the boards folder."""

    def read(self, file: str, sheet: str) -> Table:
        """A sheet, by the path of its file within the folder; the first one where none is named.

        Raises `Unreadable`, whose message follows the name of the file: it is not there, may not be read, is
        too large, is no workbook, is being saved right now, or has no such sheet.
        """


class NoRows:
    """Implements `RowReader` where there is no folder."""

    def read(self, file: str, sheet: str) -> Table:  # noqa: ARG002 (the port's)
        """Never finds a file."""
        raise Unreadable(say("is not there: put it beside the board files"))
