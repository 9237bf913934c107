"""Each entry of the ledger with its line in its week's report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.operations.context import Context
from trello_ops.operations.report import read_after_close


@dataclass(frozen=True, slots=True)
class ReportedEntry:
    """An entry and its line in the report of `week`: as it was frozen, or as it looks now."""

    entry: LedgerEntry
    week: IsoWeek
    line: ReportedOccurrence
    frozen: bool


class ReportLines:
    """Holds the frozen lines of one week at a time, so that memory follows the week and not the history.

    Entries are best given in order of their due, forwards or backwards: then no report is read twice.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._now = context.clock.now()
        self._week: IsoWeek | None = None
        self._lines: Mapping[str, ReportedOccurrence] = {}

    def of(self, entries: Iterable[LedgerEntry]) -> Iterator[ReportedEntry]:
        zone = self._context.workspace.timezone
        for week, group in groupby(entries, lambda entry: IsoWeek.at(entry.occurrence.due, zone)):
            yield from self._of_week(week, tuple(group))

    def _of_week(self, week: IsoWeek, entries: tuple[LedgerEntry, ...]) -> Iterator[ReportedEntry]:
        frozen = self._frozen(week)
        left = [entry for entry in entries if str(entry.occurrence.key) not in frozen]
        lines = {**frozen, **_by_key(self._provisional(week, left))} if left else frozen
        for entry in entries:
            key = str(entry.occurrence.key)
            yield ReportedEntry(entry, week, lines[key], frozen=key in frozen)

    def _frozen(self, week: IsoWeek) -> Mapping[str, ReportedOccurrence]:
        if week != self._week:
            report = self._context.store.frozen(week)
            self._week, self._lines = week, _by_key(report) if report else {}
        return self._lines

    def _provisional(self, week: IsoWeek, entries: list[LedgerEntry]) -> Report:
        facts = WeekFacts(week, entries, (), read_after_close(self._context, week, entries))
        return weekly_report(self._context.workspace, facts, self._now, freeze=False)


def _by_key(report: Report) -> dict[str, ReportedOccurrence]:
    return {line.key: line for line in report.occurrences}
