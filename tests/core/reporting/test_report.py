"""Frozen reports stay readable, whichever version froze them."""

import copy
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from trello_ops.core.reporting.report import Outcome, Report, Totals
from trello_ops.core.reporting.standing import Standing

FIRST = Path(__file__).with_name("frozen_report.json")
"""A report as the first versions froze it: without outages, and fewer keys in each occurrence."""

Json = dict[str, Any]


def frozen() -> Json:
    found: Json = json.loads(FIRST.read_text("utf-8"))
    return found


def lines(report: Json) -> list[Json]:
    return [*report["occurrences"], *report["caught_up"]]


def figures(report: Json) -> list[Json]:
    return [report["totals"], *report["boards"], *report["themes"], *report["people"]]


def with_unknown_keys(value: Any) -> Any:
    """The same JSON with a key more in every object of it."""
    if isinstance(value, dict):
        return {"of_another_version": [1], **{name: with_unknown_keys(each) for name, each in value.items()}}
    return [with_unknown_keys(each) for each in value] if isinstance(value, list) else value


def only_known(told: Any, before: Any) -> Any:
    """What is told now, without the keys that came since."""
    if isinstance(before, dict):
        return {name: only_known(told[name], value) for name, value in before.items()}
    if isinstance(before, list):
        return [only_known(*pair) for pair in zip(told, before, strict=True)]
    return told


def test_a_report_of_the_first_version_says_what_it_said() -> None:
    report = Report.from_dict(frozen())
    told = report.as_dict()
    assert only_known(told, frozen()) == frozen()
    assert Report.from_dict(told) == report


def test_what_came_later_is_empty_in_it() -> None:
    report = Report.from_dict(frozen())
    assert report.outages == ()
    assert {
        (line.unproven, line.due_moved_by, line.due_moves, line.excused_at) for line in report.occurrences
    } == {(False, None, (), None)}
    assert {(line.excused_reason, line.assignee_names, line.reopened) for line in report.occurrences} == {
        ("", (), False)
    }
    assert (report.standing, report.board_standings, report.needs_you, report.next_week) == (
        Standing(),
        {},
        (),
        (),
    )


def test_keys_of_another_version_are_left_out() -> None:
    assert Report.from_dict(with_unknown_keys(frozen())) == Report.from_dict(frozen())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_count_that_came_after_it_was_frozen_is_zero(outcome: Outcome) -> None:
    older = frozen()
    for each in figures(older):
        del each[str(outcome)]
    report = Report.from_dict(older)
    assert getattr(report.totals, str(outcome)) == 0
    rest = [field.name for field in fields(Totals) if field.name != str(outcome)]
    assert [getattr(report.totals, name) for name in rest] == [frozen()["totals"][name] for name in rest]
    assert {getattr(group.totals, str(outcome)) for group in report.people} == {0}


def test_an_outcome_of_another_version_keeps_its_name_and_is_taken_for_none_of_ours() -> None:
    newer = frozen()
    newer["occurrences"][0]["outcome"] = "withdrawn"
    report = Report.from_dict(newer)
    assert report.occurrences[0].outcome == "withdrawn"
    assert all(report.occurrences[0] not in report.with_outcome(outcome) for outcome in Outcome)
    assert report.as_dict()["occurrences"][0]["outcome"] == "withdrawn"
    assert Report.from_dict(report.as_dict()) == report


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.pop("week"),
        lambda report: report["totals"].pop("compliance_rate"),
        lambda report: report["occurrences"][0].pop("due_at"),
        lambda report: report["occurrences"][0].update(due_at="yesterday"),
    ],
)
def test_what_no_version_left_out_is_not_made_up(spoil: Callable[[Json], object]) -> None:
    spoilt = copy.deepcopy(frozen())
    spoil(spoilt)
    with pytest.raises((KeyError, ValueError)):
        Report.from_dict(spoilt)
