"""What board files may say of calendars, drawn by hypothesis, and the same by core's own values."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from calendar_kit import board, workspace
from calendar_oracle import DAY, MONTHS, PLACES, WEEKDAYS, Words
from hypothesis import strategies as st

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
from trello_ops.core.days_off import Holiday, Holidays
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.people import Absence, Person

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


# ---- people ----

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


# ---- rules ----

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
