"""calendar: what comes in some weeks, with what is issued already."""

import datetime as dt
from collections.abc import Iterator

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import EVERYTHING, Agenda, Choice, Recorded, agenda
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET, longest_period
from trello_ops.core.calendar.week import instant
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.operations.context import Context
from trello_ops.operations.rounds import last_recorded

_DAY = dt.timedelta(days=1)
_MARGIN = LONGEST_OFFSET + 2 * _DAY
"""How far from its day an occurrence may be due, whatever was declared; a zone is up to 14 hours ahead."""


def calendar(context: Context, days: Span, chosen: Choice = EVERYTHING) -> Agenda:
    """What comes on some days. Reads the store only, so that it works while Trello is out of reach."""
    in_force = context.store.in_force()
    # Files that were edited since are not in force yet, so that what they change is as of now.
    since = in_force.since if in_force and in_force.declaration.workspace == context.workspace else None
    changed_at = since or context.clock.now()
    return agenda(context.workspace, days, changed_at, chosen, _recorded(context, days))


def _recorded(context: Context, days: Span) -> Recorded:
    zone = context.workspace.timezone
    first, last = days.first - _MARGIN, days.last + _MARGIN
    entries = context.store.due_between(instant(first, dt.time(0), zone), instant(last, dt.time(0), zone))
    turns = {
        (board.key, task.key): turn
        for board, task in context.workspace.tasks
        if (turn := last_recorded(context.store, context.workspace, board, task))
    }
    return Recorded(entries, frozenset(_keys(context, first)), turns)


def _keys(context: Context, first: dt.date) -> Iterator[OccurrenceKey]:
    """The keys of what is recorded of the declared tasks, for days from `first` on."""
    for board in context.workspace.boards:
        if board.tasks:
            # Dates name periods, which begin before the day.
            since = first - max(longest_period(task.cadence) for task in board.tasks)
            yield from context.store.recorded(board.key, [task.key for task in board.tasks], since)
