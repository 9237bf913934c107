"""What the next week brings."""

import datetime as dt
from dataclasses import replace

from agenda_kit import (
    COMPLAINTS,
    DAILY,
    FIGURES,
    LOOKED_AT,
    MEETING,
    MONDAY,
    PARCELS,
    SHOP,
    WEEK,
    board,
    cadence,
    shop,
    task,
)

from trello_ops.core.cadence import DayTime, Span
from trello_ops.core.calendar.agenda import agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.reporting.ahead import coming, next_week
from trello_ops.core.reporting.notice import Notice, Why

THIS = IsoWeek.of(MONDAY)
AROUND = Span(MONDAY - dt.timedelta(days=10), MONDAY + dt.timedelta(days=17))


def told(workspace: Workspace, why: Why, days: Span = WEEK) -> list[Notice]:
    return [each for each in next_week(agenda(workspace, days, LOOKED_AT), THIS) if each.why is why]


def day(number: int) -> dt.date:
    return dt.date(2027, 3, number)


def test_holidays_are_told_with_whether_their_day_is_certain() -> None:
    assert told(SHOP, Why.HOLIDAY) == [
        Notice(Why.HOLIDAY, title="Aïd al-Fitr", first=day(10), last=day(10), estimated=True),
        Notice(Why.HOLIDAY, title="Aïd al-Fitr, 2e jour", first=day(11), last=day(11), estimated=True),
    ]


def test_a_closure_is_one_for_all_of_its_days_in_the_week_and_has_its_board() -> None:
    works = (Span(day(6), day(9), "travaux"), Span(day(12), day(12), "travaux"))
    closed = shop(
        board("daily", "D", "daily", PARCELS, closures=works), board("weekly", "W", "weekly", FIGURES)
    )
    for days in (WEEK, AROUND):
        assert told(closed, Why.CLOSURE, days) == [
            Notice(Why.CLOSURE, board="daily", title="travaux", first=day(8), last=day(9)),
            Notice(Why.CLOSURE, board="daily", title="travaux", first=day(12), last=day(12)),
        ]


def test_a_closure_of_all_boards_is_told_once() -> None:
    works = (Span(day(8), day(9), "travaux"),)
    closed = shop(
        board("daily", "D", "daily", PARCELS, closures=works),
        board("weekly", "W", "weekly", FIGURES, closures=works),
    )
    assert told(closed, Why.CLOSURE) == [Notice(Why.CLOSURE, title="travaux", first=day(8), last=day(9))]


def test_closures_of_two_boards_that_overlap_are_each_told_whole() -> None:
    closed = shop(
        board("daily", "D", "daily", PARCELS, closures=(Span(day(8), day(11), "a"),)),
        board("weekly", "W", "weekly", FIGURES, closures=(Span(day(8), day(11), "b"),)),
    )
    assert [(each.board, each.first, each.last) for each in told(closed, Why.CLOSURE)] == [
        ("daily", day(8), day(11)),
        ("weekly", day(8), day(11)),
    ]


def test_absences_are_told_with_who_stands_in_and_never_why() -> None:
    assert told(SHOP, Why.ABSENCE) == [
        Notice(Why.ABSENCE, title="Amal Benali", first=day(12), last=day(14), who=("Nadia Chraïbi",)),
        Notice(Why.ABSENCE, title="Youssef El Idrissi", first=day(13), last=day(13)),
    ]


def test_of_an_absence_the_days_of_the_week_are_told() -> None:
    long = replace(SHOP.people[0].absences[0], first=day(1), last=day(31))
    people = (replace(SHOP.people[0], absences=(long,)),)
    (notice,) = told(replace(SHOP, people=people, boards=()), Why.ABSENCE)
    assert (notice.first, notice.last) == (day(8), day(14))


RENT = task("rent", "Payer le loyer", cadence("monthly", (12,), "17:00"), "karim")


def test_a_rare_duty_that_falls_due_is_told_and_a_common_one_is_not() -> None:
    rare = shop(board("daily", "D", "daily", PARCELS, RENT))
    assert told(rare, Why.RARE) == [
        Notice(
            Why.RARE,
            "daily/rent/2027-03-01",
            "daily",
            "rent",
            "Payer le loyer",
            first=day(12),
            last=day(12),
            who=("Karim Tazi",),
        )
    ]


def test_it_is_told_for_the_week_of_its_due_and_not_of_its_day() -> None:
    later = replace(RENT, cadence=replace(RENT.cadence, on=(6,), due=DayTime(dt.time(17), 7)))
    found = agenda(shop(board("daily", "D", "daily", later)), AROUND, LOOKED_AT)
    assert [each.first for each in next_week(found, THIS) if each.why is Why.RARE] == [day(13)]
    assert not [each for each in next_week(found, THIS.previous()) if each.why is Why.RARE]


def test_what_comes_is_what_falls_due_and_has_to_be_done() -> None:
    found = agenda(
        shop(board("daily", "D", "daily", task("parcels", "Colis", DAILY, "karim"))), AROUND, LOOKED_AT
    )
    assert [each.occurrence.day for each in coming(found, THIS)] == [day(8), day(9), day(12), day(13)]


def test_an_overbooked_slot_tells_minutes_of_minutes() -> None:
    booked = shop(board("weekly", "W", "weekly", FIGURES, MEETING, COMPLAINTS))
    assert told(booked, Why.OVERBOOKED) == [
        Notice(
            Why.OVERBOOKED,
            title="lundi-matin",
            count=240,
            of=210,
            first=day(8),
            last=day(8),
            who=("Amal Benali",),
        )
    ]
    assert told(booked, Why.OVERBOOKED, AROUND) == told(booked, Why.OVERBOOKED)
