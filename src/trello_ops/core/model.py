"""The nouns of trello-ops as frozen values.

Instants are aware UTC datetimes; dates are local to the workspace. Declared things are named by their
*key* (lower-case letters, digits and hyphens), Trello's own things by their 24-hex *id*.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

LAST = -1
"""In a monthly cadence's `on`: the month's last day."""

TODO, DONE = "todo", "done"
"""The keys of the two lists that every board has."""

_BASE_COLOURS = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
COLOURS = tuple(f"{base}{shade}" for base in _BASE_COLOURS for shade in ("", "_light", "_dark"))
"""Trello's 30 label colours (trello-behaviour.md#labels)."""


# ---- What is declared -------------------------------------------------------------------------------


class Every(StrEnum):
    """How often a cadence comes round."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class DayTime:
    """A local wall-clock time, `offset_days` after the day it is counted from."""

    time: dt.time
    offset_days: int = 0


class CatchUpMode(StrEnum):
    """Which occurrences are still issued when their due passed before their card could be made."""

    LATEST = "latest"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """`cap` limits `ALL` to that many of the newest; the others ignore it."""

    mode: CatchUpMode = CatchUpMode.LATEST
    cap: int = 20


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm, wholly resolved for one task.

    `on` holds ISO weekdays (1 Monday … 7 Sunday) for daily and weekly cadences, and days of the month
    (1 … 31 or `LAST`) for monthly ones; it is sorted and never empty. A day that a month lacks means the
    month's last day. `due` counts from the nominal day, `release` from the occurrence's date.
    """

    every: Every
    on: tuple[int, ...]
    due: DayTime
    timezone: ZoneInfo
    release: DayTime = DayTime(dt.time(0, 0))
    start: dt.date | None = None
    catch_up: CatchUp = CatchUp()


class Sign(StrEnum):
    """Something that a card shows, by which it may count as done."""

    TICKED = "ticked"
    IN_DONE_LIST = "in_done_list"
    CHECKLIST_COMPLETE = "checklist_complete"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class CompleteWhen:
    """When a card is done: while it shows any of these signs, with `every` while it shows them all.

    `signs` is never empty.
    """

    signs: tuple[Sign, ...] = (Sign.TICKED, Sign.IN_DONE_LIST)
    every: bool = False

    def met_by(self, shown: Collection[Sign]) -> bool:
        return (all if self.every else any)(sign in shown for sign in self.signs)


class Proof(StrEnum):
    """What a done card should hold: a checklist wholly ticked, an attachment, a comment."""

    CHECKLIST = "checklist"
    ATTACHMENT = "attachment"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be assigned; `username` is the Trello username, without `@`."""

    key: str
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One label of every board."""

    key: str
    title: str
    colour: str


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring duty. `theme` and `assignees` are keys; `template` is a file name in `templates/cards/`."""

    key: str
    title: str
    theme: str
    template: str
    cadence: Cadence
    assignees: tuple[str, ...] = ()
    description: str = ""
    complete_when: CompleteWhen = CompleteWhen()
    requires: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardList:
    """A column of a board."""

    key: str
    title: str


class Undone(StrEnum):
    """What becomes of a card that was not done when its week closed."""

    KEEP = "keep"
    ARCHIVE = "archive"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Which cards of a board the daemon puts away.

    `archive_done_after` counts days, `None` is never. `move_to` is the key of the list that `MOVE` means,
    neither the done list nor empty then.
    """

    archive_done_after: int | None = 14
    undone: Undone = Undone.KEEP
    move_to: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """One cadence, its lists from left to right, and its tasks in the order of the file.

    `excused_list` is the key of the list whose cards are excused; empty where there is none.
    """

    key: str
    title: str
    every: Every
    lists: tuple[BoardList, ...]
    tasks: tuple[Task, ...]
    timezone: ZoneInfo
    housekeeping: Housekeeping = Housekeeping()
    excused_list: str = ""

    def task(self, key: str) -> Task | None:
        return next((task for task in self.tasks if task.key == key), None)


@dataclass(frozen=True, slots=True)
class ReportPolicy:
    """Who gets the weekly report, and the local time of Monday at which the week before closes."""

    recipients: tuple[str, ...]
    closes_at: dt.time = dt.time(7, 0)


@dataclass(frozen=True, slots=True)
class Workspace:
    """One team's declaration. `excused` is the label that marks a card as excused."""

    key: str
    name: str
    trello_workspace: str
    locale: str
    timezone: ZoneInfo
    people: tuple[Person, ...]
    themes: tuple[Theme, ...]
    excused: Theme
    report: ReportPolicy
    boards: tuple[Board, ...]

    def board(self, key: str) -> Board | None:
        return next((board for board in self.boards if board.key == key), None)

    def person(self, key: str) -> Person | None:
        return next((person for person in self.people if person.key == key), None)

    def theme(self, key: str) -> Theme | None:
        return next((theme for theme in self.themes if theme.key == key), None)

    def person_of(self, username: str) -> Person | None:
        """The declared person behind a Trello username, which Trello compares without case."""
        return next((p for p in self.people if p.username.lower() == username.lower()), None)

    @property
    def labels(self) -> tuple[Theme, ...]:
        """Every label that each board carries: the themes, then the excused label."""
        return (*self.themes, self.excused)


# ---- What is owed -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class OccurrenceKey:
    """Identity of an occurrence within its workspace, written `board/task/date`."""

    board: str
    task: str
    date: dt.date

    def __str__(self) -> str:
        return f"{self.board}/{self.task}/{self.date.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError when `text` is not `board/task/YYYY-MM-DD`."""
        board, task, date = text.split("/")
        return cls(board, task, dt.date.fromisoformat(date))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance of a task, with what the ledger freezes about it.

    `day` is the nominal day from which the due instant was counted; `sequence` counts the task's
    occurrences of the same calendar year from 1.
    """

    key: OccurrenceKey
    board_title: str
    title: str
    theme: str
    theme_title: str
    assignees: tuple[str, ...]
    day: dt.date
    release: dt.datetime
    due: dt.datetime
    sequence: int
    complete_when: CompleteWhen = CompleteWhen()
    requires: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist as a card template declares it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card template renders to. `description` is Markdown and ends with the marker line."""

    title: str
    description: str
    checklists: tuple[Checklist, ...] = ()

    @property
    def item_count(self) -> int:
        return sum(len(checklist.items) for checklist in self.checklists)


# ---- What Trello shows ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A Trello account. Any text of it may be hostile."""

    id: str
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class TrelloList:
    id: str
    title: str
    closed: bool
    position: float


@dataclass(frozen=True, slots=True)
class TrelloLabel:
    """`colour` is `None` for a label without colour."""

    id: str
    title: str
    colour: str | None


@dataclass(frozen=True, slots=True)
class TrelloCheckItem:
    id: str
    title: str
    complete: bool
    position: float


@dataclass(frozen=True, slots=True)
class TrelloChecklist:
    """Items come in the order of their position."""

    id: str
    title: str
    position: float
    items: tuple[TrelloCheckItem, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A Trello card. `checklists` is `None` where they were not asked for; `ticked` is `dueComplete`.

    `item_count` counts its check items, `checked_count` those of them that are complete.
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
    item_count: int
    created_at: dt.datetime
    checklists: tuple[TrelloChecklist, ...] | None = None
    checked_count: int = 0
    attachment_count: int = 0
    comment_count: int = 0


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

    `name` is Trello's, such as `cards.openPerBoard`; `status` is `ok`, `warning` or `disabled`; from `most`
    on nothing more is taken. `count` is `None` where Trello keeps it to itself, far from the limit.
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
        return next((card for card in self.cards if card.id == card_id), None)


@dataclass(frozen=True, slots=True)
class Was:
    """A field's value before and after an action. Lists are told by their ids; `None` is no date, no list."""

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

    `ticked`, `moved`, `archived`, `renamed`, `described`, `start` and `due` say what was changed; all others
    are `None`. `moved` holds list ids: a card that is made, or comes from another board, was in no list
    before, and one that leaves its board is in none after; `other_board` is where it left for, or came from.
    `labelled` and `unlabelled` are the ids of labels put on and taken off. `member` is whom an
    `addMemberToCard` or a `removeMemberFromCard` was about.
    """

    id: str
    at: dt.datetime
    type: str
    card_id: str | None
    by: Member | None
    ticked: Was | None = None
    moved: Was | None = None
    archived: Was | None = None
    renamed: Was | None = None
    described: Was | None = None
    start: Was | None = None
    due: Was | None = None
    member: Member | None = None
    item: CheckedItem | None = None
    labelled: frozenset[str] = frozenset()
    unlabelled: frozenset[str] = frozenset()
    other_board: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """Trello's word to call an address when something happens to a model, which is a board with ours.

    Trello clears `active` when the calls kept failing for a month, or the model is out of the token's sight.
    """

    id: str
    model_id: str
    callback: str
    active: bool = True


# ---- What ties the two together ---------------------------------------------------------------------


class Kind(StrEnum):
    """What a binding binds.

    `TASK` has no Trello object: it remembers since when a task is owed. `WEBHOOK` has nothing declared: it
    remembers which webhook on a board is ours.
    """

    BOARD = "board"
    LIST = "list"
    LABEL = "label"
    PERSON = "person"
    TEMPLATE = "template"
    TASK = "task"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Binding:
    """A declared thing and the Trello id that stands for it on one board.

    `key` is empty for boards. `fingerprint` is, for a template card, the hash of the checklists that it
    held when last written or seen; for a board, `adopted` when it was found and not made by this store.
    """

    kind: Kind
    board: str
    key: str
    trello_id: str
    bound_at: dt.datetime
    fingerprint: str = ""
    url: str = ""


ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Bindings:
    """All bindings of a workspace."""

    _all: Mapping[tuple[Kind, str, str], Binding] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, bindings: Iterable[Binding]) -> Self:
        return cls(MappingProxyType({(b.kind, b.board, b.key): b for b in bindings}))

    def get(self, kind: Kind, board: str, key: str = "") -> Binding | None:
        return self._all.get((kind, board, key))

    def id(self, kind: Kind, board: str, key: str = "") -> str | None:
        found = self.get(kind, board, key)
        return found.trello_id if found else None

    def of_board(self, kind: Kind, board: str) -> tuple[Binding, ...]:
        return tuple(b for b in self if b.kind is kind and b.board == board)

    def with_(self, binding: Binding) -> Self:
        return type(self).of((*self, binding))

    def without(self, kind: Kind, board: str, key: str = "") -> Self:
        return type(self).of(b for b in self if (b.kind, b.board, b.key) != (kind, board, key))

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._all.values())


# ---- What the ledger holds --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """The card that stands for an occurrence.

    `created_at` is the creation second in the card's id; `confirmed_at` is when the ledger learned of it,
    before which nobody looked at it.
    """

    id: str
    url: str
    created_at: dt.datetime
    confirmed_at: dt.datetime


class Fact(StrEnum):
    """What a completion records.

    `KEPT`: somebody fetched back a card that had been put away. `PROVEN` and `UNPROVEN`: whether it was done
    with the proof that is required. `ASSIGNED` and `UNASSIGNED`: who was put on the card, or taken off it.
    `DUE_MOVED`: somebody moved the card's due, or removed it.
    """

    DONE = "done"
    REOPENED = "reopened"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    KEPT = "kept"
    PROVEN = "proven"
    UNPROVEN = "unproven"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    DUE_MOVED = "due_moved"


class Seen(StrEnum):
    """How a completion came to be known."""

    TICK = "tick"
    LIST = "list"
    CHECKLIST = "checklist"
    LABEL = "label"
    ARCHIVE = "archive"
    MEMBER = "member"
    DUE = "due"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Completion:
    """The recorded fact that an occurrence was done or reopened, excused or not, or what else a `Fact` says.

    `by` is who did it; of `ASSIGNED` and `UNASSIGNED`, whom it was done to. `action_id` is the Trello action
    that made it true, where one was seen; without it, or where it leaves that open (`STATE`), `at` is
    *approximate*, the earliest instant that what we know allows.
    """

    key: OccurrenceKey
    fact: Fact
    at: dt.datetime
    seen: Seen
    by: Member | None = None
    action_id: str | None = None

    @property
    def approximate(self) -> bool:
        return self.action_id is None or self.seen is Seen.STATE


TOO_LATE = "too_late"
"""Why an occurrence was skipped: its due had passed before the robot could make the card."""

CARD_DELETED = "card_deleted"
"""Why an occurrence was skipped: its card is gone, and so is the ledger that knew what became of it."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An occurrence and all that is known of it. `skipped` says why it is not to be issued, else is empty."""

    occurrence: Occurrence
    recorded_at: dt.datetime
    skipped: str = ""
    card: IssuedCard | None = None
    completions: tuple[Completion, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a board has been read.

    `read_at` is when the last full read *began*; `last_action_at` is the date of the newest action seen.
    `active_at` is when the board was last active, as it told then; `None` for a board that was closed.
    """

    board: str
    read_at: dt.datetime
    last_action_at: dt.datetime | None = None
    active_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch, longer than any day, in which a board was not read. What people did then was read later."""

    board: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A timed right, held in the store, to make one thing.

    `key` is `str(OccurrenceKey)` or the key of a structural change. `token` is new at every take-over and
    renewal, so an unchanged token means an unchanged claim. `unknown` says that its holder gave up
    because an answer was lost. `attempted_at` is the first attempt's instant, kept over take-overs.
    """

    key: str
    token: str
    holder: str
    attempted_at: dt.datetime
    attempt: int = 1
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class SystemProblem:
    """Something the robot could not do.

    `subject` is `board`, `board/task`, `board:reading`, `board:issuing`, `board:looking`, `board:closed`,
    `board:copies`, `board:limits`, `board:webhook`, or one of the robot's own matters: `job:NAME`,
    `job:mail`, `job:declaration`, `job:apply`, `job:token`. Keys hold no colon, so no two collide.
    """

    subject: str
    message: str
    since: dt.datetime
    last_seen: dt.datetime
    count: int = 1
