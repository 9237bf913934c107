"""Frozen reports and the mails that are owed, in memory."""

import datetime as dt
import threading
from collections.abc import Collection

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.history import FrozenCounts
from trello_ops.core.reporting.report import Report
from trello_ops.testing.bindings import aware


class MemoryReports:
    """`ports.ReportStore`, a part of `MemoryStore`, whose lock it takes."""

    _alone: threading.RLock

    def __init__(self) -> None:
        super().__init__()
        self._reports: dict[IsoWeek, Report] = {}
        self._owed: set[OwedMail] = set()
        self._sent: dict[OwedMail, dt.datetime] = {}

    def freeze(self, report: Report, owed: Collection[OwedMail]) -> bool:
        """Keep a week's report, and owe the mails about it; False when the week is already frozen."""
        aware(report)
        with self._alone:
            if report.week in self._reports:
                return False
            self._reports[report.week] = report
            self._owed.update(owed)
            return True

    def frozen(self, week: IsoWeek) -> Report | None:
        """A week's report as it was frozen."""
        with self._alone:
            return self._reports.get(week)

    def frozen_weeks(self) -> tuple[IsoWeek, ...]:
        """The weeks that have a frozen report, in order."""
        with self._alone:
            return tuple(sorted(self._reports))

    def frozen_counts(self) -> tuple[FrozenCounts, ...]:
        """What each frozen week counts, oldest first."""
        with self._alone:
            return tuple(
                FrozenCounts.of(report)
                for _, report in sorted(self._reports.items(), key=lambda each: each[0])
            )

    def owe(self, mails: Collection[OwedMail]) -> None:
        """Owe more mails. No-op for those that are owed already, or were sent."""
        with self._alone:
            self._owed.update(mails)

    def unsent(self) -> tuple[OwedMail, ...]:
        """The mails that are still owed, in order."""
        with self._alone:
            return tuple(sorted(self._owed - self._sent.keys()))

    def mails(self, week: IsoWeek) -> dict[OwedMail, dt.datetime | None]:
        """When each mail of a week went out; `None` for a mail still owed."""
        with self._alone:
            return {mail: self._sent.get(mail) for mail in sorted(self._owed) if mail.week == week}

    def sent(self, mail: OwedMail, at: dt.datetime) -> None:
        """Record that an owed mail went out. No-op when that was recorded before."""
        aware(at)
        with self._alone:
            self._sent.setdefault(mail, at)
