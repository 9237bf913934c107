"""What the next week brings: days off, absences, rare duties, slots that hold too much."""

import datetime as dt
from collections.abc import Iterator, Sequence

from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, DayOff
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import SkipKind
from trello_ops.core.declared import Slot, Workspace
from trello_ops.core.reporting.history import task_now
from trello_ops.core.reporting.lines import keys_now
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.tasks import is_rare

_DAY = dt.timedelta(days=1)


def coming(agenda: Agenda, week: IsoWeek) -> tuple[AgendaEntry, ...]:
    """What of an agenda falls due in a week and has to be done."""
    zone = agenda.workspace.timezone
    begin, end = week.begins_at(zone), week.next().begins_at(zone)
    return tuple(
        entry
        for entry in agenda.entries
        if entry.occurrence.skip is None and begin <= entry.occurrence.due < end
    )


def next_week(agenda: Agenda, week: IsoWeek) -> tuple[Notice, ...]:
    """What a week brings, by an agenda that holds all of its days: each kind in turn, by day."""
    return (
        *_days_off(agenda, week),
        *_absences(agenda.workspace, week),
        *_rare(agenda.workspace, coming(agenda, week)),
        *_overbooked(agenda, week),
    )


def _days_off(agenda: Agenda, week: IsoWeek) -> Iterator[Notice]:
    """Holidays and closures; days of one name that follow each other are one."""
    stretches: list[list[DayOff]] = []
    days = [each for each in agenda.days_off if week.monday <= each.date <= week.sunday]
    # As they come, closures of one day alternate where boards are closed together.
    for day in sorted(days, key=lambda each: (_of(each), each.name, each.date)):
        last = stretches[-1][-1] if stretches else None
        if last and (_of(last), last.name) == (_of(day), day.name) and last.date + _DAY == day.date:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    for days in sorted(stretches, key=lambda days: (days[0].date, *_of(days[0]))):
        yield Notice(
            Why.HOLIDAY if days[0].kind is SkipKind.HOLIDAY else Why.CLOSURE,
            board=days[0].board.key if days[0].board else "",
            title=days[0].name,
            first=days[0].date,
            last=days[-1].date,
            estimated=any(day.estimated for day in days),
        )


def _of(day: DayOff) -> tuple[bool, str]:
    return day.kind is not SkipKind.HOLIDAY, day.board.key if day.board else ""


def _absences(workspace: Workspace, week: IsoWeek) -> Iterator[Notice]:
    """Who is away, on which days of the week, and who stands in; why is nobody's business."""
    for person in workspace.people:
        for absence in person.absences:
            first, last = max(absence.first, week.monday), min(absence.last, week.sunday)
            stand_in = workspace.person(absence.stand_in)
            if first <= last:
                who = (stand_in.name,) if stand_in else ()
                yield Notice(Why.ABSENCE, title=person.name, first=first, last=last, who=who)


def _rare(workspace: Workspace, entries: Sequence[AgendaEntry]) -> Iterator[Notice]:
    for entry in entries:
        one = entry.occurrence
        board, task = keys_now(workspace, one)
        if is_rare(workspace, *task_now(workspace, one.key)):
            due = one.due.astimezone(workspace.timezone).date()
            yield Notice(Why.RARE, str(one.key), board, task, one.title, first=due, last=due, who=entry.names)


def _overbooked(agenda: Agenda, week: IsoWeek) -> Iterator[Notice]:
    """Slots in which somebody has more than fits: so many minutes of those that it lasts."""
    slots = {slot.key: slot for slot in agenda.workspace.slots}
    for each in sorted(agenda.overbooked, key=lambda each: (each.day, each.slot, each.person)):
        if each.slot in slots and week.monday <= each.day <= week.sunday:
            person = agenda.workspace.person(each.person)
            of = _minutes(slots[each.slot])
            yield Notice(
                Why.OVERBOOKED,
                title=each.slot,
                count=of + each.minutes,
                of=of,
                first=each.day,
                last=each.day,
                who=(person.name,) if person else (),
            )


def _minutes(slot: Slot) -> int:
    # By the clock on the wall, as its times are declared.
    lasts = dt.datetime.combine(dt.date.min, slot.ends) - dt.datetime.combine(dt.date.min, slot.begins)
    return lasts // dt.timedelta(minutes=1)
