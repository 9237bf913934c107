"""What is known of earlier weeks: how many were on time, and what became of each task."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.reporting.outcome import JUDGED, Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.core.reporting.standing import WeekCount

LONGEST: Final = 120
"""How many of a task's judged occurrences are looked back on at most: ten years of a monthly one."""

TaskName = tuple[str, str]
"""The keys that a task and its board have now, the board's first."""

Past = Mapping[TaskName, Sequence[Outcome | str]]
"""What became of each task's judged occurrences, newest first."""


@dataclass(frozen=True, slots=True)
class FrozenCounts:
    """What a frozen week counts: as a whole, and of each board by the key that it had then."""

    week: IsoWeek
    whole: WeekCount
    boards: Mapping[str, WeekCount]

    @classmethod
    def from_dict(cls, week: IsoWeek, totals: Mapping[str, Any], boards: Iterable[Mapping[str, Any]]) -> Self:
        """From `totals` and `boards` of a report in JSON, whichever version froze it."""
        return cls(week, _count(week, totals), {each["key"]: _count(week, each) for each in boards})

    @classmethod
    def of(cls, report: Report) -> Self:
        """What a report counts."""
        boards = {group.key: group.totals.of_week(report.week) for group in report.boards}
        return cls(report.week, report.totals.of_week(report.week), boards)

    def of_board(self, workspace: Workspace, key: str) -> WeekCount:
        """What it counts of the board that has this key now, whatever it was called then."""
        theirs = [count for was, count in self.boards.items() if _board_now(workspace, was) == key]
        n, on_time = sum(each.n for each in theirs), sum(each.on_time for each in theirs)
        return WeekCount(self.week, n, on_time)


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one task: `lines` are those judged this week, by due; `before` is newest first."""

    lines: tuple[ReportedOccurrence, ...]
    before: tuple[Outcome | str, ...] = ()

    def last(self, most: int, upto: ReportedOccurrence | None = None) -> tuple[Outcome | str, ...]:
        """The outcomes of the newest, at most so many, newest first: of all, or of those up to one line."""
        end = self.lines.index(upto) + 1 if upto else len(self.lines)
        this_week = (line.outcome for line in reversed(self.lines[:end]))
        return (*this_week, *self.before)[:most]


def records(workspace: Workspace, lines: Iterable[ReportedOccurrence], past: Past) -> dict[TaskName, Record]:
    """The record of each task that was judged this week, in the order of its first line."""
    found: dict[TaskName, list[ReportedOccurrence]] = {}
    for line in sorted(lines, key=lambda line: (line.due_at, line.key)):
        if line.outcome in JUDGED:
            found.setdefault(task_now(workspace, OccurrenceKey.parse(line.key)), []).append(line)
    return {name: Record(tuple(theirs), tuple(past.get(name, ()))) for name, theirs in found.items()}


def with_week(past: Past, workspace: Workspace, lines: Iterable[ReportedOccurrence]) -> Past:
    """The past with the lines of one more week, which comes after all of it; at most `LONGEST` of a task."""
    judged = records(workspace, lines, past)
    return {**past, **{name: record.last(LONGEST) for name, record in judged.items()}}


def task_now(workspace: Workspace, key: OccurrenceKey) -> TaskName:
    """The keys that the task of an occurrence has now; those that it had, where it is declared no more."""
    found = workspace.task_of(key.board, key.task, key.date)
    return (found[0].key, found[1].key) if found else (_board_now(workspace, key.board), key.task)


def not_on_time(outcomes: Iterable[Outcome | str]) -> int:
    """How many of these were late or missed."""
    return sum(outcome in (Outcome.LATE, Outcome.MISSED) for outcome in outcomes)


def _board_now(workspace: Workspace, key: str) -> str:
    board = workspace.board_now(key)
    return board.key if board else key


def _count(week: IsoWeek, figures: Mapping[str, Any]) -> WeekCount:
    # A report that was frozen before an outcome existed counts none of it.
    judged = sum(figures.get(str(outcome), 0) for outcome in JUDGED)
    return WeekCount(week, judged, figures.get(str(Outcome.ON_TIME), 0))
