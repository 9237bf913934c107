"""Whether people would see a new card of a board. Where they would not, none is made.

Trello makes cards on closed boards without complaint (trello-behaviour.md#cards).
"""

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.declared import TODO
from trello_ops.core.trello import Snapshot
from trello_ops.messages import say
from trello_ops.operations.context import Context
from trello_ops.operations.problems import closed_subject, forget_issuing

_GONE = say(
    "somebody deleted the board: no cards are made. `trello-ops plan` shows what making it anew takes"
)
_HIDDEN = say("no cards are made that nobody would see. `trello-ops apply` opens it again")


def note_whether_open(context: Context, board: str, snapshot: Snapshot | None) -> None:
    """Begin or clear the problem `board:closed` of a bound board; `snapshot` is `None` if it was deleted."""
    store = context.store
    if context.workspace.board(board) is None:
        return  # retired, and theirs to close
    why = _why_closed(board, store.bindings(board), snapshot)
    if not why:
        store.clear_problem(closed_subject(board))
        return
    forget_issuing(store, {board})  # this explains what kept its cards from being made
    store.note_problem(closed_subject(board), why, context.clock.now())


def _why_closed(board: str, bindings: Bindings, snapshot: Snapshot | None) -> str:
    """Why people would not see new cards; empty where they would, or will after the next reconcile.

    Reconcile makes a todo list anew that was deleted, but does not open one that was archived.
    """
    if bindings.get(Kind.BOARD, board) is None:
        return ""
    if snapshot is None:
        return _GONE
    if snapshot.board.closed:
        return say("somebody closed the board: %(consequence)s", consequence=_HIDDEN)
    todo = bindings.id(Kind.LIST, board, TODO)
    archived = next((each.title for each in snapshot.lists if each.id == todo and each.closed), None)
    if archived is None:
        return ""
    return say("somebody archived the list %(title)s: %(consequence)s", title=archived, consequence=_HIDDEN)
