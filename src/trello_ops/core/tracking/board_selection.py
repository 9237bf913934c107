"""Which boards are read, so that this costs what changed and not how many boards there are.

From `MANY` boards on, Trello is asked when each was last active, and only those are read of which it says
something else than when they were read last. Trello does not promise that this moves with everything people
do, so it is a hint and no proof: without any hint each board comes round once in a *sweep*. It is so with the
poll that reads back what people did, which also reads every board after a close, and with the comparison of
boards and files.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.ledger import Outage, ReadCursor

MANY = 50
"""Fewer boards than this are all read each time: hints would save little."""

_OUTAGE = dt.timedelta(hours=26)
"""A day, even one of 25 hours, and some: where somebody has all jobs run once a day, nothing is amiss."""

Activity = Mapping[str, dt.datetime | None]
"""When boards were last active, by Trello id. A closed board is not in it."""


@dataclass(frozen=True, slots=True)
class Poll:
    """When a poll begins, and within how long each board is read in any case.

    `closed_at` is when a week closed last; `None` where a close calls for no new read.
    """

    now: dt.datetime
    closed_at: dt.datetime | None
    sweep: dt.timedelta


def to_read(
    boards: Collection[Binding], cursors: Mapping[str, ReadCursor], active: Activity | None, poll: Poll
) -> tuple[Binding, ...]:
    """The boards to read now: first those with activity since their last read, each group oldest read first.

    Without `active`, where Trello would not tell, those whose slot of the sweep has come.
    """
    found = []
    for rank, board in enumerate(sorted(boards, key=lambda each: each.board)):
        cursor = cursors.get(board.board)
        was_active = cursor is None or (active is not None and _was_active(board, cursor, active))
        slot = _last_slot(rank, len(boards), poll)
        if cursor is None or was_active or cursor.read_at < max(poll.closed_at or slot, slot):
            found.append((not was_active, cursor.read_at if cursor else board.bound_at, rank, board))
    return tuple(board for *_, board in sorted(found, key=lambda each: each[:3]))


def to_compare(
    boards: Collection[str],
    bindings: Bindings,
    in_order: Mapping[str, ReadCursor],
    active: Activity | None,
    poll: Poll,
) -> frozenset[str]:
    """The keys of the declared boards to compare with their files now; `in_order` are reads of agreeing ones.

    All but those that were in order, had no activity since, and whose slot of the sweep has not come. Our own
    writes are activity as well: they come after the read that led to them, so that each board is read once
    more when we changed it.
    """
    bound = tuple(filter(None, (bindings.get(Kind.BOARD, board) for board in boards)))
    spared = {board.board for board in bound} - {b.board for b in to_read(bound, in_order, active, poll)}
    return frozenset(boards) - spared


def _was_active(board: Binding, cursor: ReadCursor, active: Activity) -> bool:
    """Also that it was closed, opened again, moved to another Trello Workspace or left out of a cut list."""
    return active.get(board.trello_id) != cursor.active_at


def _last_slot(rank: int, count: int, poll: Poll) -> dt.datetime:
    """When the board's slot in the sweep last came round; the slots lie evenly apart.

    They hang on the calendar and not on when boards were read, which was all at once at a start or a close.
    """
    ago = (poll.now.timestamp() / poll.sweep.total_seconds() - rank / count) % 1
    return poll.now - ago * poll.sweep


def outage(cursor: ReadCursor | None, now: dt.datetime) -> Outage | None:
    """The stretch without a read that one at `now` ends, if it was longer than any day is."""
    if cursor is None or now - cursor.read_at <= _OUTAGE:
        return None
    return Outage(cursor.board, cursor.read_at, now)
