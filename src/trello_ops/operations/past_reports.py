"""The weeks that have a frozen report, and what is still owed of each."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.standing import Signal, WeekCount
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import owed_mails


@dataclass(frozen=True, slots=True)
class PastReport:
    """A frozen report in short: what it counts and says, and how many of its mails went out or are owed."""

    week: IsoWeek
    frozen_at: dt.datetime
    count: WeekCount
    signal: Signal
    mails_sent: int
    mails_owed: int


def past_reports(context: Context) -> Iterator[PastReport]:
    """Every frozen report, newest first; one of them is in memory at a time."""
    store, owed = context.store, [mail.week for mail in owed_mails(context)]
    for week in reversed(store.frozen_weeks()):
        report = store.frozen(week)
        if report and report.frozen_at:
            yield PastReport(
                week,
                report.frozen_at,
                report.totals.of_week(week),
                report.standing.signal,
                sum(at is not None for at in store.mails(week).values()),
                owed.count(week),
            )
