"""status: health and this week's progress."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.calendar.recurrence import longest_period
from trello_ops.core.calendar.rotation import without_turns
from trello_ops.core.claims import Claim
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.problems import SystemProblem
from trello_ops.core.reporting.report import Report
from trello_ops.core.sights import ReadCursor
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import owed_mails
from trello_ops.operations.report import progress, running_week
from trello_ops.operations.rounds import with_turns

_AHEAD = tuple(dt.timedelta(days=days) for days in (1, 3, 8))
"""How far ahead to look, step by step, until enough is found: many tasks have something tomorrow."""

_FAR = dt.timedelta(days=40)
"""The last step looks as far as this, or as the longest period of a task."""


@dataclass(frozen=True, slots=True)
class BoardLink:
    """A declared board; `url` is its address, empty until it is on Trello."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class BoardStatus(BoardLink):
    """`cursor` is `None` until the board was read."""

    cursor: ReadCursor | None


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` shows; `next` are occurrences to be released, `mails_owed` counts reports not sent yet.

    `trello` is the one that the store belongs to. `jobs` says when each job last succeeded.
    """

    at: dt.datetime
    trello: TrelloIdentity | None
    boards: tuple[BoardStatus, ...]
    jobs: dict[str, dt.datetime]
    claims: tuple[Claim, ...]
    problems: tuple[SystemProblem, ...]
    next: tuple[Occurrence, ...]
    mails_owed: int
    week: Report


def status(context: Context, upcoming: int = 5) -> Status:
    """Health and this week's progress, with the next `upcoming` occurrences.

    Reads the store only, so that it works while Trello is out of reach.
    """
    store, now = context.store, context.clock.now()
    cursors = store.read_cursors()
    return Status(
        at=now,
        trello=store.trello(),
        boards=tuple(
            BoardStatus(each.key, each.title, each.url, cursors.get(each.key))
            for each in board_links(context)
        ),
        jobs=store.jobs(),
        claims=store.claims(),
        problems=store.problems(),
        next=_next(context, now, upcoming),
        mails_owed=len(owed_mails(context)),
        week=progress(context, running_week(context)),
    )


def board_links(context: Context) -> tuple[BoardLink, ...]:
    """The declared boards and their addresses. Reads the store only."""
    bindings = context.store.bindings()
    urls = {each.board: each.url for each in bindings if each.kind is Kind.BOARD}
    return tuple(
        BoardLink(board.key, board.title, urls.get(board.key, "")) for board in context.workspace.boards
    )


def _next(context: Context, now: dt.datetime, upcoming: int) -> tuple[Occurrence, ...]:
    """The next occurrences to be released, in that order, at most `upcoming` of them."""
    tasks = context.workspace.tasks
    coming: list[Occurrence] = []
    # Without turns, as the ledger is asked whose they are only for the few that are shown.
    for ahead in (*_AHEAD, max([_FAR, *(longest_period(task.cadence) for _, task in tasks)])):
        coming = [
            occurrence
            for board, task in tasks
            for occurrence in occurrences(context.workspace, board, without_turns(task), now, now + ahead)
            if occurrence.release > now and occurrence.skip is None
        ]
        if len(coming) >= upcoming:
            break
    return tuple(_with_turns(context, sorted(coming, key=lambda each: (each.release, each.key))[:upcoming]))


def _with_turns(context: Context, coming: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """The same occurrences, with whose turn they are."""
    workspace, by_task = context.workspace, defaultdict[tuple[str, str], list[Occurrence]](list)
    for each in coming:
        by_task[each.key.board, each.key.task].append(each)
    taken: dict[OccurrenceKey, Occurrence] = {}
    for names, theirs in by_task.items():
        if found := workspace.task_now(*names):
            taken |= {each.key: each for each in with_turns(context.store, workspace, *found, theirs)}
    return (taken.get(each.key, each) for each in coming)
