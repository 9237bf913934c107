"""A board with one card, with no more of it than a test names."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from trello_ops.core.declared import Board, ReportPolicy, Theme, Workspace
from trello_ops.core.people import Person
from trello_ops.core.trello import BoardSummary, Card, Member, Snapshot, TrelloList

ZONE = ZoneInfo("Europe/Paris")
DUE = dt.datetime(2026, 11, 16, 17, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
_CARD = Card(
    id="card",
    url="https://trello.com/c/card",
    title="",
    description="",
    board_id="board",
    list_id="",
    label_ids=(),
    member_ids=(),
    start=None,
    due=DUE,
    ticked=False,
    closed=False,
    is_template=False,
    item_count=0,
    created_at=DUE - DAY,
)
_BOARD = BoardSummary("board", "", "", closed=False, url="", created_at=DUE)


def workspace_of(board: Board, people: tuple[Person, ...] = ()) -> Workspace:
    """A workspace of one board, in Paris."""
    return Workspace(
        key="zina",
        name="",
        trello_workspace="",
        locale="fr",
        timezone=ZONE,
        people=people,
        themes=(),
        excused=Theme("excused", "", "black"),
        report=ReportPolicy(()),
        boards=(board,),
    )


def card_in(
    where: str, due: dt.datetime | None = DUE, made: dt.datetime = DUE - DAY, *, ticked: bool = False
) -> Card:
    """A card in the list with this key."""
    return replace(_CARD, list_id=f"id-{where}", due=due, created_at=made, ticked=ticked)


def shown(
    *cards: Card,
    lists: tuple[str, ...] = (),
    archived: frozenset[str] = frozenset(),
    members: tuple[Member, ...] = (),
) -> Snapshot:
    """The board with these cards, and with lists of these keys."""
    standing = tuple(TrelloList(f"id-{key}", key, key in archived, 1.0) for key in lists)
    return Snapshot(_BOARD, "", "org", standing, (), members, cards)
