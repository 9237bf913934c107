"""Changes: every kind of edit that a plan may hold.

A change speaks of declared keys; whoever performs it finds the Trello ids in the `Bindings`. Every change
names its `risk`, which decides who may perform it, and a `subject`, which names the one thing that it
makes or edits (`daily`, `daily/list/todo`, `daily/label/operations`, …).
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning.card_parts import Edit, Part


class Risk(StrEnum):
    """Additive and housekeeping changes are the daemon's; the others wait for a person at `apply`."""

    ADDITIVE = "additive"
    CAREFUL = "careful"
    DESTRUCTIVE = "destructive"
    HOUSEKEEPING = "housekeeping"


ADOPTED = "adopted"
"""The fingerprint that a plan shows for an adopted board. Saved plans hold it, and checksums count it."""

UNATTENDED = frozenset({Risk.ADDITIVE, Risk.HOUSEKEEPING})
EVERY_RISK = frozenset(Risk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One intended edit of Trello, or of what we hold to be ours there."""

    board: str
    risk: Risk = Risk.ADDITIVE

    @property
    def subject(self) -> str:
        """What the change is about, unique among the things it could be about; here, the board itself."""
        # Claims on creations are named by it, and stores outlive versions: no subject's form may change.
        return self.board


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange(Change):
    """A change of one declared part of a board. `key` is the declared thing's, empty for the board itself."""

    key: str
    kind: ClassVar[Kind]

    @property
    def subject(self) -> str:
        """Such as `weekly/list/todo`."""
        return _subject(self.board, self.kind, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCardChange(Change):
    """A change of a task's template card. `task` is the task's key."""

    task: str

    @property
    def subject(self) -> str:
        """Such as `weekly/template/stock`."""
        return _subject(self.board, Kind.TEMPLATE, self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChange(Change):
    """A change of a card that bears an occurrence's marker. `key` is the occurrence's."""

    key: OccurrenceKey

    @property
    def subject(self) -> str:
        """The occurrence, such as `weekly/stock/2026-11-16`."""
        return str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingChange(Change):
    """A change of what is bound. Writes to the store only."""

    kind: Kind
    key: str

    @property
    def subject(self) -> str:
        """Such as `weekly/list/todo`."""
        return _subject(self.board, self.kind, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation(PartChange):
    """A change that makes something new to bind; it is claimed before it is performed.

    `replaces` is the id of the bound object that is gone or no longer fits, else empty.
    """

    # When something else than `replaces` is bound by now, another process was faster: then nothing is made.
    replaces: str = ""


# ---- boards, lists, labels, members -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBoard(Creation):
    """`description` bears the board marker; `workspace` is a Trello Workspace's id or short name."""

    kind = Kind.BOARD
    key: str = ""
    title: str
    description: str
    workspace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditBoard(Change):
    """`None` leaves title or description as it is; `visible` shows the board to its Trello Workspace only."""

    title: str | None = None
    description: str | None = None
    visible: bool = False
    reopen: bool = False
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateList(Creation):
    """Makes a declared list. Lists stand from left to right by `position`."""

    kind = Kind.LIST
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EditList(PartChange):
    """`None` leaves a field as it is; `reopen` takes the list out of the archive."""

    kind = Kind.LIST
    title: str | None = None
    position: float | None = None
    reopen: bool = False
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLabel(Creation):
    """Makes the label of a theme, or the excused label."""

    kind = Kind.LABEL
    title: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLabel(PartChange):
    """Gives a label its declared title and colour."""

    kind = Kind.LABEL
    title: str
    colour: str
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember(PartChange):
    """Makes a declared person a normal member of the board. `key` is the person's."""

    kind = Kind.PERSON
    username: str
    risk: Risk = Risk.CAREFUL


# ---- template cards ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTemplateCard(Creation):
    """Makes a task's template card (`isTemplate`) in the todo list, without its checklists.

    They follow as `FillTemplateCard`. `key` is the task's; `text` is what the card should hold.
    """

    kind = Kind.TEMPLATE
    position: ClassVar[float] = 1e9  # below every occurrence's card
    theme: str
    text: CardText


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTemplateCard(TemplateCardChange):
    """Gives a task's template card its title and description, and makes it a template again."""

    text: CardText
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class FillTemplateCard(TemplateCardChange):
    """Adds the checklists and items that a task's template card still lacks."""

    checklists: tuple[Checklist, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveTemplateCard(TemplateCardChange):
    """Archives a template card that holds something else than its task declares, and unbinds it."""

    card_id: str
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireTemplateCard(ArchiveTemplateCard):
    """Archives the template card of a task that the files no longer declare, and unbinds it."""


# ---- cards of occurrences ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCard(CardChange):
    """Makes an occurrence's card in one request: in the todo list, with text, label, members and dates.

    With `copy_checklists` the checklists of `text` come from the task's template card in the same
    request; without, the card is made bare and `AddChecklist`, `AddCheckItem` follow. Trello reminds people
    `remind` minutes before the due, with `None` not at all. `place` is its position where it is in a slot.
    """

    theme: str
    assignees: tuple[str, ...]
    text: CardText
    start: dt.datetime
    due: dt.datetime
    copy_checklists: bool
    remind: int | None = None
    place: float | None = None

    @property
    def position(self) -> float:
        """Its place, else the minutes of its due since 1970, so that the most urgent card comes first."""
        # `top` and `bottom` would put template cards above the work.
        return self.due.timestamp() // 60 if self.place is None else self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChecklist(Change):
    """Adds an empty checklist to a card."""

    card_id: str
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckItem(Change):
    """Adds one item to a checklist: Trello takes one per request (trello-behaviour.md#checklists)."""

    card_id: str
    checklist_id: str
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAssignee(CardChange):
    """Puts a person on a card that was issued to them before they were on its board; `url` is for people.

    `person` is a declared person's key.
    """

    person: str
    card_id: str
    url: str

    @property
    def subject(self) -> str:
        """The person of an occurrence, such as `weekly/stock/2026-11-16/person/amal`."""
        return f"{self.key}/{Kind.PERSON}/{self.person}"

    @property
    def membership(self) -> str:
        """The subject of the change that would make the person a member of the board."""
        return _subject(self.board, Kind.PERSON, self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember(Change):
    """Takes a member, by Trello id, off a card."""

    card_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCard(CardChange):
    """Archives an occurrence's card as housekeeping, or a copy that somebody made of it as destructive.

    `url` is for people.
    """

    card_id: str
    url: str
    risk: Risk = Risk.DESTRUCTIVE  # somebody made the copy, and may still work on it


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveWithdrawn(ArchiveCard):
    """Archives the open card of an occurrence that the files no longer name."""

    risk: Risk = Risk.DESTRUCTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCard(CardChange):
    """Moves an occurrence's card to the list of its board whose key is `to`; `url` is for people."""

    card_id: str
    url: str
    to: str
    risk: Risk = Risk.HOUSEKEEPING


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(CardChange):
    """Writes a comment on an occurrence's card; never in a plan. `text` is Markdown."""

    card_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendCard(CardChange):
    """Brings an issued card, undone, in line with its edited task. What is `None` or empty stays as it is.

    `name` is the title in reports. `checklists` are those of which the card lacks `items`. `by_hand` are the
    parts that the edit would change, and that stay as a person has changed them.
    """

    card_id: str
    url: str
    name: Edit[str] | None = None
    title: Edit[str] | None = None
    text: Edit[str] | None = None
    due: Edit[dt.datetime] | None = None
    start: Edit[dt.datetime] | None = None
    people: Edit[tuple[str, ...]] | None = None
    checklists: tuple[Checklist, ...] = ()
    items: tuple[str, ...] = ()
    by_hand: tuple[Part, ...] = ()
    risk: Risk = Risk.CAREFUL

    @property
    def writes(self) -> bool:
        """Whether the card itself is edited, its checklists left aside."""
        return any((self.title, self.text, self.due, self.start, self.people))


# ---- bindings ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind(BindingChange):
    """Takes something that already stands on Trello for the declared thing.

    `fingerprint` is a template card's or a person's, as in `Binding`; for a board it is `ADOPTED`.
    """

    trello_id: str
    fingerprint: str = ""
    url: str = ""

    def binding(self, bound_at: dt.datetime) -> Binding:
        """What the store keeps of it."""
        adopted = self.fingerprint == ADOPTED
        hashed = "" if adopted else self.fingerprint
        return Binding(self.kind, self.board, self.key, self.trello_id, bound_at, hashed, self.url, adopted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind(BindingChange):
    """Forgets a binding whose Trello object is gone."""


def _subject(board: str, kind: Kind, key: str) -> str:
    return f"{board}/{kind}/{key}" if key else board
