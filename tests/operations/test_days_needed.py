"""Whatever is declared for years, a pass and `status` expand only the days that they need."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task, workspace_of

from trello_ops.core.cadence import Cadence, Frequency, OnDayOff, Span
from trello_ops.core.calendar import timetable
from trello_ops.core.calendar.recurrence import Recurrence, recurrences
from trello_ops.core.days_off import DaysOff, Holidays
from trello_ops.core.declared import Task, Workspace
from trello_ops.core.people import Absence, Round
from trello_ops.operations.status import status

RHYTHMS = tuple(Frequency)[:7]
TEN_YEARS = [dt.date(year, month, 15) for year in range(2022, 2032) for month in range(1, 13)]
MONTH = dt.timedelta(days=31)


class Expanded:
    """The first days of the months and of the years that were expanded."""

    def __init__(self) -> None:
        self.months: list[dt.date] = []
        self.years: list[dt.date] = []

    def __call__(
        self, cadence: Cadence, first: dt.date, last: dt.date, days_off: DaysOff
    ) -> Iterator[Recurrence]:
        (self.months if last - first < MONTH else self.years).append(first)
        return recurrences(cadence, first, last, days_off)


def a_task(n: int) -> Task:
    one = daily_task(f"task-{n}")
    frequency = RHYTHMS[n % len(RHYTHMS)]
    on = (1, 2, 3, 4, 5, 6) if frequency is Frequency.DAILY else (n % 5 + 1,)
    # Each a rhythm of its own, so that none profits from what another has found.
    due = replace(one.cadence.due, time=dt.time(18, n))
    cadence = replace(
        one.cadence, frequency=frequency, on=on, due=due, anchor=TEN_YEARS[0], on_day_off=OnDayOff.PREVIOUS
    )
    whose = {"assignees": (), "round": Round(("amal", "karim"), TEN_YEARS[0])} if n % 3 == 0 else {}
    return replace(one, cadence=cadence, **whose)  # type: ignore[arg-type]


def ten_years() -> Workspace:
    """30 tasks; of ten years each month has a holiday, each January a closure and an absence."""
    plain = workspace_of(*(a_task(n) for n in range(30)))
    weeks = [(day, day + dt.timedelta(days=6)) for day in TEN_YEARS if day.month == 1]
    board = replace(
        plain.boards[0],
        working_days=(1, 2, 3, 4, 5, 6),
        closures=tuple(Span(*week, "inventaire") for week in weeks),
    )
    amal, karim = plain.people
    return replace(
        plain,
        boards=(board,),
        people=(replace(amal, absences=tuple(Absence(*week) for week in weeks)), karim),
        holidays=Holidays(named=tuple((day, "fête") for day in TEN_YEARS)),
    )


@pytest.fixture
def shop() -> Shop:
    """After three days of passes, and then a new process, which has expanded nothing yet."""
    made = Shop()
    made.workspace = ten_years()
    made.apply()
    for _ in range(3):
        made.issue()
        made.advance(days=1)
    made.workspace = ten_years()
    made.restart()
    return made


@pytest.fixture
def expanded(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> Expanded:
    found = Expanded()
    monkeypatch.setattr(timetable, "recurrences", found)
    return found


def needed(expanded: Expanded) -> None:
    """The months around November 2026, and the years by which the cards of these are counted."""
    assert expanded.months
    assert min(expanded.months) >= dt.date(2026, 8, 1)
    assert max(expanded.months) <= dt.date(2027, 3, 1)
    assert len(expanded.months) <= 30 * 6
    assert set(expanded.years) == {dt.date(2026, 1, 1)}
    assert len(expanded.years) <= 30


def test_a_pass_expands_only_the_days_that_it_needs(shop: Shop, expanded: Expanded) -> None:
    shop.issue()
    needed(expanded)
    shop.advance(hours=1)
    known = len(expanded.months)
    shop.issue()
    assert len(expanded.months) == known


def test_status_expands_only_the_days_that_it_needs(shop: Shop, expanded: Expanded) -> None:
    status(shop.context())
    needed(expanded)
