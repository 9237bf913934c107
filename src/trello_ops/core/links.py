"""Secret addresses: what each opens, and to whom."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.declared import Workspace


class Opens(StrEnum):
    """What is behind a secret address."""

    PAGES = "pages"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Link:
    """One secret address, without the secret: whoever was given that has it, and nobody else.

    `name` is what it is listed and revoked by. It opens what concerns a board or a person, by the key of
    when it was made; everything where both are empty.
    """

    name: str
    opens: Opens
    made_at: dt.datetime
    board: str = ""
    person: str = ""
    revoked_at: dt.datetime | None = None


def opened(link: Link, workspace: Workspace) -> Choice | None:
    """What a link opens, by the keys of now; `None` where its board or person is in the files no more."""
    board = workspace.board_now(link.board) if link.board else None
    person = workspace.person(link.person) if link.person else None
    if bool(board) != bool(link.board) or bool(person) != bool(link.person):
        return None
    return Choice(board.key if board else "", person.key if person else "")
