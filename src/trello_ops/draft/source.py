"""What a draft is made of: a file of some kind, or a board on Trello, which is only read."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from trello_ops.draft import board, export, markdown, table
from trello_ops.draft.model import Draft
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.folder_files import Folder
from trello_ops.messages import Message, say
from trello_ops.plain_text import Unreadable
from trello_ops.ports import TrelloGateway

_EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Before any card of Trello's."""

_LARGEST_LIST = 1_000_000
"""Bytes of a checklist; a thousand tasks with their steps have fewer."""

_LARGEST_EXPORT = 200_000_000
"""Bytes; Trello exports each board with its newest thousand actions."""

_MOST_ASKED_FOR = 100
"""Archived cards that are read one by one for their checklists."""


def read_file(path: Path, zone: ZoneInfo, today: dt.date) -> Draft:
    """The draft of a file, of a kind that its name says. Raises `InvalidDeclaration`."""
    name = path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    kind, reading = path.suffix.lower(), Folder(path.resolve().parent)
    try:
        if kind in {".xlsx", ".xlsm"}:
            return table.read_workbook(reading.data(path), name, str(path))
        if kind in {".csv", ".tsv"}:
            return table.read_csv(reading.data(path), name, str(path))
        if kind in {".md", ".markdown", ".txt"}:
            return markdown.read(reading.text(path, _LARGEST_LIST), name)
        if kind == ".json":
            seen = export.read(reading.data(path, _LARGEST_EXPORT), str(path))
            return board.read(seen, (), zone, today)
    except Unreadable as error:
        at = error.line, error.column
        raise InvalidDeclaration((Problem(str(path), *at, "", error.message),)) from None
    raise refused(path, say("is none of .md, .csv, .xlsx and .json: save it as one of these"))


def read_board(trello: TrelloGateway, board_id: str, zone: ZoneInfo, today: dt.date) -> Draft:
    """The draft of a board on Trello, of which nothing is changed. Raises a `TrelloError`."""
    seen = trello.snapshot(board_id, checklists=True)
    archived = {card.id: card for card in trello.cards_since(seen.board.id, _EVER)}
    for card in board.wanting(seen, archived.values())[:_MOST_ASKED_FOR]:
        archived[card.id] = trello.card(card.id)
    return board.read(seen, archived.values(), zone, today)


def refused(source: object, message: Message) -> InvalidDeclaration:
    """The problem of a whole source."""
    return InvalidDeclaration((Problem(str(source), 1, 1, "", message),))
