"""A round that begins later than its task leaves cards that are nobody's: that is told beforehand."""

import datetime as dt
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told

TODAY = dt.date(2027, 1, 1)  # a Friday, on which the weekly task falls


def rotated(since: str, rest: str = "") -> str:
    return BOARD.replace(
        "assign: ines", f"assign: {{rotate: {{people: [ines, margot], since: {since}}}}}{rest}"
    )


def warnings(folder: Path, board: str, today: dt.date | None = TODAY) -> list[str]:
    problems, found = told(folder, board, WORKSPACE, today)
    assert problems == []
    return found


def test_a_task_that_comes_before_its_round_is_told(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, rotated("2027-03-01"))
    assert warning == (
        "weekly.yaml:3:50 assign.rotate.since: the first turn is on 2027-03-01, but the task comes on "
        "2027-01-01 already, and is nobody's until then: write an earlier day, or a later `start`"
    )


def test_it_is_told_where_a_task_says_so_itself(tmp_path: Path) -> None:
    own = "    assign: {rotate: {people: [ines, margot], since: 2027-03-01}}\n"
    (warning,) = warnings(tmp_path, BOARD + own)
    assert warning.startswith("weekly.yaml:9:54 tasks.stock.assign.rotate.since: the first turn is on")


@pytest.mark.parametrize(
    "board",
    [
        rotated("2026-11-02"),
        rotated("2027-01-01"),
        rotated("2027-03-01", "\nstart: 2027-03-01"),
        rotated("2027-03-01", "\npauses: {from: 2027-01-01, to: 2027-02-28}"),
    ],
    ids=["begun", "begins with the task", "starts then", "paused until then"],
)
def test_nothing_is_told_where_every_card_has_a_turn(tmp_path: Path, board: str) -> None:
    assert warnings(tmp_path, board) == []


def test_what_came_before_today_is_no_matter(tmp_path: Path) -> None:
    assert warnings(tmp_path, rotated("2027-01-08"), dt.date(2027, 1, 2)) == []
    assert warnings(tmp_path, rotated("2027-03-01"), None) == []
