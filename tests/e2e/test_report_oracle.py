"""Whole months over HTTP: every figure, flag and signal of their reports, judged by an independent oracle."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_kit import Live, live
from random_month import live_a_month
from report_oracle.month import disagreements


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Live]:
    with live() as running:
        yield running


def complaints(sandbox: Live, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lived = live_a_month(sandbox, folder, seed)
        return disagreements(lived.reports, lived.state, folder / "boards")


def test_a_month_is_reported_as_it_was(sandbox: Live) -> None:
    assert complaints(sandbox, 1) == []
