"""Hints, merged: a burst of calls about one board costs one read of it."""

import math
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

QUIET, LONGEST = 0.2, 1.0
"""Seconds. A board is read after so long without another hint, or so long after the first at the latest."""

MOST = 10_000
"""Boards that are kept; of more than these, polls see."""

B = TypeVar("B", bound=Hashable)


@dataclass(slots=True)
class _Hinted:
    """When a board was first and last heard of, since it was last taken."""

    first: float
    last: float

    def ready_at(self, quiet: float) -> float:
        """When it may be read, by the monotonic clock."""
        return min(self.last + quiet, self.first + LONGEST)


class Hints(Generic[B]):
    """The boards of which Trello told, until they are taken. Safe to share between threads.

    A board may be read once it was `quiet` for so many seconds. A hint that comes after a board was taken,
    even while it is being read, puts the board here again.
    """

    def __init__(self, monotonic: Callable[[], float], quiet: float = QUIET) -> None:
        self._monotonic, self._quiet = monotonic, quiet
        self._boards: dict[B, _Hinted] = {}
        self._heard = threading.Condition()

    def add(self, board: B) -> None:
        """Note that something happened on a board."""
        with self._heard:
            if len(self._boards) >= MOST and board not in self._boards:
                return
            now = self._monotonic()
            self._boards.setdefault(board, _Hinted(now, now)).last = now
            self._heard.notify()

    def take(self, patience: float) -> frozenset[B]:
        """Wait for boards that may be read, and take them; none after `patience` seconds."""
        end = self._monotonic() + patience
        with self._heard:
            while True:
                now = self._monotonic()
                ready = frozenset(
                    board for board, each in self._boards.items() if each.ready_at(self._quiet) <= now
                )
                if ready or now >= end:
                    self._boards = {b: each for b, each in self._boards.items() if b not in ready}
                    return ready
                soonest = min(
                    (each.ready_at(self._quiet) for each in self._boards.values()), default=math.inf
                )
                self._heard.wait(min(end, soonest) - now)
