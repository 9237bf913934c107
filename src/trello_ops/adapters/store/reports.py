"""Frozen reports and the mails owed about them, in SQL."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import RowMapping, select

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.rows import from_report
from trello_ops.adapters.store.workspace_tables import WorkspaceTables, same
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.history import FrozenCounts
from trello_ops.core.reporting.report import Report

_MAILS: Final = (
    select(schema.mails_owed, schema.mails_sent.c.sent_at)
    .outerjoin(schema.mails_sent, same(schema.mails_sent, schema.mails_owed, "week", "recipient", "kind"))
    .order_by(schema.mails_owed.c.recipient, schema.mails_owed.c.kind)
)
_UNSENT: Final = _MAILS.where(schema.mails_sent.c.week.is_(None))

# The database takes them out, so that no occurrence comes over or is parsed here.
_COUNTS: Final = select(
    schema.reports.c.week,
    schema.reports.c.report["totals"].label("totals"),
    schema.reports.c.report["boards"].label("boards"),
)


class SqlReports(WorkspaceTables):
    """`ports.ReportStore`."""

    def __init__(self, database: Database, workspace: str) -> None:
        super().__init__(database, workspace)
        self._counts: dict[IsoWeek, FrozenCounts] = {}

    def freeze(self, report: Report, owed: Collection[OwedMail]) -> bool:
        """Keep a week's report, and owe the mails about it; False when the week is already frozen."""
        return self._freeze(from_report(report), owed)

    def _freeze(self, row: Mapping[str, object], owed: Collection[OwedMail]) -> bool:
        with self._database.writing(self._workspace) as db:
            new = self._add(db, schema.reports, [row]) == 1
            if new:
                self._add(db, schema.mails_owed, [_named(mail) for mail in owed])
            return new

    def frozen(self, week: IsoWeek) -> Report | None:
        """A week's report as it was frozen."""
        found = self._frozen(week)
        return Report.from_dict(found) if found else None

    def _frozen(self, week: IsoWeek) -> Mapping[str, Any] | None:
        rows = self._rows(select(schema.reports).where(self._mine(schema.reports, week=str(week))))
        return rows[0]["report"] if rows else None

    def frozen_weeks(self) -> tuple[IsoWeek, ...]:
        """The weeks that have a frozen report, in order."""
        rows = self._rows(select(schema.reports.c.week).where(self._mine(schema.reports)))
        return tuple(sorted(IsoWeek.parse(row["week"]) for row in rows))

    def owe(self, mails: Collection[OwedMail]) -> None:
        """Owe more mails. No-op for those that are owed already, or were sent."""
        with self._database.writing(self._workspace) as db:
            self._add(db, schema.mails_owed, [_named(mail) for mail in mails])

    def frozen_counts(self) -> tuple[FrozenCounts, ...]:
        """What each frozen week counts, oldest first."""
        weeks = self.frozen_weeks()
        # No report is ever changed; of a long history, their text is hundreds of megabytes.
        if missing := [str(week) for week in weeks if week not in self._counts]:
            news = self._mine(schema.reports) & schema.reports.c.week.in_(missing)
            for row in self._rows(_COUNTS.where(news)):
                week = IsoWeek.parse(row["week"])
                self._counts[week] = FrozenCounts.from_dict(week, row["totals"], row["boards"])
        return tuple(self._counts[week] for week in weeks)

    def unsent(self) -> tuple[OwedMail, ...]:
        """The mails that are still owed, in order."""
        return tuple(sorted(map(to_mail, self._rows(_UNSENT.where(self._mine(schema.mails_owed))))))

    def mails(self, week: IsoWeek) -> dict[OwedMail, dt.datetime | None]:
        """When each mail of a week went out; `None` for a mail still owed."""
        rows = self._rows(_MAILS.where(self._mine(schema.mails_owed, week=str(week))))
        return {to_mail(row): row["sent_at"] for row in rows}

    def sent(self, mail: OwedMail, at: dt.datetime) -> None:
        """Record that an owed mail went out. No-op when that was recorded before."""
        with self._database.writing(self._workspace) as db:
            self._add(db, schema.mails_sent, [{**_named(mail), "sent_at": at}])


def _named(mail: OwedMail) -> dict[str, Any]:
    return {"week": str(mail.week), "recipient": mail.recipient, "kind": mail.kind}


def to_mail(row: RowMapping) -> OwedMail:
    """A mail from its row."""
    return OwedMail(IsoWeek.parse(row["week"]), row["recipient"], row["kind"])
