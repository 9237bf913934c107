"""What is known of earlier weeks, under the keys that things have now."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_kit import daily_task, workspace_of
from week_kit import WEEK, line

from trello_ops.core.declared import Carried, Workspace
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.history import (
    LONGEST,
    FrozenCounts,
    Record,
    not_on_time,
    records,
    task_now,
    with_week,
)
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.standing import WeekCount

ON_TIME, LATE, MISSED, OPEN = Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED, Outcome.OPEN
OUTCOMES = st.lists(st.sampled_from(Outcome), max_size=12)


def renamed() -> Workspace:
    """Its board was called `weekly`, and its task `stock`."""
    workspace = workspace_of(daily_task("shelves", was=("weekly/stock",)))
    return replace(workspace, boards=(replace(workspace.boards[0], was=("weekly",)),))


# ---- counts


def test_counts_of_json_are_those_of_any_version() -> None:
    counts = FrozenCounts.from_dict(WEEK, {"on_time": 3, "late": 1}, [{"key": "weekly", "missed": 2}])
    assert counts == FrozenCounts(WEEK, WeekCount(WEEK, 4, 3), {"weekly": WeekCount(WEEK, 2, 0)})


@given(OUTCOMES)
def test_a_count_is_what_was_judged(outcomes: list[Outcome]) -> None:
    figures = {str(each): outcomes.count(each) for each in Outcome}
    whole = FrozenCounts.from_dict(WEEK, figures, []).whole
    assert (whole.n, whole.on_time, whole.rate) == (
        totals(outcomes).judged,
        outcomes.count(ON_TIME),
        totals(outcomes).compliance_rate,
    )


@pytest.mark.parametrize(("key", "n"), [("daily", 5), ("weekly", 0), ("other", 3)])
def test_a_board_keeps_its_counts_under_the_key_it_has_now(key: str, n: int) -> None:
    boards = {"weekly": WeekCount(WEEK, 5, 4), "other": WeekCount(WEEK, 3, 3)}
    found = FrozenCounts(WEEK, WeekCount(WEEK, 8, 7), boards).of_board(renamed(), key)
    assert (found.week, found.n) == (WEEK, n)


def test_what_is_one_board_now_is_counted_together() -> None:
    boards = {"weekly": WeekCount(WEEK, 5, 4), "daily": WeekCount(WEEK, 2, 1)}
    found = FrozenCounts(WEEK, WeekCount(WEEK, 7, 5), boards).of_board(renamed(), "daily")
    assert found == WeekCount(WEEK, 7, 5)


# ---- tasks


def test_a_task_is_known_by_its_keys_of_now() -> None:
    key = OccurrenceKey.parse("weekly/stock/2026-11-16")
    assert task_now(renamed(), key) == ("daily", "shelves")
    assert task_now(workspace_of(), key) == ("weekly", "stock"), "one that left keeps its own"


def test_where_two_tasks_changed_places_each_keeps_what_it_did() -> None:
    day = OccurrenceKey.parse("daily/a/2026-11-16").date
    swapped = workspace_of(
        daily_task("a", carried=(Carried(day, day, "day", own=False, name="daily/b"),)),
        daily_task("b", carried=(Carried(day, day, "day", own=False, name="daily/a"),)),
    )
    assert task_now(swapped, OccurrenceKey("daily", "a", day)) == ("daily", "b")


def test_only_what_was_judged_is_in_a_record_and_by_due() -> None:
    lines = [
        line(due=92, outcome=LATE),
        line(due=44, outcome=OPEN),
        line(due=20, outcome="of_another_version"),
    ]
    first = line(due=20)
    found = records(renamed(), [*lines, first], {("daily", "shelves"): (MISSED,)})
    assert found == {("daily", "shelves"): Record((first, lines[0]), (MISSED,))}


def test_the_last_are_the_newest_first_up_to_a_line() -> None:
    first, second = line(due=20, outcome=LATE), line(due=44, outcome=MISSED)
    record = Record((first, second), (ON_TIME, LATE))
    assert record.last(9) == (MISSED, LATE, ON_TIME, LATE)
    assert record.last(2) == (MISSED, LATE)
    assert record.last(2, first) == (LATE, ON_TIME)


def test_late_and_missed_are_not_on_time() -> None:
    assert not_on_time([*Outcome, "of_another_version"]) == 2


@given(st.lists(OUTCOMES.map(tuple), max_size=5))
def test_weeks_add_up_to_the_past_newest_first(weeks: list[tuple[Outcome, ...]]) -> None:
    workspace, past = workspace_of(), {}
    for outcomes in weeks:
        lines = [line(due=number, outcome=each) for number, each in enumerate(outcomes)]
        past = {**with_week(past, workspace, lines)}
    told = [each for week in weeks for each in week if each in (ON_TIME, LATE, MISSED)]
    assert list(past.get(("weekly", "stock"), ())) == told[::-1]


def test_the_past_is_not_kept_for_ever() -> None:
    old = {("weekly", "stock"): (ON_TIME,) * LONGEST}
    told = with_week(old, workspace_of(), [line(outcome=LATE)])[("weekly", "stock")]
    assert (len(told), told[0]) == (LONGEST, LATE)
