"""Rarer rhythms, named days, exceptions and rules, by themselves and against `dateutil` and `holidays`."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import LAST, WORKING_DAY, Cadence, DayTime, Exceptions, Frequency, NthDay, Span
from trello_ops.core.calendar.recurrence import (
    days_into_period,
    period_end,
    period_of,
    period_start,
    recurrences,
)
from trello_ops.core.days_off import DaysOff, Holiday, Holidays

UTC = ZoneInfo("UTC")
NOON = DayTime(dt.time(12))
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2034, 12, 31))
LENGTHS = st.integers(0, 500).map(lambda days: dt.timedelta(days=days))
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def of(frequency: str, *on: int, **more: object) -> Cadence:
    return replace(Cadence(Frequency(frequency), on, NOON, UTC), **more)  # type: ignore[arg-type]


def named(rhythm: Cadence, first: str, last: str, off: DaysOff | None = None) -> list[tuple[str, str]]:
    found = recurrences(rhythm, day(first), day(last), off or DaysOff())
    return [(str(each.date), str(each.day)) for each in found]


# ---- examples ---------------------------------------------------------------------------------------


def test_a_fortnight_is_named_by_the_monday_of_the_week_that_counts() -> None:
    friday = of("biweekly", 5, anchor=day("2026-11-19"))
    assert (
        named(friday, "2026-11-01", "2026-12-31")
        == [
            ("2026-11-02", "2026-11-06"),
            ("2026-11-16", "2026-11-20"),
            ("2026-11-30", "2026-12-04"),
            ("2026-12-14", "2026-12-18"),
            ("2026-12-28", "2027-01-01"),
        ][:4]
    )


def test_several_days_of_a_fortnight_lie_in_the_same_week() -> None:
    rhythm = of("biweekly", 1, 4, anchor=day("2026-11-20"))
    assert [each for _, each in named(rhythm, "2026-11-16", "2026-12-06")] == [
        "2026-11-16",
        "2026-11-19",
        "2026-11-30",
        "2026-12-03",
    ]


def test_a_fortnight_knows_no_turn_of_the_year() -> None:
    rhythm = of("biweekly", 3, anchor=day("2032-12-22"))
    found = [each for _, each in named(rhythm, "2032-12-20", "2033-01-31")]
    assert found == ["2032-12-22", "2033-01-05", "2033-01-19"]  # 2032 has a week 53


def test_a_quarter_has_its_day_in_the_month_that_is_said() -> None:
    first = of("quarterly", 5, month=1)
    assert named(first, "2027-01-01", "2027-12-31") == [
        ("2027-01-01", "2027-01-05"),
        ("2027-04-01", "2027-04-05"),
        ("2027-07-01", "2027-07-05"),
        ("2027-10-01", "2027-10-05"),
    ]
    assert named(of("quarterly", LAST), "2027-01-01", "2027-06-30") == [
        ("2027-01-01", "2027-03-31"),
        ("2027-04-01", "2027-06-30"),
    ]


def test_half_years_and_years() -> None:
    assert named(of("half_yearly", LAST, month=2), "2028-01-01", "2028-12-31") == [
        ("2028-01-01", "2028-02-29"),
        ("2028-07-01", "2028-08-31"),
    ]
    assert named(of("yearly", 29, month=2), "2027-01-01", "2028-12-31") == [
        ("2027-01-01", "2027-02-28"),
        ("2028-01-01", "2028-02-29"),
    ]


@pytest.mark.parametrize(
    ("nth", "weekday", "expected"),
    [(1, 1, "2027-03-01"), (4, 1, "2027-03-22"), (-1, 5, "2027-03-26"), (2, 3, "2027-03-10")],
)
def test_the_nth_weekday_of_a_month(nth: int, weekday: int, expected: str) -> None:
    rhythm = of("monthly", nth=(NthDay(nth, weekday),))
    assert named(rhythm, "2027-03-01", "2027-03-31") == [("2027-03-01", expected)]


WORKED = DaysOff(
    working_days=(1, 2, 3, 4, 5, 6),
    closures=(Span(day("2027-08-01"), day("2027-08-29"), "congés"),),
    holidays=Holidays(named=((day("2027-03-01"), "Fête"),)),
)


@pytest.mark.parametrize(
    ("nth", "first", "expected"),
    [
        (1, "2027-03-01", "2027-03-02"),
        (3, "2027-03-01", "2027-03-04"),
        (-1, "2027-02-01", "2027-02-27"),
        (-2, "2027-02-01", "2027-02-26"),
    ],
)
def test_working_days_of_a_month(nth: int, first: str, expected: str) -> None:
    rhythm = of("monthly", nth=(NthDay(nth, WORKING_DAY),))
    assert named(rhythm, first, first[:8] + "28", WORKED) == [(first, expected)]


def test_a_month_without_so_many_working_days_says_so_on_its_last() -> None:
    rhythm = of("monthly", nth=(NthDay(3, WORKING_DAY),))
    (found,) = recurrences(rhythm, day("2027-08-01"), day("2027-08-31"), WORKED)
    assert (str(found.date), str(found.day), found.missing) == ("2027-08-01", "2027-08-31", True)


def test_exceptions_leave_days_out_and_no_key_changes() -> None:
    all_week = of("daily", 1, 2, 3, 4, 5, 6, 7)
    left_out = Exceptions((1,), (day("2026-11-18"),), (Span(day("2026-11-20"), day("2026-11-21")),))
    rhythm = replace(all_week, exceptions=left_out)
    assert [each[-2:] for _, each in named(rhythm, "2026-11-16", "2026-11-23")] == ["17", "19", "22"]
    twice = of("weekly", 1, 5, exceptions=Exceptions(weekdays=(1,)))
    assert named(twice, "2026-11-16", "2026-11-22") == [("2026-11-20", "2026-11-20")]


def test_until_is_the_last_nominal_day() -> None:
    rhythm = of("weekly", 5, until=day("2026-11-20"))
    assert [each for _, each in named(rhythm, "2026-11-01", "2026-12-31")][-1] == "2026-11-20"


def test_once_and_rules_are_named_by_their_days() -> None:
    once = of("once", dates=(day("2027-01-05"), day("2027-02-05")))
    assert named(once, "2027-01-06", "2027-12-31") == [("2027-02-05", "2027-02-05")]
    rule = of("rule", rule="FREQ=MONTHLY;BYDAY=2TU", start=day("2026-11-01"))
    assert [each for _, each in named(rule, "2026-10-01", "2027-01-31")] == [
        "2026-11-10",
        "2026-12-08",
        "2027-01-12",
    ]


def test_a_rules_count_begins_at_its_start() -> None:
    rule = of("rule", rule="FREQ=DAILY;COUNT=3", start=day("2026-11-01"))
    assert [each for _, each in named(rule, "2026-11-03", "2026-12-31")] == ["2026-11-03"]


def test_the_two_fortnights_are_not_the_same_period() -> None:
    one, other = (of("biweekly", 5, anchor=day(anchor)) for anchor in ("2026-11-16", "2026-11-23"))
    assert period_of(one) != period_of(other)
    assert period_of(one) == period_of(of("biweekly", 3, anchor=day("2026-12-02")))


# ---- properties -------------------------------------------------------------------------------------

WEEKDAYS = st.lists(st.integers(1, 7), min_size=1, unique=True).map(lambda on: tuple(sorted(on)))
MONTHDAYS = st.lists(st.integers(1, 31) | st.just(LAST), max_size=3, unique=True).map(
    lambda on: tuple(sorted(on))
)
NTHS = st.builds(NthDay, st.sampled_from([1, 2, 3, 4, -1]), st.integers(1, 7))
BY_WEEK = st.builds(
    lambda frequency, on, anchor: of(frequency, *on, anchor=anchor),
    st.sampled_from(["daily", "weekly", "biweekly"]),
    WEEKDAYS,
    DAYS,
)


@st.composite
def by_month(draw: st.DrawFn) -> Cadence:
    frequency = draw(st.sampled_from(sorted(MONTHS)))
    on = draw(MONTHDAYS)
    nth = tuple(sorted(draw(st.sets(NTHS, min_size=0 if on else 1, max_size=2))))
    return of(frequency, *on, nth=nth, month=draw(st.integers(0, MONTHS[frequency])))


CADENCES = BY_WEEK | by_month()


@given(CADENCES, DAYS, LENGTHS, st.integers(0, 500))
def test_a_window_cut_in_two_loses_and_doubles_nothing(
    rhythm: Cadence, first: dt.date, length: dt.timedelta, cut: int
) -> None:
    last, middle = first + length, first + min(cut * DAY, length)
    parts = [*recurrences(rhythm, first, middle), *recurrences(rhythm, middle + DAY, last)]
    assert parts == list(recurrences(rhythm, first, last))


@given(CADENCES, DAYS, LENGTHS)
def test_dates_are_unique_sorted_and_begin_their_periods(
    rhythm: Cadence, first: dt.date, length: dt.timedelta
) -> None:
    found = list(recurrences(rhythm, first, first + length))
    assert [each.date for each in found] == sorted({each.date for each in found})
    assert [each.day for each in found] == sorted({each.day for each in found})
    least, most = days_into_period(rhythm)
    for each in found:
        assert each.date <= each.day <= period_end(rhythm, each)
        assert least <= each.day - each.base <= most
        if each.date != each.day:
            assert each.date == period_start(rhythm, each.day)


@given(CADENCES, DAYS)
def test_no_period_is_left_out(rhythm: Cadence, first: dt.date) -> None:
    begins = period_start(rhythm, first)
    found = {period_start(rhythm, each.day) for each in recurrences(rhythm, begins, begins + 800 * DAY)}
    at = begins
    while at < begins + 400 * DAY:
        assert at in found
        nxt = at + DAY
        while period_start(rhythm, nxt) == at:
            nxt += DAY
        at = nxt


# ---- against others ---------------------------------------------------------------------------------

_NAMES = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def by_rrule(frequency: int, first: dt.date, last: dt.date, **more: object) -> list[dt.date]:
    start = dt.datetime.combine(first, dt.time())
    found = rrule.rrule(frequency, dtstart=start, until=dt.datetime.combine(last, dt.time()), **more)  # type: ignore[arg-type]
    return [each.date() for each in found]


@given(WEEKDAYS, DAYS, LENGTHS)
def test_weekdays_are_those_of_dateutil(on: tuple[int, ...], first: dt.date, length: dt.timedelta) -> None:
    theirs = by_rrule(rrule.DAILY, first, first + length, byweekday=[n - 1 for n in on])
    for frequency in ("daily", "weekly"):
        ours = [each.day for each in recurrences(of(frequency, *on), first, first + length)]
        assert ours == theirs


@given(WEEKDAYS, DAYS, LENGTHS)
def test_fortnights_are_those_of_dateutil(on: tuple[int, ...], anchor: dt.date, length: dt.timedelta) -> None:
    monday = anchor - anchor.weekday() * DAY
    theirs = by_rrule(
        rrule.WEEKLY, monday, monday + length, interval=2, byweekday=[n - 1 for n in on], wkst=rrule.MO
    )
    rhythm = of("biweekly", *on, anchor=anchor)
    assert [each.day for each in recurrences(rhythm, monday, monday + length)] == theirs


@given(NTHS, DAYS, LENGTHS, st.sampled_from(sorted(MONTHS)), st.data())
def test_nth_weekdays_are_those_of_dateutil(
    nth: NthDay, first: dt.date, length: dt.timedelta, frequency: str, data: st.DataObject
) -> None:
    every = MONTHS[frequency]
    month = data.draw(st.integers(1, every))
    months = [n for n in range(1, 13) if (n - 1) % every == month - 1]
    weekday = _NAMES[nth.weekday - 1](nth.nth)
    theirs = by_rrule(rrule.MONTHLY, first, first + length, bymonth=months, byweekday=weekday)
    rhythm = of(frequency, nth=(nth,), month=month)
    assert [each.day for each in recurrences(rhythm, first, first + length)] == theirs


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 15))
def test_working_days_are_those_of_the_holidays_library(year: int, month: int, count: int) -> None:
    theirs = holidays.country_holidays("FR", years=year)
    theirs.weekend = {5, 6}
    known = {date: Holiday(str(name)) for date, name in theirs.items()}
    off = DaysOff((1, 2, 3, 4, 5), (), Holidays(known=known))
    first = dt.date(year, month, 1)
    expected = theirs.get_nth_working_day(first - DAY, count)
    rhythm = of("monthly", nth=(NthDay(count, WORKING_DAY),))
    (found,) = recurrences(rhythm, first, (first + 31 * DAY).replace(day=1) - DAY, off)
    assert found.day == expected
    assert not found.missing
