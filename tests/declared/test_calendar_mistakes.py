"""Each mistake in a rhythm or a day off is told in its place, in plain words, with what to do about it."""

import datetime as dt
import time
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml
from declared_kit import BOARD, WORKSPACE, told
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trello_ops.core.calendar.course import planned
from trello_ops.declared.load import read
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator

TWIN = "  {key}: {{title: {key}, theme: operations, template: stock.md{more}}}\n"


class Mistake(TypedDict):
    board: NotRequired[str]
    task: NotRequired[str]
    workspace: NotRequired[str]
    said: str
    dit: str


MISTAKES: list[Mistake] = yaml.safe_load(
    (Path(__file__).parent / "calendar_mistakes.yaml").read_text("utf-8")
)


def written(mistake: Mistake) -> tuple[str, str]:
    """The board and the workspace that hold a mistake."""
    board = BOARD.replace("cadence: weekly", mistake.get("board", "cadence: weekly"))
    task = "".join(f"    {line}\n" for line in mistake.get("task", "").splitlines())
    lines = "".join(f"{line}\n" for line in mistake.get("workspace", "").splitlines())
    return board + task, WORKSPACE + lines


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["said"])
def test_a_mistake_is_told_in_both_languages(mistake: Mistake, tmp_path: Path) -> None:
    assert told(tmp_path, *written(mistake)) == ([mistake["said"]], [])
    (problem,) = read(tmp_path, ("stock.md",)).problems
    french = translated(problem.message, Translator("fr"))
    assert french.replace("\u00a0", " ") == mistake["dit"]


def test_there_are_enough() -> None:
    assert len({mistake["said"].partition(": ")[2] for mistake in MISTAKES}) >= 60


# ---- Across tasks -----------------------------------------------------------------------------------


def test_a_circle_of_covers_is_told_at_each_of_its_tasks(tmp_path: Path) -> None:
    others = TWIN.format(key="b", more=", covers: c") + TWIN.format(key="c", more=", covers: stock")
    problems, _ = told(tmp_path, f"{BOARD}    covers: b\n{others}")
    # What still works with the files, such as the check of card templates, meets no circle.
    workspace = read(tmp_path, ("stock.md",)).workspace
    assert workspace
    (board,) = workspace.boards
    assert {task.covers for task in board.tasks} == {()}
    assert planned(workspace, board, board.tasks[0], dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    assert problems == [
        "weekly.yaml:9:13 tasks.stock.covers: `weekly/b` covers this one in turn: delete one of the two",
        "weekly.yaml:10:64 tasks.b.covers: `weekly/c` covers this one in turn: delete one of the two",
        "weekly.yaml:11:64 tasks.c.covers: `weekly/stock` covers this one in turn: delete one of the two",
    ]


def test_what_was_renamed_is_covered_by_its_new_key(tmp_path: Path) -> None:
    others = TWIN.format(key="links", more=", was: liens")
    (problem,), _ = told(tmp_path, f"{BOARD}    covers: [links, liens]\n{others}")
    assert problem.startswith("weekly.yaml:9:21 tasks.stock.covers[1]: there is no task `weekly/liens`: did ")
    assert problem.endswith("you mean `weekly/links`?")


def test_a_task_of_another_board_is_offered_by_its_key(tmp_path: Path) -> None:
    (problem,), _ = told(tmp_path, f"{BOARD}    covers: daily/links\n" + TWIN.format(key="links", more=""))
    assert problem.endswith("there is no task `daily/links`: did you mean `weekly/links`?")


def test_a_rarer_task_cannot_be_covered(tmp_path: Path) -> None:
    rare = TWIN.format(key="rare", more=", cadence: monthly")
    (problem,), _ = told(tmp_path, f"{BOARD}    covers: weekly/rare\n{rare}")
    assert problem == (
        "weekly.yaml:9:13 tasks.stock.covers: `weekly/rare` is rarer (`monthly`) than this one (`weekly`), "
        "which cannot contain it: cover it the other way round"
    )


def test_a_task_with_a_mistake_of_its_own_can_be_covered(tmp_path: Path) -> None:
    broken = "  links: {title: Liens, theme: oprations, template: stock.md}\n"
    (problem,), _ = told(tmp_path, f"{BOARD}    covers: links\n{broken}")
    assert "there is no theme `oprations`" in problem


def test_a_mistake_of_the_board_is_told_once_however_many_tasks_meet_it(tmp_path: Path) -> None:
    board = BOARD.replace("cadence: weekly", "cadence: monthly\non: dernier jour ouvré")
    problems, _ = told(tmp_path, board + TWIN.format(key="b", more="") + TWIN.format(key="c", more=""))
    assert len(problems) == 1


def test_a_wrong_line_is_not_also_said_to_be_missing(tmp_path: Path) -> None:
    for lines in (
        "cadence: once\non: 2026-02-30",
        "cadence: biweekly\nanchor: 2026-02-30",
        "cadence: {rule: FREQ=DAILY}\nstart: 2026-02-30",
        "cadence: monthly\non: last working day\nworking_days: mon-st",
    ):
        assert len(told(tmp_path, BOARD.replace("cadence: weekly", lines))[0]) == 1, lines
    problems, _ = told(tmp_path, workspace=WORKSPACE + "working_days: mon-st\nholidays: {country: MA}\n")
    assert len(problems) == 1


def test_a_board_is_checked_even_where_no_task_goes_by_its_days(tmp_path: Path) -> None:
    board = BOARD.replace("cadence: weekly", "cadence: weekly\non: 15") + "    cadence: monthly\n"
    (problem,), _ = told(tmp_path, board)
    assert problem.startswith("weekly.yaml:3:5 on: is a day of the month, but the cadence is `weekly`")


# ---- Warnings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("board", "workspace", "said"),
    [
        (
            "",
            "working_days: mon-sat\nholidays: {country: MA}\nnot_holidays: [2027-03-09, 2027-03-08]\n",
            "workspace.yaml:15:28 not_holidays[1]: 2027-03-08 is no holiday anyway: correct the date, or",
        ),
        (
            "closures:\n  - {from: 2027-08-02, to: 2027-08-15}\n  - {from: 2027-08-15, to: 2027-08-20}\n",
            "",
            "weekly.yaml:11:5 closures[1]: overlaps with the days from 2027-08-02 to 2027-08-15 above: of",
        ),
        (
            "    pauses: {from: 2026-12-24, to: 2028-01-02}\n",
            "",
            "weekly.yaml:9:13 tasks.stock.pauses: lasts from 2026-12-24 to 2028-01-02, which is more than a",
        ),
    ],
)
def test_what_may_be_a_slip_is_pointed_out(board: str, workspace: str, said: str, tmp_path: Path) -> None:
    problems, (warning,) = told(tmp_path, BOARD + board, WORKSPACE + workspace)
    assert problems == []
    assert warning.startswith(said)


@pytest.mark.parametrize(
    ("lines", "task", "said"),
    [
        (
            "cadence: weekly\nuntil: 2026-11-30",
            "",
            "weekly.yaml:3:8 until: the last day was 2026-11-30, and no",
        ),
        (
            "cadence: weekly",
            "    until: 2026-11-30\n",
            "weekly.yaml:9:12 tasks.stock.until: the last day was",
        ),
        (
            "cadence: once\non: [2026-11-01, 2026-11-30]",
            "",
            "weekly.yaml:3:5 on: the last day was 2026-11-30",
        ),
    ],
)
def test_a_task_that_is_over_is_pointed_out(lines: str, task: str, said: str, tmp_path: Path) -> None:
    board = BOARD.replace("cadence: weekly", lines) + task
    problems, (warning,) = told(tmp_path, board, today=dt.date(2026, 12, 1))
    assert problems == []
    assert warning.startswith(said)
    assert told(tmp_path, board, today=dt.date(2026, 11, 30)) == ([], [])


# ---- Rules ------------------------------------------------------------------------------------------


def _listed(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(one, min_size=1, max_size=3).map(",".join)


def _numbers(most: int) -> st.SearchStrategy[str]:
    right = st.builds("{}{}".format, st.sampled_from(["", "", "-"]), st.integers(1, most))
    return _listed(st.one_of(right, right, st.integers(-most - 1, most + 1).map(str)))


PARTS = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])},
    optional={
        "INTERVAL": st.integers(1, 1000).map(str),
        "COUNT": st.integers(1, 10_000).map(str),
        "UNTIL": st.dates(dt.date(2026, 1, 1), dt.date(2199, 12, 31)).map(lambda day: f"{day:%Y%m%d}"),
        "BYMONTH": _numbers(12),
        "BYMONTHDAY": _numbers(31),
        "BYYEARDAY": _numbers(366),
        "BYWEEKNO": _numbers(53),
        "BYSETPOS": _numbers(366),
        "BYDAY": _listed(st.sampled_from(["MO", "2TU", "-1FR", "53SU", "SA"])),
        "WKST": st.sampled_from(["MO", "SU"]),
    },
)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # from a Sunday
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;COUNT=3",
        "FREQ=DAILY;UNTIL=20261031",
    ],
)
def test_a_rule_that_never_falls_is_refused_in_time(rule: str, tmp_path: Path) -> None:
    begin = time.process_time()
    board = BOARD.replace("cadence: weekly", f"cadence: {{rule: {rule}}}\nstart: 2026-11-01")
    assert told(tmp_path, board)[0] == [
        "weekly.yaml:2:10 cadence: falls on no day in 40 years: correct the rule"
    ]
    assert time.process_time() - begin < 5


def test_a_rule_that_falls_once_in_decades_is_not(tmp_path: Path) -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=TH"  # 2052, in the same weekdays as 400 years on
    board = BOARD.replace("cadence: weekly", f"cadence: {{rule: {rule}}}\nstart: 2026-11-01\nuntil: LAST")
    assert told(tmp_path, board.replace("LAST", "2052-02-29")) == ([], [])
    assert len(told(tmp_path, board.replace("LAST", "2052-02-28"))[0]) == 1


@given(PARTS)
@settings(
    max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_rule_is_unforeseen_or_takes_long(tmp_path: Path, parts: dict[str, str]) -> None:
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    board = BOARD.replace("cadence: weekly", f'cadence: {{rule: "{rule}"}}\nstart: 2026-11-01')
    begin = time.process_time()
    problems, _ = told(tmp_path, board)
    assert time.process_time() - begin < 5, rule
    assert all(problem.startswith("weekly.yaml:2:10 cadence: ") for problem in problems), problems
