"""What a declaration that follows another inherits: bindings, days that have a card, what is still named."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.occurrences import planned_again
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET, ONCE, period_of
from trello_ops.core.declared import Board, Carried, Task, Workspace
from trello_ops.core.ledger import LedgerEntry, LedgerEvent, Occurrence, OccurrenceKey
from trello_ops.core.planning.succession import Succession, TaskId

_DAY = dt.timedelta(days=1)

_FOR_EVER = 36525 * _DAY

_DAYS = {Frequency.QUARTERLY: 92, Frequency.HALF_YEARLY: 184, Frequency.YEARLY: 366}
"""How long periods are at most that are longer than a month."""


def remembered(period: str) -> dt.timedelta:
    """For how long a day counts whose date names such a period: none falls due so long after that began.

    What comes once is never forgotten: its due may be moved to any day.
    """
    if period == ONCE:
        return _FOR_EVER
    length = next((days for frequency, days in _DAYS.items() if frequency == period), 31)
    return length * _DAY + 2 * LONGEST_OFFSET + 2 * _DAY


# ---- days that have a card --------------------------------------------------------------------------


def carry(it: TaskId, task: Task, old: Task, recorded: Iterable[Occurrence], today: dt.date) -> Task:
    """The task, knowing what its ledger already holds under another key, or of another rhythm.

    `recorded` are the occurrences of the task that it continues, which had the rhythm of `old`.
    """
    known = [each for each in task.carried if each.day >= today - remembered(each.period)]
    period = period_of(old.cadence)
    for occurrence in recorded:
        key, own = occurrence.key, (occurrence.key.board, occurrence.key.task) == it
        is_told_apart = not own or period != period_of(task.cadence)
        # What was carried before stays: it knows by which rhythm that day got its card.
        is_known = any(_is_of(each, key, own=own) for each in known)
        known = [_where_it_is(each, occurrence) if _is_of(each, key, own=own) else each for each in known]
        counts = occurrence.nominal_day >= today - remembered(period)
        if counts and is_told_apart and not is_known:
            named = ONCE if _is_the_one(task, old, occurrence) else period
            known.append(Carried(key.date, occurrence.nominal_day, named, own, f"{key.board}/{key.task}"))
    return replace(task, carried=tuple(sorted(known, key=lambda each: (each.date, each.own, each.name))))


def _is_the_one(task: Task, old: Task, occurrence: Occurrence) -> bool:
    """Whether an occurrence of before is what a task that now counts from a named date is about."""
    if task.cadence.counts_from is None:
        return False
    had_one_date = old.cadence.frequency is Frequency.ONCE and len(old.cadence.dates) == 1
    return had_one_date or occurrence.nominal_day in task.cadence.dates


def _where_it_is(carried: Carried, occurrence: Occurrence) -> Carried:
    return replace(carried, day=occurrence.nominal_day) if carried.period == ONCE else carried


def _is_of(carried: Carried, key: OccurrenceKey, *, own: bool) -> bool:
    """Whether it is the occurrence of a key: a day and a week, say, may bear one date, each under its own."""
    # An earlier version kept no names.
    is_named_so = carried.name == f"{key.board}/{key.task}" if carried.name else carried.own == own
    return carried.date == key.date and is_named_so


def names(workspace: Workspace, board: Board, task: Task, occurrence: Occurrence, period: str) -> bool:
    """Whether a task still names a recorded occurrence, whose date named such a period then.

    It does not name what nobody has to do: a pause, say, or a closure. Who is away does not count.
    """
    found = planned_again(workspace, board, task, occurrence, period)
    return found is not None and found.skip is None


def comes_once(task: Task, occurrence: Occurrence) -> bool:
    """Whether a recorded occurrence, of another key or rhythm, is the one that a task is about now."""
    own = occurrence.key.task == task.key
    return any(each.period == ONCE and _is_of(each, occurrence.key, own=own) for each in task.carried)


def period_then(task: Task, occurrence: Occurrence) -> str:
    """What the date of a task's recorded occurrence named when it was recorded."""
    own = occurrence.key.task == task.key
    before = (each for each in task.carried if _is_of(each, occurrence.key, own=own))
    return next((each.period for each in before), period_of(task.cadence))


# ---- what turns in the ledger ------------------------------------------------------------------------

Turns = Mapping[OccurrenceKey, LedgerEvent]
"""What of the ledger is withdrawn or reinstated, by occurrence."""


def with_turns(entries: Iterable[LedgerEntry], turns: Turns) -> tuple[LedgerEntry, ...]:
    """Entries as they will be once these turns are recorded."""
    return tuple(
        replace(entry, events=(*entry.events, turns[entry.occurrence.key]))
        if entry.occurrence.key in turns
        else entry
        for entry in entries
    )


# ---- bindings ---------------------------------------------------------------------------------------


def rebound(bindings: Bindings, succession: Succession) -> Bindings:
    """The bindings under the keys that things have now.

    Those of a renamed board stay under its old key as well: its open cards are read until their weeks are
    frozen. Only its webhook moves, since a board has one.
    """
    found = _without_reused(_of_renamed_boards(bindings, succession), succession)
    renamed = [(part, found.get(*part[:3])) for part in _renamed_parts(succession)]
    # First all go from their old keys: two things may have changed places.
    for (kind, board, old, _), _binding in renamed:
        found = found.without(kind, board, old)
    for (_, _, _, key), binding in renamed:
        if binding:
            found = found.with_(replace(binding, key=key))
    return found


def _without_reused(bindings: Bindings, succession: Succession) -> Bindings:
    """Without those of a new board whose key a renamed one had: they name that one's Trello board."""
    standing = {bindings.id(Kind.BOARD, board) for board in succession.boards_from}
    found = bindings
    for board in succession.workspace.boards:
        reused = found.id(Kind.BOARD, board.key)
        if board.key not in succession.boards_from and reused and reused in standing:
            found = Bindings.of(each for each in found if each.board != board.key)
    return found


def _of_renamed_boards(bindings: Bindings, succession: Succession) -> Bindings:
    """With those of the old keys of renamed boards for what their present keys had: another board, once."""
    renamed = {board: old for board, old in succession.boards_from.items() if board != old}
    moved = (each for each in bindings if each.kind is Kind.WEBHOOK and each.board in renamed.values())
    gone = {*moved, *(each for each in bindings if each.board in renamed)}
    copied = (
        replace(each, board=board) for board, old in renamed.items() for each in bindings if each.board == old
    )
    return Bindings.of([*(each for each in bindings if each not in gone), *copied])


def _renamed_parts(succession: Succession) -> Iterator[tuple[Kind, str, str, str]]:
    """Kind, board, old key and key of labels, people and template cards that have another key now."""
    for board in succession.workspace.boards:
        for kind, came_from in ((Kind.LABEL, succession.themes_from), (Kind.PERSON, succession.people_from)):
            yield from ((kind, board.key, old, key) for key, old in came_from.items() if key != old)
    for (board_key, task), (old_board, old_task) in succession.came_from.items():
        if succession.boards_from.get(board_key) == old_board and task != old_task:
            yield Kind.TEMPLATE, board_key, old_task, task


def changed(before: Bindings, after: Bindings) -> tuple[tuple[Binding, ...], tuple[Binding, ...]]:
    """The bindings to bind, and those to unbind."""
    known = {(b.kind, b.board, b.key): b for b in before}
    kept = {(b.kind, b.board, b.key) for b in after}
    to_bind = (b for b in after if known.get((b.kind, b.board, b.key)) != b)
    return tuple(to_bind), tuple(b for key, b in known.items() if key not in kept)
