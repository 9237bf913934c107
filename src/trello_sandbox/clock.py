"""The sandbox's time, and how Trello writes an instant."""

import datetime as dt


def trello_time(instant: dt.datetime) -> str:
    """An aware instant as Trello writes it: UTC, milliseconds, `Z`."""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """The sandbox's time: the real clock plus an offset, so that it ticks on wherever it is set."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.offset

    def set(self, instant: dt.datetime | None) -> None:
        """Make it `instant` now; None brings back the real time."""
        self.offset = instant - dt.datetime.now(dt.UTC) if instant else dt.timedelta()
