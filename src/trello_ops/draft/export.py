"""The JSON that Trello's menu exports of a board → what Trello shows of it."""

import json

from trello_ops.adapters.trello import shapes
from trello_ops.core.trello import Snapshot
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import Message, say

_TOO_DEEP = say("is nested too deeply: export the board again")


def read(data: bytes, file: str) -> Snapshot:
    """The board of an export, with its archived lists and cards. Raises `InvalidDeclaration`."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        message = say("is no JSON: export the board again, and do not edit the file")
        raise _problem(file, message, error.lineno, error.colno) from None
    except UnicodeDecodeError:
        raise _problem(file, say("is not UTF-8 text: export the board again")) from None
    except (RecursionError, ValueError):  # too deep, or a number with too many digits
        raise _problem(file, _TOO_DEEP) from None
    try:
        return shapes.snapshot(found)
    except shapes.MISSHAPEN:
        message = say("is not what Trello exports of a board: in its menu, choose to export it as JSON")
        raise _problem(file, message) from None


def _problem(file: str, message: Message, line: int = 1, column: int = 1) -> InvalidDeclaration:
    return InvalidDeclaration((Problem(file, line, column, "", message),))
