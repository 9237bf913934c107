"""trello-ops calendar against tables that were worked out by hand: from board files to JSON."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hand_worked import CASABLANCA, HERE, MOROCCO, WINDOWS, Line, by_task, shown, table

Invoke = Callable[..., Result]


@pytest.fixture
def calendar(invoke: Invoke, folder: Path) -> Callable[[str], dict[str, Any]]:
    """What `trello-ops calendar` shows of a window, in the shop's folder."""

    def call(window: str) -> dict[str, Any]:
        expected, boards = table(window), folder / "boards"
        shutil.rmtree(boards)
        boards.mkdir()
        for path in (HERE / "boards").iterdir():
            text = path.read_text("utf-8").replace("SINCE", str(expected.first))
            (boards / path.name).write_text(text, "utf-8")
        (folder / "templates" / "cards" / "tache.md").write_text("# {{ task.title }}\n")
        asked = ("--from", str(expected.first), "--weeks", str(expected.weeks), "--format", "json")
        done = invoke("calendar", *asked)
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return call


def line(one: dict[str, Any]) -> Line:
    utc = dt.datetime.fromisoformat(one["due_at"])
    why = ""
    if one["skipped"]:
        why = f"skip {one['skipped']['kind']}:{one['skipped']['reason']}"
    elif one["moved"]:
        why = f"moved {one['moved']['why']}"
    return Line(
        task=one["task"],
        date=one["key"][-10:],
        nominal=shown(dt.date.fromisoformat(one["nominal_day"])),
        day=shown(dt.date.fromisoformat(one["day"])),
        local=f"{utc.astimezone(CASABLANCA):%H:%M}",
        utc=f"{utc:%H:%M}Z",
        who=",".join(one["assignees"]) or "-",
        why=why,
    )


def as_shown(expected: Line) -> Line:
    """`moved` says what the day off is called, and what kind it is only where it has no name."""
    if not expected.why.startswith("moved "):
        return expected
    kind, _, name = expected.why.removeprefix("moved ").partition(":")
    return expected._replace(why=f"moved {name or kind}")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_as_worked_out_by_hand(calendar: Callable[[str], dict[str, Any]], window: str) -> None:
    found, expected = calendar(window), table(window)
    assert (found["from"], found["to"]) == (str(expected.days.first), str(expected.days.last))
    lines = [line(one) for one in found["occurrences"]]
    assert by_task(lines) == by_task(map(as_shown, expected.lines))
    order = [(one["due_at"], one["key"]) for one in found["occurrences"]]
    assert order == sorted(order)


@pytest.mark.parametrize("window", WINDOWS)
def test_the_days_off_are_those_on_paper(calendar: Callable[[str], dict[str, Any]], window: str) -> None:
    days, expected = table(window).days, dict[tuple[str, str], tuple[str, bool]]()
    for date, holiday in MOROCCO.items():
        if days.covers(date):
            expected[str(date), "holiday"] = (holiday.name, holiday.estimated)
    if window == "new_year_2027":
        for date in ("2026-12-31", "2027-01-01", "2027-01-02"):
            expected[date, "closure"] = ("inventaire", False)
    found = calendar(window)["days_off"]
    assert {(one["date"], one["kind"]): (one["name"], one["estimated"]) for one in found} == expected
