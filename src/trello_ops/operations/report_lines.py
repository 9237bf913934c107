"""Each entry of the ledger with its line in its week's report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.operations.context import Context
from trello_ops.operations.report import bound_accounts, read_after_close


@dataclass(frozen=True, slots=True)
class ReportedEntry:
    """An entry and its line in the report of `week`: as it was frozen, or as it looks now."""

    entry: LedgerEntry
    week: IsoWeek
    line: ReportedOccurrence
    frozen: bool


class ReportLines:
    """Finds entries' lines, holding one week's at a time: memory follows the week and not the history.

    Give entries in order of their due, forwards or backwards, and no report is read twice.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._now = context.clock.now()
        self._accounts, self._sights = bound_accounts(context), context.store.board_sights()
        self._week: IsoWeek | None = None
        self._lines: Mapping[str, ReportedOccurrence] = {}

    def of(self, entries: Iterable[LedgerEntry]) -> Iterator[ReportedEntry]:
        """Each entry with its line: the frozen one, or that of a provisional report as of now."""
        zone = self._context.workspace.timezone
        for week, group in groupby(entries, lambda entry: IsoWeek.at(entry.occurrence.due, zone)):
            if week != self._week:
                report = self._context.store.frozen(week)
                self._week, self._lines = week, _by_key(report) if report else {}
            of_week, frozen = tuple(group), self._lines
            lines, missing = frozen, [each for each in of_week if str(each.occurrence.key) not in frozen]
            if missing:  # the week is not frozen, or an entry was recorded after it was
                read = read_after_close(self._context, week, missing)
                facts = WeekFacts(week, missing, (), read, accounts=self._accounts, sights=self._sights)
                provisional = weekly_report(self._context.workspace, facts, self._now, freeze=False)
                lines = {**frozen, **_by_key(provisional)}
            for entry in of_week:
                key = str(entry.occurrence.key)
                yield ReportedEntry(entry, week, lines[key], frozen=key in frozen)


def _by_key(report: Report) -> dict[str, ReportedOccurrence]:
    return {line.key: line for line in report.occurrences}
