"""ISO weeks and the instants of local times."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.calendar.week import IsoWeek, instant, last_close

PARIS, CASABLANCA = ZoneInfo("Europe/Paris"), ZoneInfo("Africa/Casablanca")
SEVEN = dt.time(7, 0)
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("UTC", "Europe/Paris", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Honolulu")
    ]
)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_week_is_written_and_read_the_iso_way() -> None:
    assert str(IsoWeek(2026, 7)) == "2026-W07"
    assert IsoWeek.parse("2026-W07") == IsoWeek.parse(" 2026w07 ") == IsoWeek(2026, 7)


def test_the_year_2026_has_53_weeks_and_2027_has_52() -> None:
    assert IsoWeek.parse("2026-W53").monday == dt.date(2026, 12, 28)
    assert IsoWeek.of(dt.date(2027, 1, 3)) == IsoWeek(2026, 53)
    assert IsoWeek(2026, 53).next() == IsoWeek(2027, 1)
    assert IsoWeek(2027, 1).previous() == IsoWeek(2026, 53)


@pytest.mark.parametrize("text", ["2027-W53", "2026-W00", "2026-W54", "0000-W01"])
def test_a_week_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="has no week"):
        IsoWeek.parse(text)


@pytest.mark.parametrize("text", ["", "2026-47", "W47", "2026-W7", "2026-W47-1", "٢٠٢٦-W47"])
def test_text_that_is_no_week_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 2026-W47"):
        IsoWeek.parse(text)


def test_a_week_begins_at_local_midnight_and_closes_the_monday_after() -> None:
    week = IsoWeek(2026, 47)
    assert week.begins_at(PARIS) == utc(2026, 11, 15, 23)
    assert week.closes_at(PARIS, SEVEN) == utc(2026, 11, 23, 6)
    assert (week.begins_at(CASABLANCA), week.closes_at(CASABLANCA, SEVEN)) == (
        utc(2026, 11, 16),
        utc(2026, 11, 23, 7),
    )
    assert week.sunday == dt.date(2026, 11, 22)


def test_the_week_in_which_the_clocks_go_forward_is_an_hour_short() -> None:
    week = IsoWeek.of(dt.date(2026, 3, 29))
    assert week.next().begins_at(PARIS) - week.begins_at(PARIS) == dt.timedelta(days=7, hours=-1)
    assert week.closes_at(PARIS, SEVEN) == utc(2026, 3, 30, 5)


def test_the_week_in_which_morocco_went_back_to_greenwich_is_an_hour_long() -> None:
    week = IsoWeek.of(dt.date(2026, 9, 20))
    assert week.begins_at(CASABLANCA) == utc(2026, 9, 13, 23)
    assert week.next().begins_at(CASABLANCA) == utc(2026, 9, 21)
    assert week.closes_at(CASABLANCA, SEVEN) == utc(2026, 9, 21, 7)
    assert week.previous().closes_at(CASABLANCA, SEVEN) == utc(2026, 9, 14, 6)


def test_an_instant_belongs_to_the_week_that_it_has_locally() -> None:
    moment = utc(2026, 11, 22, 23, 30)
    assert IsoWeek.at(moment, PARIS) == IsoWeek(2026, 48)
    assert IsoWeek.at(moment, ZoneInfo("UTC")) == IsoWeek(2026, 47)


def test_a_time_that_the_clocks_skip_means_as_long_after_the_gap() -> None:
    assert instant(dt.date(2026, 3, 29), dt.time(2, 30), PARIS) == utc(2026, 3, 29, 1, 30)  # 3:30 local


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    assert instant(dt.date(2026, 10, 25), dt.time(2, 30), PARIS) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (dt.date(2025, 2, 22), 8),  # UTC+1, as all year
        (dt.date(2025, 2, 23), 9),  # UTC+0: Ramadan
        (dt.date(2025, 4, 5), 9),
        (dt.date(2025, 4, 6), 8),
        (dt.date(2026, 2, 14), 8),
        (dt.date(2026, 2, 15), 9),
        (dt.date(2026, 3, 21), 9),
        (dt.date(2026, 3, 22), 8),
    ],
)
def test_morocco_leaves_summer_time_for_ramadan(day: dt.date, hour: int) -> None:
    assert instant(day, dt.time(9, 0), CASABLANCA) == dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (dt.date(2026, 9, 19), 8),
        (dt.date(2026, 9, 20), 9),  # UTC+0, and no Ramadan changes that
        (dt.date(2027, 2, 6), 9),
        (dt.date(2027, 2, 7), 9),
        (dt.date(2027, 3, 13), 9),
        (dt.date(2027, 3, 14), 9),
    ],
)
def test_morocco_leaves_summer_time_for_good(day: dt.date, hour: int) -> None:
    assert instant(day, dt.time(9, 0), CASABLANCA) == dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def test_the_last_close_is_this_mondays_from_its_very_instant_on() -> None:
    monday = IsoWeek(2026, 47).closes_at(PARIS, SEVEN)
    second = dt.timedelta(seconds=1)
    assert last_close(monday, PARIS, SEVEN) == monday
    assert last_close(monday + dt.timedelta(days=6), PARIS, SEVEN) == monday
    assert last_close(monday - second, PARIS, SEVEN) == IsoWeek(2026, 46).closes_at(PARIS, SEVEN)


@given(DAYS)
def test_weeks_are_the_calendars(day: dt.date) -> None:
    week = IsoWeek.of(day)
    assert week.monday <= day <= week.sunday
    assert week.monday.isoweekday() == 1
    assert IsoWeek.parse(str(week)) == week == week.next().previous()


@given(DAYS, st.times(), ZONES)
def test_the_last_close_is_the_newest_not_after_now(day: dt.date, time: dt.time, zone: ZoneInfo) -> None:
    now = dt.datetime.combine(day, time, tzinfo=dt.UTC)
    closes = {w.closes_at(zone, SEVEN) for w in _weeks_around(day)}
    assert last_close(now, zone, SEVEN) == max(moment for moment in closes if moment <= now)


def _weeks_around(day: dt.date) -> list[IsoWeek]:
    return [IsoWeek.of(day + dt.timedelta(days=7 * n)) for n in range(-4, 3)]
