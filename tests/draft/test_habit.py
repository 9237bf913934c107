"""Which rhythm the days of cards of one name show."""

import datetime as dt

import pytest

from trello_ops.draft.habit import of_days
from trello_ops.draft.model import Rhythm

MONDAY = dt.date(2026, 8, 3)


def every(step: int, count: int = 8, first: dt.date = MONDAY) -> list[dt.date]:
    return [first + dt.timedelta(days=step * n) for n in range(count)]


def months(day: int, step: int = 1, count: int = 6, last: bool = False) -> list[dt.date]:
    firsts = [dt.date(2026 + (n * step) // 12, (n * step) % 12 + 1, 1) for n in range(count + 1)]
    if last:
        return [each - dt.timedelta(days=1) for each in firsts[1:]]
    return [each.replace(day=day) for each in firsts[:count]]


@pytest.mark.parametrize(
    ("days", "rhythm"),
    [
        (every(7), Rhythm("weekly", ("monday",))),
        (every(7, count=3), Rhythm("weekly", ("monday",))),
        ([*every(7), MONDAY + dt.timedelta(days=1)], Rhythm("weekly", ("monday",))),
        (every(14, count=4), Rhythm("biweekly", ("monday",), anchor="2026-09-14")),
        (every(7) + every(7, first=MONDAY + dt.timedelta(days=3)), Rhythm("weekly", ("monday", "thursday"))),
        (every(1, 5) + every(1, 5, MONDAY + dt.timedelta(days=7)), Rhythm("daily", (
            "monday", "tuesday", "wednesday", "thursday", "friday",
        ))),
        (months(15), Rhythm("monthly", ("15",))),
        (months(0, last=True), Rhythm("monthly", ("last",))),
        ([dt.date(2026, 9, 7), dt.date(2026, 10, 5), dt.date(2026, 11, 2), dt.date(2026, 12, 7)],
         Rhythm("monthly", ("first monday",))),
        (months(10, step=3, count=5), Rhythm("quarterly", ("10",), month="1")),
        ([dt.date(year, 4, 12) for year in (2023, 2024, 2025, 2026)], Rhythm("yearly", ("12",), month="4")),
    ],
)  # fmt: skip
def test_a_habit(days: list[dt.date], rhythm: Rhythm) -> None:
    assert of_days(days[::-1]) == rhythm


@pytest.mark.parametrize(
    "days",
    [
        [],
        every(7, count=2),
        [MONDAY] * 9,
        [MONDAY, dt.date(2026, 8, 12), dt.date(2026, 8, 21), dt.date(2026, 9, 14)],
        every(5),
        every(45),
    ],
)
def test_no_habit(days: list[dt.date]) -> None:
    assert of_days(days) is None
