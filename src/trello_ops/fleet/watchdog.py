"""Ends the process where it cannot know any more whether its groups are still its own."""

import threading
import time
from collections.abc import Callable
from typing import Final

from trello_ops.fleet.queue_words import LEASE

AWAY: Final = LEASE / 3
_LOOK: Final = 0.5


class Watchdog:
    """Calls `leave` with the reason when the process stood still, or the database heard nothing of it.

    `beat` is called by the event loop, all the time, and `alive` with the instant of each sign of life that
    the database has taken; both since `start`.
    """

    def __init__(self, leave: Callable[[str], None], now: Callable[[], float] | None = None) -> None:
        self._leave, self.now = leave, now or machine_time
        self._beat = self._looked = self._alive = 0.0

    def start(self) -> None:
        """Watch from now on, in a thread of its own."""
        self._beat = self._looked = self._alive = self.now()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def beat(self) -> None:
        """The event loop runs."""
        self.look()
        self._beat = self.now()

    @property
    def is_beating(self) -> bool:
        """Whether the event loop ran lately."""
        return self.now() - self._beat <= AWAY

    def alive(self, sent: float) -> None:
        """The database has taken a sign of life that was sent at that instant."""
        self._alive = sent

    def look(self) -> None:
        """Leave, if it is time to."""
        now = self.now()
        # Whoever wakes first after a freeze must see it: the other would hide it.
        away = max(now - self._beat, now - self._looked)
        self._looked = now
        if away > AWAY:
            self._leave("node.frozen")
        elif now - self._alive > LEASE - 1:
            self._leave("node.lost_database")

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK)
            self.look()


def machine_time() -> float:
    """Seconds since the machine was started, those in which it slept included where the system tells."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
