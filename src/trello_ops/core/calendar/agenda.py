"""What comes in some weeks, as people look at it: what the files say, and what is issued already."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.rotation import LastTurn
from trello_ops.core.calendar.slots import Overbooked, PlannedTime, planned_times
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.tracking.events import is_done, withdrawal

_DAY = dt.timedelta(days=1)
# Nothing is ahead of it: what is withdrawn is so, whenever that was seen.
_END = dt.datetime.max.replace(tzinfo=dt.UTC)

Turns = Mapping[tuple[str, str], LastTurn]
"""Whom the ledger last has for a round, by the keys of board and task."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at: a board, a person, a task (`board/task`), by key; all of them where it is empty."""

    board: str = ""
    person: str = ""
    task: str = ""


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One occurrence. `names` are those of its assignees.

    `slot` is a key, else empty; `planned` is when it is done within that. `recorded` is what the ledger has
    of it, `None` where it is not released yet.
    """

    occurrence: Occurrence
    names: tuple[str, ...] = ()
    slot: str = ""
    planned: PlannedTime | None = None
    recorded: LedgerEntry | None = None

    @property
    def card_url(self) -> str:
        """The address of its card; empty where there is none yet."""
        return self.recorded.card.url if self.recorded and self.recorded.card else ""

    @property
    def done(self) -> bool:
        """Whether it is done, by what was recorded."""
        return self.recorded is not None and is_done(self.recorded.events, _END)

    @property
    def nobody_left(self) -> bool:
        """Whether everybody who would do it is away."""
        return self.occurrence.nobody_left and self.occurrence.skip is None


@dataclass(frozen=True, slots=True)
class DayOff:
    """A holiday or a closure; `board` is the only board that it concerns, `None` where it concerns all."""

    date: dt.date
    name: str
    kind: SkipKind
    estimated: bool = False
    board: Board | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What has its day from `first` to `last`, both included, by due, then key.

    `overbooked` are slots that hold too much. `changed_at` is since when what is not recorded yet is so.
    """

    workspace: Workspace
    first: dt.date
    last: dt.date
    changed_at: dt.datetime
    entries: tuple[AgendaEntry, ...]
    days_off: tuple[DayOff, ...]
    overbooked: tuple[Overbooked, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger has: entries around some days, the keys of all others, and whose turns were last."""

    entries: tuple[LedgerEntry, ...] = ()
    keys: Collection[OccurrenceKey] = ()
    turns: Turns = field(default_factory=dict)


NOTHING = Recorded()


def agenda(
    workspace: Workspace,
    days: Span,
    changed_at: dt.datetime,
    chosen: Choice = EVERYTHING,
    recorded: Recorded = NOTHING,
) -> Agenda:
    """What comes on some days. What is recorded is shown as it was recorded, also where the files differ."""
    tasks = _concerned(workspace, chosen)
    entries, overbooked = _with_times(workspace, _occurrences(workspace, tasks, days, recorded))
    wanted = [each for each in entries if _is_wanted(workspace, each, chosen)]
    boards = {each.key: each for each, task in tasks if _is_chosen(each, task, chosen)}
    slots = {each.slot for each in wanted}
    return Agenda(
        workspace=workspace,
        first=days.first,
        last=days.last,
        changed_at=changed_at,
        entries=tuple(sorted(wanted, key=lambda each: each.occurrence.urgency)),
        days_off=tuple(_days_off(workspace, tuple(boards.values()), days)),
        overbooked=tuple(
            each for each in overbooked if each.slot in slots and chosen.person in ("", each.person)
        ),
    )


# ---- what is chosen ---------------------------------------------------------------------------------


def _is_chosen(board: Board, task: Task, chosen: Choice) -> bool:
    return chosen.board in ("", board.key) and chosen.task in ("", f"{board.key}/{task.key}")


def _concerned(workspace: Workspace, chosen: Choice) -> list[tuple[Board, Task]]:
    """The tasks that are chosen, and those that share a slot with one, and so its people's time."""
    every = workspace.tasks
    slots = {task.slot for board, task in every if task.slot and _is_chosen(board, task, chosen)}
    return [(board, task) for board, task in every if _is_chosen(board, task, chosen) or task.slot in slots]


def _is_wanted(workspace: Workspace, entry: AgendaEntry, chosen: Choice) -> bool:
    one = entry.occurrence
    found = workspace.task_of(one.key.board, one.key.task, one.key.date)
    if found:
        mine = _is_chosen(*found, chosen)
    else:
        mine = chosen.board in ("", one.key.board) and chosen.task in ("", f"{one.key.board}/{one.key.task}")
    return mine and (not chosen.person or chosen.person in one.assignees)


# ---- occurrences ------------------------------------------------------------------------------------


def _occurrences(
    workspace: Workspace, tasks: Iterable[tuple[Board, Task]], days: Span, recorded: Recorded
) -> Iterator[tuple[Occurrence, LedgerEntry | None]]:
    """What the ledger has of the days, and of what it does not have what the files say."""
    expected = {
        each.key: each
        for board, task in tasks
        for each in on_days(workspace, board, task, days, last=recorded.turns.get((board.key, task.key)))
    }
    for entry in recorded.entries:
        # Withdrawn is what the files name no more; but for tasks that may have been renamed, and go on.
        gone = withdrawal(entry.events, _END) is not None and entry.occurrence.key not in expected
        if days.covers(entry.occurrence.day) and not gone:
            one = entry.occurrence
            yield replace(one, skip=one.skip or Skip.parse(entry.skipped)), entry
    known = {entry.occurrence.key for entry in recorded.entries} | set(recorded.keys)
    yield from ((each, None) for key, each in expected.items() if key not in known)


def _with_times(
    workspace: Workspace, found: Iterable[tuple[Occurrence, LedgerEntry | None]]
) -> tuple[list[AgendaEntry], tuple[Overbooked, ...]]:
    """Entries with their slots and planned times, which add up in the order of the files."""
    order = {(board.key, task.key): place for place, (board, task) in enumerate(workspace.tasks)}
    entries, slotted = [], []
    for one, entry in found:
        board, task = workspace.task_of(one.key.board, one.key.task, one.key.date) or (None, None)
        slot = task.slot if task else ""
        entries.append(AgendaEntry(one, _names(workspace, one), slot, recorded=entry))
        if board and task and slot:
            slotted.append((order[board.key, task.key], task, one))
    # Also those that nobody chose: they take the time of the same people.
    slotted.sort(key=lambda each: each[0])
    plan = planned_times(workspace.slots, ((task, one) for _, task, one in slotted))
    timed = [replace(each, planned=plan.times.get(each.occurrence.key)) for each in entries]
    return timed, plan.overbooked


def _names(workspace: Workspace, one: Occurrence) -> tuple[str, ...]:
    names = {person.key: person.name for person in one.people}
    for key in one.assignees:
        person = workspace.person(key)
        names.setdefault(key, person.name if person else key)
    return tuple(names[key] for key in one.assignees)


# ---- days off ---------------------------------------------------------------------------------------


def _days_off(workspace: Workspace, boards: Sequence[Board], days: Span) -> Iterator[DayOff]:
    day = days.first
    while day <= days.last:
        if holiday := workspace.holidays.on(day):
            yield DayOff(day, holiday.name, SkipKind.HOLIDAY, holiday.estimated)
        yield from _closures(boards, day)
        day += _DAY


def _closures(boards: Sequence[Board], day: dt.date) -> Iterator[DayOff]:
    """The day's closures: one, where it is the same for all of the boards, else one for each."""
    closed = [(board, _reasons(board, day)) for board in boards]
    # What is everybody's is told once, not board by board.
    if len({reason for _, reason in closed}) == 1:
        closed = closed[:1]
    for board, reason in closed:
        if reason is not None:
            yield DayOff(day, reason, SkipKind.CLOSURE, board=board if len(closed) > 1 else None)


def _reasons(board: Board, day: dt.date) -> str | None:
    """Why a board is closed; `None` where it is not."""
    closed = [span.reason for span in board.closures if span.covers(day)]
    return ", ".join(dict.fromkeys(filter(None, closed))) if closed else None
