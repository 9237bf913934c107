"""What the pages show of boards and cards. Text is as people wrote it: the templates escape it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from trello_sandbox.state.action_log import WEBHOOK_ONLY
from trello_sandbox.state.records import Action, Board, Card, CheckItem, Json, Label, List, Member
from trello_sandbox.state.world import World
from trello_sandbox.web.markdown import is_web

SHOWN_CARDS = 30
"""Cards of a list that a board's page shows; the list's own page has all."""
SHOWN_ENTRIES = 30
"""Entries of the log that a card's page shows, unless all are asked for."""
_SOON = dt.timedelta(hours=24)
_TINTS = 6

State = Literal["done", "late", "soon", "later"]


@dataclass(frozen=True, slots=True)
class Face:
    """A member as a round badge; `tint` numbers its colour."""

    id: str
    name: str
    initials: str
    tint: int
    robot: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """A card's standing: when it was done, or when it is due, and whether that is past, near or later."""

    state: State
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Tile:
    """A card as its list shows it; `items_done` of its `items` check items are complete."""

    link: str
    title: str
    complete: bool
    template: bool
    badge: Badge | None
    items: int
    items_done: int
    comments: int
    labels: tuple[Label, ...]
    people: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A list, or the archive: the first `cards` of `count`. Template cards are kept apart."""

    id: str
    title: str
    count: int
    cards: tuple[Tile, ...]
    templates: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class BoardTile:
    """A board on the first page: its open cards, and how many of them are overdue."""

    link: str
    title: str
    cards: int
    late: int


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board with its lists; `archived` counts its archived cards."""

    link: str
    title: str
    people: tuple[Face, ...]
    columns: tuple[Column, ...]
    archived: int


@dataclass(frozen=True, slots=True)
class Steps:
    """A checklist with its items."""

    title: str
    items: Sequence[CheckItem]

    @property
    def done(self) -> int:
        """How many items are complete."""
        return sum(item.state == "complete" for item in self.items)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card is, and the open lists of its board, to which it may go."""

    board: Board
    list: List
    lists: tuple[List, ...]


@dataclass(frozen=True, slots=True)
class CardPage:
    """A card on its own; `spare` are its board's other labels, `entries` its actions, newest first."""

    card: Card
    tile: Tile
    place: Place
    start: dt.datetime | None
    due: dt.datetime | None
    spare: tuple[Label, ...]
    checklists: tuple[Steps, ...]
    links: tuple[Json, ...]
    entries: tuple[Action, ...]
    all_entries: int


def _instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


# ---- people


def team(world: World) -> tuple[Member, ...]:
    """The members of the Workspace, in the order in which they joined."""
    return tuple(world.members[each] for each in world.workspace.memberships)


def faces(world: World, member_ids: Iterable[str]) -> tuple[Face, ...]:
    """The badges of several members."""
    return tuple(face(world, world.members[each]) for each in member_ids)


def face(world: World, member: Member) -> Face:
    """The badge of a member, in a colour of their own as long as there are few."""
    initials = "".join(word[0] for word in member.full_name.split()[:2]).upper() or "?"
    # The last digits of an id count. Every second one is a member's: each is followed by a membership.
    tint, robot = int(member.id[-6:], 16) // 2 % _TINTS, member.username == world.tenant.robot
    return Face(member.id, member.full_name, initials, tint, robot)


# ---- cards


def tile(world: World, card: Card) -> Tile:
    """A card as its list shows it."""
    items = [item for each in world.checklists_of(card) for item in world.items_of(each)]
    return Tile(
        link=card.short_link,
        title=card.name,
        complete=card.due_complete,
        template=card.is_template,
        badge=_badge(world, card),
        items=len(items),
        items_done=sum(item.state == "complete" for item in items),
        comments=card.comments,
        labels=tuple(world.labels[each] for each in card.id_labels),
        people=faces(world, card.id_members),
    )


def _badge(world: World, card: Card) -> Badge | None:
    due = _instant(card.due)
    if card.due_complete:
        done = _instant(card.date_completed) or due
        return Badge("done", done) if done else None
    if not due:
        return None
    left = due - world.clock.now()
    return Badge("late" if left <= dt.timedelta() else "soon" if left < _SOON else "later", due)


def card_page(world: World, card: Card, *, every_entry: bool) -> CardPage:
    """A card on its own, with its latest actions or all of them."""
    board = world.boards[card.id_board]
    labels = world.labels.of("id_board", board.id).values()
    # Not what the API does not list either, nor moves within a list.
    entries = [
        each
        for each in world.actions.of("id_card", card.id).values()
        if each.type not in WEBHOOK_ONLY and not {"pos", "idLabels"} & each.data.get("old", {}).keys()
    ]
    most = len(entries) if every_entry else SHOWN_ENTRIES
    return CardPage(
        card=card,
        tile=tile(world, card),
        place=Place(board, world.lists[card.id_list], tuple(_open_lists(world, board))),
        start=_instant(card.start),
        due=_instant(card.due),
        spare=tuple(each for each in labels if each.id not in card.id_labels),
        checklists=tuple(Steps(each.name, world.items_of(each)) for each in world.checklists_of(card)),
        links=tuple(each for each in card.attachments if is_web(each["url"])),
        entries=tuple(islice(reversed(entries), most)),
        all_entries=len(entries),
    )


# ---- boards


def board_tile(world: World, board: Board) -> BoardTile:
    """A board as the first page shows it. Template cards do not count."""
    cards = [card for each in _open_lists(world, board) for card in _cards(world, each)]
    cards = [card for card in cards if not card.is_template]
    now = world.now()
    late = sum(not card.due_complete and card.due is not None and card.due <= now for card in cards)
    return BoardTile(board.short_link, board.name, len(cards), late)


def board_page(world: World, board: Board) -> BoardPage:
    """A board with the first cards of every open list."""
    archived = sum(card.closed for card in world.cards.of("id_board", board.id).values())
    columns = (column(world, each, SHOWN_CARDS) for each in _open_lists(world, board))
    return BoardPage(board.short_link, board.name, faces(world, board.memberships), tuple(columns), archived)


def column(world: World, each: List, most: int | None = None) -> Column:
    """A list with its first cards, or all of them."""
    cards = _cards(world, each)
    own = [card for card in cards if not card.is_template]
    return Column(
        id=each.id,
        title=each.name,
        count=len(own),
        cards=tuple(tile(world, card) for card in own[:most]),
        templates=tuple(tile(world, card) for card in cards if card.is_template),
    )


def archive(world: World, board: Board) -> Column:
    """The archived cards of a board, the latest first."""
    cards = [card for card in world.cards.of("id_board", board.id).values() if card.closed]
    cards.sort(key=lambda card: card.date_closed or "", reverse=True)
    return Column("archive", "", len(cards), tuple(tile(world, card) for card in cards), ())


def _open_lists(world: World, board: Board) -> list[List]:
    lists = (each for each in world.lists.of("id_board", board.id).values() if not each.closed)
    return sorted(lists, key=lambda each: each.pos)


def _cards(world: World, each: List) -> list[Card]:
    cards = (card for card in world.cards.of("id_list", each.id).values() if not card.closed)
    return sorted(cards, key=lambda card: card.pos)
