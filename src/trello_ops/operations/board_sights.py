"""Recording when boards went out of sight, and came back."""

import datetime as dt
from collections.abc import Iterable

import structlog

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import Bind, Unbind
from trello_ops.core.sights import BoardSight, ReadCursor
from trello_ops.core.tracking.sight import BoardLook, new_sights
from trello_ops.operations.context import Context

log = structlog.get_logger()


def note_look(
    context: Context, look: BoardLook, known: Iterable[BoardSight], cursor: ReadCursor | None, at: dt.datetime
) -> None:
    """Record what a look at a board, taken at an instant, adds to what is `known`."""
    for sight in new_sights(look, known, cursor, at):
        context.store.note_sight(sight)
        what = "board.shown" if sight.shown else "board.out_of_sight"
        log.info(what, board=sight.board, since=sight.at.isoformat())


def note_successor(context: Context, change: Bind | Unbind) -> None:
    """Record that a board is out of sight whose binding this change ends; other bindings do not matter."""
    # It may be replaced before `observe` ever sees that it is gone.
    store = context.store
    left = store.bindings(change.board).get(Kind.BOARD, change.board)
    stays = isinstance(change, Bind) and left is not None and left.trello_id == change.trello_id
    if change.kind is Kind.BOARD and left and not stays:
        cursor = store.read_cursors().get(change.board)
        note_look(context, BoardLook(left, shown=False), store.board_sights(), cursor, context.clock.now())
