"""The schedule: each occurrence is appended to the ledger once it is released, before its card is made."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind, Watermark
from trello_ops.core.calendar.catch_up import catch_up
from trello_ops.core.calendar.occurrences import belated, occurrences
from trello_ops.core.calendar.rotation import without_turns
from trello_ops.core.declared import Board, Task
from trello_ops.core.ledger import TOO_LATE, EventKind, EventSource, LedgerEvent, Occurrence, OccurrenceKey
from trello_ops.errors import CardLookupFailed
from trello_ops.operations.card_lookup import CardLookup, earliest_creation
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.rounds import with_turns
from trello_ops.ports import Store

log = structlog.get_logger()

_WATERMARK_STEP = dt.timedelta(days=1)
"""Watermarks move at most so often: nothing depends on how new they are but how much is looked through."""

_LONGEST_HOLIDAY = 200
"""How many of a task's newest occurrences are looked through for one that is not excused."""

_TaskId = tuple[str, str]
"""The keys of board and task."""

_Keys = frozenset[OccurrenceKey]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is to `issue` now, the most urgent first, and what is `undecided`.

    The undecided are too late to be issued, unless their card already stands on its board, which could not be
    read yet. The ledger may hold them as waiting, or not at all.
    """

    issue: tuple[Occurrence, ...]
    undecided: tuple[Occurrence, ...]


def record_released(context: Context, lookup: CardLookup | None = None) -> Recorded:
    """Append to the ledger what was released since the last pass, and pass over what is too late to issue.

    A board that is not applied yet owes nothing, and a task owes nothing of the time before it was first
    seen here. Before anything is passed over, its board is read: a ledger that was put back from a backup
    lacks the cards made since, and what has a card there is issued, which finds it. Without `lookup`, and
    while the board cannot be read, it stays undecided.

    Raises `WrongClock` and, with `lookup`, one of `OUT_OF_REACH`.
    """
    now, store = require_true_clock(context), context.store
    waiting = defaultdict[_TaskId, list[Occurrence]](list)
    for occurrence in store.unissued():
        waiting[_task_now(context, occurrence)].append(occurrence)
    known = _Known(now, store.bindings(), store.watermarks(), waiting)
    owing, undecided = set[_TaskId](), list[Occurrence]()
    for board in context.workspace.boards:
        bound = known.bindings.get(Kind.BOARD, board.key)
        if bound:
            backlogs = _backlogs(context, known, board)
            owing |= {backlog.task for backlog in backlogs}
            undecided += _record(context, now, bound, backlogs, lookup)
    # Read anew: another process may have recorded something since, which was neither waiting nor new here.
    keys = {occurrence.key for occurrence in undecided}
    owed = (o for o in store.unissued() if _task_now(context, o) in owing and o.key not in keys)
    return Recorded(tuple(owed), tuple(undecided))


@dataclass(frozen=True, slots=True)
class _Known:
    """What a pass begins with; `waiting` is what waits for its card, by task."""

    now: dt.datetime
    bindings: Bindings
    watermarks: Mapping[_TaskId, Watermark]
    waiting: Mapping[_TaskId, Sequence[Occurrence]]


def _task_now(context: Context, occurrence: Occurrence) -> _TaskId:
    """The keys that its task has now, as it may wait under those from before; else its own."""
    key = occurrence.key
    found = context.workspace.task_of(key.board, key.task, key.date)
    return (found[0].key, found[1].key) if found else (key.board, key.task)


def unrecorded(context: Context, start: dt.datetime, end: dt.datetime) -> tuple[Occurrence, ...]:
    """What falls due at start <= due < end and is not in the ledger yet.

    It lies ahead, or was released since the last pass. Reads the store only.
    """
    bindings, now, found = context.store.bindings(), context.clock.now(), list[Occurrence]()
    watermarks = context.store.watermarks()
    for board in context.workspace.boards:
        if bindings.get(Kind.BOARD, board.key) is None:
            continue
        due: dict[str, list[Occurrence]] = {}
        for task in board.tasks:
            # A microsecond earlier, since `occurrences` leaves out what is due exactly at `since`.
            since = max(_owing_since(watermarks, board, task, now), start - dt.timedelta.resolution)
            in_time = occurrences(context.workspace, board, without_turns(task), since, end)
            due[task.key] = [occurrence for occurrence in in_time if occurrence.due < end]
        recorded = _recorded(context, board.key, due)
        for task in board.tasks:
            new = [each for each in due[task.key] if each.key not in recorded]
            found += with_turns(context.store, context.workspace, board, task, new)
    return tuple(found)


# ---- what tasks owe ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Backlog:
    """What of a task is not in the ledger yet (`fresh`), and what is too late to issue (`outdated`).

    Outdated is what catching up skips of the fresh and of what waits in the ledger. `watermark` is `None` for
    a task that was never seen before.
    """

    task: _TaskId
    questioned: bool
    watermark: dt.datetime | None
    fresh: Sequence[Occurrence]
    outdated: Sequence[Occurrence]


def _backlogs(context: Context, known: _Known, board: Board) -> list[_Backlog]:
    """What each task of a board owes, the ledger being asked once for all of them."""
    now, released = known.now, dict[str, Sequence[Occurrence]]()
    for task in board.tasks:
        since = _owing_since(known.watermarks, board, task, now)
        bare = without_turns(task)
        found = occurrences(context.workspace, board, bare, since, now)
        released[task.key] = found or belated(context.workspace, board, bare, now)
    recorded = _recorded(context, board.key, released)
    backlogs = []
    for task in board.tasks:
        new = [each for each in released[task.key] if each.key not in recorded]
        fresh = with_turns(context.store, context.workspace, board, task, new)
        # What the calendar excuses is recorded with its reason: it waits for nothing, and is never too late.
        owed = (each for each in fresh if each.skip is None)
        without_card = (*known.waiting.get((board.key, task.key), ()), *owed)
        newest: dt.date | None = None
        # Else nothing is too late, and nothing is asked; what comes once is outdated by no other.
        if any(each.due <= now for each in without_card) and task.cadence.counts_from is None:
            newest = _newest(context.store, board.key, task.key)
        skip = catch_up(task.cadence.catch_up, without_card, newest, now).skip
        watermark = known.watermarks.get((board.key, task.key))
        backlogs.append(
            _Backlog(
                (board.key, task.key),
                task.questioned,
                watermark.owing_since if watermark else None,
                fresh,
                skip,
            )
        )
    return backlogs


def _newest(store: Store, board: str, task: str) -> dt.date | None:
    """The latest date of what is recorded of a task; what the calendar excuses takes no other's place."""
    for most in (1, _LONGEST_HOLIDAY):
        for entry in store.latest(board, task, most):
            if entry.occurrence.skip is None:
                return entry.occurrence.key.date
    return None


def _owing_since(
    watermarks: Mapping[_TaskId, Watermark], board: Board, task: Task, now: dt.datetime
) -> dt.datetime:
    """From when on a task is to be recorded: its watermark; now, if it was never seen before."""
    watermark = watermarks.get((board.key, task.key))
    return min(watermark.owing_since, now) if watermark else now


def _recorded(context: Context, board: str, released: Mapping[str, Sequence[Occurrence]]) -> _Keys:
    """The keys of those that are in the ledger, perhaps with others of the same tasks."""
    dates = [occurrence.key.date for theirs in released.values() for occurrence in theirs]
    tasks = [task for task, theirs in released.items() if theirs]
    return context.store.recorded(board, tasks, min(dates)) if dates else frozenset()


# ---- what a board owes ------------------------------------------------------------------------------


def _record(
    context: Context,
    now: dt.datetime,
    board: Binding,
    backlogs: Sequence[_Backlog],
    lookup: CardLookup | None,
) -> list[Occurrence]:
    """Record what a board's tasks owe, and pass over what is too late; returns what stays undecided."""
    store, outdated = context.store, [o for backlog in backlogs for o in backlog.outdated]
    gone, undecided = _weigh(board, outdated, lookup)
    fresh = [o for backlog in backlogs for o in backlog.fresh if o.key not in undecided]
    store.pass_over(gone)
    store.record([o for o in fresh if o.key not in gone], now)
    skipped = store.record([o for o in fresh if o.key in gone], now, skipped=TOO_LATE)
    # The cards of a task that may have been renamed come, and charge nobody.
    questioned = {backlog.task for backlog in backlogs if backlog.questioned}
    uncharged = (o.key for o in fresh if (o.key.board, o.key.task) in questioned and o.skip is None)
    store.append([LedgerEvent(k, EventKind.WITHDRAWN, now, EventSource.DECLARATION) for k in uncharged], now)
    if skipped:
        log.warning("occurrences.skipped", board=board.board, count=skipped)
    for backlog in backlogs:
        # The watermark says that what fell due before it is in the ledger, or was never owed.
        complete = undecided.isdisjoint(o.key for o in backlog.fresh)
        moved = backlog.watermark is None or abs(now - backlog.watermark) > _WATERMARK_STEP
        if complete and moved:
            store.set_watermark(Watermark(*backlog.task, now))
    return [o for o in outdated if o.key in undecided]


def _weigh(board: Binding, outdated: Sequence[Occurrence], lookup: CardLookup | None) -> tuple[_Keys, _Keys]:
    """Of what is too late: what has no card on its board, and what stays undecided."""
    everything = frozenset(occurrence.key for occurrence in outdated)
    if not outdated:
        return everything, frozenset()
    # Nothing is called too late unseen: a store put back from a backup may lack a card that stands there.
    if lookup is None:
        return frozenset(), everything
    try:
        cards = lookup.cards_on(board, min(map(earliest_creation, outdated)))
    except CardLookupFailed:
        return frozenset(), everything
    return everything - cards.keys(), frozenset()
