"""What a report asks about completions that look doubtful."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from shop_kit import daily_task, workspace_of

from trello_ops.core.ledger import (
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.reporting.doubtful import doubtful
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import ReportedOccurrence

WORKSPACE = workspace_of(daily_task("parcels", duration=60), daily_task("stock"))
CLOSES = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)


def at(day: int, hour: float = 9) -> dt.datetime:
    return dt.datetime(2026, 11, day, tzinfo=dt.UTC) + dt.timedelta(hours=hour)


def line(
    day: int, completed: dt.datetime | None, task: str = "parcels", **more: object
) -> ReportedOccurrence:
    made = ReportedOccurrence(
        key=f"daily/{task}/2026-11-{day}",
        board="daily",
        task=task,
        theme="operations",
        title=f"Tâche {task}",
        assignees=(),
        due_at=at(day, 17),
        outcome=Outcome.ON_TIME if completed else Outcome.MISSED,
        completed_at=completed,
        completed_by=None,
        card_url=None,
    )
    return replace(made, **more)  # type: ignore[arg-type] # the fields above are of the right types


def entry(day: int, *events: tuple[EventKind, dt.datetime], task: str = "parcels") -> LedgerEntry:
    key = OccurrenceKey("daily", task, dt.date(2026, 11, day))
    occurrence = Occurrence(key, "", "", "", "", (), key.date, at(day, 6), at(day, 17), 1)
    told = tuple(
        LedgerEvent(key, kind, when, EventSource.LOG, None, f"a{number}")
        for number, (kind, when) in enumerate(events)
    )
    return LedgerEntry(occurrence, at(day, 6), card=IssuedCard("c", "", at(day, 6), at(day, 6)), events=told)


def found(
    lines: Sequence[ReportedOccurrence], entries: Sequence[LedgerEntry] = (), cutoff: dt.datetime = CLOSES
) -> tuple[Notice, ...]:
    return doubtful(WORKSPACE, lines, entries, cutoff, CLOSES)


@pytest.mark.parametrize(("minutes", "is_quick"), [(5.9, True), (6, False), (50, False), (0, False)])
def test_too_quick_is_under_a_tenth_of_the_duration_since_the_first_touch(
    minutes: float, is_quick: bool
) -> None:
    done = at(17, 10)
    touched = done - dt.timedelta(minutes=minutes)
    notices = found([line(17, done)], [entry(17, (EventKind.TOUCHED, touched), (EventKind.DONE, done))])
    day = dt.date(2026, 11, 17)
    expected = Notice(
        Why.TOO_QUICK,
        "daily/parcels/2026-11-17",
        "daily",
        "parcels",
        "Tâche parcels",
        5,
        60,
        first=day,
        last=day,
    )
    assert notices == ((expected,) if is_quick else ())


def test_what_is_not_declared_to_take_any_time_is_never_too_quick() -> None:
    events = ((EventKind.TOUCHED, at(17, 9)), (EventKind.DONE, at(17, 9.001)))
    assert found([line(17, at(17, 9.001), "stock")], [entry(17, *events, task="stock")]) == ()


def test_a_guessed_completion_says_nothing_of_quickness() -> None:
    events = ((EventKind.TOUCHED, at(17, 9)), (EventKind.DONE, at(17, 9.01)))
    assert found([line(17, at(17, 9.01), approximate=True)], [entry(17, *events)]) == ()


def test_ticks_at_once_and_programs_are_told_by_due_of_what_is_done() -> None:
    done = at(18)
    events = ((EventKind.DONE, done), (EventKind.AUTOMATED, done), (EventKind.AT_ONCE, at(18, 8)))
    lines = [line(19, at(19)), line(18, done), line(17, None)]
    entries = [entry(19, (EventKind.AT_ONCE, at(19))), entry(18, *events), entry(17, *events)]
    assert [(each.why, each.key[-2:]) for each in found(lines, entries)] == [
        (Why.AT_ONCE, "18"),
        (Why.AUTOMATED, "18"),
        (Why.AT_ONCE, "19"),
    ]


def test_what_came_after_the_cutoff_or_made_another_completion_is_left_out() -> None:
    events = ((EventKind.AT_ONCE, at(18, 12)), (EventKind.AUTOMATED, at(18, 11)))
    assert found([line(18, at(18, 9))], [entry(18, *events)], cutoff=at(18, 11.5)) == ()


def burst(
    minutes: Sequence[float], others: int = 0, begin: dt.datetime = CLOSES - dt.timedelta(hours=10)
) -> list[ReportedOccurrence]:
    tasks = [f"t{number}" for number in range(len(minutes) + others)]
    instants = [begin + dt.timedelta(minutes=each) for each in minutes] + [at(17)] * others
    return [line(17, instant, task) for instant, task in zip(instants, tasks, strict=True)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (burst([0, 3, 15], 2), (3, 5)),
        (burst([0, 3, 15.1], 2), None),
        (burst([0, 3, 15], 3), None),
        (burst([0, 3, 15], 1), None),
        (burst([0, 30, 33, 36, 45], 0), (4, 5)),
        (burst([0, 3, 15], 2, begin=CLOSES - dt.timedelta(hours=25)), None),
    ],
)
def test_a_burst_is_more_than_half_of_five_within_a_quarter_of_the_last_day(
    lines: list[ReportedOccurrence], expected: tuple[int, int] | None
) -> None:
    notices = found(lines)
    assert [(each.why, each.board, each.key, each.count, each.of) for each in notices] == (
        [(Why.BURST, "daily", "", *expected)] if expected else []
    )
    assert all(each.first == dt.date(2026, 11, 22) for each in notices)


def test_instants_that_are_only_guessed_make_no_burst() -> None:
    assert found([replace(each, approximate=True) for each in burst([0, 0, 0, 0, 0])]) == ()
