"""The wall clock."""

import datetime as dt
import time


class SystemClock:
    """This machine's time."""

    def now(self) -> dt.datetime:
        """Aware UTC. Jumps when the machine's time is corrected."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that showed `start` when it was created and runs on from there: for rehearsals."""

    def __init__(self, start: dt.datetime) -> None:
        self._offset = start - super().now()

    def now(self) -> dt.datetime:
        """Aware UTC, shifted."""
        return super().now() + self._offset
