"""When a card's board was out of sight: closed, gone, or kept from the token.

Nobody could work there then, or we could not see that they did.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trello_ops.core.bindings import Binding
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.objectid import created_at
from trello_ops.core.sights import BoardSight, ReadCursor, sight_order
from trello_ops.core.trello import Action

_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class BoardLook:
    """What one read tells of a board: whether it was `shown`, and its `log` since the read before."""

    board: Binding
    shown: bool
    log: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class OutOfSight:
    """A stretch in which a board was out of sight."""

    since: dt.datetime
    until: dt.datetime = _NEVER

    def covers(self, at: dt.datetime) -> bool:
        """Whether the board was out of sight at an instant."""
        return self.since < at <= self.until

    def within(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much of the time between two instants it takes."""
        return max(min(end, self.until) - max(start, self.since), dt.timedelta(0))


def new_sights(
    look: BoardLook, known: Iterable[BoardSight], cursor: ReadCursor | None, at: dt.datetime
) -> tuple[BoardSight, ...]:
    """What a look at a board, taken at an instant, adds to what is `known`.

    The log tells when it was closed and opened. Where it does not, the board went out of sight at the
    earliest instant that is possible, the last read that showed it.
    """
    board, of_key = look.board, {each for each in known if each.board == look.board.board}
    told = {
        BoardSight(board.board, board.trello_id, action.at, shown=not action.board_closed)
        for action in look.log
        if action.board_closed is not None
    } - of_key
    of_id = sorted((e for e in of_key | told if e.trello_id == board.trello_id), key=sight_order)
    # The first sight of a board that took another's place parts their cards.
    was_shown = of_id[-1].shown if of_id else None if of_key else True
    if was_shown is not look.shown:
        seen = max(cursor.read_at, board.bound_at) if cursor else board.bound_at
        told.add(BoardSight(board.board, board.trello_id, at if look.shown else seen, look.shown))
    return tuple(sorted(told, key=sight_order))


def out_of_sight(entry: LedgerEntry, sights: Iterable[BoardSight]) -> tuple[OutOfSight, ...]:
    """When the board on which an entry's card was made was out of sight."""
    of_key = sorted((s for s in sights if s.board == entry.occurrence.key.board), key=sight_order)
    if not (of_key and entry.card):
        return ()
    boards = sorted({each.trello_id for each in of_key}, key=created_at)
    # It was made on the youngest board that is not younger than the card itself.
    elder = [board for board in boards if created_at(board) <= entry.card.created_at]
    home, found, since = (elder or boards[:1])[-1], list[OutOfSight](), None
    for each in of_key:
        if each.trello_id != home:
            continue
        if not each.shown:
            since = since or each.at
        elif since:
            found.append(OutOfSight(since, each.at))
            since = None
    return (*found, OutOfSight(since)) if since else tuple(found)
