"""The port to time."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> dt.datetime:
        """Aware UTC. May jump."""

    # Claims and pauses are timed by this one: the wall clock may be set while they last.
    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
