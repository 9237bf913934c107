"""Four weeks in a storm leave the boards and the reports of four calm weeks."""

import copy
from collections.abc import Callable

import pytest
from effort import slow_but_for
from oracle import MARKER
from stormy_weeks import Json, Lived, differences, live_weeks

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


@pytest.fixture(scope="module", params=slow_but_for([1], [1, 4]), ids="{} weeks".format)
def weeks(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, weeks: int) -> Lived:
    return live_weeks(tmp_path_factory.mktemp("calm"), weeks, None)


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, weeks: int) -> Lived:
    return live_weeks(tmp_path_factory.mktemp("storm"), weeks, seed=1)


def test_a_storm_changes_nothing(calm: Lived, storm: Lived, weeks: int) -> None:
    assert len(calm.reports) == weeks
    assert differences(calm, storm) == []
    assert [report["system"] for report in calm.reports] == [[]] * weeks


def test_it_was_a_storm(storm: Lived, weeks: int) -> None:
    """And mishaps of every kind: the figures are shares of all requests of the robot."""
    total = storm.requests.total()
    shares = {name: count / total for name, count in storm.requests.items()}
    assert 0.07 < sum(shares[f"status {code}"] for code in (500, 502, 503, 504)) < 0.13
    assert 0.03 < shares["lose_answer"] + shares["land_after"] < 0.07
    assert 0.03 < shares["reset"] < 0.07
    assert storm.requests["land_after"] > 2.5 * weeks
    assert storm.requests["status 429"] > 5 * weeks


# ---- the comparison is judged -----------------------------------------------------------------------


def _a_card(lived: Lived) -> Json:
    """One that has check items."""
    whole = {each["idCard"] for each in lived.state["checklists"]}
    return next(c for c in lived.state["cards"] if c["id"] in whole and MARKER.search(c["desc"]))


def _a_doubled_card(lived: Lived) -> None:
    lived.state["cards"].append({**_a_card(lived), "id": "f" * 24})


def _a_missing_card(lived: Lived) -> None:
    lived.state["cards"].remove(_a_card(lived))


def _an_item_less(lived: Lived) -> None:
    card = _a_card(lived)
    next(e for e in lived.state["checklists"] if e["idCard"] == card["id"])["checkItems"].pop()


def _another_label(lived: Lived) -> None:
    _a_card(lived)["idLabels"] = []


def _another_list(lived: Lived) -> None:
    card = _a_card(lived)
    card["idList"] = next(
        each["id"]
        for each in lived.state["lists"]
        if each["idBoard"] == card["idBoard"] and each["id"] != card["idList"]
    )


def _an_unticked_card(lived: Lived) -> None:
    card = _a_card(lived)
    card["dueComplete"] = not card["dueComplete"]


def _a_doubled_board(lived: Lived) -> None:
    lived.state["boards"].append({**lived.state["boards"][0], "id": "f" * 24})


def _a_doubled_label(lived: Lived) -> None:
    lived.state["labels"].append({**lived.state["labels"][0], "id": "f" * 24})


def _a_missing_report(lived: Lived) -> None:
    lived.reports.pop()


def _another_outcome(lived: Lived) -> None:
    lived.reports[0]["occurrences"][0]["outcome"] = "open"


def _another_minute(lived: Lived) -> None:
    line = next(line for line in lived.reports[0]["occurrences"] if line["completed_at"])
    line["completed_at"] = line["completed_at"].replace("T", "T0")


@pytest.mark.parametrize(
    "tamper",
    [
        _a_doubled_card,
        _a_missing_card,
        _an_item_less,
        _another_label,
        _another_list,
        _an_unticked_card,
        _a_doubled_board,
        _a_doubled_label,
        _a_missing_report,
        _another_outcome,
        _another_minute,
    ],
)
def test_the_comparison_notices(calm: Lived, tamper: Callable[[Lived], None]) -> None:
    tampered = copy.deepcopy(calm)
    assert differences(calm, tampered) == []
    tamper(tampered)
    assert len(differences(calm, tampered)) == 1
