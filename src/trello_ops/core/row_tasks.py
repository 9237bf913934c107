"""A task for each row of a workbook, where a task gives its rows cards of their own.

A row's task is as the one that declares it, but comes once: in the period in which the row's date lies. Its
key is made of the row's, so that it is the same task whatever else of the row is edited.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trello_ops.core.cadence import Cadence, Exceptions, Frequency
from trello_ops.core.calendar.course import timetable
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET, Recurrence, period_around
from trello_ops.core.calendar.timetable import Timetable
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.rows import Row, Table, key_text
from trello_ops.errors import Problem
from trello_ops.messages import Message, say, say_count

MOST: Final = 500
"""Tasks of one workbook: the rows with the latest dates."""

FREQUENCIES: Final = (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY, Frequency.MONTHLY)
"""Those that go with cards for rows: a card comes out at most a month before it is due."""

_LONGEST_KEY: Final = 40
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})


@dataclass(frozen=True, slots=True)
class RowTasks:
    """The tasks that rows stand for, what is wrong with other rows, and what is to be told of all of them."""

    tasks: tuple[Task, ...] = ()
    problems: tuple[Problem, ...] = ()
    told: Message | None = None


def row_tasks(workspace: Workspace, board: Board, task: Task, table: Table, texts: Sequence[str]) -> RowTasks:
    """The tasks of the rows of a task's table, which is `dated` and has a column of keys.

    `texts` are what the rows say; one without is no task. Of rows with the same key, the first counts.
    """
    making = _Making(workspace, board, task, table)
    found, problems = list[tuple[dt.date, Task]](), list[Problem]()
    for row, text in zip(table.rows, texts, strict=True):
        if text:
            made = making.task(row, text)
            if isinstance(made, Problem):
                problems.append(made)
            else:
                found.append((made.cadence.dates[0], made))
    latest = sorted(found, key=lambda each: each[0])[-MOST:]
    left = len(found) - len(latest)
    told = (
        say_count(
            "%(count)s row too many: the %(most)s with the latest dates get cards",
            "%(count)s rows too many: the %(most)s with the latest dates get cards",
            left,
            most=MOST,
        )
        if left
        else None
    )
    return RowTasks(tuple(task for _, task in latest), tuple(problems), told)


class _Making:
    """Makes the tasks of one table; knows which keys are taken, and by which row."""

    def __init__(self, workspace: Workspace, board: Board, task: Task, table: Table) -> None:
        self._board, self._task, self._table = board, task, table
        self._times = timetable(workspace, board, task)
        rows = task.rows
        key, date = (table.column(rows.key), table.column(rows.date)) if rows else (None, None)
        assert key is not None  # noqa: S101 (`lacking` came before)
        assert date is not None  # noqa: S101 (likewise)
        self._key, self._date = key, date
        self._taken: dict[str, int] = {}

    def task(self, row: Row, title: str) -> Task | Problem:
        known_by = key_text(row.cell(self._key))
        if not known_by:
            message = say("is empty: give the row a key of its own, and it gets a card")
            return self._table.problem(row.number, self._key, message)
        key = f"{self._task.key}-{key_part(known_by)}"
        if key in self._taken or self._board.task(key):
            message = say(
                "gives the key `%(key)s`, which another row or task has already: give the row one of its own",
                key=key,
            )
            return self._table.problem(row.number, self._key, message)
        recurrence = self._recurrence(row)
        if recurrence is None:
            message = say("is no day for which a card comes: `on` names none in its period")
            return self._table.problem(row.number, self._date, message)
        self._taken[key] = row.number
        return _row(self._task, key, title, recurrence)

    def _recurrence(self, row: Row) -> Recurrence | None:
        day = row.cell(self._date)
        return _recurrence(self._times, day) if isinstance(day, dt.date) else None


def again(workspace: Workspace, board: Board, task: Task, row: Task) -> Task | None:
    """A row of a task as it was, but for what the task says of all; `None` where no card comes for it."""
    recurrence = _recurrence(timetable(workspace, board, task), row.cadence.dates[0])
    return _row(task, row.key, row.title, recurrence) if recurrence else None


def _recurrence(times: Timetable, day: dt.date) -> Recurrence | None:
    """The first recurrence in the period in which a day lies."""
    period = period_around(times.cadence, day)
    return next((each.recurrence for each in times.nominal(period.first, period.last)), None)


def _row(task: Task, key: str, title: str, recurrence: Recurrence) -> Task:
    once = comes_once(task.cadence, recurrence)
    # Nothing is asked about a row that is new beside others that left, as happens every week.
    return replace(task, key=key, title=title, cadence=once, rows=None, row_of=task.key, was=(), new=True)


def comes_once(cadence: Cadence, recurrence: Recurrence) -> Cadence:
    """A rhythm with that one recurrence alone: the same day, due and, within a month, release."""
    before = (recurrence.base - recurrence.day).days
    offset = max(cadence.release.offset_days + before, -LONGEST_OFFSET.days)
    return replace(
        cadence,
        frequency=Frequency.ONCE,
        on=(),
        nth=(),
        month=0,
        anchor=None,
        start=None,
        until=None,
        exceptions=Exceptions(),
        dates=(recurrence.day,),
        release=replace(cadence.release, offset_days=offset),
    )


def key_part(text: str) -> str:
    """A row's key as a part of a task's: small letters, digits and hyphens; another for another text.

    What cannot be told from another by these, as it is long or has other letters, is told by a hash.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    latin = "".join(letter for letter in plain if not unicodedata.combining(letter))
    part = re.sub("[^a-z0-9]+", "-", latin).strip("-")
    if part == latin and len(part) <= _LONGEST_KEY:
        return part
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{part[:_LONGEST_KEY].strip('-')}-{digest}".strip("-")


def rows_of(board: Board, key: str) -> Iterator[Task]:
    """The tasks of a board that are rows of the task with this key."""
    return (task for task in board.tasks if task.row_of == key)
