"""A clock that stands still until it is moved."""

import datetime as dt
import threading


class FixedClock:
    """Implements the Clock port; `sleep` moves it on, so nothing ever waits.

    `jump` moves the wall clock alone, as a correction of the machine's time would.
    """

    def __init__(self, now: dt.datetime) -> None:
        self._now = now.astimezone(dt.UTC)
        self._monotonic = 1000.0
        self._lock = threading.Lock()

    def now(self) -> dt.datetime:
        """Aware UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds; begins at a number that no test should rely on."""
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        """Return at once, that much later."""
        self.advance(dt.timedelta(seconds=seconds))

    def advance(self, by: dt.timedelta) -> None:
        """Move the wall clock and the monotonic one on."""
        with self._lock:
            self._now += by
            self._monotonic += by.total_seconds()

    def advance_to(self, moment: dt.datetime) -> None:
        """Move on to an instant. No-op if it has passed."""
        self.advance(max(dt.timedelta(0), moment - self._now))

    def jump(self, by: dt.timedelta) -> None:
        """Move the wall clock only, either way."""
        with self._lock:
            self._now += by
