"""The sandbox's clock, and how Trello writes an instant."""

import datetime as dt


def trello_time(instant: dt.datetime) -> str:
    """An aware instant as Trello writes it: UTC, milliseconds, `Z`."""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """The machine's clock plus an offset, so that it keeps ticking from wherever it is set."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()

    def now(self) -> dt.datetime:
        """The sandbox's time, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def set(self, instant: dt.datetime | None) -> None:
        """Make it `instant` now; None goes back to real time."""
        self.offset = instant - dt.datetime.now(dt.UTC) if instant else dt.timedelta()
