"""Days that are counted from a board's named dates, as files say them."""

import datetime as dt
from pathlib import Path

import pytest
from declared_kit import BOARD, told

from trello_ops.core.cadence import Cadence, NamedDate
from trello_ops.declared.load import read

DATES = "dates: {go_live: 2027-03-01}\n"
GO_LIVE = NamedDate("go_live", dt.date(2027, 3, 1))


def launch(on: str, dates: str = DATES) -> str:
    return BOARD.replace("cadence: weekly\n", f"cadence: once\n{dates}") + f"    on: {on}\n"


def cadence(folder: Path, on: str) -> Cadence:
    assert told(folder, launch(on), today=dt.date(2027, 2, 1)) == ([], [])
    workspace = read(folder, ("stock.md",)).workspace
    assert workspace
    return workspace.boards[0].tasks[0].cadence


@pytest.mark.parametrize(
    ("on", "day"),
    [
        ("{before: go_live, days: 60}", "2026-12-31"),
        ("{after: go_live, days: 7}", "2027-03-08"),
        ("{after: go_live}", "2027-03-01"),
    ],
)
def test_a_day_is_counted_from_its_date(tmp_path: Path, on: str, day: str) -> None:
    found = cadence(tmp_path, on)
    assert (found.dates, found.counts_from) == ((dt.date.fromisoformat(day),), GO_LIVE)


@pytest.mark.parametrize(
    ("on", "dates", "said"),
    [
        (
            "{before: golive, days: 6}",
            DATES,
            "10:9 the board has no date `golive`: did you mean `go_live`?",
        ),
        (
            "{before: go_live, days: 6}",
            "",
            "9:9 the board has no date `go_live`: add it, such as `dates: {go_live: 2027-03-01}`",
        ),
        (
            "[{before: go_live}, 2027-01-01]",
            DATES,
            "10:9 counts from a named date beside other days: such a day stands alone in `on`",
        ),
        (
            "{before: go_live, days: many}",
            DATES,
            "10:9 should count days from a named date, such as `{before: go_live, days: 60}`: from 0 to 1000",
        ),
        (
            "{before: go_live, after: go_live}",
            DATES,
            "10:9 should count days from a named date, such as `{before: go_live, days: 60}`: from 0 to 1000",
        ),
    ],
)
def test_mistakes_are_told_in_their_place(tmp_path: Path, on: str, dates: str, said: str) -> None:
    place, _, flaw = said.partition(" ")
    assert told(tmp_path, launch(on, dates)) == ([f"weekly.yaml:{place} tasks.stock.on: {flaw}"], [])


def test_a_date_that_is_said_wrongly_is_one_problem(tmp_path: Path) -> None:
    problems, _ = told(tmp_path, launch("{before: go_live}", "dates: {go_live: soon}\n"))
    assert len(problems) == 1


def test_only_what_comes_once_counts_from_a_date(tmp_path: Path) -> None:
    (problem,), _ = told(tmp_path, BOARD + "    on: {before: go_live}\n")
    assert "is a date, but the cadence is `weekly`" in problem
