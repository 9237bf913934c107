"""The demo of the planned week: what a team's life does to it, as the reports tell it."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from trello_ops.demo.run import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Json = dict[str, Any]
MEETING = "merchandising"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planned-week") / "out"
    run(4, out, 1, lambda _: None, packs=("planned-week",))
    return out


@pytest.fixture(scope="module")
def reports(out: Path) -> dict[str, Json]:
    found = (json.loads(path.read_text("utf-8")) for path in sorted(out.glob("reports/*.json")))
    return {report["week"]: report for report in found}


def _excused(report: Json) -> set[str]:
    """Why the calendar excused something, each reason once."""
    return {line["note"] for line in report["occurrences"] if ":" in line["note"]}


def test_each_week_excuses_what_its_days_off_and_pauses_say(reports: dict[str, Json]) -> None:
    assert {week: _excused(report) for week, report in reports.items()} == {
        "2026-W44": {"covered:Faire le bilan du mois"},
        "2026-W45": {"holiday:La marche verte"},
        "2026-W46": {"pause:Refonte du blog", "absence:Youssef El Idrissi (Arrêt maladie)"},
        "2026-W47": {"pause:Refonte du blog", "holiday:Fête de l'indépendance"},
    }


def test_what_cannot_wait_comes_before_the_holiday(reports: dict[str, Json]) -> None:
    dues = {line["task"]: line["due_at"] for line in reports["2026-W45"]["occurrences"]}
    assert {dues[task][:10] for task in ("kpi", "next-actions")} == {"2026-11-05"}
    dues = {line["task"]: line["due_at"] for line in reports["2026-W47"]["occurrences"]}
    assert dues["posts-batch"] == "2026-11-17T12:30:00Z"


def test_a_leave_is_handed_over_by_name(reports: dict[str, Json]) -> None:
    away: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for week, report in reports.items():
        for line in report["occurrences"]:
            away[week] |= {(each["name"], each["stand_in"]) for each in line["absent"]}
    assert set(away["2026-W44"] | away["2026-W45"]) == set()
    assert ("Youssef El Idrissi", "karim") in away["2026-W46"]
    assert ("Salma Berrada", "nadia") in away["2026-W47"]


def _is_order(line: Json) -> bool:
    """Whether it is a day's orders, which somebody had to do."""
    return line["task"] == "orders" and not line["note"]


def test_the_orders_change_hands_every_week_and_over_a_sick_note(reports: dict[str, Json]) -> None:
    who = {
        week: [each["assignees"] for each in report["occurrences"] if _is_order(each)]
        for week, report in reports.items()
    }
    youssef, karim = ["youssef"], ["karim"]
    assert who == {
        "2026-W44": [youssef] * 5,
        "2026-W45": [karim] * 4,  # Friday is a holiday
        "2026-W46": [karim, karim, karim, youssef, youssef],
        "2026-W47": [karim] * 4,
    }


def test_the_meeting_is_fortnightly(reports: dict[str, Json]) -> None:
    held = {
        week: sum(line["task"] == MEETING for line in report["occurrences"])
        for week, report in reports.items()
    }
    assert held == {"2026-W44": 1, "2026-W45": 0, "2026-W46": 1, "2026-W47": 0}


def test_the_manager_reads_of_it(out: Path, reports: dict[str, Json]) -> None:
    pages = {week: (out / f"reports/{week}.html").read_text("utf-8") for week in reports}
    for week, said in {
        "2026-W45": "La marche verte",
        "2026-W46": "Youssef El Idrissi",
        "2026-W47": "relais pris par Nadia Chraïbi",
    }.items():
        assert said in pages[week], week


def test_people_do_most_of_it_and_the_robot_all(reports: dict[str, Json]) -> None:
    outcomes = Counter(line["outcome"] for report in reports.values() for line in report["occurrences"])
    assert {"on_time", "late", "missed", "excused"} <= set(outcomes)
    assert outcomes["not_issued"] == outcomes["open"] == 0
    assert all(report["system"] == [] for report in reports.values())
