"""Secret addresses: what each opens, and to whom."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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


def followed(
    links: Iterable[Link],
    boards: Mapping[str, str | None],
    people: Mapping[str, str | None],
    now: dt.datetime,
) -> Iterator[Link]:
    """The links that a new declaration changes, by the new keys of what was in force; `None` for what left.

    They follow what was renamed. Those of what left are revoked: another may have its key one day. What was
    not in force yet when its link was made has its key still.
    """
    for link in links:
        board, person = boards.get(link.board, link.board), people.get(link.person, link.person)
        if link.revoked_at or (board, person) == (link.board, link.person):
            continue
        if board is None or person is None:
            yield replace(link, revoked_at=now)
        else:
            yield replace(link, board=board, person=person)


def opened(link: Link, workspace: Workspace) -> Choice | None:
    """What a link opens, by the keys of now; `None` where its board or person is in the files no more."""
    board = workspace.board_now(link.board) if link.board else None
    person = workspace.person(link.person) if link.person else None
    if bool(board) != bool(link.board) or bool(person) != bool(link.person):
        return None
    return Choice(board.key if board else "", person.key if person else "")
