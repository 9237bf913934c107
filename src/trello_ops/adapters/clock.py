"""The wall clock."""

import datetime as dt
import time


class SystemClock:
    """This machine's time."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that showed `start` when it was made, and goes on from there: for rehearsals."""

    def __init__(self, start: dt.datetime) -> None:
        self._offset = start - super().now()

    def now(self) -> dt.datetime:
        return super().now() + self._offset
