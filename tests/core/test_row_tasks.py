"""Tasks of rows: when each comes, what it is known by, and which rows have none."""

import datetime as dt
import unicodedata
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from card_kit import workspace_of
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import LAST, Cadence, DayTime, Frequency
from trello_ops.core.calendar.timetable import Timetable
from trello_ops.core.days_off import DaysOff
from trello_ops.core.declared import Board, BoardList, Task
from trello_ops.core.row_tasks import FREQUENCIES, MOST, RowTasks, again, comes_once, key_part, row_tasks
from trello_ops.core.rows import Cell, Row, Rows, Table, dated

PARIS = ZoneInfo("Europe/Paris")
ROWS = Rows("posts.xlsx", "Date", "{{ Sujet }}", key="Réf", cards=True)
WEEKLY = Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(18)), PARIS)
TASK = Task("post", "Publier", "marketing", "post.md", WEEKLY, ("amal",), rows=ROWS, was=("weekly/old",))
LISTS = (BoardList("todo", "À faire"), BoardList("done", "Terminé"))


def made(*rows: tuple[Cell, ...], task: Task = TASK, others: tuple[Task, ...] = ()) -> RowTasks:
    """Of rows of date, key and text."""
    cells = tuple(Row(number, each) for number, each in enumerate(rows, 2))
    table = dated(ROWS, Table("boards/posts.xlsx", "Posts", ("Date", "Réf", "Sujet"), cells)).table
    board = Board("weekly", "Hebdo", Frequency.WEEKLY, LISTS, (task, *others), PARIS)
    texts = [str(row.cell(2) or "") for row in table.rows]
    return row_tasks(workspace_of(board), board, task, table, texts)


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


# ---- when -------------------------------------------------------------------------------------------


def test_a_row_comes_once_with_the_period_in_which_its_date_lies() -> None:
    soap, oil = made((day(17), "P1", "Savon"), (day(22), "P2", "Huile")).tasks
    assert (soap.key, soap.title, soap.row_of, soap.assignees) == ("post-p1", "Savon", "post", ("amal",))
    assert {each.cadence.dates for each in (soap, oil)} == {(day(20),)}, "the Friday of both"
    assert (soap.rows, soap.was, soap.new) == (None, (), True)


@given(
    frequency=st.sampled_from(FREQUENCIES),
    on=st.sampled_from([(1,), (5,), (7,), (2, 4)]),
    day_of_month=st.sampled_from([1, 15, 31, LAST]),
    release=st.integers(-5, 0),
    due=st.integers(0, 3),
)  # fmt: skip
def test_it_is_released_and_due_as_its_task_is(
    frequency: Frequency, on: tuple[int, ...], day_of_month: int, release: int, due: int
) -> None:
    monthly = frequency is Frequency.MONTHLY
    cadence = Cadence(
        frequency, (day_of_month,) if monthly else on, DayTime(dt.time(18), due), PARIS,
        release=DayTime(dt.time(6), release), anchor=day(16) if frequency is Frequency.BIWEEKLY else None,
    )  # fmt: skip
    found = list(Timetable(cadence, DaysOff()).nominal(dt.date(2026, 2, 1), dt.date(2026, 6, 30)))
    assert found
    for each in found:
        once = comes_once(cadence, each.recurrence)
        (same,) = Timetable(once, DaysOff()).nominal(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
        assert (same.nominal_day, same.due) == (each.nominal_day, each.due)
        # Cards come out a month ahead at most.
        assert same.release == each.release or each.due - each.release > dt.timedelta(31)


def test_a_date_in_a_period_without_any_day_is_told() -> None:
    mondays = replace(TASK, cadence=replace(WEEKLY, frequency=Frequency.DAILY, on=(1,)))
    found = made((day(17), "P1", "Savon"), (day(16), "P2", "Huile"), task=mondays)
    assert [each.key for each in found.tasks] == ["post-p2"]
    (problem,) = found.problems
    assert (problem.line, problem.path) == (2, "Posts!A2")
    assert problem.message.startswith("is no day for which a card comes")


# ---- what it is known by ----------------------------------------------------------------------------


def test_rows_without_a_text_are_none_and_those_without_a_key_of_their_own_are_told() -> None:
    taken = replace(TASK, key="post-p3", rows=None)
    found = made(
        (day(17), "P1", "Savon"), (day(17), "", "Huile"), (day(18), "p1", "Rassoul"), (day(17), "P2", ""),
        (day(17), "P3", "Argile"), (day(17), 4.0, "Ghassoul"), others=(taken,),
    )  # fmt: skip
    assert [each.key for each in found.tasks] == ["post-p1", "post-4"]
    assert [(each.line, each.column) for each in found.problems] == [(3, 2), (4, 2), (6, 2)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("P1", "p1"),
        ("réf-12", "ref-12"),
        ("12", "12"),
        ("P 1", "p-1-"),
        ("p_1", "p-1-"),
        ("a" * 41, "a" * 40),
    ],
)
def test_a_key_is_readable(text: str, part: str) -> None:
    assert key_part(text).startswith(part)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_key_is_one_of_a_task_and_no_two_texts_share_one(one: str, other: str) -> None:
    for text in (one, other):
        key = f"post-{key_part(text)}"
        assert key == key.encode("ascii").decode().lower().strip("-")
        assert len(key) <= len("post-") + 47
    if key_part(one) == key_part(other):
        assert folded(one) == folded(other)


def folded(text: str) -> str:
    """A text but for what people do not tell apart: case, and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate({339: "oe", 230: "ae", 248: "o"}))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def test_of_too_many_rows_those_with_the_latest_dates_count() -> None:
    rows = [(day(1) + dt.timedelta(weeks=n), f"P{n}", "Savon") for n in range(MOST + 2)]
    found = made(*reversed(rows))
    assert len(found.tasks) == MOST
    assert "post-p1" not in {each.key for each in found.tasks}
    assert found.told == "2 rows too many: the 500 with the latest dates get cards"


# ---- while the workbook cannot be read --------------------------------------------------------------


def test_a_row_as_it_was_is_what_its_task_says_now() -> None:
    (row,) = made((day(17), "P1", "Savon")).tasks
    edited = replace(TASK, theme="stock", cadence=replace(WEEKLY, on=(4,), due=DayTime(dt.time(12))))
    board = Board("weekly", "Hebdo", Frequency.WEEKLY, LISTS, (edited,), PARIS)
    found = again(workspace_of(board), board, edited, row)
    assert found
    assert (found.key, found.title, found.theme) == ("post-p1", "Savon", "stock")
    assert (found.cadence.dates, found.cadence.due) == ((day(19),), DayTime(dt.time(12)))
    ended = replace(edited, cadence=replace(WEEKLY, until=day(1)))
    assert again(workspace_of(board), board, ended, row) is None
