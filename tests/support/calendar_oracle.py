"""An independent judge of calendars: what a task plans, day by day, as the words of a board file have it.

It shares no code with trello_ops, and knows no windows, months or caches: it looks at each day on its own and
asks whether it is named. Rules of RFC 5545 are left to `dateutil`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "second last": -2}
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}

Dates = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Words:
    """What a board file says of a task. `on` holds words, or days of the month; dates for `once`."""

    cadence: str
    on: tuple[str | int | dt.date, ...]
    zone: str = "UTC"
    month: int = 1
    anchor: dt.date = dt.date(2026, 1, 1)
    without: tuple[str | dt.date | Dates, ...] = ()
    start: dt.date | None = None
    until: dt.date | None = None
    on_day_off: str = "keep"
    due: tuple[dt.time, int, int] = (dt.time(17), 0, 0)  # time, days, working days
    release: tuple[dt.time, int] = (dt.time(0), 0)
    pauses: tuple[Dates, ...] = ()
    working_days: tuple[str, ...] = ()
    holidays: frozenset[dt.date] = field(default_factory=frozenset)
    closures: tuple[Dates, ...] = ()


class Foreseen(NamedTuple):
    """What is planned. `why` is the kind for which it was moved or, where `skipped`, is not done.

    `release` is `None` where nothing plain can be said of it but that it comes before due.
    """

    date: dt.date
    nominal: dt.date
    day: dt.date
    due: dt.datetime
    release: dt.datetime | None
    skipped: bool
    why: str


def foreseen(said: Words, first: dt.date, last: dt.date, covering: Sequence[Foreseen] = ()) -> list[Foreseen]:
    """What has its nominal day in first … last; `covering` is what the task is part of."""
    found = []
    for day in _each(first, last):
        named = _named(said, day)
        if named and not _left_out(said, day):
            found.append(_plan(said, day, covering, lacks=named == "lacks"))
    return found


def _each(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += DAY


# ---- which days are named ---------------------------------------------------------------------------


def _named(said: Words, day: dt.date) -> str:
    """Empty, `named`, or `lacks`: the day stands for one that its month lacks."""
    if said.cadence == "once":
        return "named" if day in said.on else ""
    if said.cadence in ("daily", "weekly", "biweekly"):
        counts = said.cadence != "biweekly" or (_monday(day) - _monday(said.anchor)).days % 14 == 0
        return "named" if counts and _weekday(day) in said.on else ""
    if (day.month - 1) % MONTHS[said.cadence] != said.month - 1:
        return ""
    month = [each for each in _each(day.replace(day=1), day + 40 * DAY) if each.month == day.month]
    month = [each for each in month if each.year == day.year]
    meant = [_meant(said, word, month) for word in said.on]
    if day in meant:
        return "named"
    return "lacks" if None in meant and day == month[-1] else ""


def _meant(said: Words, word: object, month: list[dt.date]) -> dt.date | None:
    """The day of a month that a word means."""
    if isinstance(word, int):
        return month[min(word, len(month)) - 1]
    if word == "last":
        return month[-1]
    place, kind = _split(str(word))
    these = [each for each in month if (off(said, each) is None if kind == "" else _weekday(each) == kind)]
    number = PLACES[place]
    if len(these) < abs(number):
        return None
    return these[number - 1] if number > 0 else these[number]


def _split(word: str) -> tuple[str, str]:
    """`second last working day` → `second last` and nothing; `first monday` → `first`, `monday`."""
    if word.endswith(" working day"):
        return word.removesuffix(" working day"), ""
    place, _, weekday = word.rpartition(" ")
    return place, weekday


def _left_out(said: Words, day: dt.date) -> bool:
    if (said.start and day < said.start) or (said.until and day > said.until):
        return True
    return any(
        each[0] <= day <= each[1] if isinstance(each, tuple) else each in (_weekday(day), day)
        for each in said.without
    )


def _weekday(day: dt.date) -> str:
    return WEEKDAYS[day.weekday()]


def _monday(day: dt.date) -> dt.date:
    while day.weekday():
        day -= DAY
    return day


# ---- identity ---------------------------------------------------------------------------------------


def _period(said: Words, nominal: dt.date) -> list[dt.date]:
    """The days of the period that the occurrence's date names; that day alone, where it names a day."""
    if said.cadence in ("daily", "once") or len(said.on) > 1:
        return [nominal]
    if said.cadence in ("weekly", "biweekly"):
        length = 7 if said.cadence == "weekly" else 14
        return list(_each(_monday(nominal), _monday(nominal) + (length - 1) * DAY))
    first = nominal.replace(day=1)
    while (first.month - 1) % MONTHS[said.cadence]:
        first = (first - DAY).replace(day=1)
    days, months = [], set[int]()
    for each in _each(first, first + 366 * DAY):
        months.add(12 * each.year + each.month)
        if len(months) > MONTHS[said.cadence]:
            break
        days.append(each)
    return days


# ---- days off ---------------------------------------------------------------------------------------


def off(said: Words, day: dt.date) -> str | None:
    """Why a day is not worked."""
    if any(first <= day <= last for first, last in said.closures):
        return "closure"
    if day in said.holidays:
        return "holiday"
    return "weekday" if said.working_days and _weekday(day) not in said.working_days else None


def _plan(said: Words, nominal: dt.date, covering: Sequence[Foreseen], *, lacks: bool) -> Foreseen:
    period = _period(said, nominal)
    reasons = []
    if any(first <= nominal <= last for first, last in said.pauses):
        reasons.append("pause")
    if said.on_day_off == "skip" and (why := off(said, nominal)):
        reasons.append(why)
    if lacks:
        reasons.append("no_day")
    if any(each.nominal in period and not each.skipped for each in covering):
        reasons.append("covered")
    day, why = nominal, reasons[0] if reasons else ""
    if not reasons and said.on_day_off in ("previous", "next") and (moved := off(said, nominal)):
        why = moved
        while off(said, day):
            day += DAY if said.on_day_off == "next" else -DAY
    due = _due(said, day)
    return Foreseen(
        period[0], nominal, day, due, _release(said, period, nominal, day, due), bool(reasons), why
    )


# ---- instants ---------------------------------------------------------------------------------------


def _at(said: Words, day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=ZoneInfo(said.zone)).astimezone(dt.UTC)


def _due(said: Words, day: dt.date) -> dt.datetime:
    time, days, working_days = said.due
    day += days * DAY
    while working_days:
        day += DAY
        working_days -= off(said, day) is None
    return _at(said, day, time)


def _release(
    said: Words, period: list[dt.date], nominal: dt.date, day: dt.date, due: dt.datetime
) -> dt.datetime | None:
    time, days = said.release
    moved = day - nominal
    if len(period) == 1:  # counted from the day
        found = _at(said, nominal + moved + days * DAY, time)
        return found if found < due else None
    base = period[0] if said.cadence in ("weekly", "biweekly") else nominal.replace(day=1)
    for after in (0 * DAY, moved):
        found = _at(said, base + after + days * DAY, time)
        if found < due:
            return found
    return None


# ---- people -----------------------------------------------------------------------------------------

Away = Callable[[str, dt.date], bool]


def assigned(people: Sequence[str], stand_ins: dict[str, str], away: Away, day: dt.date) -> list[str]:
    """Who of those named has something on a day, each once."""
    found = []
    for person in people:
        asked = [person]
        while away(asked[-1], day):
            following = stand_ins.get(asked[-1], "")
            if not following or following in asked:
                break
            asked.append(following)
        if not away(asked[-1], day) and asked[-1] not in found:
            found.append(asked[-1])
    return found


def by_turns(people: Sequence[str], by: str, days: Iterable[dt.date], away: Away) -> list[str]:
    """Who takes each of a round's days, which come in order; empty where everybody is away."""
    found, following = [], 0

    def first_on(days: Sequence[dt.date], after: int) -> int | None:
        """Who comes first, from a place in the round on, and is there on any of the days."""
        turns = (place % len(people) for place in range(after, after + len(people)))
        return next((place for place in turns if any(not away(people[place], day) for day in days)), None)

    def held(day: dt.date) -> object:
        return {"occurrence": object(), "week": _monday(day), "month": (day.year, day.month)}[by]

    for _, group in groupby(days, held):
        theirs = list(group)
        holder = first_on(theirs, following)
        for day in theirs:
            taker = first_on([day], following if holder is None else holder)
            found.append("" if taker is None else people[taker])
        following = following if holder is None else holder + 1
    return found
