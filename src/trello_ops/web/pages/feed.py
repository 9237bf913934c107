"""What a calendar program that subscribes is given."""

import datetime as dt
from typing import Final

from trello_ops.core.cadence import Span
from trello_ops.operations.calendar import calendar
from trello_ops.render.calendar_ics import ics
from trello_ops.web.visit import Answer, Visit, everybody

MAY = everybody

_MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_BACK: Final = dt.timedelta(weeks=4)
_AHEAD: Final = dt.timedelta(days=366)


def view(visit: Visit) -> Answer:
    """What was due in the last four weeks, and what comes within a year."""
    today = visit.context.clock.now().astimezone(visit.context.workspace.timezone).date()
    found = calendar(visit.context, Span(today - _BACK, today + _AHEAD), visit.choice)
    return Answer(ics(found, visit.translator).encode(), _MEDIA_TYPE)
