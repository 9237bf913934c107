"""Changes, and the Plan they make up.

A change speaks of declared keys; whoever performs it finds the Trello ids in the `Bindings`. Every change
names its `risk`, which decides who may perform it, and a `subject`, which names the one thing that it
makes or edits (`daily`, `daily/list/todo`, `daily/label/operations`, …).
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from trello_ops.core.model import CardText, Checklist, Kind, OccurrenceKey
from trello_ops.errors import UnsafePlan


class Risk(StrEnum):
    """Additive and housekeeping changes are the daemon's; the others wait for a person at `apply`."""

    ADDITIVE = "additive"
    CAREFUL = "careful"
    DESTRUCTIVE = "destructive"
    HOUSEKEEPING = "housekeeping"


UNATTENDED = frozenset({Risk.ADDITIVE, Risk.HOUSEKEEPING})
EVERY_RISK = frozenset(Risk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One intended edit of Trello, or of what we hold to be ours there."""

    board: str
    risk: Risk = Risk.ADDITIVE

    @property
    def subject(self) -> str:
        return self.board


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation(Change):
    """A change that makes something new to bind; it is claimed before it is performed.

    `key` is the declared thing's (empty for a board). `replaces` is the id of the bound object that is
    gone or no longer fits, else empty: when something else is bound by now, somebody was faster.
    """

    key: str
    replaces: str = ""
    kind: ClassVar[Kind]

    @property
    def subject(self) -> str:
        return _subject(self.board, self.kind, self.key)


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
    """`None` leaves the title as it is; `visible` shows the board to its Trello Workspace, and to no more."""

    title: str | None = None
    visible: bool = False
    reopen: bool = False
    risk: Risk = Risk.CAREFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateList(Creation):
    kind = Kind.LIST
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EditList(Change):
    """`None` leaves a field as it is; `reopen` takes the list out of the archive."""

    key: str
    title: str | None = None
    position: float | None = None
    reopen: bool = False
    risk: Risk = Risk.CAREFUL

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.LIST, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLabel(Creation):
    kind = Kind.LABEL
    title: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLabel(Change):
    key: str
    title: str
    colour: str
    risk: Risk = Risk.CAREFUL

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.LABEL, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember(Change):
    """Makes a declared person a normal member of the board. `key` is the person's."""

    key: str
    username: str
    risk: Risk = Risk.CAREFUL

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.PERSON, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTemplateCard(Creation):
    """Makes a task's template card (`isTemplate`), yet without its checklists, in the todo list.

    They follow as `FillTemplateCard`. `key` is the task's; `text` is what the card should hold.
    """

    kind = Kind.TEMPLATE
    position: ClassVar[float] = 1e9  # below every occurrence's card
    theme: str
    text: CardText


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTemplateCard(Change):
    """Gives a task's template card its title and description, and makes it a template again."""

    task: str
    text: CardText
    risk: Risk = Risk.CAREFUL

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.TEMPLATE, self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillTemplateCard(Change):
    """Adds the checklists and items that a task's template card still lacks."""

    task: str
    checklists: tuple[Checklist, ...]

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.TEMPLATE, self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveTemplateCard(Change):
    """Archives a template card that holds something else than its task declares, and unbinds it."""

    task: str
    card_id: str
    risk: Risk = Risk.CAREFUL

    @property
    def subject(self) -> str:
        return _subject(self.board, Kind.TEMPLATE, self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCard(Change):
    """Makes an occurrence's card in one request: in the todo list, with text, label, members and dates.

    With `copy_checklists` the checklists of `text` come from the task's template card in the same
    request; without, the card is made bare and `AddChecklist`, `AddCheckItem` follow.
    """

    key: OccurrenceKey
    theme: str
    assignees: tuple[str, ...]
    text: CardText
    start: dt.datetime
    due: dt.datetime
    copy_checklists: bool

    @property
    def position(self) -> float:
        """The most urgent card comes first: the minutes of its due since 1970."""
        return self.due.timestamp() // 60

    @property
    def subject(self) -> str:
        return str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChecklist(Change):
    card_id: str
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckItem(Change):
    card_id: str
    checklist_id: str
    title: str
    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCard(Change):
    """Archives an occurrence's card as housekeeping, or a copy that somebody made of it as destructive.

    `key` is the occurrence whose marker the card bears; `url` is for people.
    """

    key: OccurrenceKey
    card_id: str
    url: str
    risk: Risk = Risk.DESTRUCTIVE

    @property
    def subject(self) -> str:
        return str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCard(Change):
    """Moves an occurrence's card to the list of its board whose key is `to`; `url` is for people."""

    key: OccurrenceKey
    card_id: str
    url: str
    to: str
    risk: Risk = Risk.HOUSEKEEPING

    @property
    def subject(self) -> str:
        return str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind(Change):
    """Takes something that already stands on Trello for the declared thing. Writes to the store only."""

    kind: Kind
    key: str
    trello_id: str
    fingerprint: str = ""
    url: str = ""

    @property
    def subject(self) -> str:
        return _subject(self.board, self.kind, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind(Change):
    """Forgets a binding whose Trello object is gone. Writes to the store only."""

    kind: Kind
    key: str

    @property
    def subject(self) -> str:
        return _subject(self.board, self.kind, self.key)


def _subject(board: str, kind: Kind, key: str) -> str:
    return f"{board}/{kind}/{key}" if key else board


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """What one `apply` may do without `--force`."""

    archive_share: float = 0.3
    archive_floor: int = 10
    created_per_board: int = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """The ordered changes that turn Trello as it is into what is declared."""

    changes: tuple[Change, ...] = ()

    def __len__(self) -> int:
        return len(self.changes)

    def only(self, risks: Collection[Risk]) -> "Plan":
        return Plan(tuple(change for change in self.changes if change.risk in risks))

    @property
    def counts(self) -> Mapping[Risk, int]:
        found = Counter(change.risk for change in self.changes)
        return {risk: found[risk] for risk in Risk}

    @property
    def checksum(self) -> str:
        """A hash of the changes alone, the same on every machine.

        Housekeeping is left out: it falls due by the hour, and the daemon asks nobody for it.
        """
        hashed = [change_as_dict(c) for c in self.changes if c.risk is not Risk.HOUSEKEEPING]
        text = json.dumps(hashed, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def change_as_dict(change: Change) -> dict[str, object]:
    """A change as JSON values, `change` naming its class."""
    fields = {f.name: _plain(getattr(change, f.name)) for f in dataclasses.fields(change)}
    return {"change": type(change).__name__, "subject": change.subject, **fields}


def _plain(value: object) -> object:
    if isinstance(value, CardText | Checklist):
        return dataclasses.asdict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def raise_if_unsafe(plan: Plan, owned_cards: Mapping[str, int], limits: SafetyLimits) -> None:
    """Refuse a plan that archives or creates suspiciously much. `owned_cards` counts ours per board.

    Housekeeping is not weighed: the board file itself asks for it, and it may be long overdue.
    """
    reasons = [*_archives_too_much(plan, owned_cards, limits), *_creates_too_much(plan, limits)]
    if reasons:
        raise UnsafePlan("\n".join(reasons) + "\nIf this is what you want, say so with --force.")


def _archives_too_much(plan: Plan, owned_cards: Mapping[str, int], limits: SafetyLimits) -> list[str]:
    reasons = []
    archives = (c for c in plan.changes if isinstance(c, ArchiveCard | ArchiveTemplateCard))
    archived = Counter(change.board for change in archives if change.risk is not Risk.HOUSEKEEPING)
    for board, count in sorted(archived.items()):
        owned = owned_cards.get(board, 0)
        if owned >= limits.archive_floor and count / owned > limits.archive_share:
            reasons.append(
                f"{board}: would archive {count / owned:.0%} of our cards ({count} of {owned}), "
                f"more than the {limits.archive_share:.0%} allowed."
            )
    return reasons


def _creates_too_much(plan: Plan, limits: SafetyLimits) -> list[str]:
    created = Counter(c.board for c in plan.changes if isinstance(c, CreateTemplateCard | CreateCard))
    return [
        f"{board}: would create {count} cards at once, more than the {limits.created_per_board} allowed."
        for board, count in sorted(created.items())
        if count > limits.created_per_board
    ]
