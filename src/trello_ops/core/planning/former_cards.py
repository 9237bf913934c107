"""What becomes of a task's former card, still undone, once the next one is issued (`when_open`).

Only a card that is past its due goes, so that nobody loses time that was promised. What the card counts as
stays as it was: no event comes of putting it away. A card that was excused, withdrawn, or fetched back by a
person stays. At the close of its week the board's `housekeeping` goes on deciding.
"""

import datetime as dt
from collections.abc import Iterable

from trello_ops.core.bindings import Bindings
from trello_ops.core.declared import DONE, Board, Task, Undone, Workspace
from trello_ops.core.ledger import EventKind, LedgerEntry
from trello_ops.core.planning.housekeeping import CardFacts, Keeper, PutAway, instants
from trello_ops.core.tracking.events import is_settled
from trello_ops.core.trello import Card


def superseding(workspace: Workspace, board: Board, entries: Iterable[LedgerEntry]) -> frozenset[str]:
    """The keys of the board's tasks whose former cards go, of those that have one of these entries."""
    tasks = (_task(workspace, board, entry) for entry in entries)
    return frozenset(task.key for task in tasks if task)


def former_cards(
    workspace: Workspace, board: Board, bindings: Bindings, facts: CardFacts, now: dt.datetime
) -> tuple[PutAway, ...]:
    """The former cards to put away now, in the order of the entries."""
    keeper, newest = Keeper(workspace, board, bindings, facts, now), dict[str, dt.date]()
    for entry in (*facts.entries, *facts.newest):
        task = _task(workspace, board, entry)
        if task and entry.card:
            day = entry.occurrence.nominal_day
            newest[task.key] = max(day, newest.get(task.key, day))
    changes = (
        _change(keeper, task, entry, card)
        for entry, card in keeper.shown()
        if (task := _task(workspace, board, entry)) and entry.occurrence.nominal_day < newest[task.key]
    )
    return tuple(change for change in changes if change)


def _task(workspace: Workspace, board: Board, entry: LedgerEntry) -> Task | None:
    """The task of an entry, if it is one of this board now and its former cards go."""
    key = entry.occurrence.key
    found = workspace.task_of(key.board, key.task, key.date)
    goes = found and found[0].key == board.key and found[1].when_open.undone is not Undone.KEEP
    return found[1] if found and goes else None


def _change(keeper: Keeper, task: Task, entry: LedgerEntry, card: Card) -> PutAway | None:
    """What is done with a card that has a successor."""
    now, events, due = keeper.now, entry.events, entry.promised_due
    if due > now or is_settled(events, now) or not keeper.agree(entry, card):
        return None
    # Before its due we put nothing away: whoever fetched it back later undid what we did, or their own.
    if any(kept >= due for kept in instants(entry, EventKind.KEPT)):
        return None
    if task.when_open.undone is Undone.ARCHIVE:
        return keeper.archive(entry, card)
    return _move(keeper, task.when_open.move_to, entry, card)


def _move(keeper: Keeper, to: str, entry: LedgerEntry, card: Card) -> PutAway | None:
    board = keeper.board
    # Two rules that name two lists would move a card to and fro.
    decided = keeper.is_frozen(entry) and board.housekeeping.undone is not Undone.KEEP
    if decided or to in {DONE, board.excused_list}:  # lying there would count as done, or as excused
        return None
    return keeper.move(entry, card, to)
