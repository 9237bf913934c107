"""What is owed: appended to the ledger once it was released, before anybody makes a card of it."""

import datetime as dt
from collections.abc import Iterable

import structlog

from trello_ops.core.model import TOO_LATE, Binding, Board, Kind, Occurrence, Task
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
    owing = set[tuple[str, str]]()
    for board in context.workspace.boards:
        if bindings.get(Kind.BOARD, board.key):
            for task in board.tasks:
                owing.add((board.key, task.key))
                known = bindings.get(Kind.TASK, board.key, task.key)
                released = _released(context, now, board, task, known)
                theirs = waiting.get((board.key, task.key), [])
                _record(context, now, task, released, theirs)
                _keep_owing(context, now, board, task, known)
    # Read anew: another process may have recorded something since, which was neither waiting nor new here.
    return tuple(o for o in store.unissued() if _task_of(o) in owing)


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
) -> None:
    """Record what a task owes, and pass over what waits and nobody needs any more."""
    store, fresh = context.services.store, _fresh(context, released)
    undecided = (*waiting, *fresh)
    owed = catch_up(task.cadence.catch_up, undecided, _newest(context, undecided, now), now)
    store.pass_over([occurrence.key for occurrence in waiting if occurrence in owed.skip])
    store.record([occurrence for occurrence in fresh if occurrence in owed.issue], now)
    skipped = store.record([o for o in fresh if o in owed.skip], now, skipped=TOO_LATE)
    if skipped:
        board = fresh[0].key.board
        log.warning("occurrences.skipped", board=board, task=task.key, count=skipped)


def _fresh(context: Context, released: tuple[Occurrence, ...]) -> list[Occurrence]:
    """Those of one task's occurrences that are not in the ledger."""
    if not released:
        return []
    first = min((occurrence.key for occurrence in released), key=lambda key: key.date)
    recorded = context.services.store.recorded(first.board, first.task, first.date)
    return [occurrence for occurrence in released if occurrence.key not in recorded]


def _newest(context: Context, undecided: tuple[Occurrence, ...], now: dt.datetime) -> dt.date | None:
    """The latest date that is recorded of a task, where catching up has to know it."""
    if all(occurrence.due > now for occurrence in undecided):
        return None
    key = undecided[0].key
    latest = context.services.store.latest(key.board, key.task, 1)
    return latest[0].occurrence.key.date if latest else None
