"""Releases that coming changes of the clocks move."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from trello_ops.core.calendar.occurrences import gave_way, occurrences
from trello_ops.core.calendar.week import before_gap, instant
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.declared.findings import Findings
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say

_DAY = dt.timedelta(days=1)
_AHEAD = 400
"""Days that are looked at: what comes later, files and laws will change before."""


def warn_of_clock_changes(
    workspace: Workspace, board: Board, document: Document, today: dt.date, findings: Findings
) -> None:
    """Add a warning for each coming occurrence whose card appears before its declared time."""
    for task in board.tasks:
        for found, skipped in _moved(workspace, board, task, today):
            appears = found.release.astimezone(task.cadence.timezone)
            message = say(
                "on %(day)s the clocks skip %(time)s: the card appears at %(instead)s, before its due",
                day=str(skipped.date()),
                time=f"{skipped:%H:%M}",
                instead=f"{appears:%H:%M}"
                if appears.date() == skipped.date()
                else f"{appears:%H:%M (%Y-%m-%d)}",
            )
            path: Path = ("tasks", task.key, "release")
            # Declared for the whole board, it stands there; declared nowhere, the task has to do.
            if not document.has(path) and "release" in document.entries:
                path = ("release",)
            findings.warnings.append(document.problem(path, message))


def _moved(
    workspace: Workspace, board: Board, task: Task, today: dt.date
) -> Iterator[tuple[Occurrence, dt.datetime]]:
    """The occurrences whose release gives way, each with the time that is skipped."""
    zone, time = task.cadence.timezone, task.cadence.release.time
    for day in _days_with_gaps(zone, today):
        if before_gap(day, time, zone) == instant(day, time, zone):
            continue  # not skipped, or repeated
        around = instant(day, time, zone)
        near = occurrences(workspace, board, task, around - 2 * _DAY, around + 2 * _DAY)
        owed = (found for found in near if found.skip is None)
        yield from ((found, skipped) for found in owed if (skipped := gave_way(task, found)))


@lru_cache(maxsize=100)
def _days_with_gaps(zone: ZoneInfo, today: dt.date) -> tuple[dt.date, ...]:
    """The days, and those before them, on which clocks go forward."""
    days = [today + n * _DAY for n in range(-1, _AHEAD)]
    offsets = [
        dt.datetime.combine(day, dt.time(12), tzinfo=zone).utcoffset() or dt.timedelta() for day in days
    ]
    forward = [n for n in range(1, len(days)) if offsets[n] > offsets[n - 1]]
    return tuple(sorted({days[n - back] for n in forward for back in (0, 1)}))
