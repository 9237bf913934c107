"""Hints are merged: who is told of a board a thousand times reads it once."""

import datetime as dt
import threading
import time

import pytest

from trello_ops.testing import FixedClock
from trello_ops.web.hints import LONGEST, MOST, QUIET, Hints

NONE = frozenset[str]()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))


@pytest.fixture
def hints(clock: FixedClock) -> Hints[str]:
    return Hints[str](clock.monotonic)


def test_a_burst_is_one_board_to_read(hints: Hints[str], clock: FixedClock) -> None:
    for _ in range(1000):
        hints.add("daily")
    hints.add("weekly")
    assert hints.take(0) == NONE, "more may come"
    clock.sleep(QUIET)
    assert hints.take(0) == {"daily", "weekly"}
    clock.sleep(LONGEST)
    assert hints.take(0) == NONE


def test_of_too_many_boards_the_last_are_left_to_polls(hints: Hints[str], clock: FixedClock) -> None:
    for number in range(MOST + 5):
        hints.add(f"board {number}")
    hints.add("board 0")
    clock.sleep(QUIET)
    assert len(hints.take(0)) == MOST


def test_who_merges_nothing_waits_for_nothing(clock: FixedClock) -> None:
    hints = Hints[tuple[str, str]](clock.monotonic, quiet=0)
    hints.add(("zina", "daily"))
    assert hints.take(0) == {("zina", "daily")}


def test_a_burst_that_does_not_end_is_not_waited_for(hints: Hints[str], clock: FixedClock) -> None:
    taken = []
    for _ in range(100):
        hints.add("daily")
        clock.sleep(QUIET / 2)
        taken += sorted(hints.take(0))
    assert len(taken) == pytest.approx(100 * QUIET / 2 / LONGEST, abs=1)


def test_what_is_heard_during_a_reading_makes_one_more(hints: Hints[str], clock: FixedClock) -> None:
    hints.add("daily")
    clock.sleep(QUIET)
    assert hints.take(0) == {"daily"}
    for _ in range(1000):
        hints.add("daily")
    clock.sleep(QUIET)
    assert hints.take(0) == {"daily"}
    clock.sleep(LONGEST)
    assert hints.take(0) == NONE


def test_who_waits_is_woken_by_a_hint_and_else_by_its_own_patience() -> None:
    hints = Hints[str](time.monotonic)
    begun = time.monotonic()
    assert hints.take(0.05) == NONE
    threading.Timer(0.1, hints.add, ["daily"]).start()
    assert hints.take(30) == {"daily"}
    assert 0.15 + QUIET <= time.monotonic() - begun < 10
