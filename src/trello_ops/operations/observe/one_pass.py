"""One pass: which boards are read, and what is recorded of each."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from trello_ops.core.bindings import Binding
from trello_ops.core.calendar.week import last_close
from trello_ops.core.ledger import EventSource, LedgerEvent
from trello_ops.core.planning.nags import awaits_nag
from trello_ops.core.sights import ReadCursor
from trello_ops.core.tracking.board_read import BoardRead
from trello_ops.core.tracking.board_selection import MANY, Poll, outage, to_read
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.tracking.events import excuse, new_events
from trello_ops.core.tracking.read_plan import ReadPlan
from trello_ops.core.trello import Card
from trello_ops.errors import TrelloError, TrelloOpsError
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.board_activity import last_active
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.observe.board_reader import read_board, shown
from trello_ops.operations.observe.nags import nag, robot_comments, settle_nags
from trello_ops.operations.observe.store_view import StoreView
from trello_ops.operations.own_trello import require_own_trello, robot_accounts
from trello_ops.operations.problems import reading_subject

log = structlog.get_logger()


def observe(context: Context, boards: Collection[str] | None = None) -> int:
    """Read the boards that may have changed, or `boards` (Trello ids); returns how many events were new.

    The trouble of one board stops no other; it is a problem `board:reading`, left alone for growing pauses.
    Raises one of `OUT_OF_REACH`, a board's error when not one could be read, Trello's refusal to tell which
    boards were active, `OtherTrello`, and `WrongClock`.
    """
    require_own_trello(context)
    require_true_clock(context)  # a read that seems to be of next year would hide all of this one
    settle_nags(context)
    view, paused = StoreView.read(context), context.paused_subjects()
    chosen = _choose(context, view, boards)
    results = [
        _try(context, view, board)
        for board in chosen.boards
        if not (reading_subject(board.board) in paused or context.stopping())
    ]
    errors = [each for each in results if isinstance(each, TrelloError)]
    if chosen.refusal:
        raise chosen.refusal
    # The job fails only where no board can be read; the trouble of one is a problem of its own.
    if errors and len(errors) == chosen.of:
        raise errors[0]
    return sum(each for each in results if isinstance(each, int))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The boards to read now, `of` so many; `refusal` is why Trello did not tell which were active."""

    boards: tuple[Binding, ...]
    of: int
    refusal: TrelloOpsError | None = None


def _choose(context: Context, view: StoreView, only: Collection[str] | None) -> _Chosen:
    boards = view.watched
    if only is not None:
        return _Chosen(tuple(board for board in boards if board.trello_id in only), len(boards))
    # Asking which were active would cost a request and save little.
    if len(boards) < MANY:
        return _Chosen(boards, len(boards))
    now = context.clock.now()
    active, refusal = last_active(context)
    poll = Poll(now, _last_close(context, now), context.config.sweep)
    chosen = to_read(boards, view.cursors, active, poll)
    awaiting = tuple(
        board for board in boards if board not in chosen and _awaits_nag(context, view, board, now)
    )
    return _Chosen((*awaiting, *chosen), len(boards), refusal)


def _awaits_nag(context: Context, view: StoreView, board: Binding, now: dt.datetime) -> bool:
    """Whether people are to be reminded on a board, which may be quiet: so it is read once for each time."""
    declared, cursor = context.workspace.board(board.board), view.cursors.get(board.board)
    if declared is None or cursor is None or not any(task.nag for task in declared.tasks):
        return False
    entries = context.store.issued_since(board.board, view.unsettled_since)
    return awaits_nag(context.workspace, declared, entries, cursor.read_at, now)


def _last_close(context: Context, now: dt.datetime) -> dt.datetime:
    return last_close(now, context.workspace.timezone, context.workspace.report.closes_at)


def _try(context: Context, view: StoreView, board: Binding) -> int | TrelloError:
    """How many events of a board were new, or why it could not be read."""
    subject = reading_subject(board.board)
    try:
        # A webhook's call may have begun a read of this board in another thread.
        with context.runtime.board_locks.hold(board.board):
            read, new = _observe_board(context, view, board)
        context.store.clear_problem(subject)
    except TrelloError as error:
        if out_of_reach(context.services, error):
            raise
        context.note_failure(subject, error)
        log.warning("board.unreadable", board=board.board, error=str(error))
        return error
    nag(context, board, read, new)
    return len(new)


def _observe_board(
    context: Context, view: StoreView, board: Binding
) -> tuple[BoardRead, Sequence[LedgerEvent]]:
    store, began = context.store, context.clock.now()
    cursor = view.cursors.get(board.board)
    plan = ReadPlan(
        board=board,
        cursor=cursor,
        watched=store.issued_since(board.board, view.unsettled_since),
        began=began,
        closed_at=_last_close(context, began),
        unsettled_since=view.unsettled_since,
    )
    read = read_board(context, view, plan)
    new = list(_new_events(context, view, board, read))
    store.append(new, context.clock.now())
    if blind := outage(cursor, began):
        store.note_outage(blind)
        log.warning("board.unseen", board=blind.board, since=blind.since.isoformat())
    # Last of all: after a crash before this line, the next read tells the same again.
    last_action_at = read.newest_action_at or (cursor.last_action_at if cursor else None)
    store.note_read(ReadCursor(board.board, began, last_action_at, read.active_at))
    for event in new:
        who = event.by.username if event.by else None
        log.info("occurrence.observed", fact=str(event.kind), key=str(event.key), by=who)
    return read, new


def _new_events(context: Context, view: StoreView, board: Binding, read: BoardRead) -> Iterator[LedgerEvent]:
    here = view.rules.on_board(board.board, {label.id for label in read.snapshot.labels})
    robots = robot_accounts(context)
    for entry, observed in read.observations(view.cursors):
        card, rules = observed.card, here
        # Taken off, or deleted from the whole board? Only the labels of the board where it lies tell.
        if card and card.board_id != board.trello_id and here.excused_labels.isdisjoint(card.label_ids):
            last = excuse(entry.events, read.began)
            if last and last.source is EventSource.LABEL:
                rules = _rules_where(context, view, card) or here
        ours = robot_comments(context, entry, observed, rules)
        yield from new_events(entry, replace(observed, robot_comments=ours, robots=robots), rules)


def _rules_where(context: Context, view: StoreView, card: Card) -> CardRules | None:
    """The rules of the board on which a card lies, where that is one of ours."""
    there = next((board for board in view.boards() if board.trello_id == card.board_id), None)
    if there is None:
        return None
    snapshot = shown(partial(context.trello.snapshot, there.trello_id))
    return view.rules.on_board(there.board, {label.id for label in snapshot.labels} if snapshot else set())
