"""From tasks and windows to occurrences."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from calendar_kit import CASABLANCA, HONOLULU, KATHMANDU, PARIS, at, between, board, task, workspace
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.cadence import LAST, DayTime, Frequency, Span
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.calendar.occurrences import (
    RELEASE_REACH,
    gave_way,
    next_occurrence,
    occurrences,
    previous_occurrence,
)
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.core.declared import Carried, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey


def keys(found: Sequence[Occurrence]) -> list[str]:
    return [str(occurrence.key) for occurrence in found]


def dues(found: Sequence[Occurrence]) -> list[str]:
    return [o.due.replace(tzinfo=None).isoformat(timespec="minutes") for o in found]


# ---- one occurrence ---------------------------------------------------------------------------------


def test_an_occurrence_holds_all_that_the_ledger_freezes() -> None:
    (found,) = between(task(), "2026-11-16", "2026-11-20")
    assert found == Occurrence(
        key=OccurrenceKey("shop", "stock", dt.date(2026, 11, 16)),
        board_title="La boutique",
        title="Refaire le stock",
        theme="operations",
        theme_title="Opérationnel",
        assignees=("amina",),
        day=dt.date(2026, 11, 20),
        release=at("2026-11-15T23:00"),
        due=at("2026-11-20T16:00"),
        sequence=46,
    )


def test_a_theme_that_nobody_declares_any_more_goes_by_its_key() -> None:
    one = replace(task(), theme="gone")
    (found,) = occurrences(workspace(task()), board(one), one, at("2026-11-16"), at("2026-11-20"))
    assert (found.theme, found.theme_title) == ("gone", "gone")


# ---- windows ----------------------------------------------------------------------------------------


def test_an_occurrence_is_found_from_its_release_on() -> None:
    assert keys(between(task(), "2026-11-14", "2026-11-15T22:59:59")) == []
    assert keys(between(task(), "2026-11-14", "2026-11-15T23:00")) == ["shop/stock/2026-11-16"]


def test_an_occurrence_is_found_while_its_due_lies_after_the_window_begins() -> None:
    assert keys(between(task(), "2026-11-20T15:59:59", "2026-11-20T17:00")) == ["shop/stock/2026-11-16"]
    assert keys(between(task(), "2026-11-20T16:00", "2026-11-20T17:00")) == []


def test_a_monthly_task_due_on_the_last_day_is_released_on_the_first() -> None:
    one = task("monthly", (LAST,))
    assert keys(between(one, "2026-10-31T20:00", "2026-11-01T00:00")) == ["shop/stock/2026-11-01"]


def test_offsets_count_from_the_nominal_day_and_the_period() -> None:
    one = task("monthly", (28,), due=DayTime(dt.time(9, 0), 10), release=DayTime(dt.time(18, 0), -7))
    (found,) = between(one, "2026-12-07", "2026-11-24T16:59")
    assert (found.key.date, found.day) == (dt.date(2026, 11, 1), dt.date(2026, 11, 28))
    assert (found.release, found.due) == (at("2026-10-25T17:00"), at("2026-12-08T08:00"))
    assert keys(between(one, "2026-12-08T07:59", "2026-11-24T17:00")) == [
        "shop/stock/2026-11-01",
        "shop/stock/2026-12-01",
    ]


def test_occurrences_come_by_due() -> None:
    found = between(task("daily", (1, 2, 3, 4, 5, 6, 7)), "2026-12-30", "2027-01-02")
    assert dues(found) == ["2026-12-30T16:00", "2026-12-31T16:00", "2027-01-01T16:00", "2027-01-02T16:00"]
    assert [o.sequence for o in found] == [364, 365, 1, 2]


# ---- clocks -----------------------------------------------------------------------------------------


def test_the_due_keeps_its_wall_clock_time_when_the_clocks_change() -> None:
    daily = task("daily", (1, 2, 3, 4, 5, 6, 7), zone=PARIS)
    assert dues(between(daily, "2026-03-28", "2026-03-29T12:00")) == ["2026-03-28T16:00", "2026-03-29T15:00"]
    assert dues(between(daily, "2026-10-24", "2026-10-25T12:00")) == ["2026-10-24T15:00", "2026-10-25T16:00"]


def test_a_due_in_the_gap_or_in_the_fold_happens_once() -> None:
    at_half_past_two = DayTime(dt.time(2, 30))
    sundays = task("daily", (7,), due=at_half_past_two, zone=PARIS)
    assert dues(between(sundays, "2026-03-28", "2026-03-29T12:00")) == ["2026-03-29T01:30"]
    assert dues(between(sundays, "2026-10-24", "2026-10-25T12:00")) == ["2026-10-25T00:30"]


@pytest.mark.parametrize(("year", "begins", "ends"), [(2025, "02-23", "04-06"), (2026, "02-15", "03-22")])
def test_ramadan_moves_the_instant_and_neither_loses_nor_doubles_a_day(
    year: int, begins: str, ends: str
) -> None:
    daily = task("daily", (1, 2, 3, 4, 5, 6, 7), zone=CASABLANCA)
    found = between(daily, f"{year}-01-31T20:00", f"{year}-04-30T12:00")
    assert len(found) == 28 + 31 + 30
    by_day = {o.day.isoformat()[5:]: o.due.hour for o in found}
    assert {day for day, hour in by_day.items() if hour == 17} == {d for d in by_day if begins <= d < ends}


def test_morocco_goes_back_to_greenwich_and_neither_loses_nor_doubles_a_day() -> None:
    """For good: the Ramadan after it moves nothing any more."""
    daily = task("daily", (1, 2, 3, 4, 5, 6, 7), zone=CASABLANCA)
    found = between(daily, "2026-08-31T20:00", "2027-04-30T12:00")
    assert len(found) == 30 + 31 + 30 + 31 + 31 + 28 + 31 + 30
    assert {o.due.hour for o in found if o.day < dt.date(2026, 9, 20)} == {16}
    assert {o.due.hour for o in found if o.day >= dt.date(2026, 9, 20)} == {17}


def test_zones_far_from_greenwich_have_days_of_their_own() -> None:
    east = between(task("daily", (1,), zone=KATHMANDU), "2026-11-15T18:14", "2026-11-15T18:15")
    assert (keys(east), dues(east)) == (["shop/stock/2026-11-16"], ["2026-11-16T11:15"])
    assert between(task("daily", (1,), zone=HONOLULU), "2026-11-16", "2026-11-16T09:59") == ()
    west = between(task("daily", (1,), zone=HONOLULU), "2026-11-17T02:59", "2026-11-16T10:00")
    assert (keys(west), dues(west)) == (["shop/stock/2026-11-16"], ["2026-11-17T03:00"])


# ---- the next one -----------------------------------------------------------------------------------


def following(one: Task, day: str) -> str | None:
    found = next_occurrence(workspace(one), board(one), one, dt.date.fromisoformat(day))
    return f"{found.key.date} {found.day}" if found else None


def before(one: Task, day: str) -> str | None:
    found = previous_occurrence(workspace(one), board(one), one, dt.date.fromisoformat(day))
    return f"{found.key.date} {found.day}" if found else None


def test_the_next_occurrence_counts_today() -> None:
    assert following(task(), "2026-11-20") == "2026-11-16 2026-11-20"
    assert following(task(), "2026-11-21") == "2026-11-23 2026-11-27"


def test_the_next_monthly_one_is_found_across_the_longest_months() -> None:
    assert following(task("monthly", (1,)), "2026-12-02") == "2027-01-01 2027-01-01"
    assert following(task("monthly", (31,)), "2027-02-01") == "2027-02-01 2027-02-28"


def test_the_next_one_waits_for_the_start_date() -> None:
    assert following(task(start="2031-05-01"), "2026-11-20") == "2031-04-28 2031-05-02"


def test_the_previous_one_is_the_last_before_a_day() -> None:
    assert before(task(), "2026-11-20") == "2026-11-09 2026-11-13"
    assert before(task(), "2026-11-21") == "2026-11-16 2026-11-20"
    assert before(task("monthly", (31,)), "2027-02-28") == "2027-01-01 2027-01-31"
    assert before(task(start="2026-11-20"), "2026-11-20") is None
    assert before(task(), "1970-01-01") is None


# ---- properties -------------------------------------------------------------------------------------

_ZONES = st.sampled_from([CASABLANCA, PARIS, KATHMANDU, HONOLULU, ZoneInfo("America/St_Johns")])
_WEEKDAYS = st.lists(st.integers(1, 7), min_size=1, unique=True).map(lambda on: tuple(sorted(on)))
_MONTHDAYS = st.lists(st.integers(1, 31) | st.just(LAST), min_size=1, max_size=4, unique=True).map(
    lambda on: tuple(sorted(on))
)
_RHYTHMS = st.one_of(
    st.tuples(st.sampled_from(["daily", "weekly"]), _WEEKDAYS), st.tuples(st.just("monthly"), _MONTHDAYS)
)
_DUE = st.builds(DayTime, st.times().map(lambda t: t.replace(microsecond=0)), st.integers(1, 9))
_RELEASE = st.builds(DayTime, st.times().map(lambda t: t.replace(microsecond=0)), st.integers(-9, 0))
TASKS = st.builds(
    lambda rhythm, due, release, zone: task(*rhythm, due=due, release=release, zone=zone),
    _RHYTHMS,
    _DUE,
    _RELEASE,
    _ZONES,
)
INSTANTS = st.integers(0, 730 * 86_400).map(lambda seconds: at("2025-12-01") + dt.timedelta(seconds=seconds))
_DAYS = st.integers(0, 70).map(lambda days: dt.timedelta(days=days))


def found(one: Task, since: dt.datetime, until: dt.datetime) -> tuple[Occurrence, ...]:
    return occurrences(workspace(one), board(one), one, since, until)


@settings(max_examples=examples(60))
@given(TASKS, INSTANTS, _DAYS)
def test_occurrences_are_unique_and_sorted_by_due(
    one: Task, since: dt.datetime, length: dt.timedelta
) -> None:
    got = found(one, since, since + length)
    assert list(got) == sorted(got, key=lambda o: (o.due, o.key))
    assert len({o.key for o in got}) == len({o.due for o in got}) == len(got)
    assert all(o.release <= since + length and o.due > since for o in got)


@settings(max_examples=examples(60))
@given(TASKS, INSTANTS, _DAYS)
def test_the_window_alone_decides_what_is_found(one: Task, since: dt.datetime, length: dt.timedelta) -> None:
    """A far wider window holds the same occurrences, and those it adds lie outside."""
    until, year = since + length, dt.timedelta(days=120)
    wide = found(one, since - year, until + year)
    assert found(one, since, until) == tuple(o for o in wide if o.due > since and o.release <= until)


@settings(max_examples=examples(60))
@given(TASKS, INSTANTS, _DAYS, _DAYS)
def test_a_pass_that_goes_on_where_another_ended_loses_and_doubles_nothing(
    one: Task, since: dt.datetime, first: dt.timedelta, second: dt.timedelta
) -> None:
    middle, until = since + first, since + first + second
    early, late = found(one, since, middle), found(one, middle, until)
    assert {o.key: o for o in (*early, *late)} == {o.key: o for o in found(one, since, until)}
    assert [o for o in early if o.due > middle] == [o for o in late if o.release <= middle]


@settings(max_examples=examples(60))
@given(TASKS, INSTANTS)
def test_the_next_occurrence_is_the_first_whose_day_has_not_passed(one: Task, now: dt.datetime) -> None:
    day, far = now.date(), dt.timedelta(days=90)
    got = next_occurrence(workspace(one), board(one), one, day)
    days = sorted((o.day, o) for o in found(one, now - far, now + far) if o.day >= day)
    assert got == days[0][1]


# ---- what it costs


class Looked(tuple[int, ...]):  # noqa: SLOT001 (it counts)
    """Days of the week that count how often they are asked."""

    asked = 0

    def __contains__(self, day: object) -> bool:
        self.asked += 1
        return super().__contains__(day)


def test_only_what_is_found_is_counted_through_the_year() -> None:
    every_day = Looked(range(1, 8))
    one = task("daily", every_day)
    found = occurrences(workspace(one), board(one), one, at("2026-12-29T12:00"), at("2026-12-30T12:00"))
    assert [occurrence.sequence for occurrence in found] == [363, 364]
    assert every_day.asked < 3 * 366


class Rest(Span):
    """A pause that counts how often it is asked for a day."""

    asked = 0

    def covers(self, day: dt.date) -> bool:
        Rest.asked += 1
        return super().covers(day)


def test_what_rests_for_good_is_not_followed_to_the_end_of_time() -> None:
    one = replace(task("daily", tuple(range(1, 8))), pauses=(Rest(FIRST_DATE, LAST_DATE),))
    assert following(one, "2026-11-20") is None
    assert Rest.asked < 11 * 366


def test_what_rests_for_years_comes_after_them() -> None:
    rest = Span(dt.date(2026, 1, 1), dt.date(2034, 12, 31))
    assert following(replace(task(), pauses=(rest,)), "2026-11-20") == "2035-01-01 2035-01-05"


# ---- days on which clocks change --------------------------------------------------------------------

CAIRO, SANTIAGO, AZORES = ZoneInfo("Africa/Cairo"), ZoneInfo("America/Santiago"), ZoneInfo("Atlantic/Azores")


@pytest.mark.parametrize(
    ("zone", "day", "release", "due", "appears"),
    [
        (PARIS, "2027-03-28", "02:30", "03:10", "2027-03-28T01:30+01:00"),
        (PARIS, "2027-03-28", "02:00", "03:00", "2027-03-28T01:00+01:00"),
        (PARIS, "2027-03-28", "02:10", "02:50", "2027-03-28T03:10+02:00"),
        (PARIS, "2027-03-28", "02:30", "17:00", "2027-03-28T03:30+02:00"),
        (CAIRO, "2027-04-30", "00:00", "01:00", "2027-04-29T23:00+02:00"),
        (SANTIAGO, "2027-09-05", "00:00", "01:00", "2027-09-04T23:00-04:00"),
        (AZORES, "2027-03-28", "00:30", "01:10", "2027-03-27T23:30-01:00"),
    ],
)
def test_release_gives_way_on_a_day_of_clock_change(
    zone: ZoneInfo, day: str, release: str, due: str, appears: str
) -> None:
    times = [DayTime(dt.time.fromisoformat(text)) for text in (release, due)]
    one = task("daily", tuple(range(1, 8)), release=times[0], due=times[1], zone=zone)
    found = next_occurrence(workspace(one), board(one), one, dt.date.fromisoformat(day))
    assert found
    assert found.release < found.due
    assert found.release == dt.datetime.fromisoformat(appears)
    declared = dt.datetime.combine(dt.date.fromisoformat(day), times[0].time)
    earlier = found.release.astimezone(zone).replace(tzinfo=None) < declared
    assert gave_way(one, found) == (declared if earlier else None)


@settings(max_examples=examples(40), deadline=None)
@given(
    zone=st.timezones(),
    day=st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)),
    minutes=st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2),
)
def test_due_always_comes_after_release(zone: ZoneInfo, day: dt.date, minutes: set[int]) -> None:
    release, due = (DayTime(dt.time(*divmod(each, 60))) for each in sorted(minutes))
    one = task("daily", tuple(range(1, 8)), release=release, due=due, zone=zone)
    for found in occurrences(workspace(one), board(one), one, at(str(day)), at(str(day + dt.timedelta(400)))):
        assert found.release < found.due


@settings(max_examples=examples(60))
@given(
    zone=st.sampled_from(("Pacific/Kiritimati", "Pacific/Apia", "Europe/Paris")),
    frequency=st.sampled_from([each for each in Frequency if each not in {Frequency.ONCE, Frequency.RULE}]),
    day=st.dates(dt.date(2011, 10, 1), dt.date(2012, 3, 31)),
    others=st.lists(st.tuples(st.integers(-31, 31), st.integers(0, 30)), max_size=9),
)
def test_nothing_is_released_earlier_before_its_date_than_is_looked_for(
    zone: str, frequency: Frequency, day: dt.date, others: list[tuple[int, int]]
) -> None:
    """Also where clocks skip a whole day, as in Apia on 30 December 2011, and where its date was taken."""
    early = DayTime(dt.time(0, 0), -LONGEST_OFFSET.days)
    one = task(str(frequency), (1,), release=early, zone=ZoneInfo(zone))
    dates = [day + dt.timedelta(days=date) for date, _ in others]
    taken = (
        Carried(date, date + dt.timedelta(days=days), period, own=True)
        for date, (_, days) in zip(dates, others, strict=True)
        for period in ("weekly", "monthly", "day")
    )
    one = replace(one, carried=tuple(taken))
    for found in occurrences(workspace(one), board(one), one, at(str(day)), at(str(day))):
        date = dt.datetime.combine(found.key.date, dt.time(), dt.UTC)
        assert found.release >= date - RELEASE_REACH


# ---- what another rhythm left ------------------------------------------------------------------------

FRIDAY_CARD = Carried(dt.date(2026, 11, 16), dt.date(2026, 11, 20), "weekly", own=True)
"""Of the week's card, which is named by the Monday and falls on the Friday."""


def test_a_daily_card_of_a_monday_whose_date_the_week_took_is_told_apart() -> None:
    daily = replace(
        task(),
        cadence=replace(task().cadence, frequency=Frequency.DAILY, on=(1, 2, 3, 4, 5)),
        carried=(FRIDAY_CARD,),
    )
    found = between(daily, "2026-11-16T01:00", "2026-11-20T23:00")
    assert [occurrence.day.day for occurrence in found] == [16, 17, 18, 19]
    assert len({occurrence.key.date for occurrence in found} | {FRIDAY_CARD.date}) == 5


def test_a_weekly_card_whose_date_a_daily_one_took_goes_by_its_day() -> None:
    monday = Carried(dt.date(2026, 11, 16), dt.date(2026, 11, 16), "day", own=True)
    (found,) = between(replace(task(), carried=(monday,)), "2026-11-16T01:00", "2026-11-20T01:00")
    assert found.key.date == found.day == dt.date(2026, 11, 20)
