"""What became of tasks before a week, as it was frozen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from shop_kit import Shop, daily_task

from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.reporting.history import Past
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.operations.past import past

ON_TIME, LATE, MISSED, EXCUSED = Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED, Outcome.EXCUSED
NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
THIS = IsoWeek(2026, 47)
STOCK = ("daily", "stock")
DAY = dt.timedelta(days=1)


def occurrence(day: dt.date, task: str = "stock", board: str = "daily") -> Occurrence:
    due = dt.datetime.combine(day, dt.time(17), dt.UTC)
    return Occurrence(
        OccurrenceKey(board, task, day),
        "Q",
        "Stock",
        "operations",
        "O",
        ("amal",),
        day,
        due - DAY / 2,
        due,
        1,
    )


def live(shop: Shop, told: Mapping[str, Outcome | None], task: str = "stock", board: str = "daily") -> None:
    """Record an occurrence of each day, and freeze its week with that outcome; `None`: without its line."""
    weeks: dict[IsoWeek, list[ReportedOccurrence]] = {}
    for text, outcome in told.items():
        one = occurrence(dt.date.fromisoformat(text), task, board)
        shop.store.record([one], NOW)
        lines = weeks.setdefault(IsoWeek.of(one.day), [])
        facts = WeekFacts(IsoWeek.of(one.day), [LedgerEntry(one, NOW)], (), ())
        line = weekly_report(shop.workspace, facts, NOW, freeze=True).occurrences[0]
        lines += [replace(line, outcome=outcome)] if outcome else []
    for week, lines in weeks.items():
        bare = weekly_report(shop.workspace, WeekFacts(week, (), (), ()), NOW, freeze=True)
        shop.store.freeze(replace(bare, occurrences=tuple(lines)), ())


def told(shop: Shop, week: IsoWeek = THIS, task: str = "stock", board: str = "daily") -> Past:
    return past(shop.context(), week, [LedgerEntry(occurrence(week.monday, task, board), NOW)])


def test_the_newest_come_first_and_none_of_the_week_or_after() -> None:
    shop = Shop(daily_task("stock"))
    live(shop, {"2026-11-02": LATE, "2026-11-09": ON_TIME, "2026-11-13": MISSED, "2026-11-16": LATE})
    assert told(shop) == {STOCK: (MISSED, ON_TIME, LATE)}
    assert told(shop, THIS.next()) == {STOCK: (LATE, MISSED, ON_TIME, LATE)}


def test_what_was_not_judged_frozen_or_in_its_report_is_not_there() -> None:
    shop = Shop(daily_task("stock"))
    live(shop, {"2026-11-02": LATE, "2026-11-03": EXCUSED, "2026-11-04": None})
    shop.store.record([occurrence(dt.date(2026, 11, 11))], NOW)
    assert told(shop) == {STOCK: (LATE,)}


def test_five_are_enough_and_each_report_is_read_once() -> None:
    shop, read = Shop(daily_task("stock"), daily_task("tills")), list[IsoWeek]()
    live(shop, {f"2026-11-{day:02}": LATE for day in range(2, 16)})
    live(shop, {f"2026-10-{day:02}": MISSED for day in range(1, 32)})
    frozen = shop.store.frozen

    def noted(week: IsoWeek) -> Report | None:
        read.append(week)
        return frozen(week)

    shop.store.frozen = noted  # type: ignore[method-assign]
    entries = [LedgerEntry(occurrence(THIS.monday, task), NOW) for task in ("stock", "stock", "tills")]
    assert past(shop.context(), THIS, entries) == {STOCK: (LATE,) * 5, ("daily", "tills"): ()}
    assert read == [THIS.previous()]


def test_many_that_were_not_judged_hide_none_that_were() -> None:
    shop = Shop(daily_task("stock"))
    days = [dt.date(2026, 9, 14) + n * DAY for n in range(60)]
    live(shop, {f"{day}": LATE if n < 4 else EXCUSED for n, day in enumerate(days)})
    assert told(shop) == {STOCK: (LATE,) * 4}


def test_of_a_rare_task_all_are_told() -> None:
    monthly = daily_task("stock")
    shop = Shop(replace(monthly, cadence=replace(monthly.cadence, frequency=Frequency.MONTHLY)))
    live(shop, {f"{year}-{month:02}-12": ON_TIME for year in (2024, 2025) for month in range(1, 13)})
    assert told(shop) == {STOCK: (ON_TIME,) * 24}


def test_a_task_keeps_its_past_when_it_and_its_board_are_renamed() -> None:
    shop = Shop(daily_task("stock"))
    live(shop, {"2026-11-02": LATE}, "shelves", "shop")
    live(shop, {"2026-11-10": MISSED}, "stock", "shop")
    live(shop, {"2026-10-10": MISSED}, "shelves", "other")
    board = shop.workspace.boards[0]
    named = daily_task("stock", was=("shop/stock", "shop/shelves"))
    shop.workspace = replace(shop.workspace, boards=(replace(board, was=("shop",), tasks=(named,)),))
    assert told(shop) == {STOCK: (MISSED, LATE)}
    assert told(shop, board="shop") == {STOCK: (MISSED, LATE)}


def test_a_task_that_left_has_its_past_under_the_keys_it_had() -> None:
    shop = Shop(daily_task("tills"))
    live(shop, {"2026-11-02": LATE})
    assert told(shop) == {STOCK: (LATE,)}
