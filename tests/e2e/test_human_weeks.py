"""Random weeks of random people: the report says what they truly did, however the app came to see it."""

import copy
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from effort import slow_but_for
from human_week import WAYS, Lived, live_a_week, plan_of
from hypothesis import given, settings
from hypothesis import strategies as st
from live_kit import Json, Live, live

pytestmark = pytest.mark.slow

WEEKS = 1 if settings.default.derandomize else 20
"""A week takes seconds: the gate lives one in each way, a profile that searches many."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Live]:
    with live() as running:
        yield running


@pytest.fixture(scope="module")
def lived(sandbox: Live) -> Callable[[int, str], Lived]:
    """A week, lived once."""
    known: dict[tuple[int, str], Lived] = {}

    def of(seed: int, way: str) -> Lived:
        if (seed, way) not in known:
            with tempfile.TemporaryDirectory() as folder:
                known[seed, way] = live_a_week(sandbox, Path(folder), plan_of(seed), way)
        return known[seed, way]

    return of


@pytest.mark.parametrize("way", slow_but_for(["both"], WAYS))
def test_the_report_says_what_people_did(lived: Callable[[int, str], Lived], way: str) -> None:
    @settings(max_examples=WEEKS)
    @given(st.integers(0, 1 << 32))
    def say(seed: int) -> None:
        assert lived(seed, way).complaints() == []

    say()


# ---- the judge is judged ----------------------------------------------------------------------------


def _done(report: Json) -> Json:
    """Something that was surely done."""
    lines: list[Json] = report["occurrences"]
    return next(each for each in lines if each["outcome"] == "on_time" and not each["approximate"])


def _another_outcome(report: Json) -> None:
    _done(report)["outcome"] = "missed"


def _another_person(report: Json) -> None:
    _done(report)["completed_by"] = "nobody"


def _a_second_later(report: Json) -> None:
    line = _done(report)
    line["completed_at"] = line["completed_at"].replace("Z", "1Z")


def _a_guess(report: Json) -> None:
    _done(report)["approximate"] = True


def _excused_by_nobody(report: Json) -> None:
    _done(report)["outcome"] = "excused"


def _a_line_less(report: Json) -> None:
    report["occurrences"].pop()


@pytest.mark.parametrize(
    "tamper",
    [_another_outcome, _another_person, _a_second_later, _a_guess, _excused_by_nobody, _a_line_less],
)
def test_the_judge_notices(lived: Callable[[int, str], Lived], tamper: Callable[[Json], None]) -> None:
    week = lived(0, "polls")
    report = copy.deepcopy(week.report)
    tamper(report)
    assert week.judge.complaints(report) != []
