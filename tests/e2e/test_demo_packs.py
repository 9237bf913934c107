"""A quarter of the health check and of the figures in the demo: what comes when, and who answered."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trello_ops.demo.run import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Json = dict[str, Any]
WEEKS = 13


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("quarter") / "out"
    run(WEEKS, out, 1, lambda _: None, packs=("health-check", "kpi"))
    return out


@pytest.fixture(scope="module")
def reports(out: Path) -> list[Json]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(out.glob("reports/*.json"))]


@pytest.fixture(scope="module")
def lines(reports: list[Json]) -> list[Json]:
    return [line for report in reports for line in report["occurrences"]]


def days_of(lines: list[Json], board: str) -> dict[str, str]:
    """When each task of a board was due, of those that were due once."""
    return {line["task"]: line["due_at"][:10] for line in lines if line["board"] == board}


def test_each_part_of_the_shop_is_looked_at_once_in_november(lines: list[Json]) -> None:
    assert Counter(line["board"] for line in lines)["health-check"] == 12
    assert days_of(lines, "health-check") == {
        "payment": "2026-11-03",
        "speed": "2026-11-04",
        "access": "2026-11-05",
        "personal-data": "2026-11-10",
        "seo": "2026-11-11",
        "product-pages": "2026-11-12",
        "checkout": "2026-11-17",
        "stock": "2026-11-17",
        "retention": "2026-11-17",  # Wednesday is a holiday
        "orders": "2026-11-19",
        "service": "2026-11-20",
        "decisions": "2026-11-24",
    }


def test_the_yearly_check_begins_in_january(lines: list[Json]) -> None:
    assert days_of(lines, "yearly-check") == {"recovery": "2027-01-19", "customers": "2027-01-21"}


def test_the_figures_come_every_week_and_every_month(lines: list[Json]) -> None:
    every_week = Counter(line["task"] for line in lines if line["board"] == "kpi")
    assert set(every_week.values()) == {WEEKS}
    assert len(every_week) == 7
    every_month = Counter(line["task"] for line in lines if line["board"] == "kpi-month")
    assert every_month == {"sales": 3, "customers": 3, "channels": 3, "decision": 3}


def test_last_week_s_sales_are_not_asked_for_before_it_is_over(lines: list[Json]) -> None:
    due = {line["key"]: line["due_at"] for line in lines}
    assert due["kpi/sales/2027-01-11"] == "2027-01-12T12:00:00Z"  # Monday is a holiday
    assert all(due[key][:10] >= key[-10:] for key in due if key.startswith("kpi/sales/"))


def test_the_team_answers_in_writing_and_the_reports_tell_of_what_it_left_out(
    out: Path, reports: list[Json], lines: list[Json]
) -> None:
    done = [line for line in lines if line["board"].startswith("kpi") and line["completed_at"]]
    unproven = [line for line in done if line["unproven"]]
    assert 0 < len(unproven) < len(done) / 4
    for report in reports:
        page = (out / f"reports/{report['week']}.html").read_text("utf-8")
        left_out = any(line["unproven"] for line in report["occurrences"])
        assert ("sans le justificatif demandé" in page) == left_out


def test_the_robot_does_its_part(reports: list[Json], lines: list[Json]) -> None:
    outcomes = Counter(line["outcome"] for line in lines)
    assert outcomes["not_issued"] == outcomes["open"] == 0
    assert outcomes["on_time"] > len(lines) * 0.7
    assert all(report["system"] == [] for report in reports)
