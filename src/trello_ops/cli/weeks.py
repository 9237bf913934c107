"""The week that somebody names."""

from trello_ops.cli.options import Parsed
from trello_ops.core.calendar.bounds import FIRST_DATE
from trello_ops.core.calendar.week import IsoWeek, last_close
from trello_ops.operations.context import Context
from trello_ops.operations.report import running_week

_LAST = "last"
WEEK = Parsed(
    "a week",
    lambda name: name if name == _LAST else IsoWeek.parse(name),
    f"2026-W47, or `{_LAST}`",
    lambda week: FIRST_DATE if week == _LAST else week.monday,
)
"""A week such as 2026-W47, or `last` for the one that closed last."""


def meant(context: Context, week: IsoWeek | str | None) -> IsoWeek:
    """The week that a value of `WEEK` means; the running week without one."""
    if isinstance(week, IsoWeek):
        return week
    if week is None:
        return running_week(context)
    # A week closes on the Monday after it, so at its close another week has begun.
    now, zone = context.clock.now(), context.workspace.timezone
    return IsoWeek.at(last_close(now, zone, context.workspace.report.closes_at), zone).previous()
