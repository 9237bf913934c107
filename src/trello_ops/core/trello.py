"""What Trello shows, as frozen values. Its own things are named by their 24-hex *id*."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A Trello account. Any text of it may be hostile."""

    id: str
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class TrelloWorkspace:
    """A Trello Workspace; `name` is the short one of its address, which board files use."""

    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class TrelloList:
    """A list of a board. `closed` means archived; lists stand from left to right by `position`."""

    id: str
    title: str
    closed: bool
    position: float


@dataclass(frozen=True, slots=True)
class TrelloLabel:
    """A label of a board. `colour` is `None` for one without colour."""

    id: str
    title: str
    colour: str | None


@dataclass(frozen=True, slots=True)
class TrelloCheckItem:
    """An item of a checklist."""

    id: str
    title: str
    complete: bool
    position: float


@dataclass(frozen=True, slots=True)
class TrelloChecklist:
    """A checklist of a card. Its items come in the order of their position."""

    id: str
    title: str
    position: float
    items: tuple[TrelloCheckItem, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A Trello card. `ticked` is Trello's `dueComplete`, `closed` means archived.

    `checklists` is `None` where they were not asked for. `item_count` counts the check items of all
    checklists, `checked_count` those of them that are complete. Trello reminds people `remind` minutes before
    the due, with `None` not at all.
    """

    id: str
    url: str
    title: str
    description: str
    board_id: str
    list_id: str
    label_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    start: dt.datetime | None
    due: dt.datetime | None
    ticked: bool
    closed: bool
    is_template: bool
    # The counts come with every read, the checklists only where they are asked for.
    item_count: int
    created_at: dt.datetime
    checklists: tuple[TrelloChecklist, ...] | None = None
    checked_count: int = 0
    attachment_count: int = 0
    comment_count: int = 0
    remind: int | None = None


@dataclass(frozen=True, slots=True)
class BoardSummary:
    """What a listing of a Trello Workspace's boards tells of one of them."""

    id: str
    title: str
    description: str
    closed: bool
    url: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """One of Trello's object limits on a board, as Trello tells it (trello-behaviour.md#object-limits).

    `name` is Trello's, such as `cards.openPerBoard`; `status` is `ok`, `warning` or `disabled`. At `most`,
    Trello takes nothing more. `count` is `None` where Trello does not tell it, far from the limit.
    """

    name: str
    status: str
    most: int
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A board as Trello shows it now: every list and label, its members, every card that is visible.

    `cards` is complete for the visible cards (not archived, in a list that is not archived), whatever
    their number. `visibility` is Trello's `permissionLevel`: `private`, `org` or `public`. `active_at` is
    when anything happened on the board last, as far as Trello tells.
    """

    board: BoardSummary
    workspace_id: str | None
    visibility: str
    lists: tuple[TrelloList, ...]
    labels: tuple[TrelloLabel, ...]
    members: tuple[Member, ...]
    cards: tuple[Card, ...]
    limits: tuple[Limit, ...] = ()
    active_at: dt.datetime | None = None

    def card(self, card_id: str) -> Card | None:
        """The visible card with this id."""
        return next((card for card in self.cards if card.id == card_id), None)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after an action. Lists are given by id; `None` is no date or no list."""

    before: bool | str | dt.datetime | None
    after: bool | str | dt.datetime | None


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A check item that an action completed, or made incomplete again."""

    id: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of Trello's log. `type` is Trello's own word (`updateCard`, `deleteCard`, …).

    Of `ticked`, `moved`, `archived`, `renamed`, `described`, `start` and `due`, those that the action did not
    change are `None`. `moved` holds list ids: a card that is made, or comes from another board, was in no
    list before, and one that leaves its board is in none after; `other_board` is where it went, or came from.
    `labelled` and `unlabelled` are the ids of labels put on and taken off. `member` is the one whom an
    `addMemberToCard` or a `removeMemberFromCard` was about. `board_closed` is whether the board was closed by
    it, or opened again; `None` where it did neither. `automated`: a program or an agent did it in somebody's
    name, not the person in Trello itself.
    """

    id: str
    at: dt.datetime
    type: str
    card_id: str | None
    by: Member | None
    ticked: FieldChange | None = None
    moved: FieldChange | None = None
    archived: FieldChange | None = None
    renamed: FieldChange | None = None
    described: FieldChange | None = None
    start: FieldChange | None = None
    due: FieldChange | None = None
    member: Member | None = None
    item: CheckedItem | None = None
    labelled: frozenset[str] = frozenset()
    unlabelled: frozenset[str] = frozenset()
    other_board: str | None = None
    board_closed: bool | None = None
    automated: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a card. Its `id` is that of the action by which it was written."""

    id: str
    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token may do, and until when; `None` for ever.

    `reads` and `writes` are kinds of things in Trello's words: `Board`, `Organization`, `Member`. A right to
    a single one of a kind does not count.
    """

    expires_at: dt.datetime | None
    reads: frozenset[str]
    writes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traffic:
    """A process's requests so far, and how much of the limit is used now, by whichever process.

    `sent` counts by what became of them: `answered`, `refused`, `limited` (429) and `failed` (no answer, or
    one that says nothing). `used` of `limit` requests count at present.
    """

    sent: Mapping[str, int]
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """A registered callback: Trello calls `callback` when something happens to a model, for ours a board.

    Trello clears `active` when calls kept failing for a month (trello-behaviour.md#webhooks), or when the
    token no longer sees the model.
    """

    id: str
    model_id: str
    callback: str
    active: bool = True
