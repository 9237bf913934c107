"""What comes: four weeks, of all or of one board or person."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.escape import one_line
from trello_ops.operations.calendar import calendar
from trello_ops.render import calendar_page
from trello_ops.render.site import Nav, document
from trello_ops.web.visit import Answer, NotHere, Visit, everybody

MAY = everybody

_PATH: Final = "/calendar"
_SHOWN: Final = dt.timedelta(weeks=4)
_DAY: Final = dt.timedelta(days=1)


def view(visit: Visit) -> Answer:
    """Four weeks from the Monday of `?from=`, or of this week, with links to those before and after."""
    zone = visit.context.workspace.timezone
    today = visit.context.clock.now().astimezone(zone).date()
    monday = IsoWeek.of(visit.day("from") or today).monday
    chosen = _chosen(visit)
    found = calendar(visit.context, Span(monday, monday + _SHOWN - _DAY), chosen)
    t = visit.translator
    return Answer.page(
        document(
            "calendar.html.j2",
            visit.frame(_PATH, t.gettext("Calendar")),
            page=calendar_page.page(found, t),
            today=today,
            others=tuple(_others(visit, monday, chosen)),
            choices=tuple(_choices(visit, chosen)) if visit.choice == EVERYTHING else (),
        )
    )


def _chosen(visit: Visit) -> Choice:
    """What of all that the visitor may see is asked for: everything, or one board or person."""
    workspace = visit.context.workspace
    board, person = visit.asked.get("board", ""), visit.asked.get("person", "")
    if not (board or person):
        return visit.choice
    named = workspace.board(board), workspace.person(person)
    if visit.choice != EVERYTHING or (board and not named[0]) or (person and not named[1]):
        raise NotHere
    return Choice(board=named[0].key if named[0] else "", person=named[1].key if named[1] else "")


def _others(visit: Visit, monday: dt.date, chosen: Choice) -> Iterator[Nav]:
    t = visit.translator
    for first, title in ((monday - _SHOWN, t.gettext("← Earlier")), (monday + _SHOWN, t.gettext("Later →"))):
        if first >= FIRST_DATE and first + _SHOWN <= LAST_DATE:
            yield Nav(_address(visit, chosen, first), title, here=False)


def _choices(visit: Visit, chosen: Choice) -> Iterator[Nav]:
    """Everything, each board, each person, from the same day on."""
    workspace, first = visit.context.workspace, visit.day("from")
    named = [
        (EVERYTHING, visit.translator.gettext("Everything")),
        *((Choice(board=each.key), one_line(each.title)) for each in workspace.boards),
        *((Choice(person=each.key), one_line(each.name)) for each in workspace.people),
    ]
    for choice, title in named:
        yield Nav(_address(visit, choice, first), title, choice == chosen)


def _address(visit: Visit, chosen: Choice, first: dt.date | None) -> str:
    # Of a visitor who may see but one thing, that is not said: whoever has the address sees what is theirs.
    choice = chosen if visit.choice == EVERYTHING else EVERYTHING
    asked = {"board": choice.board, "person": choice.person, "from": first.isoformat() if first else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return visit.base + _PATH + (f"?{query}" if query else "")
