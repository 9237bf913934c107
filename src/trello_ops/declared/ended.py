"""Tasks whose last day is over, so that no card of theirs is to come."""

import datetime as dt

from trello_ops.core.declared import Board, Task
from trello_ops.declared.findings import Findings
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say


def warn_of_ended(board: Board, document: Document, today: dt.date, findings: Findings) -> None:
    """Add a warning for each task whose last day is past: a year may be mistyped."""
    for task in board.tasks:
        field, last = _last_day(task)
        if last and last < today:
            own: Path = ("tasks", task.key, field)
            message = say(
                "the last day was %(day)s, and no card is to come: correct the date, or delete the task once"
                " its week is reported",
                day=last,
            )
            # Declared for the whole board, it stands there.
            findings.warn(document, own if document.has(own) else (field,), message)
    for name, last in _last_counted(board).items():
        if last < today:
            message = say(
                "the last day that is counted from it was %(day)s, and no card is to come: correct the date,"
                " or delete its tasks once their weeks are reported",
                day=last,
            )
            findings.warn(document, ("dates", name), message)


def _last_counted(board: Board) -> dict[str, dt.date]:
    """The last day that a named date has to do with: its own, or one that is counted from it."""
    found: dict[str, dt.date] = {}
    for task in board.tasks:
        if named := task.cadence.counts_from:
            found[named.name] = max(named.date, *task.cadence.dates, found.get(named.name, named.date))
    return found


def _last_day(task: Task) -> tuple[str, dt.date | None]:
    """The last day that counts, and the field that names it; `None` where it goes on.

    Days that are counted from a named date go by one after another, and are looked at together.
    """
    cadence = task.cadence
    if cadence.counts_from:
        return "on", None
    if cadence.until:
        return "until", cadence.until
    return "on", cadence.dates[-1] if cadence.dates else None
