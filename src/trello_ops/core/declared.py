"""What is declared, as frozen values.

Declared things are named by their *key*: lower-case letters, digits and hyphens. Dates are local to the
workspace.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import Cadence, Frequency, Span
from trello_ops.core.days_off import DaysOff, Holidays
from trello_ops.core.people import Person, Round, WhenAbsent
from trello_ops.core.rows import Rows

TODO, DONE = "todo", "done"
"""The keys of the two lists that every board has."""

_BASE_COLOURS = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
COLOURS = tuple(f"{base}{shade}" for base in _BASE_COLOURS for shade in ("", "_light", "_dark"))
"""Trello's 30 label colours (trello-behaviour.md#labels)."""


class DoneSignal(StrEnum):
    """Something that a card shows, by which it may count as done."""

    TICKED = "ticked"
    IN_DONE_LIST = "in_done_list"
    CHECKLIST_COMPLETE = "checklist_complete"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class CompleteWhen:
    """When a card is done: while it shows any of these signals, or with `require_all` all of them.

    `signals` is never empty.
    """

    # What counted before board files could say so. Stores have the same default for their older rows.
    signals: tuple[DoneSignal, ...] = (DoneSignal.TICKED, DoneSignal.IN_DONE_LIST)
    require_all: bool = False

    def met_by(self, shown: Collection[DoneSignal]) -> bool:
        """Whether a card that shows these signals is done."""
        return (all if self.require_all else any)(signal in shown for signal in self.signals)


class Proof(StrEnum):
    """What a done card should hold: a checklist wholly ticked, an attachment, a comment."""

    CHECKLIST = "checklist"
    ATTACHMENT = "attachment"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Theme:
    """One label of every board. `was` are keys that the theme had before, the newest first."""

    key: str
    title: str
    colour: str
    was: tuple[str, ...] = ()


class Undone(StrEnum):
    """What becomes of a card that was not done: when its week closed, or when the next one is issued."""

    KEEP = "keep"
    ARCHIVE = "archive"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class FormerCard:
    """What becomes of a task's former card, still undone, when the next one is issued.

    `move_to` is the key of the list that `MOVE` means, else empty.
    """

    undone: Undone = Undone.KEEP
    move_to: str = ""


@dataclass(frozen=True, slots=True)
class Nag:
    """Comments that remind people of an overdue card: the first `after` minutes, then again, at most `most`.

    Either `every` minutes or every so many `working_days`, at the time of day of the first.
    """

    after: int
    every: int = 0
    working_days: int = 0
    most: int = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a weekday (ISO) in which work of one kind is done in a batch; local times."""

    key: str
    weekday: int
    begins: dt.time
    ends: dt.time


@dataclass(frozen=True, slots=True)
class Carried:
    """A past occurrence of a task in the ledger, under another key or of another rhythm.

    `period` is what its date named, as `recurrence.period_of` tells it. `own`: it bears the task's own key.
    `name` is the `board/task` under which it was recorded.
    """

    date: dt.date
    day: dt.date
    period: str
    own: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring duty. `theme` and `assignees` are keys; `template` is a file name in `templates/cards/`.

    `was` are `board/task` keys that the task had before, the newest first; as files say it, those that it may
    have had. `new` says that it is none of the
    tasks that left. `questioned`: it left, and a new task may be what it is called now; until somebody says,
    it goes on and nobody is charged. `carried` is what `core.planning.succession` found when the task was
    last renamed, moved or re-timed: days that need no second card.

    Instead of `assignees` it may have a `round` of people. `pauses` are those of workspace, theme, board and
    task together. `covers` are `board/task` keys. `slot` is a key of the workspace, else empty; `duration`
    and `remind` are minutes, 0 and `None` where nothing is said. `unstaffed`: nothing says who does it, not
    even that nobody does. `row_of` is the key of the task of which it is a row of a workbook, else empty.
    """

    key: str
    title: str
    theme: str
    template: str
    cadence: Cadence
    assignees: tuple[str, ...] = ()
    description: str = ""
    complete_when: CompleteWhen = CompleteWhen()
    requires: tuple[Proof, ...] = ()
    was: tuple[str, ...] = ()
    new: bool = False
    questioned: bool = False
    carried: tuple[Carried, ...] = ()
    round: Round | None = None
    when_absent: WhenAbsent = WhenAbsent.FLAG
    pauses: tuple[Span, ...] = ()
    covers: tuple[str, ...] = ()
    slot: str = ""
    duration: int = 0
    remind: int | None = None
    when_open: FormerCard = FormerCard()
    nag: Nag | None = None
    unstaffed: bool = False
    rows: Rows | None = None
    row_of: str = ""

    @property
    def everybody(self) -> tuple[str, ...]:
        """The keys of all who may be assigned to it, but for those who stand in."""
        return self.assignees or (self.round.people if self.round else ())


@dataclass(frozen=True, slots=True)
class BoardList:
    """A column of a board."""

    key: str
    title: str


class Withdrawn(StrEnum):
    """What `apply` does with the open cards of tasks that left."""

    KEEP = "keep"
    ARCHIVE = "archive"


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

    `excused_list` is the key of the list whose cards are excused; empty where there is none. `was` are keys
    that the board had before, the newest first; `new` says that it is none of the boards that left.
    `working_days` are ISO weekdays, empty for every day; `closures` are the workspace's and its own.
    """

    key: str
    title: str
    frequency: Frequency
    lists: tuple[BoardList, ...]
    tasks: tuple[Task, ...]
    timezone: ZoneInfo
    housekeeping: Housekeeping = Housekeeping()
    excused_list: str = ""
    withdrawn: Withdrawn = Withdrawn.KEEP
    was: tuple[str, ...] = ()
    new: bool = False
    working_days: tuple[int, ...] = ()
    closures: tuple[Span, ...] = ()

    @property
    def put_away_lists(self) -> frozenset[str]:
        """The keys of the lists to which undone cards are moved, at the close or by their successors."""
        return frozenset({self.housekeeping.move_to, *(task.when_open.move_to for task in self.tasks)} - {""})

    def task(self, key: str) -> Task | None:
        """The task with this key."""
        return next((task for task in self.tasks if task.key == key), None)


def in_order(boards: Iterable[Board]) -> tuple[Board, ...]:
    """Boards as plans and reports go through them: by rhythm and key, whatever their files are called."""
    rhythms = list(Frequency)
    return tuple(sorted(boards, key=lambda board: (rhythms.index(board.frequency), board.key)))


_Named = TypeVar("_Named", Board, Theme)


def _now(things: Collection[_Named], key: str) -> _Named | None:
    """The thing with this key, else the one that had it before."""
    exact = next((each for each in things if each.key == key), None)
    return exact or next((each for each in things if key in each.was), None)


class AttachedForm(StrEnum):
    """A form in which a report is attached to its mail."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ReportPolicy:
    """Who gets the weekly report, and the local time of Monday at which the week before closes.

    `target` is the percentage on time that is aimed at. `people`: whether the report tells each person's
    figures. `by_board` are those who get the report of one board alone, by the board's key. `attach` are the
    forms in which it is attached. `forecast`: whether people with an address get their coming week.
    """

    recipients: tuple[str, ...]
    closes_at: dt.time = dt.time(7, 0)
    target: int = 90
    people: bool = False
    by_board: tuple[tuple[str, tuple[str, ...]], ...] = ()
    attach: tuple[AttachedForm, ...] = ()
    forecast: bool = False


@dataclass(frozen=True)  # without slots, for what it looks up often to be remembered
class Workspace:
    """One team's declaration. `excused` is the label that marks a card as excused.

    `withdrawn` holds for boards that left.
    """

    key: str
    name: str
    trello_workspace: str
    locale: str
    timezone: ZoneInfo
    people: tuple[Person, ...]
    themes: tuple[Theme, ...]
    excused: Theme  # a label like the themes', and nobody's theme
    report: ReportPolicy
    boards: tuple[Board, ...]
    withdrawn: Withdrawn = Withdrawn.KEEP
    holidays: Holidays = Holidays()
    slots: tuple[Slot, ...] = ()

    def board(self, key: str) -> Board | None:
        """The board with this key."""
        return self._boards_by_key.get(key)

    def days_off(self, board: Board) -> DaysOff:
        """The days off of a board."""
        declared = (board.working_days, board.closures)
        if declared not in self._days_off:  # kept, as it remembers which days it was asked about
            self._days_off[declared] = DaysOff(*declared, self.holidays)
        return self._days_off[declared]

    def board_now(self, key: str) -> Board | None:
        """The board with this key, else the one that had it before."""
        return _now(self.boards, key)

    def task_now(self, board: str, task: str) -> tuple[Board, Task] | None:
        """The task with this key on its board, else the one that had both before."""
        return self._tasks_by_name.get(f"{board}/{task}")

    def task_of(self, board: str, task: str, date: dt.date) -> tuple[Board, Task] | None:
        """The task of a recorded occurrence. Another may have its key by now, as where two changed places."""
        return self._carriers.get((f"{board}/{task}", date)) or self.task_now(board, task)

    def person(self, key: str) -> Person | None:
        """The person with this key, else the one who had it before."""
        return self.people_by_key.get(key)

    def theme(self, key: str) -> Theme | None:
        """The theme with this key, else the one that had it before; the excused label is none."""
        return _now(self.themes, key)

    def person_of(self, username: str) -> Person | None:
        """The declared person behind a Trello username, which Trello compares without case."""
        return next((p for p in self.people if p.username.lower() == username.lower()), None)

    @property
    def labels(self) -> tuple[Theme, ...]:
        """Every label that each board carries: the themes, then the excused label."""
        return (*self.themes, self.excused)

    @property
    def tasks(self) -> tuple[tuple[Board, Task], ...]:
        """Every task with its board, in the order of the files."""
        return tuple((board, task) for board in self.boards for task in board.tasks)

    def covering(self, board: Board, task: Task) -> tuple[tuple[Board, Task], ...]:
        """The tasks that cover a task, each with its board."""
        return self._covering.get(f"{board.key}/{task.key}", ())

    @cached_property
    def remembered(self) -> dict[object, object]:
        """What was computed of this declaration and is asked for again and again."""
        return {}

    @cached_property
    def _covering(self) -> dict[str, tuple[tuple[Board, Task], ...]]:
        found: dict[str, tuple[tuple[Board, Task], ...]] = {}
        for board, task in self.tasks:
            for covered in task.covers:
                found[covered] = (*found.get(covered, ()), (board, task))
        return found

    @cached_property
    def people_by_key(self) -> dict[str, Person]:
        """Each person by every key that they have or had; whoever has a key now goes first."""
        before = {was: person for person in reversed(self.people) for was in person.was}
        return before | {person.key: person for person in reversed(self.people)}

    @cached_property
    def _days_off(self) -> dict[tuple[tuple[int, ...], tuple[Span, ...]], DaysOff]:
        return {}

    @cached_property
    def _boards_by_key(self) -> dict[str, Board]:
        return {board.key: board for board in self.boards}

    @cached_property
    def _carriers(self) -> dict[tuple[str, dt.date], tuple[Board, Task]]:
        return {(each.name, each.date): pair for pair in self.tasks for each in pair[1].carried}

    @cached_property
    def _tasks_by_name(self) -> dict[str, tuple[Board, Task]]:
        """Each task with its board, by `board/task`: by what it is called, else by what it was."""
        before = {was: pair for pair in reversed(self.tasks) for was in pair[1].was}
        return before | {f"{board.key}/{task.key}": (board, task) for board, task in self.tasks}
