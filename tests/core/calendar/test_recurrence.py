"""Which days a cadence names, and under which dates."""

import calendar
import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import LAST, Cadence, DayTime, Frequency
from trello_ops.core.calendar.recurrence import (
    Recurrence,
    days_into_period,
    longest_period,
    recurrences,
)
from trello_ops.core.calendar.timetable import Timetable
from trello_ops.core.days_off import DaysOff

NOON = DayTime(dt.time(12, 0))
UTC = ZoneInfo("UTC")


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def cadence(frequency: str, *on: int, start: str | None = None) -> Cadence:
    return Cadence(Frequency(frequency), on, NOON, UTC, start=date(start) if start else None)


def days(rhythm: Cadence, first: str, last: str) -> list[str]:
    return [recurrence.day.isoformat() for recurrence in recurrences(rhythm, date(first), date(last))]


def dates(rhythm: Cadence, first: str, last: str) -> list[str]:
    return [recurrence.date.isoformat() for recurrence in recurrences(rhythm, date(first), date(last))]


# ---- examples ---------------------------------------------------------------------------------------


def test_daily_names_each_of_its_weekdays() -> None:
    six_days = cadence("daily", 1, 2, 3, 4, 5, 6)
    assert days(six_days, "2026-11-20", "2026-11-24") == [
        "2026-11-20",
        "2026-11-21",
        "2026-11-23",
        "2026-11-24",
    ]


def test_daily_on_one_weekday_is_still_named_after_the_day() -> None:
    assert dates(cadence("daily", 5), "2026-11-16", "2026-11-22") == ["2026-11-20"]


def test_weekly_is_named_after_the_weeks_monday() -> None:
    friday = cadence("weekly", 5)
    assert list(recurrences(friday, date("2026-11-16"), date("2026-11-22"))) == [
        Recurrence(date("2026-11-16"), day=date("2026-11-20"), base=date("2026-11-16"))
    ]


def test_moving_the_due_day_of_a_weekly_task_keeps_its_date() -> None:
    for weekday in range(1, 8):
        assert dates(cadence("weekly", weekday), "2026-11-16", "2026-11-22") == ["2026-11-16"]


def test_weekly_on_several_days_is_named_after_the_days() -> None:
    twice = cadence("weekly", 2, 4)
    assert dates(twice, "2026-11-16", "2026-11-22") == ["2026-11-17", "2026-11-19"]


def test_monthly_is_named_after_the_first_of_the_month() -> None:
    assert list(recurrences(cadence("monthly", 5), date("2026-11-01"), date("2026-11-30"))) == [
        Recurrence(date("2026-11-01"), day=date("2026-11-05"), base=date("2026-11-01"))
    ]


@pytest.mark.parametrize("day", range(1, 32))
def test_monthly_comes_once_in_every_month_whatever_its_day(day: int) -> None:
    rhythm = cadence("monthly", day)
    found = list(recurrences(rhythm, date("2026-01-01"), date("2026-12-31")))
    assert [recurrence.date for recurrence in found] == [dt.date(2026, month, 1) for month in range(1, 13)]
    for recurrence in found:
        assert recurrence.day.day == min(day, calendar.monthrange(2026, recurrence.day.month)[1])


def test_the_31st_of_a_shorter_month_is_its_last_day() -> None:
    assert days(cadence("monthly", 31), "2026-02-01", "2026-04-30") == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_the_29th_of_february_exists_in_leap_years_only() -> None:
    rhythm = cadence("monthly", 29)
    assert days(rhythm, "2027-02-01", "2027-02-28") == ["2027-02-28"]
    assert days(rhythm, "2028-02-01", "2028-02-29") == ["2028-02-29"]


def test_the_last_day_follows_the_months_length() -> None:
    rhythm = cadence("monthly", LAST)
    assert days(rhythm, "2028-01-01", "2028-04-30") == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]


def test_the_30th_and_31st_are_one_day_in_february() -> None:
    both = cadence("monthly", 30, 31)
    assert days(both, "2026-01-01", "2026-03-31") == [
        "2026-01-30",
        "2026-01-31",
        "2026-02-28",
        "2026-03-30",
        "2026-03-31",
    ]


def test_the_first_and_last_of_a_month_are_named_after_themselves() -> None:
    rhythm = cadence("monthly", LAST, 1)
    assert dates(rhythm, "2026-02-01", "2026-03-01") == ["2026-02-01", "2026-02-28", "2026-03-01"]


def test_week_53_is_a_week_like_any_other() -> None:
    friday = cadence("weekly", 5)
    assert list(recurrences(friday, date("2026-12-21"), date("2027-01-10"))) == [
        Recurrence(date("2026-12-21"), date("2026-12-25"), date("2026-12-21")),
        Recurrence(date("2026-12-28"), date("2027-01-01"), date("2026-12-28")),
        Recurrence(date("2027-01-04"), date("2027-01-08"), date("2027-01-04")),
    ]


def test_a_start_date_is_the_first_nominal_day_that_counts() -> None:
    rhythm = cadence("weekly", 5, start="2026-11-20")
    assert days(rhythm, "2026-11-01", "2026-11-30") == ["2026-11-20", "2026-11-27"]
    late = cadence("weekly", 5, start="2026-11-21")
    assert days(late, "2026-11-01", "2026-11-30") == ["2026-11-27"]


def test_a_window_that_ends_before_it_begins_is_empty() -> None:
    for rhythm in (cadence("daily", 1, 2), cadence("weekly", 3), cadence("monthly", 9)):
        assert days(rhythm, "2026-11-20", "2026-11-19") == []
        assert days(rhythm, "2026-11-20", "2026-09-19") == []


def sequences(rhythm: Cadence, first: str, last: str) -> list[int]:
    times = Timetable(rhythm, DaysOff())
    return [times.sequence(each.recurrence) for each in times.nominal(date(first), date(last))]


def test_sequence_counts_from_one_in_each_calendar_year() -> None:
    # 2026 has 52 Mondays.
    assert sequences(cadence("weekly", 5), "2026-12-21", "2027-01-10") == [51, 52, 1]


def test_sequence_counts_from_the_start_date() -> None:
    rhythm = cadence("daily", 1, 2, 3, 4, 5, 6, 7, start="2026-11-20")
    assert sequences(rhythm, "2026-11-22", "2026-11-22") == [3]


# ---- properties -------------------------------------------------------------------------------------

_WEEKDAYS = st.lists(st.integers(1, 7), min_size=1, unique=True).map(lambda on: tuple(sorted(on)))
_MONTHDAYS = st.lists(st.integers(1, 31) | st.just(LAST), min_size=1, max_size=5, unique=True).map(
    lambda on: tuple(sorted(on))
)
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2033, 12, 31))
CADENCES = st.one_of(
    st.builds(
        Cadence, st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]), _WEEKDAYS, st.just(NOON), st.just(UTC)
    ),
    st.builds(Cadence, st.just(Frequency.MONTHLY), _MONTHDAYS, st.just(NOON), st.just(UTC)),
)
LENGTHS = st.integers(0, 120).map(lambda days: dt.timedelta(days=days))


def _named(rhythm: Cadence, day: dt.date) -> bool:
    """Asked of a single day: does the cadence name it?"""
    if rhythm.frequency is not Frequency.MONTHLY:
        return day.isoweekday() in rhythm.on
    is_last = (day + dt.timedelta(days=1)).day == 1
    return day.day in rhythm.on or (is_last and any(n == LAST or n > day.day for n in rhythm.on))


@given(CADENCES, DAYS, LENGTHS)
def test_turns_are_exactly_the_days_that_the_cadence_names(
    rhythm: Cadence, first: dt.date, length: dt.timedelta
) -> None:
    window = [first + dt.timedelta(days=n) for n in range(length.days + 1)]
    found = [recurrence.day for recurrence in recurrences(rhythm, first, first + length)]
    assert found == [day for day in window if _named(rhythm, day)]


@given(CADENCES, DAYS, LENGTHS)
def test_dates_are_unique_and_sorted_and_name_the_period(
    rhythm: Cadence, first: dt.date, length: dt.timedelta
) -> None:
    found = list(recurrences(rhythm, first, first + length))
    named = [recurrence.date for recurrence in found]
    assert named == sorted(set(named))
    for recurrence in found:
        least, most = days_into_period(rhythm)
        assert dt.timedelta(0) <= least <= recurrence.day - recurrence.date <= most
        if recurrence.date != recurrence.day:
            assert len(rhythm.on) == 1
            assert (
                recurrence.date.isoweekday() == 1
                if rhythm.frequency is Frequency.WEEKLY
                else recurrence.date.day == 1
            )


@given(CADENCES, DAYS)
def test_the_longest_period_is_the_most_between_two_nominal_days(rhythm: Cadence, first: dt.date) -> None:
    found = [each.day for each in recurrences(rhythm, first, first + dt.timedelta(days=800))]
    assert max(b - a for a, b in pairwise(found)) <= longest_period(rhythm)
    assert any(recurrences(rhythm, first, first + longest_period(rhythm)))


@given(CADENCES, st.integers(2020, 2029))
def test_the_days_into_a_period_are_those_of_the_calendar(rhythm: Cadence, year: int) -> None:
    five_years = list(recurrences(rhythm, dt.date(year, 1, 1), dt.date(year + 4, 12, 31)))
    found = {each.day - each.date for each in five_years}
    assert (min(found), max(found)) == days_into_period(rhythm)


@given(CADENCES, DAYS, LENGTHS, st.integers(0, 120))
def test_a_window_cut_in_two_loses_and_doubles_nothing(
    rhythm: Cadence, first: dt.date, length: dt.timedelta, cut: int
) -> None:
    last = first + length
    middle = first + dt.timedelta(days=min(cut, length.days))
    parts = [*recurrences(rhythm, first, middle), *recurrences(rhythm, middle + dt.timedelta(days=1), last)]
    assert parts == list(recurrences(rhythm, first, last))


@given(st.integers(1, 7), st.integers(1, 7), DAYS)
def test_weekly_keys_survive_an_edit_of_the_weekday(before: int, after: int, first: dt.date) -> None:
    monday = first - dt.timedelta(days=first.weekday())
    sunday = monday + dt.timedelta(days=27)
    named = [[t.date for t in recurrences(cadence("weekly", day), monday, sunday)] for day in (before, after)]
    assert named[0] == named[1]


@given(st.integers(1, 31) | st.just(LAST), st.integers(1, 31) | st.just(LAST), st.integers(2020, 2032))
def test_monthly_keys_survive_an_edit_of_the_day(before: int, after: int, year: int) -> None:
    whole = dt.date(year, 1, 1), dt.date(year, 12, 31)
    named = [[t.date for t in recurrences(cadence("monthly", day), *whole)] for day in (before, after)]
    assert named[0] == named[1]


@given(CADENCES, st.integers(2020, 2032))
def test_sequence_counts_one_two_three_over_a_year(rhythm: Cadence, year: int) -> None:
    times = Timetable(rhythm, DaysOff())
    planned = times.nominal(dt.date(year, 1, 1), dt.date(year + 1, 1, 31))
    counted = [times.sequence(each.recurrence) for each in planned if each.recurrence.date.year == year]
    assert counted == list(range(1, len(counted) + 1))
