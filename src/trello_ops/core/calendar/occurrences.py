"""From tasks and windows of time to occurrences."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from trello_ops.core.cadence import Span
from trello_ops.core.calendar import course
from trello_ops.core.calendar.absences import Assignment
from trello_ops.core.calendar.belated import put_off
from trello_ops.core.calendar.bounds import FIRST_DATE
from trello_ops.core.calendar.course import excused, timetable
from trello_ops.core.calendar.recurrence import (
    LONGEST_OFFSET,
    LONGEST_PERIOD,
    ONCE,
    longest_period,
    period_of,
)
from trello_ops.core.calendar.rotation import LastTurn
from trello_ops.core.calendar.staffing import assigned
from trello_ops.core.calendar.timetable import Planned
from trello_ops.core.calendar.week import instant
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.people import Person, WhenAbsent

_DAY = dt.timedelta(days=1)
_BY_DUE = attrgetter("due")
_LONGEST_REST = 10 * LONGEST_PERIOD

RELEASE_REACH = LONGEST_OFFSET + 2 * LONGEST_PERIOD + 2 * _DAY
"""How long before its date, at 0:00 UTC, an occurrence can have been released at most, whatever was declared.

The offset counts from the date of its recurrence. Where that was taken, the occurrence bears a date up to two
periods later (`_date`). A zone is up to 14 hours ahead, and its clocks may skip a whole day.
"""


def occurrences(
    workspace: Workspace,
    board: Board,
    task: Task,
    since: dt.datetime,
    until: dt.datetime,
    *,
    last: LastTurn | None = None,
) -> tuple[Occurrence, ...]:
    """The occurrences of a task due after `since` and released by `until`, by due.

    Those that nobody has to do are among them; their `skip` says why. A round of people goes on after `last`,
    whom the ledger last has; else it begins when it was declared to.
    """
    found = course.between(workspace, board, task, since, until)
    return _occurrences(workspace, board, task, found, last)


def belated(workspace: Workspace, board: Board, task: Task, now: dt.datetime) -> tuple[Occurrence, ...]:
    """What a task owes at once because its counted day is over, if it was never given out; at most one."""
    found = put_off(workspace, board, task, now)
    return _occurrences(workspace, board, task, [found]) if found else ()


def on_days(
    workspace: Workspace, board: Board, task: Task, days: Span, *, last: LastTurn | None = None
) -> tuple[Occurrence, ...]:
    """The occurrences of a task whose day (after moving) is one of these, by due; otherwise likewise."""
    found = course.on_days(workspace, board, task, days.first, days.last)
    return _occurrences(workspace, board, task, found, last)


def given_out(
    workspace: Workspace, board: Board, task: Task, found: Sequence[Occurrence], *, last: LastTurn | None
) -> tuple[Occurrence, ...]:
    """The same occurrences of a task, in their order, but given to those whose turns they are."""
    if not found:
        return ()
    # A microsecond earlier, since `occurrences` leaves out what is due exactly at `since`.
    since = min(each.due for each in found) - dt.timedelta.resolution
    until = max(each.release for each in found)
    given = {each.key: each for each in occurrences(workspace, board, task, since, until, last=last)}
    return tuple(given.get(each.key, each) for each in found)


def next_occurrence(workspace: Workspace, board: Board, task: Task, day: dt.date) -> Occurrence | None:
    """The first occurrence that somebody has to do and whose nominal day is `day` or later.

    `None` also where all are excused for so many years that nobody waits for it.
    """
    times = timetable(workspace, board, task)
    coming = _still_owed(task, excused(workspace, board, task, times.first_from(day)))
    found = _first_to_do(coming)
    made = _occurrences(workspace, board, task, [found]) if found else ()
    return made[0] if made else None


def previous_occurrence(workspace: Workspace, board: Board, task: Task, day: dt.date) -> Occurrence | None:
    """The last occurrence that somebody has to do and whose nominal day is before `day`.

    `None` also where it is so long ago that nobody looks for it.
    """
    times, step = timetable(workspace, board, task), longest_period(task.cadence)
    for back in (2 * step, 20 * step):
        first = max(FIRST_DATE, day - back)
        coming = _still_owed(task, excused(workspace, board, task, times.nominal(first, day - _DAY)))
        found = [each for each in coming if each.skip is None]
        if found:
            return _occurrences(workspace, board, task, found[-1:])[0]
    return None


def _first_to_do(coming: Iterable[Planned]) -> Planned | None:
    first: dt.date | None = None
    for each in coming:
        if each.skip is None:
            return each
        first = first or each.nominal_day
        # Whoever puts a task to rest for good lets a pause, or a closure, end far ahead.
        if each.nominal_day - first > _LONGEST_REST:
            break
    return None


def occurrence_named(
    workspace: Workspace, board: Board, task: Task, recorded: Occurrence, period: str
) -> Occurrence | None:
    """What the task makes now of a recorded occurrence, whose date named such a period then.

    `None` where it names that one no more. Whose turn it is stays as it was recorded.
    """
    same = planned_again(workspace, board, task, recorded, period)
    if same is None:
        return None
    maker = _Maker(workspace, board, task)
    if task.round is None:
        (who,) = assigned(workspace, board, task, [same])
        return maker.occurrence(same, who)
    who = Assignment(recorded.assignees, recorded.turn, recorded.absent, recorded.nobody_left)
    return replace(maker.occurrence(same, who), people=recorded.people)


def planned_again(
    workspace: Workspace, board: Board, task: Task, recorded: Occurrence, period: str
) -> Planned | None:
    """What the task plans now of a recorded occurrence, likewise; its `skip` does not tell of absences."""
    # As far as the day of a recurrence can lie from the date that names it.
    around = longest_period(task.cadence) + LONGEST_OFFSET
    near = recorded.nominal_day - around, recorded.nominal_day + around
    once = period == ONCE == period_of(task.cadence)
    if once:  # it is that one however far it was moved
        near = task.cadence.dates[0], task.cadence.dates[-1]
    found = tuple(timetable(workspace, board, task).nominal(*near))
    of_period = (each for each in found if once or each.recurrence.date == recorded.key.date)
    same = next(of_period, None) if period == period_of(task.cadence) else None
    same = same or next((each for each in found if each.nominal_day == recorded.nominal_day), None)
    return next(excused(workspace, board, task, [same])) if same else None


def _occurrences(
    workspace: Workspace, board: Board, task: Task, found: Iterable[Planned], last: LastTurn | None = None
) -> tuple[Occurrence, ...]:
    # In the order of dates, which dues keep, but for days that were moved past each other.
    owed = sorted(_still_owed(task, found), key=_BY_DUE)
    maker = _Maker(workspace, board, task)
    return tuple(map(maker.occurrence, owed, assigned(workspace, board, task, owed, last=last)))


def _still_owed(task: Task, found: Iterable[Planned]) -> Iterator[Planned]:
    """Without those that an occurrence under another key, or of another rhythm, serves already."""
    if not task.carried:
        yield from found
        return
    period = period_of(task.cadence)
    # It comes once, whatever day it bears, so that there is no other.
    if period == ONCE and any(each.period == ONCE for each in task.carried):
        return
    dates = {each.date for each in task.carried if each.period == period and not each.own}
    days = {each.day for each in task.carried if each.period != period}
    yield from (each for each in found if each.recurrence.date not in dates and each.nominal_day not in days)


class _Maker:
    """Makes a task's occurrences of what is planned; what they have in common is looked up once."""

    def __init__(self, workspace: Workspace, board: Board, task: Task) -> None:
        self.workspace, self.board, self.task = workspace, board, task
        self._times = timetable(workspace, board, task)
        theme = workspace.theme(task.theme)
        self._theme_title = theme.title if theme else task.theme
        self._slot = next((slot for slot in workspace.slots if slot.key == task.slot), None)
        self._people: dict[tuple[str, ...], tuple[Person, ...]] = {}
        period = period_of(task.cadence)
        self._taken = {each.date: each.day for each in task.carried if each.period != period and each.own}

    def occurrence(self, planned: Planned, who: Assignment) -> Occurrence:
        recurrence, task, zone = planned.recurrence, self.task, self.task.cadence.timezone
        begins = self._slot.begins if self._slot else None
        skip = planned.skip
        if who.nobody_left and skip is None and task.when_absent is WhenAbsent.EXCUSE:
            skip = Skip(SkipKind.ABSENCE, who.away)
        return Occurrence(
            key=OccurrenceKey(self.board.key, task.key, self._date(planned)),
            board_title=self.board.title,
            title=task.title,
            theme=task.theme,
            theme_title=self._theme_title,
            assignees=who.assignees,
            day=planned.day,
            release=planned.release,
            due=planned.due,
            sequence=self._times.sequence(recurrence),
            complete_when=task.complete_when,
            requires=task.requires,
            people=self._frozen(who.assignees),
            nominal=recurrence.day if recurrence.day != planned.day else None,
            moved=planned.moved,
            start=instant(planned.day, begins, zone) if begins else None,
            skip=skip,
            turn=who.turn,
            absent=who.absent,
        )

    def _frozen(self, keys: tuple[str, ...]) -> tuple[Person, ...]:
        if keys not in self._people:
            found = filter(None, map(self.workspace.person, keys))
            # What somebody was called before is not the card's, nor when they are away.
            self._people[keys] = tuple(Person(each.key, each.username, each.name) for each in found)
        return self._people[keys]

    def _date(self, planned: Planned) -> dt.date:
        """The recurrence's date; another, where an occurrence of another rhythm took that.

        It is then the nominal day; or, if that is what was taken, the day of the other, which needs none.
        """
        date, day = planned.recurrence.date, planned.recurrence.day
        return self._taken.get(day, day) if date in self._taken else date


def gave_way(task: Task, occurrence: Occurrence) -> dt.datetime | None:
    """The local time, skipped by the clocks, before which the card appears; `None` elsewhere."""
    local = occurrence.release.astimezone(task.cadence.timezone).replace(tzinfo=None)
    declared = dt.datetime.combine(local, task.cadence.release.time)
    earlier = (declared - local) % _DAY
    # Skipped times that move forward are later by no more than half a day, as no gap is longer.
    return local + earlier if dt.timedelta() < earlier < _DAY / 2 else None
