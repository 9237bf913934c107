"""Completions that somebody may want to ask about: questions for the report, never accusations.

All of it is judged by what was recorded. An instant that is only the earliest possible one says nothing about
how quickly anything was done, so it is left out.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import EventKind, LedgerEntry
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.tracking.doubts import first_touch

_MINUTE = dt.timedelta(minutes=1)
_LAST_DAY = dt.timedelta(hours=24)
_BURST = dt.timedelta(minutes=15)
_FEWEST = 5
"""With fewer completions of a board, half of them at once means nothing."""


def doubtful(
    workspace: Workspace,
    lines: Sequence[ReportedOccurrence],
    entries: Iterable[LedgerEntry],
    cutoff: dt.datetime,
    closes_at: dt.datetime,
) -> tuple[Notice, ...]:
    """What is doubtful about a week's `lines`, by due; then the boards whose work was ticked off in a burst.

    `entries` are those of the lines. What happened after the `cutoff` does not count. The week closes at
    `closes_at`. Days are those of the workspace's time zone.
    """
    known = {str(entry.occurrence.key): entry for entry in entries}
    done = [line for line in lines if line.outcome in (Outcome.ON_TIME, Outcome.LATE)]
    by_due = sorted(done, key=lambda line: (line.due_at, line.key))
    found = (_of_line(workspace, line, known[line.key], cutoff) for line in by_due if line.key in known)
    return (*chain.from_iterable(found), *_bursts(workspace, done, closes_at))


def _of_line(
    workspace: Workspace, line: ReportedOccurrence, entry: LedgerEntry, cutoff: dt.datetime
) -> Iterator[Notice]:
    if any(at <= cutoff for at in _instants(entry, EventKind.AT_ONCE)):
        yield _notice(workspace, Why.AT_ONCE, line)
    duration = _duration(workspace, line)
    taken = _taken(line, entry)
    if taken is not None and taken < duration * _MINUTE / 10:
        yield _notice(workspace, Why.TOO_QUICK, line, taken // _MINUTE, duration)
    # It is recorded beside the completion that it says it of.
    if line.completed_at in _instants(entry, EventKind.AUTOMATED):
        yield _notice(workspace, Why.AUTOMATED, line)


def _taken(line: ReportedOccurrence, entry: LedgerEntry) -> dt.timedelta | None:
    """How long it took from the first touch to its completion; `None` where that is not known."""
    touched = first_touch(entry.events)
    # Who does the work first and touches the card only to say so has taken a time that no log tells.
    if touched is None or line.completed_at is None or line.approximate or touched >= line.completed_at:
        return None
    return line.completed_at - touched


def _duration(workspace: Workspace, line: ReportedOccurrence) -> int:
    """How many minutes the task is declared to take; 0 where that is not said, or the task is gone."""
    board = workspace.board(line.board)
    task = board.task(line.task) if board else None
    return task.duration if task else 0


def _bursts(
    workspace: Workspace, done: Sequence[ReportedOccurrence], closes_at: dt.datetime
) -> Iterator[Notice]:
    for board, instants in _by_board(done).items():
        known = sorted(at for at in instants if at is not None)
        last_day = [at for at in known if closes_at - _LAST_DAY <= at <= closes_at]
        first, count = _densest(last_day)
        if len(instants) >= _FEWEST and first and 2 * count > len(instants):
            day = first.astimezone(workspace.timezone).date()
            yield Notice(Why.BURST, board=board, count=count, of=len(instants), first=day, last=day)


def _by_board(done: Iterable[ReportedOccurrence]) -> Mapping[str, list[dt.datetime | None]]:
    """When each board's occurrences were done; `None` where only the earliest possible instant is known."""
    found: dict[str, list[dt.datetime | None]] = {}
    for line in done:
        found.setdefault(line.board, []).append(None if line.approximate else line.completed_at)
    return dict(sorted(found.items()))


def _densest(instants: Sequence[dt.datetime]) -> tuple[dt.datetime | None, int]:
    """When the quarter of an hour begins that holds most of the sorted instants, and how many it holds."""
    counts = ((sum(at <= each <= at + _BURST for each in instants), at) for at in instants)
    count, first = max(counts, key=lambda found: found[0], default=(0, None))
    return first, count


def _notice(workspace: Workspace, why: Why, line: ReportedOccurrence, count: int = 0, of: int = 0) -> Notice:
    day = line.due_at.astimezone(workspace.timezone).date()
    return Notice(why, line.key, line.board, line.task, line.title, count, of, first=day, last=day)


def _instants(entry: LedgerEntry, kind: EventKind) -> list[dt.datetime]:
    return [event.at for event in entry.events if event.kind is kind]
