"""Calendars against a judge of its own, who reads the files day by day; rules against `dateutil`."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from tests.support import calendar_oracle
from tests.support.calendar_kit import board, workspace
from tests.support.calendar_oracle import MONTHS, PLACES, WEEKDAYS, Foreseen, Words, foreseen

from trello_ops.core.cadence import (
    LAST,
    WORKING_DAY,
    Cadence,
    DayTime,
    Exceptions,
    Frequency,
    NthDay,
    OnDayOff,
    Span,
)
from trello_ops.core.calendar.course import planned
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.timetable import Planned
from trello_ops.core.days_off import Holiday, Holidays
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Absence, Person, Round, TurnBy

DAY = dt.timedelta(days=1)
YEAR = 365 * DAY

# ---- what may be said -------------------------------------------------------------------------------

DATES = st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31))
ZONES = st.sampled_from(["Africa/Casablanca", "Europe/Paris", "Pacific/Apia", "America/St_Johns", "UTC"])
QUARTERS = st.integers(0, 95).map(lambda n: dt.time(n // 4, n % 4 * 15))
RANGES = st.builds(lambda first, days: (first, first + days * DAY), DATES, st.integers(0, 25))
SOME_DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(tuple)
NTH_WORDS = st.builds(
    lambda place, day: f"{place} {day}",
    st.sampled_from(["first", "fourth", "last"]),
    st.sampled_from(WEEKDAYS),
)
MONTH_WORDS = st.lists(
    st.integers(1, 31) | st.just("last") | NTH_WORDS, min_size=1, max_size=2, unique=True
).map(tuple)
WORKING_WORDS = st.sampled_from(sorted(PLACES)).map(lambda place: (f"{place} working day",))


@st.composite
def words(
    draw: st.DrawFn, cadences: tuple[str, ...] = ("daily", "weekly", "biweekly", *MONTHS, "once")
) -> Words:
    cadence = draw(st.sampled_from(cadences))
    if cadence == "once":
        on: tuple[object, ...] = tuple(sorted(draw(st.sets(DATES, min_size=1, max_size=6))))
    elif cadence in MONTHS:
        on = draw(MONTH_WORDS | WORKING_WORDS)
    else:
        on = draw(SOME_DAYS)
    exceptions = st.sampled_from(WEEKDAYS) | DATES | RANGES
    return Words(
        cadence,
        on,  # type: ignore[arg-type]
        zone=draw(ZONES),
        month=draw(st.integers(1, MONTHS.get(cadence, 1))),
        anchor=draw(DATES),
        without=tuple(draw(st.lists(exceptions, max_size=2))),
        start=draw(st.none() | DATES),
        until=draw(st.none() | DATES.map(lambda day: day + YEAR)),
        on_day_off=draw(st.sampled_from(["keep", "skip", "previous", "next"])),
        due=(draw(QUARTERS), draw(st.integers(0, 3)), draw(st.integers(0, 3))),
        release=(draw(QUARTERS), draw(st.integers(-5, 0))),
        pauses=tuple(draw(st.lists(RANGES, max_size=2))),
        working_days=draw(st.just(()) | st.just(WEEKDAYS[:6]) | SOME_DAYS),
        holidays=draw(st.frozensets(DATES, max_size=20)),
        closures=tuple(draw(st.lists(RANGES, max_size=2))),
    )


# ---- the same by core's values ----------------------------------------------------------------------


def weekday(word: str) -> int:
    return WEEKDAYS.index(word) + 1


def cadence_of(said: Words) -> Cadence:
    return Cadence(
        Frequency(said.cadence),
        tuple(sorted(_on(each) for each in said.on if isinstance(each, int) or each in ("last", *WEEKDAYS))),
        DayTime(*said.due),
        ZoneInfo(said.zone),
        DayTime(*said.release),
        said.start,
        nth=tuple(sorted(_nth(each) for each in said.on if isinstance(each, str) and " " in each)),
        month=said.month if said.cadence in MONTHS else 0,
        anchor=said.anchor,
        dates=tuple(each for each in said.on if isinstance(each, dt.date)),
        exceptions=Exceptions(
            tuple(weekday(each) for each in said.without if isinstance(each, str)),
            tuple(each for each in said.without if isinstance(each, dt.date)),
            tuple(Span(*each) for each in said.without if isinstance(each, tuple)),
        ),
        until=said.until,
        on_day_off=OnDayOff(said.on_day_off),
    )


def _on(word: object) -> int:
    if isinstance(word, int):
        return word
    return LAST if word == "last" else weekday(str(word))


def _nth(word: str) -> NthDay:
    place, _, day = word.partition(" working day") if "working" in word else word.rpartition(" ")
    return NthDay(PLACES[place], weekday(day) if day else WORKING_DAY)


def task_of(said: Words, key: str, **more: object) -> Task:
    pauses = tuple(Span(*each) for each in said.pauses)
    one = Task(key, key, "operations", "stock.md", cadence_of(said), pauses=pauses)
    return replace(one, **more)  # type: ignore[arg-type]


def shop_of(said: Words, *tasks: Task, people: tuple[Person, ...] = ()) -> tuple[Workspace, Board]:
    its = replace(
        board(tasks[0]),
        tasks=tasks,
        working_days=tuple(map(weekday, said.working_days)),
        closures=tuple(Span(*each) for each in said.closures),
    )
    holidays = Holidays(known={day: Holiday("fête") for day in said.holidays})
    return replace(workspace(tasks[0]), boards=(its,), holidays=holidays, people=people), its


# ---- what is planned --------------------------------------------------------------------------------


def same(one: Planned, other: Foreseen) -> None:
    recurrence, why = one.recurrence, one.skip or one.moved
    assert (recurrence.date, one.nominal_day, one.day) == (other.date, other.nominal, other.day)
    assert (one.skip is not None, str(why.kind) if why else "") == (other.skipped, other.why)
    assert one.due == other.due
    assert one.release < one.due
    assert other.release in (None, one.release)


@given(words(), DATES)
def test_a_year_is_planned_as_the_words_say(said: Words, first: dt.date) -> None:
    task = task_of(said, "stock")
    found = planned(*shop_of(said, task), task, first, first + YEAR)
    expected = foreseen(said, first, first + YEAR)
    assert [each.nominal_day for each in found] == [each.nominal for each in expected]
    for one, other in zip(found, expected, strict=True):
        same(one, other)


@given(words(), words(), DATES)
def test_covers_excuse_what_the_words_say(said: Words, other: Words, first: dt.date) -> None:
    shared = {"working_days": said.working_days, "holidays": said.holidays, "closures": said.closures}
    other = replace(other, **shared)  # type: ignore[arg-type]
    part, whole = task_of(said, "part"), task_of(other, "whole", covers=("shop/part",))
    covering = foreseen(other, first - YEAR, first + 2 * YEAR)
    found = planned(*shop_of(said, part, whole), part, first, first + YEAR)
    expected = foreseen(said, first, first + YEAR, covering)
    assert len(found) == len(expected)
    for one, its in zip(found, expected, strict=True):
        same(one, its)


@given(words(), DATES, st.integers(0, 60))
def test_a_window_has_what_has_its_day_in_it(said: Words, first: dt.date, length: int) -> None:
    task, last = task_of(said, "stock"), first + length * DAY
    found = {each.nominal_day for each in on_days(*shop_of(said, task), task, Span(first, last))}
    around = foreseen(said, first - 150 * DAY, last + 150 * DAY)
    assert found == {each.nominal for each in around if first <= each.day <= last}


# ---- who has it -------------------------------------------------------------------------------------

NAMES = ("amal", "karim", "nadia")


@st.composite
def teams(draw: st.DrawFn) -> tuple[Person, ...]:
    def absences(key: str) -> tuple[Absence, ...]:
        others = st.sampled_from(["", *(name for name in NAMES if name != key)])
        stand_in = draw(others)
        return tuple(Absence(*each, stand_in) for each in draw(st.lists(RANGES, max_size=4)))

    works = st.just(()) | st.lists(st.integers(1, 7), min_size=3, unique=True).map(
        lambda on: tuple(sorted(on))
    )
    return tuple(
        Person(key, key, key.title(), working_days=draw(works), absences=absences(key)) for key in NAMES
    )


def is_away(people: tuple[Person, ...], key: str, day: dt.date) -> bool:
    (person,) = (each for each in people if each.key == key)
    off = person.working_days and day.isoweekday() not in person.working_days
    return bool(off) or any(each.first <= day <= each.last for each in person.absences)


def done(found: tuple[Occurrence, ...]) -> list[Occurrence]:
    return sorted((each for each in found if each.skip is None), key=lambda each: each.nominal_day)


@given(words(), teams(), DATES)
def test_who_is_away_is_replaced(said: Words, people: tuple[Person, ...], first: dt.date) -> None:
    # A weekday that somebody does not work has no stand-in, so that only absences count here.
    people = tuple(replace(each, working_days=()) for each in people)
    stand_ins = {each.key: each.absences[0].stand_in for each in people if each.absences}
    task = task_of(said, "stock", assignees=NAMES[:2])
    for each in done(on_days(*shop_of(said, task, people=people), task, Span(first, first + 90 * DAY))):
        expected = calendar_oracle.assigned(
            NAMES[:2], stand_ins, lambda key, day: is_away(people, key, day), each.day
        )
        assert list(each.assignees) == expected
        assert each.nobody_left == (not expected)


ROUNDS = st.builds(Round, st.just(NAMES), DATES, st.sampled_from(TurnBy))


@given(words(), teams(), ROUNDS, st.integers(0, 60), st.integers(0, 60))
def test_turns_are_taken_as_the_words_say(
    said: Words, people: tuple[Person, ...], order: Round, later: int, length: int
) -> None:
    task, since = task_of(said, "stock", round=order), order.since
    first = since + (later + 60) * DAY  # so far from its beginning that nothing before it was moved here
    days = Span(first, first + length * DAY)
    every = [each for each in foreseen(said, since, days.last + 150 * DAY) if not each.skipped]
    turns = calendar_oracle.by_turns(
        NAMES, str(order.by), [each.day for each in every], lambda key, day: is_away(people, key, day)
    )
    expected = {each.nominal: turn for each, turn in zip(every, turns, strict=True)}
    for each in done(on_days(*shop_of(said, task, people=people), task, days)):
        assert "".join(each.assignees) == expected[each.nominal_day]


# ---- rules ------------------------------------------------------------------------------------------

RULE_PARTS = {
    "DAILY": ["", ";BYDAY=MO,WE,FR", ";BYMONTH=1,6"],
    "WEEKLY": ["", ";BYDAY=TU,SA", ";WKST=SU;BYDAY=SU,MO"],
    "MONTHLY": ["", ";BYDAY=2TU", ";BYMONTHDAY=-1", ";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ";BYMONTHDAY=31"],
    "YEARLY": ["", ";BYMONTH=2;BYMONTHDAY=29", ";BYWEEKNO=53;BYDAY=MO", ";BYYEARDAY=-1"],
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(sorted(RULE_PARTS)))
    interval = draw(st.sampled_from(["", ";INTERVAL=2", ";INTERVAL=3"]))
    end = draw(st.sampled_from(["", ";COUNT=9", ";UNTIL=20280630"]))
    return f"FREQ={frequency}{interval}{draw(st.sampled_from(RULE_PARTS[frequency]))}{end}"


@given(rules(), DATES, st.integers(0, 800), st.sampled_from(["keep", "skip", "previous", "next"]))
def test_rules_are_those_of_dateutil(rule: str, start: dt.date, later: int, policy: str) -> None:
    first = start + later * DAY
    said = Words("once", (), working_days=WEEKDAYS[:5], on_day_off=policy)
    task = task_of(said, "stock")
    cadence = replace(task.cadence, frequency=Frequency.RULE, rule=rule, start=start)
    task = replace(task, cadence=cadence)
    until = dt.datetime.combine(first + YEAR, dt.time())
    theirs = rrulestr(rule, dtstart=dt.datetime.combine(start, dt.time())).between(
        dt.datetime.combine(first, dt.time()), until, inc=True
    )
    expected = foreseen(replace(said, on=tuple(each.date() for each in theirs)), first, first + YEAR)
    found = planned(*shop_of(said, task), task, first, first + YEAR)
    assert [each.nominal_day for each in found] == [each.nominal for each in expected]
    for one, other in zip(found, expected, strict=True):
        same(one, other)
