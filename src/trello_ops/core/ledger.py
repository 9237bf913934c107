"""What the ledger holds, as frozen values. Instants are aware UTC datetimes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from trello_ops.core.days_off import Skip
from trello_ops.core.declared import CompleteWhen, Proof
from trello_ops.core.people import Absentee, Person
from trello_ops.core.trello import Member


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
        """Raises `ValueError` when `text` is not `board/task/YYYY-MM-DD`."""
        board, task, date = text.split("/")
        return cls(board, task, dt.date.fromisoformat(date))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance of a task, with what the ledger freezes about it.

    `day` is the day from which the due instant was counted; `nominal` is the day that the rhythm named, where
    that is another, and `moved` says why. `sequence` counts the task's occurrences of the same calendar year
    from 1. `people` are the assignees as they were declared; older occurrences lack them. `start` is when its
    slot begins. `skip` says why nobody has to do it. `turn` is the key of whose turn of a round it is, and
    `absent` are those who would have been assigned.
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
    # Frozen with the occurrence: an edit of the files would else reopen, or do, cards that stand.
    complete_when: CompleteWhen = CompleteWhen()
    requires: tuple[Proof, ...] = ()
    people: tuple[Person, ...] = ()
    nominal: dt.date | None = None
    moved: Skip | None = None
    start: dt.datetime | None = None
    skip: Skip | None = None
    turn: str = ""
    absent: tuple[Absentee, ...] = ()

    @property
    def nominal_day(self) -> dt.date:
        """The day that the rhythm named, from which holidays may have moved it."""
        return self.nominal or self.day

    @property
    def nobody_left(self) -> bool:
        """Whether all who should have it are away, so that it is assigned to nobody."""
        return bool(self.absent) and not self.assignees

    @property
    def urgency(self) -> tuple[dt.datetime, OccurrenceKey]:
        """The sort key of what is due first; equal dues go by occurrence key."""
        return self.due, self.key


@dataclass(frozen=True, slots=True)
class Edition:
    """What the files said of a task when its card was given something, as short hashes.

    `period` is what the dates of its occurrences name, `words` are its texts and the sources of its template,
    `dates` is its cadence, `people` is whom it names. Each differs only where a file was edited: not with
    time zone data, nor with another version of this program.
    """

    period: str
    words: str
    dates: str
    people: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a card was given when it was made or last amended, as short hashes of what it then showed.

    `people` are the Trello ids of its members.
    """

    edition: Edition
    title: str
    text: str
    checklists: str
    people: str

    def __str__(self) -> str:
        edition = self.edition
        declared = edition.period, edition.words, edition.dates, edition.people
        return ":".join((*declared, self.title, self.text, self.checklists, self.people))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From its text, as stores keep it."""
        period, words, dates, named, title, described, checklists, people = text.split(":")
        return cls(Edition(period, words, dates, named), title, described, checklists, people)


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """The card that stands for an occurrence.

    `created_at` is the creation second in the card's id; `confirmed_at` is when the ledger learned of it,
    before which nobody looked at it. `given` is `None` where that is not known: such a card is never amended.
    """

    id: str
    url: str
    created_at: dt.datetime
    confirmed_at: dt.datetime
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """An issued occurrence as edited files make it, from the instant `at` by Trello's clock on.

    It is appended before its card is edited, and once more, `written`, when the card holds it. In between
    nobody knows which of the two the card shows.
    """

    key: OccurrenceKey
    at: dt.datetime
    board_title: str
    title: str
    assignees: tuple[str, ...]
    day: dt.date
    due: dt.datetime
    given: Given
    written: bool = False
    nominal: dt.date | None = None
    moved: Skip | None = None
    start: dt.datetime | None = None
    turn: str = ""
    absent: tuple[Absentee, ...] = ()

    @classmethod
    def of(cls, occurrence: Occurrence, at: dt.datetime, given: Given) -> Self:
        """The amendment that makes an occurrence what it is here."""
        changed = {name: getattr(occurrence, name) for name in _AMENDED}
        return cls(key=occurrence.key, at=at, given=given, **changed)

    def of_occurrence(self, recorded: Occurrence) -> Occurrence:
        """The occurrence as amended."""
        return replace(recorded, **{name: getattr(self, name) for name in _AMENDED})


_AMENDED = ("board_title", "title", "assignees", "day", "due", "nominal", "moved", "start", "turn", "absent")
"""What of an occurrence an amendment may change."""


class EventKind(StrEnum):
    """What an event records.

    `KEPT`: somebody fetched the card back after housekeeping had put it away. `PROVEN`, `UNPROVEN`: it was
    done with the required proof, or without. `ASSIGNED`, `UNASSIGNED`: a member was put on the card, or taken
    off. `DUE_MOVED`: somebody moved the card's due, or removed it. `WITHDRAWN`: the files name the occurrence
    no more; `REINSTATED`: they name it again. `NAGGED`: the robot reminded people of it by a comment.
    `TOUCHED`: somebody other than the robot did something on the card for the first time, which no other
    event tells. `AT_ONCE`: all items of the card were ticked within seconds. `AUTOMATED`: a program or an
    agent did what made it done.
    """

    # Rows of the ledger hold these words for ever: one may be added, none changed or removed.
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
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    NAGGED = "nagged"
    TOUCHED = "touched"
    AT_ONCE = "at_once"
    AUTOMATED = "automated"


class EventSource(StrEnum):
    """How an event came to be known."""

    TICK = "tick"
    LIST = "list"
    CHECKLIST = "checklist"
    LABEL = "label"
    ARCHIVE = "archive"
    MEMBER = "member"
    DUE = "due"
    STATE = "state"
    DECLARATION = "declaration"
    ROBOT = "robot"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """Something recorded of an occurrence after its issue, such as that it was done, reopened or excused.

    `by` is who did it; of `ASSIGNED` and `UNASSIGNED`, whom it was done to. `action_id` is the Trello action
    that made it true, where one was seen; without it, or where it leaves that open (`STATE`), `at` is
    *approximate*, the earliest instant that what we know allows.
    """

    key: OccurrenceKey
    kind: EventKind
    at: dt.datetime
    source: EventSource
    by: Member | None = None
    action_id: str | None = None

    @property
    def approximate(self) -> bool:
        """Whether `at` is the earliest possible instant and not one that Trello's log tells."""
        return self.action_id is None or self.source is EventSource.STATE


TOO_LATE = "too_late"
"""Why an occurrence was skipped: its due had passed before the robot could make the card."""

WITHDRAWN = "withdrawn"
"""Why an occurrence is excused that nobody excused: the files named it no more before it was due."""

CARD_DELETED = "card_deleted"
"""Why an occurrence was skipped: its card is gone, and so is the ledger that knew what became of it."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An occurrence and all that is known of it. `skipped` says why it is not to be issued, else is empty.

    It is the occurrence's `skip` as text, or one of the words above.
    `occurrence` is as the last of `amendments` has it; `first` is how it was recorded, where there are any.
    """

    # Amended already when it comes from a store, so that nobody who reads `occurrence` has to think of it.
    occurrence: Occurrence
    recorded_at: dt.datetime
    skipped: str = ""
    card: IssuedCard | None = None
    events: tuple[LedgerEvent, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    first: Occurrence | None = None

    @classmethod
    def of(cls, occurrence: Occurrence, at: dt.datetime, skipped: str = "") -> Self:
        """As it is recorded: skipped for the reason that it has itself, else for the one said here."""
        text = str(occurrence.skip) if occurrence.skip else skipped
        # Who they are is kept for ever, when they are away is not.
        people = tuple(Person(each.key, each.username, each.name) for each in occurrence.people)
        return cls(replace(occurrence, skip=Skip.parse(text), people=people), at, text)

    def amended_by(self, appended: Iterable[Amendment]) -> Self:
        """This entry with its amendments, in the order in which they were appended."""
        # Of equal instants the last counts: it says that the one before it was written.
        amendments = tuple({each.at: each for each in appended}.values())
        if not amendments:
            return self
        recorded = self.recorded
        amended = amendments[-1].of_occurrence(recorded)
        return replace(self, occurrence=amended, amendments=amendments, first=recorded)

    @property
    def recorded(self) -> Occurrence:
        """The occurrence as it was recorded, before any amendment."""
        return self.first or self.occurrence

    def as_of(self, at: dt.datetime) -> Occurrence:
        """The occurrence as it was at an instant."""
        earlier = [each for each in self.amendments if each.at <= at]
        return earlier[-1].of_occurrence(self.recorded) if earlier else self.recorded

    @property
    def amended_at(self) -> dt.datetime | None:
        """When it was last amended; `None` where it is as it was recorded."""
        last = self.amendments[-1] if self.amendments else None
        first = self.card.given if self.card else None
        return last.at if last and last.given != first else None

    @property
    def promised_due(self) -> dt.datetime:
        """The latest due that it ever had: whoever was promised that is not late before."""
        return max([self.recorded.due, *(each.due for each in self.amendments)])

    @property
    def unwritten(self) -> tuple[Amendment, ...]:
        """The newest amendments, of which nobody knows whether the card holds them."""
        count = 0
        while count < len(self.amendments) and not self.amendments[-1 - count].written:
            count += 1
        return self.amendments[len(self.amendments) - count :]

    @property
    def written(self) -> tuple[Occurrence, Given | None]:
        """The newest form of which the card is known to have held it, and what the card was given then."""
        known = self.amendments[: len(self.amendments) - len(self.unwritten)]
        if known:
            return known[-1].of_occurrence(self.recorded), known[-1].given
        return self.recorded, self.card.given if self.card else None
