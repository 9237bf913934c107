"""What the rows of a report's workbook and CSV say, in its reader's language; values are not yet escaped."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trello_ops.core.days_off import Skip
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence, Totals
from trello_ops.core.reporting.standing import FALLS, RISES, Outlook, Verdict
from trello_ops.escape import one_line
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator
from trello_ops.render.report_words import ReportWords

Cell = str | int | float | dt.datetime | dt.date | None
"""A cell's value. A `float` is a share from 0 to 1; instants are local to the workspace and naive, as sheets
know no zones."""


@dataclass(frozen=True, slots=True)
class Row:
    """One occurrence. `board` is its board's key, and `url` its card's address, else empty."""

    board: str
    cells: tuple[Cell, ...]
    url: str


class SheetWords:
    """Headings and rows of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.words = ReportWords(report)
        self.t = self.words.translator
        self._zone = ZoneInfo(report.timezone)
        self._themes = {group.key: one_line(group.title) for group in report.themes}

    def headings(self) -> tuple[str, ...]:
        """One for each cell of a row."""
        t = self.t
        return (
            t.gettext("Board"),
            t.gettext("Theme"),
            t.gettext("Task"),
            t.gettext("Assigned to"),
            t.gettext("Due"),
            t.gettext("Outcome"),
            t.gettext("Done"),
            t.gettext("Done by"),
            t.gettext("Minutes late"),
            t.gettext("Remark"),
        )

    def rows(self) -> Iterator[Row]:
        """Every occurrence, in the report's order."""
        for line in self.report.occurrences:
            yield Row(line.board, self._cells(line), line.card_url or "")

    def outcome(self, outcome: Outcome | str) -> str:
        """The outcome's word; the code itself where this version does not know it."""
        t = self.t
        words = {
            Outcome.ON_TIME: t.gettext("on time"),
            Outcome.LATE: t.gettext("late"),
            Outcome.MISSED: t.gettext("missed"),
            Outcome.OPEN: t.gettext("open"),
            Outcome.EXCUSED: t.gettext("excused"),
            Outcome.NOT_ISSUED: t.gettext("not issued"),
        }
        return words[outcome] if isinstance(outcome, Outcome) else one_line(outcome)

    def outlook(self, outlook: Outlook) -> str:
        """Whether the target can be expected to be met."""
        t = self.t
        return {
            Outlook.HOLDS: t.gettext("Holds"),
            Outlook.CHANCE: t.gettext("Met or not by chance"),
            Outlook.CANNOT_HOLD: t.gettext("Out of reach as things are"),
        }[outlook]

    def signal(self, verdict: Verdict) -> str:
        """What lies beyond chance; empty where nothing does."""
        if verdict in FALLS:
            return self.t.gettext("a fall")
        return self.t.gettext("a rise") if verdict in RISES else ""

    def local(self, instant: dt.datetime | None) -> dt.datetime | None:
        """The local time of an aware instant, naive and to the second."""
        return instant.astimezone(self._zone).replace(tzinfo=None, microsecond=0) if instant else None

    def _cells(self, line: ReportedOccurrence) -> tuple[Cell, ...]:
        names = line.assignee_names or tuple(map(self.words.person, line.assignees))
        by = self.words.person(line.completed_by) if line.completed_by else ""
        return (
            self.words.board(line.board),
            self._themes.get(line.theme, one_line(line.theme)),
            one_line(line.title),
            ", ".join(map(one_line, names)),
            self.local(line.due_at),
            self.outcome(line.outcome),
            self.local(line.completed_at),
            by,
            _minutes_late(line),
            self._remark(line),
        )

    def _remark(self, line: ReportedOccurrence) -> str:
        t, found = self.t, []
        if skip := Skip.parse(line.note):
            found.append(translated(skip.words, t))
        if line.reopened:
            found.append(t.gettext("reopened"))
        if line.unproven:
            found.append(t.gettext("without the required proof"))
        if line.due_moved_by is not None:
            found.append(t.gettext("due date moved"))
        return one_line(" · ".join(found))


def headings_of_outcomes(t: Translator) -> tuple[str, ...]:
    """The heads of columns that tell how a board's or a shop's week went."""
    return (
        t.gettext("Scheduled"),
        t.gettext("On time"),
        t.gettext("Late"),
        t.gettext("Missed"),
        t.gettext("Rate"),
    )


def counts(totals: Totals, t: Translator) -> Iterator[tuple[str, int]]:
    """Every figure of a summary that is a number of tasks, with its label."""
    yield t.gettext("Scheduled"), totals.scheduled
    yield t.gettext("On time"), totals.on_time
    yield t.gettext("Late"), totals.late
    yield t.gettext("Missed"), totals.missed
    yield t.gettext("Done"), totals.completed
    yield t.gettext("Open"), totals.open
    yield t.gettext("Excused"), totals.excused
    yield t.gettext("Not issued"), totals.not_issued
    yield t.gettext("Judged: on time, late or missed"), totals.judged


def _minutes_late(line: ReportedOccurrence) -> int | None:
    if line.outcome is not Outcome.LATE or line.completed_at is None:
        return None
    return max(0, round((line.completed_at - line.due_at) / dt.timedelta(minutes=1)))
