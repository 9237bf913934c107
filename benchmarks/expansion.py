"""Expanding the calendar of 10,000 tasks over a year: holidays, moved days, rounds of people.

    python benchmarks/expansion.py [TASKS]

The peers do the same with plain `dateutil.rrule` and the `holidays` library, task by task: one asks for a
calendar of its own for each task, the other is given one that all tasks share. All find the same days, dues
and people, which is checked first with fewer tasks. What each takes is measured in a process of its own:
seconds of the processor, and resident megabytes at the peak.
"""

import datetime as dt
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
from dateutil import rrule

from trello_ops.core.cadence import Cadence, DayTime, Frequency, OnDayOff, Span
from trello_ops.core.calendar import course
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.staffing import assigned
from trello_ops.core.days_off import Holiday, Holidays
from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.people import Person, Round

YEAR = 2027
ZONE = ZoneInfo("Africa/Casablanca")
FIRST, END = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
SIX_DAYS = (1, 2, 3, 4, 5, 6)
PEOPLE = ("amal", "karim", "nadia", "salma")
MIX = ("daily",) * 7 + ("weekly",) * 10 + ("monthly",) * 12
"""The rhythms of the sample shop's 29 tasks."""

_DAY = dt.timedelta(days=1)
_Turn = tuple[dt.date, dt.datetime, str]
"""Day, due, and who does it, of what is not skipped."""


def tasks(count: int) -> Iterator[Task]:
    """Tasks of the shop's rhythms, due at every quarter of an hour; each fourth has a round."""
    for n in range(count):
        frequency, quarter = Frequency(MIX[n % len(MIX)]), n // len(MIX) % 40
        on = {Frequency.DAILY: SIX_DAYS, Frequency.WEEKLY: (n % 6 + 1,), Frequency.MONTHLY: (n % 28 + 1,)}
        policy = OnDayOff.SKIP if frequency is Frequency.DAILY else OnDayOff.PREVIOUS
        due = DayTime(dt.time(8 + quarter // 4, quarter % 4 * 15))
        cadence = Cadence(frequency, on[frequency], due, ZONE, on_day_off=policy)
        round_ = Round(PEOPLE, FIRST) if n % 4 == 0 else None
        people = () if round_ else (PEOPLE[n % 4],)
        yield Task(f"task-{n}", f"Task {n}", "shop", "task.md", cadence, people, round=round_)


def workspace(count: int) -> Workspace:
    """All tasks on one board of a shop in Morocco."""
    known = {
        day: Holiday(name)
        for day, name in holidays.country_holidays("MA", years=(YEAR - 1, YEAR, YEAR + 1)).items()
    }
    board = Board("all", "All", Frequency.DAILY, (), tuple(tasks(count)), ZONE, working_days=SIX_DAYS)
    return Workspace(
        key="bench",
        name="Bench",
        trello_workspace="bench",
        locale="fr",
        timezone=ZONE,
        people=tuple(Person(key, key, key.title()) for key in PEOPLE),
        themes=(Theme("shop", "Shop", "green"),),
        excused=Theme("excused", "Excused", "black"),
        report=ReportPolicy(()),
        boards=(board,),
        holidays=Holidays(known=known),
    )


def ours(count: int) -> Iterator[list[_Turn]]:
    """The program itself."""
    shop = workspace(count)
    (board,) = shop.boards
    for task in board.tasks:
        found = [each for each in course.on_days(shop, board, task, FIRST, END) if each.skip is None]
        who = assigned(shop, board, task, found)
        yield [(each.day, each.due, its.assignees[0]) for each, its in zip(found, who, strict=True)]


def as_occurrences(count: int) -> Iterator[list[_Turn]]:
    """The program, up to what its ledger would freeze of each: titles, people, when it counts as done."""
    shop = workspace(count)
    (board,) = shop.boards
    for task in board.tasks:
        made = on_days(shop, board, task, Span(FIRST, END))
        yield [(each.day, each.due, each.assignees[0]) for each in made if each.skip is None]


# ---- the peers --------------------------------------------------------------------------------------


def own_calendars(count: int) -> Iterator[list[_Turn]]:
    """`dateutil.rrule` and a calendar of holidays for each task."""
    for task in tasks(count):
        yield _by_libraries(task, holidays.country_holidays("MA", years=(YEAR - 1, YEAR, YEAR + 1)))


def shared_calendar(count: int) -> Iterator[list[_Turn]]:
    """`dateutil.rrule` and one calendar of holidays, which the peer has been given."""
    calendar = holidays.country_holidays("MA", years=(YEAR - 1, YEAR, YEAR + 1))
    for task in tasks(count):
        yield _by_libraries(task, calendar)


def _by_libraries(task: Task, calendar: holidays.HolidayBase) -> list[_Turn]:
    cadence, found = task.cadence, list[_Turn]()
    skips = cadence.on_day_off is OnDayOff.SKIP
    people = cycle(task.round.people if task.round else task.assignees)
    for nominal in _rule(cadence):
        day = nominal.date()
        off = day in calendar or day.isoweekday() not in SIX_DAYS
        if off and skips:
            continue
        while off:
            day -= _DAY
            off = day in calendar or day.isoweekday() not in SIX_DAYS
        due = dt.datetime.combine(day, cadence.due.time, ZONE).astimezone(dt.UTC)
        if day <= END:
            found.append((day, due, next(people)))
    return [each for each in found if each[0] >= FIRST]


def _rule(cadence: Cadence) -> rrule.rrule:
    # A week more, for what is moved back into the year.
    until = dt.datetime.combine(END + 31 * _DAY, dt.time())
    start = dt.datetime.combine(FIRST, dt.time())
    if cadence.frequency is Frequency.MONTHLY:
        return rrule.rrule(rrule.MONTHLY, dtstart=start, until=until, bymonthday=cadence.on)
    weekdays = [on - 1 for on in cadence.on]
    return rrule.rrule(rrule.WEEKLY, dtstart=start, until=until, byweekday=weekdays)


# ---- measuring --------------------------------------------------------------------------------------


class Taken(NamedTuple):
    """What finding so many turns took: seconds of the processor, megabytes before and at the peak."""

    turns: int
    seconds: float
    before: float
    peak: float


CONTENDERS: dict[str, Callable[[int], Iterator[list[_Turn]]]] = {
    "trello-ops": ours,
    "trello-ops, as occurrences": as_occurrences,
    "rrule + holidays, per task": own_calendars,
    "rrule + holidays, shared": shared_calendar,
}
FEW = 5 * len(MIX)


def main(count: int) -> None:
    """Check that all agree, then print what each takes and how it compares with the first."""
    first, *others = (list(expand(FEW)) for expand in CONTENDERS.values())
    assert all(other == first for other in others), "they do not find the same"
    print(f"{count} tasks over {YEAR}     seconds     ×  turns/s  peak MB  of it added")
    taken = {name: _apart(name, count) for name in CONTENDERS}
    assert len({each.turns for each in taken.values()}) == 1, taken
    fastest = taken["trello-ops"].seconds
    for name, each in taken.items():
        print(
            f"{name:26} {each.seconds:8.2f} {each.seconds / fastest:5.1f} {each.turns / each.seconds:8.0f}"
            f" {each.peak:8.0f} {each.peak - each.before:12.0f}"
        )


def _apart(name: str, count: int) -> Taken:
    """In a process of its own, so that nobody profits or suffers from what another left in memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (name, count))


def measure(name: str, count: int) -> Taken:
    """Expand, keeping no turns."""
    before, begun = _peak(), time.process_time()
    turns = sum(map(len, CONTENDERS[name](count)))
    return Taken(turns, time.process_time() - begun, before, _peak())


def _peak() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
