"""What a cadence and a task plan: days off, moves, pauses, covers, and the instants that follow."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from calendar_kit import board, workspace

from trello_ops.core.cadence import WORKING_DAY, Cadence, DayTime, Frequency, NthDay, OnDayOff, Span
from trello_ops.core.calendar.course import planned
from trello_ops.core.calendar.occurrences import next_occurrence, occurrences, on_days
from trello_ops.core.calendar.timetable import Timetable
from trello_ops.core.days_off import DaysOff, Holidays, Skip, SkipKind
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Absence, Person, Round, WhenAbsent

CASABLANCA = ZoneInfo("Africa/Casablanca")
DAY = dt.timedelta(days=1)
SIX_DAYS = (1, 2, 3, 4, 5, 6)
INVENTORY = Span(dt.date(2027, 2, 1), dt.date(2027, 2, 3), "inventaire")
AID = ((dt.date(2027, 3, 10), "Aïd al-Fitr"), (dt.date(2027, 3, 11), "Aïd al-Fitr"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def a_task(frequency: str, *on: int, key: str = "stock", **more: object) -> Task:
    of_task = {name: more.pop(name) for name in ("pauses", "covers") if name in more}
    cadence = Cadence(Frequency(frequency), on, DayTime(dt.time(17)), CASABLANCA)
    cadence = replace(cadence, **more)  # type: ignore[arg-type]
    return replace(Task(key, "Stock", "operations", "stock.md", cadence, ("amina",)), **of_task)  # type: ignore[arg-type]


def a_shop(*tasks: Task, closures: tuple[Span, ...] = (INVENTORY,)) -> tuple[Workspace, Board]:
    its = replace(board(tasks[0]), tasks=tasks, working_days=SIX_DAYS, closures=closures)
    return replace(workspace(tasks[0]), boards=(its,), holidays=Holidays(named=AID)), its


def plan(task: Task, first: str, last: str, *others: Task) -> list[tuple[str, str, str]]:
    """Nominal day, day, and why it is skipped or moved."""
    shop, its = a_shop(task, *others)
    return [
        (str(each.nominal_day)[5:], str(each.day)[5:], str(each.skip or each.moved or ""))
        for each in planned(shop, its, task, day(first), day(last))
    ]


# ---- days off ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "moved_to", "why"),
    [
        (OnDayOff.KEEP, "03-10", ""),
        (OnDayOff.SKIP, "03-10", "holiday:Aïd al-Fitr"),
        (OnDayOff.PREVIOUS, "03-09", "holiday:Aïd al-Fitr"),
        (OnDayOff.NEXT, "03-12", "holiday:Aïd al-Fitr"),
    ],
)
def test_what_becomes_of_a_day_off(policy: OnDayOff, moved_to: str, why: str) -> None:
    weekly = a_task("weekly", 3, on_day_off=policy)
    assert plan(weekly, "2027-03-08", "2027-03-14") == [("03-10", moved_to, why)]


def test_a_moved_day_crosses_the_borders_of_week_and_month_and_keeps_its_key() -> None:
    monday = a_task("weekly", 1, on_day_off=OnDayOff.PREVIOUS)
    assert plan(monday, "2027-02-01", "2027-02-07") == [("02-01", "01-30", "closure:inventaire")]
    shop, its = a_shop(monday)
    (found,) = on_days(shop, its, monday, Span(day("2027-01-30"), day("2027-01-30")))
    assert (str(found.key), str(found.day), str(found.nominal_day)) == (
        "shop/stock/2027-02-01",
        "2027-01-30",
        "2027-02-01",
    )
    assert found.moved == Skip(SkipKind.CLOSURE, "inventaire")


def test_a_closure_counts_before_a_holiday_and_that_before_a_weekday() -> None:
    sunday = a_task("weekly", 7, on_day_off=OnDayOff.SKIP)
    holiday = Span(day("2027-03-10"), day("2027-03-10"), "deuil")
    shop, its = a_shop(sunday, closures=(holiday,))
    days_off = shop.days_off(its)
    assert days_off.why(day("2027-03-10")) == Skip(SkipKind.CLOSURE, "deuil")
    assert days_off.why(day("2027-03-11")) == Skip(SkipKind.HOLIDAY, "Aïd al-Fitr")
    assert days_off.why(day("2027-03-14")) == Skip(SkipKind.WEEKDAY)
    assert days_off.why(day("2027-03-13")) is None


def test_where_no_day_works_for_months_nothing_is_piled_up_but_skipped() -> None:
    never = DaysOff(closures=(Span(day("2027-01-01"), day("2199-12-31"), "fermé"),))
    rhythm = a_task("weekly", 5, on_day_off=OnDayOff.NEXT).cadence
    (found,) = Timetable(rhythm, never).nominal(day("2027-02-01"), day("2027-02-07"))
    assert found.skip == Skip(SkipKind.CLOSURE, "fermé")


@pytest.mark.parametrize(
    ("closures", "days"),
    [
        ([], 31),
        ([("2027-02-01", "2027-02-03")], 64),
        ([("2027-02-01", "2027-02-03"), ("2028-02-01", "2028-02-03")], 64),
        ([("2027-02-20", "2027-02-28"), ("2027-02-01", "2027-02-25")], 89),
        ([("2027-02-01", "2027-02-03"), ("2027-03-06", "2027-03-06"), ("2027-04-06", "2027-04-08")], 128),
        ([("2027-01-01", "2199-12-31")], 366),
    ],
)
def test_how_far_a_day_may_move_depends_on_closures_that_follow_each_other(
    closures: list[tuple[str, str]], days: int
) -> None:
    off = DaysOff(closures=tuple(Span(day(first), day(last)) for first, last in closures))
    assert off.longest_run == days * DAY


def test_a_month_without_the_named_day_is_excused_on_its_last() -> None:
    third = a_task("monthly", nth=(NthDay(30, WORKING_DAY),), on_day_off=OnDayOff.PREVIOUS)
    assert plan(third, "2027-02-01", "2027-02-28") == [("02-28", "02-28", "no_day:")]


# ---- pauses and covers ------------------------------------------------------------------------------


def test_a_pause_counts_before_all_else_and_keeps_the_nominal_day() -> None:
    pauses = (Span(day("2027-03-10"), day("2027-03-10"), "travaux"),)
    weekly = a_task("weekly", 3, on_day_off=OnDayOff.NEXT, pauses=pauses)
    assert plan(weekly, "2027-03-08", "2027-03-14") == [("03-10", "03-10", "pause:travaux")]


def test_what_is_paused_is_looked_for_on_its_nominal_day() -> None:
    friday = day("2027-03-12")
    closed = Span(day("2027-03-08"), friday, "travaux")
    weekly = a_task("weekly", 5, on_day_off=OnDayOff.PREVIOUS, pauses=(closed,))
    shop, its = a_shop(weekly, closures=(closed,))
    (found,) = on_days(shop, its, weekly, Span(friday, friday))
    assert (found.day, str(found.skip)) == (friday, "pause:travaux")
    assert on_days(shop, its, weekly, Span(day("2027-03-06"), day("2027-03-06"))) == ()
    saturday = dt.datetime(2027, 3, 6, 17, tzinfo=dt.UTC)  # when it would be due, if it were moved
    (found,) = occurrences(shop, its, weekly, saturday, found.release)
    assert local(found.due) == "03-12 17:00"


def test_what_a_monthly_check_contains_is_excused_in_its_week() -> None:
    links = a_task("weekly", 5, key="links")
    audit = a_task("monthly", 10, key="audit", covers=("shop/links",))
    found = plan(links, "2027-02-01", "2027-02-28", audit)
    assert [why for *_, why in found] == ["", "covered:Stock", "", ""]


def test_of_a_task_with_several_days_only_the_day_itself_is_covered() -> None:
    links = a_task("weekly", 3, 5, key="links")
    audit = a_task("monthly", 10, key="audit", covers=("shop/links",))
    found = plan(links, "2027-02-08", "2027-02-14", audit)
    assert found == [("02-10", "02-10", "covered:Stock"), ("02-12", "02-12", "")]


def test_an_excused_occurrence_covers_nothing() -> None:
    links = a_task("weekly", 5, key="links")
    paused = (Span(day("2027-02-01"), day("2027-02-28")),)
    audit = a_task("monthly", 10, key="audit", covers=("shop/links",), pauses=paused)
    assert [why for *_, why in plan(links, "2027-02-01", "2027-02-28", audit)] == [""] * 4


@pytest.mark.parametrize("round_of", [(), ("amina",)])
def test_nor_does_one_that_is_excused_as_everybody_is_away(round_of: tuple[str, ...]) -> None:
    links = a_task("weekly", 5, key="links")
    audit = replace(
        a_task("monthly", 10, key="audit", covers=("shop/links",)),
        assignees=() if round_of else ("amina",),
        round=Round(round_of, day("2027-01-01")) if round_of else None,
        when_absent=WhenAbsent.EXCUSE,
    )
    shop, its = a_shop(links, audit)
    for absences, covered in [((), 1), ((Absence(day("2027-02-08"), day("2027-02-12")),), 0)]:
        team = replace(shop, people=(Person("amina", "amina", "Amina", absences=absences),))
        found = planned(team, its, links, day("2027-02-01"), day("2027-02-28"))
        assert len([each for each in found if each.skip]) == covered


# ---- instants ---------------------------------------------------------------------------------------


def only(task: Task, first: str, last: str) -> Occurrence:
    shop, its = a_shop(task)
    (found,) = on_days(shop, its, task, Span(day(first), day(last)))
    return found


def local(moment: dt.datetime) -> str:
    return f"{moment.astimezone(CASABLANCA):%m-%d %H:%M}"


def test_due_moves_with_the_day_and_release_only_where_it_must() -> None:
    friday = a_task("weekly", 3, on_day_off=OnDayOff.NEXT)
    found = only(friday, "2027-03-12", "2027-03-12")
    assert (local(found.release), local(found.due)) == ("03-08 00:00", "03-12 17:00")
    back = a_task("weekly", 1, on_day_off=OnDayOff.PREVIOUS)
    found = only(back, "2027-01-30", "2027-01-30")
    assert (local(found.release), local(found.due)) == ("01-30 00:00", "01-30 17:00")


def test_a_release_that_counts_from_the_nominal_day_moves_with_it() -> None:
    daily = a_task("daily", 3, on_day_off=OnDayOff.NEXT, release=DayTime(dt.time(6)))
    found = only(daily, "2027-03-12", "2027-03-12")
    assert local(found.release) == "03-12 06:00"


def test_release_of_rare_rhythms_counts_from_the_nominal_months_first() -> None:
    yearly = a_task("yearly", 24, month=12)
    found = only(yearly, "2027-12-24", "2027-12-24")
    assert (str(found.key.date), local(found.release)) == ("2027-01-01", "12-01 00:00")


def test_a_due_in_working_days_counts_from_the_moved_day() -> None:
    due = DayTime(dt.time(17), working_days=2)
    daily = a_task("daily", 3, on_day_off=OnDayOff.NEXT, due=due)
    assert local(only(daily, "2027-03-12", "2027-03-12").due) == "03-15 17:00"  # Saturday, Monday


def test_the_next_occurrence_is_one_that_somebody_has_to_do() -> None:
    weekly = a_task("weekly", 3, on_day_off=OnDayOff.SKIP)
    shop, its = a_shop(weekly)
    found = next_occurrence(shop, its, weekly, day("2027-03-08"))
    assert found is not None
    assert str(found.day) == "2027-03-17"
    rare = a_task("once", dates=(day("2031-05-02"),))
    found = next_occurrence(*a_shop(rare), rare, day("2027-03-08"))
    assert found is not None
    assert str(found.day) == "2031-05-02"
