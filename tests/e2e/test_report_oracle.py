"""Whole months over HTTP: every figure, flag and signal of their reports, judged by an independent oracle."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from effort import slow_but_for
from live_kit import Live, live
from random_month import Lived, live_months
from report_oracle.month import Judge
from report_oracle.plan import Plan

LIVES, MONTHS = 40, 5
"""So many teams, each for so many months of four weeks: 200 months. `make test` lives one of two of them."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Live]:
    with live() as running:
        yield running


def complaints(lived: Lived, folder: Path) -> list[str]:
    weeks = [report["week"] for report in lived.reports]
    plan = Plan(lived.declared.before, folder / "boards", lived.edited, weeks)
    return Judge(lived.state, plan, lived.read_at).disagreements(lived.reports)


CASES = [(seed, MONTHS) for seed in range(LIVES)]


@pytest.mark.parametrize(("seed", "months"), slow_but_for([(0, 1), (1, 1)], [(0, 1), (1, 1), *CASES]))
def test_months_are_reported_as_they_were(sandbox: Live, seed: int, months: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert complaints(live_months(sandbox, folder, seed, months), folder) == []
