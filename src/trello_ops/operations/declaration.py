"""The declaration in force: what follows it, and what an edit of the files means for the ledger.

Nobody is charged for an edit: what the files name no more before it was due is withdrawn. Nothing is made
twice or lost: days that the ledger holds under another key, or of another rhythm, are carried over.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import structlog

from trello_ops.core.bindings import Bindings, Watermark
from trello_ops.core.cadence import NO_DAY
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET, LONGEST_PERIOD, ONCE, period_of
from trello_ops.core.calendar.rotation import without_turns
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Board, Task, Withdrawn, Workspace
from trello_ops.core.ledger import (
    TOO_LATE,
    EventKind,
    EventSource,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.links import Link, followed
from trello_ops.core.people import Person
from trello_ops.core.planning import named_dates
from trello_ops.core.planning.differences import Alarm, Difference
from trello_ops.core.planning.inheritance import (
    Turns,
    carry,
    changed,
    comes_once,
    names,
    period_then,
    rebound,
    remembered,
)
from trello_ops.core.planning.named_dates import LateStart, MovedDate, moved_dates
from trello_ops.core.planning.succession import Succession, TaskId, is_retimed, succeed
from trello_ops.core.tracking.events import is_done, withdrawal
from trello_ops.operations.context import Context
from trello_ops.operations.rounds import with_turns
from trello_ops.ports import Store

log = structlog.get_logger()

_AHEAD = LONGEST_PERIOD + 3 * LONGEST_OFFSET
"""Nothing that was released falls due later: not even what a closure moves."""

_MOST_RECENT = 120
"""How many of a task's occurrences are looked through: more than any rhythm has in the time remembered."""


@dataclass(frozen=True, slots=True)
class Following:
    """What the files would put in force, and how it differs from what is; nothing came before the first."""

    declaration: Declaration
    before: InForce | None = None
    succession: Succession | None = None

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What is new, gone, renamed, moved or re-timed, and what a person is asked."""
        return self.succession.differences if self.succession else ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Why only `apply` may put it in force."""
        return self.succession.alarms if self.succession else ()

    @property
    def moved_dates(self) -> tuple[MovedDate, ...]:
        """The named dates that were moved."""
        if self.before is None or self.succession is None:
            return ()
        old = self.before.declaration.workspace
        return tuple(moved_dates(old, self.declaration.workspace, self.succession.came_from))

    @property
    def is_new(self) -> bool:
        """Whether it differs from what is in force."""
        return self.before is None or self.before.declaration != self.declaration


def follow(store: Store, before: InForce | None, files: Declaration, now: dt.datetime) -> Following:
    """What follows the declaration in force. Reads the store only."""
    if before is None:
        return Following(files)
    old = before.declaration
    succession = succeed(old.workspace, files.workspace)
    carried = _with_carried(store, old.workspace, succession, now)
    succession = replace(succession, workspace=carried)
    # A task that goes on until somebody says what became of it may need a template that has left.
    used = {task.template for _, task in carried.tasks}
    goes_on = bool(used - files.templates.keys())
    templates = {**old.templates, **files.templates} if goes_on else files.templates
    return Following(Declaration(carried, templates), before, succession)


def _with_carried(store: Store, old: Workspace, succession: Succession, now: dt.datetime) -> Workspace:
    """The workspace that follows; its tasks know of days that the ledger holds in another way."""
    before = _tasks(old)

    def carrying(board: Board, task: Task) -> Task:
        it = (board.key, task.key)
        old_id = succession.came_from.get(it)
        if old_id is None or old_id not in before:
            return task
        _, its_old = before[old_id]
        if old_id == it and period_of(its_old.cadence) == period_of(task.cadence):
            return task
        recorded = (entry.occurrence for entry in store.latest(*old_id, _MOST_RECENT))
        return carry(it, task, its_old, recorded, now.astimezone(task.cadence.timezone).date())

    boards = (
        replace(board, tasks=tuple(carrying(board, task) for task in board.tasks))
        for board in succession.workspace.boards
    )
    return replace(succession.workspace, boards=tuple(boards))


def _tasks(workspace: Workspace) -> dict[TaskId, tuple[Board, Task]]:
    return {(board.key, task.key): (board, task) for board, task in workspace.tasks}


# ---- foreseeing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the store would hold once a declaration is in force: bindings, and what turns in the ledger."""

    bindings: Bindings
    turns: Turns = field(default_factory=dict)


def foresee(context: Context, following: Following | None) -> Foreseen:
    """What putting a declaration in force would bring. Reads the store only."""
    bindings = context.store.bindings()
    if following is None or following.succession is None or following.before is None:
        return Foreseen(bindings)
    change = _change(context, following, following.succession, following.before)
    turns = {event.key: event for event in change.turns()}
    return Foreseen(rebound(bindings, following.succession), turns)


def open_cards(store: Store, since: dt.datetime) -> dict[str, int]:
    """How many open cards tasks (`board/task`) have that fall due later than an instant."""
    found: dict[str, int] = {}
    for entry in store.due_between(since, since + _AHEAD):
        if entry.card and not is_done(entry.events, since):
            task = f"{entry.occurrence.key.board}/{entry.occurrence.key.task}"
            found[task] = found.get(task, 0) + 1
    return found


def late_starts(store: Store, workspace: Workspace, now: dt.datetime) -> tuple[LateStart, ...]:
    """What becomes of counted days that were over before there was a card. Reads the store only."""
    counting = defaultdict[str, list[str]](list)
    for board, task in workspace.tasks:
        if task.cadence.counts_from:
            counting[board.key].append(task.key)
    recorded = (store.recorded(board, tasks, NO_DAY) for board, tasks in counting.items())
    return tuple(named_dates.late_starts(workspace, frozenset().union(*recorded), now))


# ---- putting in force -------------------------------------------------------------------------------


def put_in_force(context: Context, following: Following) -> bool:
    """Put a declaration in force, with all that it means for the ledger; False if another process did.

    What fell due under the one before is recorded first. Every step may be repeated: a process that dies in
    between leaves the one before in force.
    """
    now, store, before = context.clock.now(), context.store, following.before
    if before is None or following.succession is None:
        return store.put_in_force(InForce(1, now, following.declaration))
    change = _change(context, following, following.succession, before)
    change.record_past()
    change.withdraw_and_reinstate()
    change.record_lost()
    change.set_watermarks()
    # In one step with the version: under the keys from before, these bindings would mean other things.
    bindings = store.bindings()
    bind, unbind = changed(bindings, rebound(bindings, following.succession))
    version = InForce(before.version + 1, now, following.declaration)
    done = store.put_in_force(version, bind, unbind, _links(context, before, following.succession))
    if done:
        for each in following.differences:
            log.info("declaration.changed", what=each.noun, turn=each.turn, key=each.key, old=each.old)
    return done


def _links(context: Context, before: InForce, succession: Succession) -> tuple[Link, ...]:
    """Secret addresses that follow what was renamed, or end with what left."""
    old, new = before.declaration.workspace, succession.workspace
    boards = _went_on(old.boards, new.boards, succession.boards_from)
    people = _went_on(old.people, new.people, succession.people_from)
    return tuple(followed(context.store.links(), boards, people, context.clock.now()))


def _went_on(
    old: Iterable[Board | Person], new: Iterable[Board | Person], came_from: Mapping[str, str]
) -> dict[str, str | None]:
    """The key of now of all that was in force; `None` for what left."""
    went = {was: key for key, was in came_from.items()}
    # What goes on without a word is kept for the sake of tasks that somebody is asked about.
    kept = {each.key for each in new} - came_from.keys()
    return {each.key: went.get(each.key, each.key if each.key in kept else None) for each in old}


def _change(context: Context, following: Following, succession: Succession, before: InForce) -> "_Change":
    old, new = before.declaration.workspace, following.declaration.workspace
    return _Change(context.store, old, new, succession, context.clock.now())


@dataclass(frozen=True)
class _Change:
    """The change from one workspace to another, as of `now`."""

    store: Store
    old: Workspace
    new: Workspace
    succession: Succession
    now: dt.datetime

    def record_past(self) -> None:
        """Record what fell due by now as declared before; whether it is too late is judged later.

        What is still ahead is recorded as declared now, also what was released since the last pass: the
        files may have been edited before that.
        """
        watermarks, past = self.store.watermarks(), list[Occurrence]()
        for board, task in self.old.tasks:
            it = (board.key, task.key)
            if watermark := watermarks.get(it):
                since = min(watermark.owing_since, self.now)
                bare = occurrences(self.old, board, without_turns(task), since, self.now)
                found = with_turns(self.store, self.old, board, task, bare)
                due = [occurrence for occurrence in found if occurrence.due <= self.now]
                ahead = self._days_ahead(it) if due else set()
                if task.cadence.counts_from and ahead:  # the same one, due on another day now
                    continue
                past += (occurrence for occurrence in due if occurrence.nominal_day not in ahead)
        self.store.record(past, self.now)

    def _days_ahead(self, old_id: TaskId) -> set[dt.date]:
        """The nominal days of which a task, as declared now, is not due yet."""
        task = self._went_on_as.get(old_id)
        if task is None or task not in self._after:
            return set()
        board, bare = self._after[task][0], without_turns(self._after[task][1])
        found = occurrences(self.new, board, bare, self.now, self.now + _AHEAD)
        return {occurrence.nominal_day for occurrence in found}

    # ---- withdrawn and reinstated

    def withdraw_and_reinstate(self) -> None:
        """Withdraw what is named no more and was not due yet, and reinstate what is named again."""
        events = list(self.turns())
        self.store.append(events, self.now)
        withdrawn = [event.key for event in events if event.kind is EventKind.WITHDRAWN]
        # A task that somebody is asked about goes on getting cards.
        self.store.pass_over([key for key in withdrawn if not self._is_questioned(key)])
        self.store.wait_again([e.key for e in events if e.kind is EventKind.REINSTATED])
        for event in events:
            log.info("occurrence.turned", fact=str(event.kind), key=str(event.key))

    def turns(self) -> Iterator[LedgerEvent]:
        """The events by which recorded occurrences are withdrawn and reinstated."""
        # The files may have been edited at any time since the last pass, when the robot was off perhaps.
        since = min([self.now, *sorted(self.store.jobs().values())[-1:]])
        boards = (*self.old.boards, *self.new.boards)
        put_away = {board.key for board in boards if board.withdrawn is Withdrawn.ARCHIVE}
        for entry in self.store.due_between(since, since + _AHEAD):
            occurrence, withdrawn = entry.occurrence, withdrawal(entry.events, self.now) is not None
            named = self._is_named(occurrence) and not self._is_questioned(occurrence.key)
            # What was due before the edit stands: an edit neither charges anybody for it nor lets them off.
            if occurrence.due <= since or entry.skipped or named != withdrawn:
                continue
            if not named:
                yield _turn(entry, EventKind.WITHDRAWN, since)
            # Only while it can still be done in time, and on a card that `apply` cannot have put away.
            elif occurrence.due > self.now and not (entry.card and occurrence.key.board in put_away):
                yield _turn(entry, EventKind.REINSTATED, self.now)

    def _is_named(self, occurrence: Occurrence) -> bool:
        now = self._task_now(occurrence.key)
        if now is None:
            return False
        key = occurrence.key
        # By the task as it was before the edit, which is the one that named it.
        _, before = self.old.task_of(key.board, key.task, key.date) or now
        period = ONCE if comes_once(now[1], occurrence) else period_then(before, occurrence)
        return names(self.new, *now, occurrence, period)

    def _is_questioned(self, key: OccurrenceKey) -> bool:
        now = self._task_now(key)
        return now is not None and now[1].questioned

    def _task_now(self, key: OccurrenceKey) -> tuple[Board, Task] | None:
        """The task, and its board, to which an occurrence belongs once this is in force."""
        # Not by its key alone: another task may have that by then.
        before = self.old.task_of(key.board, key.task, key.date)
        if before is None:
            return self.new.task_now(key.board, key.task)
        it = self._went_on_as.get((before[0].key, before[1].key))
        return self._after.get(it) if it else None

    # ---- re-timed

    def record_lost(self) -> None:
        """Record as too late what lay ahead by the old times and days off, and is past by the new ones."""
        for it, (board, task) in self._after.items():
            old_id = self.succession.came_from.get(it)
            if old_id not in self._before:
                continue
            # By another rhythm, the same date names another period: those days are carried over instead.
            old_board, old = self._before[old_id]
            moved = is_retimed(old, task) or self.old.days_off(old_board) != self.new.days_off(board)
            # What comes once is not lost by an earlier date: it would not come when that is moved back.
            if task.cadence.counts_from:
                continue
            if moved and period_of(old.cadence) == period_of(task.cadence):
                far = remembered(period_of(task.cadence))
                ahead = self._keys_between(self.old, old_board, old, self.now, self.now + far)
                past = self._keys_between(self.new, board, task, self.now - far, self.now)
                lost = [each for date, each in past.items() if date in ahead and each.due <= self.now]
                self.store.record(
                    with_turns(self.store, self.new, board, task, lost), self.now, skipped=TOO_LATE
                )

    def _keys_between(
        self, workspace: Workspace, board: Board, task: Task, since: dt.datetime, until: dt.datetime
    ) -> Mapping[dt.date, Occurrence]:
        found = occurrences(workspace, board, without_turns(task), since, until)
        return {occurrence.key.date: occurrence for occurrence in found}

    @cached_property
    def _before(self) -> dict[TaskId, tuple[Board, Task]]:
        return _tasks(self.old)

    @cached_property
    def _after(self) -> dict[TaskId, tuple[Board, Task]]:
        return _tasks(self.new)

    @cached_property
    def _went_on_as(self) -> dict[TaskId, TaskId]:
        """The keys that each old task has now."""
        return {old: it for it, old in self.succession.came_from.items()}

    def set_watermarks(self) -> None:
        """A task owes from now, where its key or its times changed; else it goes on."""
        watermarks, before = self.store.watermarks(), self._before
        for it, (_, task) in self._after.items():
            old_id = self.succession.came_from.get(it)
            old = watermarks.get(old_id) if old_id else None
            if old_id not in before or old is None:
                # It was here before, and owes nothing of the time between.
                since = self.now if it in watermarks else None
            else:  # what fell due before was recorded under its key and by its times then
                is_other = it != old_id or is_retimed(before[old_id][1], task)
                since = self.now if is_other else None
            if since:
                self.store.set_watermark(Watermark(*it, since))


def _turn(entry: LedgerEntry, kind: EventKind, at: dt.datetime) -> LedgerEvent:
    return LedgerEvent(entry.occurrence.key, kind, at, EventSource.DECLARATION)
