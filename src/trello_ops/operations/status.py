"""status: how the robot fares, and how the running week stands."""

import datetime as dt
from dataclasses import dataclass

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.calendar.recurrence import longest_period
from trello_ops.core.ledger import Claim, Occurrence, ReadCursor, SystemProblem
from trello_ops.core.reporting.report import Report
from trello_ops.operations.context import Context
from trello_ops.operations.report import account, running_week

_AHEAD = tuple(dt.timedelta(days=days) for days in (1, 3, 8))
"""How far ahead to look for what comes next, until enough is found: many tasks have it tomorrow."""

_FAR = dt.timedelta(days=40)
"""At last as far as this, or as the longest period of a task."""


@dataclass(frozen=True, slots=True)
class BoardStatus:
    """`url` is empty for a board that is not on Trello yet; `cursor` is `None` until it was first read."""

    key: str
    title: str
    url: str
    cursor: ReadCursor | None


@dataclass(frozen=True, slots=True)
class Status:
    """`next` are the next occurrences to be released, `mails_owed` counts reports not sent yet."""

    at: dt.datetime
    boards: tuple[BoardStatus, ...]
    jobs: dict[str, dt.datetime]
    claims: tuple[Claim, ...]
    problems: tuple[SystemProblem, ...]
    next: tuple[Occurrence, ...]
    mails_owed: int
    week: Report


def status(context: Context, upcoming: int = 5) -> Status:
    """Reads the store only: it works, and says what it knows, while Trello is out of reach."""
    store, now = context.store, context.clock.now()
    return Status(
        at=now,
        boards=_boards(context),
        jobs=store.jobs(),
        claims=store.claims(),
        problems=store.problems(),
        next=_next(context, now, upcoming),
        mails_owed=len(store.unsent()),
        week=account(context, running_week(context)),
    )


def _boards(context: Context) -> tuple[BoardStatus, ...]:
    bindings, cursors = context.store.bindings(), context.store.read_cursors()
    found = []
    for board in context.workspace.boards:
        binding = bindings.get(Kind.BOARD, board.key)
        url = binding.url if binding else ""
        found.append(BoardStatus(board.key, board.title, url, cursors.get(board.key)))
    return tuple(found)


def _next(context: Context, now: dt.datetime, upcoming: int) -> tuple[Occurrence, ...]:
    coming: list[Occurrence] = []
    periods = [longest_period(task.cadence) for board in context.workspace.boards for task in board.tasks]
    for ahead in (*_AHEAD, max([_FAR, *periods])):
        coming = _released_until(context, now, now + ahead)
        if len(coming) >= upcoming:
            break
    return tuple(coming[:upcoming])


def _released_until(context: Context, now: dt.datetime, until: dt.datetime) -> list[Occurrence]:
    coming = (
        occurrence
        for board in context.workspace.boards
        for task in board.tasks
        for occurrence in occurrences(context.workspace, board, task, now, until)
        if occurrence.release > now
    )
    return sorted(coming, key=lambda occurrence: (occurrence.release, occurrence.key))
