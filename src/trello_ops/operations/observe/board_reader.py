"""One read of a board: the requests that `core/tracking/read_plan.py` asks for, in their order."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from trello_ops.core.tracking.board_read import BoardRead, places
from trello_ops.core.tracking.card_logs import CardLogs
from trello_ops.core.tracking.read_plan import ReadPlan
from trello_ops.core.tracking.sight import BoardLook
from trello_ops.core.trello import Card, Snapshot
from trello_ops.errors import NotFound, TokenRefused, Unauthorised
from trello_ops.operations.board_sights import note_look
from trello_ops.operations.context import Context
from trello_ops.operations.observe.store_view import StoreView
from trello_ops.operations.open_board import note_whether_open

_T = TypeVar("_T")
_Cards = dict[str, Card | None]


def read_board(context: Context, view: StoreView, plan: ReadPlan) -> BoardRead:
    """Read what the plan asks for.

    The ledger was read before, and the log is read after the cards: so the ledger is never newer than the
    log, which tells all that the cards show.
    """
    board_id, trello = plan.board.trello_id, context.trello
    snapshot = _snapshot(context, view, plan)
    cards: _Cards = {card.id: card for card in snapshot.cards}
    _read_singly(context, cards, plan.hidden_cards(cards))
    own = trello.activity(board_id, plan.log_since)
    look = BoardLook(plan.board, not snapshot.board.closed, own)
    note_look(context, look, view.sights, plan.cursor, plan.began)
    logs = CardLogs.of(own)
    entries = plan.entries(context.store.with_cards(plan.unwatched_cards(logs)), logs)
    # Cards put away are read again only when touched, so that polls do not grow with every card of the week.
    _read_singly(context, cards, plan.touched_cards(entries, logs))
    vanished: dict[str, dt.datetime] = {}
    if invisible := {card_id for card_id, card in cards.items() if card is None}:
        logs = _with_retired(context, view, plan.log_since, logs, invisible)
        vanished = plan.vanished_cards(entries, logs, invisible)
        # Gone in an earlier read, which told of them, or of a week that is frozen: nothing new is concluded.
        for card_id in invisible - vanished.keys():
            del cards[card_id]
    if vanished:
        logs = logs.replaced(trello.activity(board_id, min(vanished.values())), vanished)
    ours = {board.board: board.trello_id for board in view.boards()}
    on = places(entries, cards, ours)
    begins = {card_id: vanished.get(card_id, plan.log_since) for card_id in on}
    logs = _with_other_boards(context, {*ours.values()} - {board_id}, logs, on, begins)
    return BoardRead(
        board=plan.board.board,
        began=plan.began,
        snapshot=snapshot,
        entries=entries,
        cards=cards,
        logs=logs,
        # Of the own log alone: another board's would hide what this one has not been read for yet.
        newest_action_at=max((action.at for action in own), default=None),
        active_at=None if snapshot.board.closed else snapshot.active_at,
    )


def shown(read: Callable[[], _T]) -> _T | None:
    """What a read answers; `None` where there is no such thing or it is kept from us."""
    try:
        return read()
    except TokenRefused:
        raise
    except (NotFound, Unauthorised):
        return None


def _snapshot(context: Context, view: StoreView, plan: ReadPlan) -> Snapshot:
    """The board. Where it is refused, that it is out of sight is noted."""
    board = plan.board
    try:
        snapshot = context.trello.snapshot(board.trello_id, checklists=plan.with_checklists)
    except TokenRefused:
        raise
    except (NotFound, Unauthorised) as error:
        if isinstance(error, NotFound):
            note_whether_open(context, board.board, None)
        note_look(context, BoardLook(board, shown=False), view.sights, plan.cursor, plan.began)
        raise
    note_whether_open(context, board.board, snapshot)
    return snapshot


def _read_singly(context: Context, cards: _Cards, card_ids: Iterable[str]) -> None:
    for card_id in card_ids:
        if card_id not in cards:
            cards[card_id] = shown(partial(context.trello.card, card_id))


def _with_retired(
    context: Context, view: StoreView, since: dt.datetime, logs: CardLogs, card_ids: set[str]
) -> CardLogs:
    """With the logs of boards that are read no more: a card may have been moved there and deleted there."""
    for board in view.retired_boards():
        actions = shown(partial(context.trello.activity, board.trello_id, since)) or ()
        logs = logs.merged(actions, card_ids)
    return logs


def _with_other_boards(
    context: Context,
    others: set[str],
    logs: CardLogs,
    on: Mapping[str, set[str]],
    begins: Mapping[str, dt.datetime],
) -> CardLogs:
    """With the logs of the other boards of ours where the cards are or were, each from where it `begins`.

    When a card moves from one board to another, each log tells one half, and the other half may name yet
    another board.
    """
    while unread := sorted(others & logs.boards_of(on).union(*on.values())):
        since = min(begins.values())
        actions = shown(partial(context.trello.activity, unread[0], since)) or ()
        logs = logs.merged(
            (each for each in actions if each.at >= begins.get(each.card_id or "", each.at)), on
        )
        others = others - {unread[0]}
    return logs
