"""Which boards are read, so that the cost grows with what changed and not with the number of boards.

From `MANY` boards on, Trello is asked when each was last active, and only those are read whose answer has
changed since their last read. Trello does not promise that this date moves with everything people do, so it
is a hint and no proof: a board without any hint is still read once per *sweep*. This goes for the poll that
reads back what people did, which also reads every board after a close, and for the comparison of boards with
files.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.sights import Outage, ReadCursor

MANY = 50
"""Fewer boards than this are all read each time: hints would save little."""

_OUTAGE = dt.timedelta(hours=26)
"""A day of 25 hours, and one hour more: running all jobs once a day is no outage."""

Activity = Mapping[str, dt.datetime | None]
"""When boards were last active, by Trello id. Closed boards are not listed."""


@dataclass(frozen=True, slots=True)
class Poll:
    """When a poll begins, and the time `sweep` within which each board is read in any case.

    `closed_at` is when a week last closed; `None` where a close calls for no new read.
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
        # "Another date", not "a later one": a board that was closed, reopened, moved to another Trello
        # Workspace or left out of a list that was cut shows as a difference too.
        was_active = cursor is None or (
            active is not None and active.get(board.trello_id) != cursor.active_at
        )
        # Its slot in the sweep goes by the calendar, not by when boards were last read: after a start or a
        # close that is one moment for all. The slots are evenly spaced.
        ago = (poll.now.timestamp() / poll.sweep.total_seconds() - rank / len(boards)) % 1
        slot = poll.now - ago * poll.sweep
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
    """The keys of the declared boards to compare with their files now.

    `in_order` has the last read of each board that agreed with its file. Left out are those of them that had
    no activity since and whose slot of the sweep has not come.
    """
    # Our own writes count as activity, so that a board that we changed is read once more.
    bound = tuple(filter(None, (bindings.get(Kind.BOARD, board) for board in boards)))
    spared = {board.board for board in bound} - {b.board for b in to_read(bound, in_order, active, poll)}
    return frozenset(boards) - spared


def outage(cursor: ReadCursor | None, now: dt.datetime) -> Outage | None:
    """The time without reads that a read at `now` ends, if it was longer than a day."""
    if cursor is None or now - cursor.read_at <= _OUTAGE:
        return None
    return Outage(cursor.board, cursor.read_at, now)
