"""The demo's story: what a fall, a holiday week and an outage look like in the reports."""

import json
from pathlib import Path
from typing import Any

import pytest

from trello_ops.demo import plot
from trello_ops.demo.run import FIRST_WEEK, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Json = dict[str, Any]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("story") / "out"
    run(plot.STORY_WEEKS, out, 1, lambda _: None, plot=plot.story(FIRST_WEEK.monday))
    return out


@pytest.fixture(scope="module")
def reports(out: Path) -> list[Json]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(out.glob("reports/*.json"))]


def test_the_fall_is_seen_and_nothing_else_is_called_one(reports: list[Json]) -> None:
    verdicts = {report["week"]: report["signal"]["verdict"] for report in reports}
    assert [week for week, verdict in verdicts.items() if verdict == "fall"] == ["2027-W05"]
    assert set(verdicts.values()) == {"none", "usual", "fall"}


def test_the_holiday_week_excuses_and_charges_nobody(reports: list[Json]) -> None:
    week = next(report for report in reports if report["week"] == "2026-W53")
    closed = [line for line in week["occurrences"] if line["note"].startswith("closure:")]
    assert len(closed) > 20
    assert {line["outcome"] for line in closed} == {"excused"}


def test_the_outage_is_the_robot_s_own(reports: list[Json]) -> None:
    week = next(report for report in reports if report["week"] == "2027-W02")
    assert week["outages"]
    assert week["totals"]["not_issued"] > 0
    assert week["signal"]["verdict"] == "usual"
