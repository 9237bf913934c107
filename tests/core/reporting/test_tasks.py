"""Tasks that keep failing, and rare ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_kit import daily_task, workspace_of
from week_kit import line

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Workspace
from trello_ops.core.reporting.history import Record
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.tasks import chronic, is_rare, rare

ON_TIME, LATE, MISSED = Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED
OUTCOMES = {"+": ON_TIME, "l": LATE, "-": MISSED}
STOCK = ("daily", "stock")


def record(this_week: str, before: str = "") -> Record:
    """The oldest first in both."""
    lines = [line(due=20 + 24 * n, outcome=OUTCOMES[sign]) for n, sign in enumerate(this_week)]
    return Record(tuple(lines), tuple(OUTCOMES[sign] for sign in reversed(before)))


def shop(frequency: Frequency, of_board: Frequency = Frequency.DAILY) -> Workspace:
    task = daily_task("stock")
    workspace = workspace_of(replace(task, cadence=replace(task.cadence, frequency=frequency)))
    return replace(workspace, boards=(replace(workspace.boards[0], frequency=of_board),))


@pytest.mark.parametrize(
    ("this_week", "before", "failed"),
    [
        ("-", "+-+-", 3),
        ("+", "-l--", 4),
        ("l", "llll", 5),
        ("--+", "+-", 3),
        ("-", "---+++", None),
        ("-", "+-+", None),
        ("-", "---", None),
        ("+++++", "-----", None),
    ],
)
def test_chronic_is_three_of_the_last_five(this_week: str, before: str, failed: int | None) -> None:
    told = list(chronic({STOCK: record(this_week, before)}))
    newest = (record(this_week, before).last(5).count(MISSED), record(this_week, before).last(5).count(LATE))
    expected = [Notice(Why.NOT_ON_TIME, board="daily", task="stock", title="Stock", count=failed or 0, of=5)]
    assert told == (expected if failed else [])
    assert failed is None or sum(newest) == failed


@pytest.mark.parametrize(
    ("before", "this_week", "expected"),
    [
        ("++", "+", (Why.IN_A_ROW, 3, 3)),
        ("-+", "+", (Why.IN_A_ROW, 2, 2)),
        ("--", "+", (Why.IN_A_ROW, 1, 1)),
        ("", "-", (Why.NOT_ON_TIME, 1, 1)),
        ("+l+", "-", (Why.NOT_ON_TIME, 2, 4)),
        ("-----", "l", (Why.NOT_ON_TIME, 4, 4)),
    ],
)
def test_a_rare_task_is_told_in_a_row_or_of_the_last_four(
    before: str, this_week: str, expected: tuple[Why, int, int]
) -> None:
    (told,) = rare(shop(Frequency.MONTHLY), {STOCK: record(this_week, before)})
    assert (told.why, told.count, told.of) == expected
    assert (told.board, told.task, told.title) == ("daily", "stock", "Stock")


def test_a_row_of_years_is_counted_whole() -> None:
    (told,) = rare(shop(Frequency.MONTHLY), {STOCK: record("+", "-" + "+" * 40)})
    assert told.count == 41


@pytest.mark.parametrize(
    ("frequency", "of_board", "expected"),
    [
        (Frequency.DAILY, Frequency.DAILY, False),
        (Frequency.BIWEEKLY, Frequency.WEEKLY, False),
        (Frequency.MONTHLY, Frequency.DAILY, True),
        (Frequency.YEARLY, Frequency.MONTHLY, True),
        (Frequency.ONCE, Frequency.WEEKLY, True),
        (Frequency.RULE, Frequency.WEEKLY, False),
        (Frequency.RULE, Frequency.MONTHLY, True),
    ],
)
def test_rare_is_monthly_and_rarer(frequency: Frequency, of_board: Frequency, *, expected: bool) -> None:
    workspace = shop(frequency, of_board)
    assert is_rare(workspace, "daily", "stock") is expected
    assert len(list(rare(workspace, {STOCK: record("+")}))) == expected


def test_of_what_comes_once_no_row_is_told() -> None:
    workspace = shop(Frequency.ONCE)
    (board,), (task,) = workspace.boards, workspace.boards[0].tasks
    day = dt.date(2026, 11, 20)

    def with_dates(*dates: dt.date) -> Workspace:
        some = replace(task, cadence=replace(task.cadence, dates=dates))
        return replace(workspace, boards=(replace(board, tasks=(some,)),))

    assert list(rare(with_dates(day), {STOCK: record("+")})) == []
    assert len(list(rare(with_dates(day, day + dt.timedelta(days=90)), {STOCK: record("+")}))) == 1
    assert is_rare(with_dates(day), "daily", "stock")  # when it is coming, it is told of


def test_a_task_that_left_is_not_rare() -> None:
    assert not is_rare(shop(Frequency.MONTHLY), "daily", "gone")


@given(st.text("+l-", min_size=1, max_size=7), st.text("+l-", max_size=9))
def test_what_is_told_of_a_task_is_told_of_its_newest(this_week: str, before: str) -> None:
    signs = (before + this_week)[::-1]
    found = {STOCK: record(this_week, before)}
    assert bool(list(chronic(found))) == (len(signs) >= 5 and _failed(signs[:5]) >= 3)
    (told,) = rare(shop(Frequency.MONTHLY), found)
    run = len(signs) - len(signs.lstrip("+"))
    assert told.count == (run or _failed(signs[:4]))


def _failed(signs: Sequence[str]) -> int:
    return sum(sign != "+" for sign in signs)
