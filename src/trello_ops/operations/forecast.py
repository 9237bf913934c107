"""The forecast: each person's own coming week, by mail on its Monday."""

import datetime as dt

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, Choice
from trello_ops.core.calendar.week import IsoWeek, instant
from trello_ops.core.declared import Workspace
from trello_ops.core.mails import FORECAST, OwedMail
from trello_ops.core.people import Person
from trello_ops.operations.calendar import calendar
from trello_ops.operations.context import Context
from trello_ops.ports import Mail

_DAYS = dt.timedelta(days=2)
"""A forecast is sent on its Monday or the day after: later it would tell of days that are over."""


def is_timely(workspace: Workspace, week: IsoWeek, now: dt.datetime) -> bool:
    """Whether a week's forecast may go out now: from when the week before closes until Tuesday is over."""
    zone, closes = workspace.timezone, workspace.report.closes_at
    ends = instant(week.monday + _DAYS, dt.time(0), zone)
    return week.previous().closes_at(zone, closes) <= now < ends


def owe_forecasts(context: Context) -> None:
    """Owe the running week's forecasts, once: to everybody with an address who has something to do in it."""
    workspace, now = context.workspace, context.clock.now()
    week = IsoWeek.at(now, workspace.timezone)
    if not workspace.report.forecast or not is_timely(workspace, week, now):
        return
    if any(mail.kind == FORECAST for mail in context.store.mails(week)):
        return
    busy = {
        key
        for entry in _agenda(context, week).entries
        if _is_to_do(entry)
        for key in entry.occurrence.assignees
    }
    addresses = {person.email for person in context.workspace.people if person.email and person.key in busy}
    context.store.owe([OwedMail(week, address, FORECAST) for address in sorted(addresses)])


def forecast(context: Context, mail: OwedMail) -> Mail | None:
    """The mail of a forecast, as things are now; `None` where nothing is to be done any more."""
    people = [person for person in context.workspace.people if person.email == mail.recipient]
    weeks = [(person, _agenda(context, mail.week, person)) for person in people]
    busy = [(person, agenda) for person, agenda in weeks if any(map(_is_to_do, agenda.entries))]
    return context.render_forecast(busy, mail) if busy else None


def _agenda(context: Context, week: IsoWeek, person: Person | None = None) -> Agenda:
    days = Span(week.monday, week.monday + dt.timedelta(days=6))
    return calendar(context, days, Choice(person=person.key if person else ""))


def _is_to_do(entry: AgendaEntry) -> bool:
    return entry.occurrence.skip is None
