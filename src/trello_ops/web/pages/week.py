"""This week: the running week as its report would show it now; to a person, what is theirs."""

from typing import Final

from trello_ops.core.reporting.report import Report
from trello_ops.operations.report import account, around, running_week
from trello_ops.web.pages import calendar
from trello_ops.web.reported import seen, shown
from trello_ops.web.visit import Answer, Visit, everybody

MAY = everybody

_PATH: Final = "/"
_AROUND, _WHOLE = 3600.0, 5.0
"""Seconds for which is kept what the weeks around make of this one, most of the work and hardly news; and the
account of all boards, of which every visitor sees a part."""


def view(visit: Visit) -> Answer:
    """The provisional account of the running week, and when it was made."""
    if visit.choice.person:
        return calendar.view(visit)
    context, t = visit.context, visit.translator
    report = _account(visit)
    time = t.time(context.clock.now(), context.workspace.timezone)
    return shown(visit, _PATH, seen(visit, report), t.gettext("As of %(time)s", time=time))


def _account(visit: Visit) -> Report:
    """Of all boards, for every visitor of these seconds."""
    context = visit.context
    week, frozen = running_week(context), context.store.frozen_weeks()[-1:]
    asked = ("account", week, frozen, context.runtime.comparison_cache)  # which is new for edited files
    known = visit.kept.get((*asked, "around"), _AROUND, lambda: around(context, week))
    found: Report = visit.kept.get(asked, _WHOLE, lambda: account(context, week, known))
    return found
