"""The schedule: appended to the ledger once it was released, before anybody makes a card of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind, Watermark
from trello_ops.core.calendar.catch_up import catch_up
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.declared import Board, Task
from trello_ops.core.ledger import TOO_LATE, Occurrence, OccurrenceKey
from trello_ops.errors import CardLookupFailed
from trello_ops.operations.card_lookup import CardLookup, earliest_creation
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context

log = structlog.get_logger()

_WATERMARK_STEP = dt.timedelta(days=1)

_TaskId = tuple[str, str]
"""The keys of board and task."""

_Keys = frozenset[OccurrenceKey]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is to be issued now, the most urgent first, and what is `undecided`.

    That nobody needs any more; but a card of it may stand on its board, which could not be looked at yet.
    It may wait in the ledger, or be in it not at all.
    """

    issue: tuple[Occurrence, ...]
    undecided: tuple[Occurrence, ...]


def record_released(context: Context, lookup: CardLookup | None = None) -> Recorded:
    """Append to the ledger what was released since the last pass, and pass over what nobody needs any more.

    A board that is not applied yet owes nothing, and a task owes nothing of the time before it was first
    seen here. Before anything is passed over its board is looked at: a ledger that was put back from a
    backup knows nothing of the cards made since, and what stands there is to be issued, which finds it.
    Without `lookup`, and while a board cannot be read, it stays undecided.

    Raises `WrongClock` and, with `lookup`, one of `OUT_OF_REACH`.
    """
    now, store = require_true_clock(context), context.store
    known = _Known(now, store.bindings(), store.watermarks(), _by_task(store.unissued()))
    owing, undecided = set[_TaskId](), list[Occurrence]()
    for board in context.workspace.boards:
        bound = known.bindings.get(Kind.BOARD, board.key)
        if bound:
            backlogs = _backlogs(context, known, board)
            owing |= {backlog.task for backlog in backlogs}
            undecided += _record(context, now, bound, backlogs, lookup)
    # Read anew: another process may have recorded something since, which was neither waiting nor new here.
    keys = {occurrence.key for occurrence in undecided}
    owed = (o for o in store.unissued() if _task_of(o) in owing and o.key not in keys)
    return Recorded(tuple(owed), tuple(undecided))


@dataclass(frozen=True, slots=True)
class _Known:
    """What a pass begins with; `waiting` is what waits of each task."""

    now: dt.datetime
    bindings: Bindings
    watermarks: Mapping[_TaskId, Watermark]
    waiting: Mapping[_TaskId, Sequence[Occurrence]]


def _by_task(waiting: Iterable[Occurrence]) -> dict[_TaskId, list[Occurrence]]:
    found: dict[_TaskId, list[Occurrence]] = {}
    for occurrence in waiting:
        found.setdefault(_task_of(occurrence), []).append(occurrence)
    return found


def _task_of(occurrence: Occurrence) -> _TaskId:
    return occurrence.key.board, occurrence.key.task


def unrecorded(context: Context, start: dt.datetime, end: dt.datetime) -> tuple[Occurrence, ...]:
    """What the ledger does not hold yet of all that falls due at start <= due < end.

    That is what lies ahead, and what was released since the last pass. Reads the store only.
    """
    bindings, now, found = context.store.bindings(), context.clock.now(), list[Occurrence]()
    watermarks = context.store.watermarks()
    for board in context.workspace.boards:
        if bindings.get(Kind.BOARD, board.key) is None:
            continue
        due: dict[str, list[Occurrence]] = {}
        for task in board.tasks:
            since = max(_owing_since(watermarks, board, task, now), start - dt.timedelta.resolution)
            in_time = occurrences(context.workspace, board, task, since, end)
            due[task.key] = [occurrence for occurrence in in_time if occurrence.due < end]
        recorded = _recorded(context, board.key, due)
        found += [each for theirs in due.values() for each in theirs if each.key not in recorded]
    return tuple(found)


# ---- what tasks owe ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Backlog:
    """What of a task is not in the ledger yet, and what of that, and of what waits, nobody needs any more.

    `watermark` is `None` for a task that was never seen before.
    """

    task: _TaskId
    watermark: dt.datetime | None
    fresh: Sequence[Occurrence]
    outdated: Sequence[Occurrence]


def _backlogs(context: Context, known: _Known, board: Board) -> list[_Backlog]:
    """What each task of a board owes, the ledger being asked once for all of them."""
    released = {task.key: _released(context, known, board, task) for task in board.tasks}
    recorded = _recorded(context, board.key, released)
    return [
        _backlog(context, known, board, task, [o for o in released[task.key] if o.key not in recorded])
        for task in board.tasks
    ]


def _released(context: Context, known: _Known, board: Board, task: Task) -> tuple[Occurrence, ...]:
    since = _owing_since(known.watermarks, board, task, known.now)
    return occurrences(context.workspace, board, task, since, known.now)


def _owing_since(
    watermarks: Mapping[_TaskId, Watermark], board: Board, task: Task, now: dt.datetime
) -> dt.datetime:
    watermark = watermarks.get((board.key, task.key))
    return min(watermark.owing_since, now) if watermark else now


def _recorded(context: Context, board: str, released: Mapping[str, Sequence[Occurrence]]) -> _Keys:
    """Which of these are in the ledger, and perhaps others of their tasks."""
    dates = [occurrence.key.date for theirs in released.values() for occurrence in theirs]
    tasks = [task for task, theirs in released.items() if theirs]
    return context.store.recorded(board, tasks, min(dates)) if dates else frozenset()


def _backlog(
    context: Context, known: _Known, board: Board, task: Task, fresh: Sequence[Occurrence]
) -> _Backlog:
    watermark, now = known.watermarks.get((board.key, task.key)), known.now
    without_card = (*known.waiting.get((board.key, task.key), ()), *fresh)
    owed = catch_up(task.cadence.catch_up, without_card, _newest(context, without_card, now), now)
    return _Backlog((board.key, task.key), watermark.owing_since if watermark else None, fresh, owed.skip)


def _newest(context: Context, without_card: Sequence[Occurrence], now: dt.datetime) -> dt.date | None:
    """The latest date that is recorded of a task, where catching up has to know it."""
    if all(occurrence.due > now for occurrence in without_card):
        return None
    key = without_card[0].key
    latest = context.store.latest(key.board, key.task, 1)
    return latest[0].occurrence.key.date if latest else None


# ---- what a board owes ------------------------------------------------------------------------------


def _record(
    context: Context,
    now: dt.datetime,
    board: Binding,
    backlogs: Sequence[_Backlog],
    lookup: CardLookup | None,
) -> list[Occurrence]:
    """Record what a board's tasks owe, and pass over what nobody needs; returns what stays undecided."""
    store, outdated = context.store, [o for backlog in backlogs for o in backlog.outdated]
    gone, undecided = _weigh(board, outdated, lookup)
    fresh = [o for backlog in backlogs for o in backlog.fresh if o.key not in undecided]
    store.pass_over(gone)
    store.record([o for o in fresh if o.key not in gone], now)
    skipped = store.record([o for o in fresh if o.key in gone], now, skipped=TOO_LATE)
    if skipped:
        log.warning("occurrences.skipped", board=board.board, count=skipped)
    for backlog in backlogs:
        if undecided.isdisjoint(o.key for o in backlog.fresh):
            _advance_watermark(context, now, backlog)
    return [o for o in outdated if o.key in undecided]


def _weigh(board: Binding, outdated: Sequence[Occurrence], lookup: CardLookup | None) -> tuple[_Keys, _Keys]:
    """Of what nobody needs any more: what has no card on its board, and what cannot be told of now."""
    everything = frozenset(occurrence.key for occurrence in outdated)
    if not outdated:
        return everything, frozenset()
    if lookup is None:
        return frozenset(), everything
    try:
        cards = lookup.cards_on(board, min(map(earliest_creation, outdated)))
    except CardLookupFailed:
        return frozenset(), everything
    return everything - cards.keys(), frozenset()


def _advance_watermark(context: Context, now: dt.datetime, backlog: _Backlog) -> None:
    """Only when what fell due before this instant is in the ledger, or was never owed."""
    if backlog.watermark is None or abs(now - backlog.watermark) > _WATERMARK_STEP:
        context.store.set_watermark(Watermark(*backlog.task, now))
