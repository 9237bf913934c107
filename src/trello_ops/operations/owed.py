"""What is owed: appended to the ledger once it was released, before anybody makes a card of it."""

import datetime as dt
from collections.abc import Iterable

import structlog

from trello_ops.core.model import TOO_LATE, Binding, Board, Kind, Occurrence, OccurrenceKey, Task
from trello_ops.core.occurrence import catch_up, occurrences
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context

log = structlog.get_logger()

_KEEP_OWING = dt.timedelta(days=1)


def record_owed(context: Context) -> tuple[Occurrence, ...]:
    """Append to the ledger what was released since the last pass; returns what is to be issued now.

    The most urgent comes first. A board that is not applied yet owes nothing, and a task owes nothing of
    the time before it was first seen here. Raises `WrongClock`.
    """
    now, store = require_true_clock(context), context.services.store
    bindings, waiting = store.bindings(), _by_task(store.unissued())
    outdated, owing = set[OccurrenceKey](), set[tuple[str, str]]()
    for board in context.workspace.boards:
        if bindings.get(Kind.BOARD, board.key):
            for task in board.tasks:
                owing.add((board.key, task.key))
                known = bindings.get(Kind.TASK, board.key, task.key)
                released = _released(context, now, board, task, known)
                theirs = waiting.get((board.key, task.key), [])
                outdated |= _record(context, now, task, released, theirs)
                _keep_owing(context, now, board, task, known)
    # Read anew: another process may have recorded something since, which was neither waiting nor new here.
    return tuple(o for o in store.unissued() if _task_of(o) in owing and o.key not in outdated)


def _by_task(waiting: Iterable[Occurrence]) -> dict[tuple[str, str], list[Occurrence]]:
    found: dict[tuple[str, str], list[Occurrence]] = {}
    for occurrence in waiting:
        found.setdefault(_task_of(occurrence), []).append(occurrence)
    return found


def _task_of(occurrence: Occurrence) -> tuple[str, str]:
    return occurrence.key.board, occurrence.key.task


def _released(
    context: Context, now: dt.datetime, board: Board, task: Task, known: Binding | None
) -> tuple[Occurrence, ...]:
    since = min(known.bound_at, now) if known else now
    return occurrences(context.workspace, board, task, since, now)


def _keep_owing(context: Context, now: dt.datetime, board: Board, task: Task, known: Binding | None) -> None:
    """Only when what fell due before this instant is in the ledger, or was never owed."""
    if known is None or abs(now - known.bound_at) > _KEEP_OWING:
        context.services.store.bind(Binding(Kind.TASK, board.key, task.key, "", now))


def _record(
    context: Context,
    now: dt.datetime,
    task: Task,
    released: tuple[Occurrence, ...],
    waiting: list[Occurrence],
) -> frozenset[OccurrenceKey]:
    """Record what a task owes; returns those waiting that nobody needs any more."""
    if not released and not waiting:
        return frozenset()
    store = context.services.store
    board = (*released, *waiting)[0].key.board
    earliest = min(occurrence.key.date for occurrence in (*released, *waiting))
    recorded = store.recorded(board, task.key, earliest)
    fresh = [occurrence for occurrence in released if occurrence.key not in recorded]
    newest = max((key.date for key in recorded), default=None)
    owed = catch_up(task.cadence.catch_up, (*waiting, *fresh), newest, now)
    store.record([occurrence for occurrence in fresh if occurrence in owed.issue], now)
    skipped = store.record([o for o in fresh if o in owed.skip], now, skipped=TOO_LATE)
    if skipped:
        log.warning("occurrences.skipped", board=board, task=task.key, count=skipped)
    return frozenset(occurrence.key for occurrence in owed.skip)
