"""ISO weeks: the unit of reports."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

# ASCII, as `\d` alone would take the digits of other scripts.
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)


def instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a local wall-clock time.

    When clocks go forward, a skipped time is read by the offset before the change: 02:30 becomes 03:30. When
    they go back, a repeated time is its first occurrence.
    """
    # Each local time must be one instant, so that no occurrence is lost or doubled; this is `fold=0`.
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def before_gap(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a local time, a skipped one read by the offset after the change: 02:30 is 01:30."""
    local = dt.datetime.combine(day, time, tzinfo=zone)
    return min(local.astimezone(dt.UTC), local.replace(fold=1).astimezone(dt.UTC))


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """An ISO 8601 week, written `2026-W47`; Monday is its first day."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `2026-W47` or `2026W47`. Raises `ValueError` when there is no such week."""
        match = _WEEK.fullmatch(text.strip().upper())
        if not match:
            raise ValueError(f"'{text}' is not an ISO week; write it like 2026-W47")
        year, number = int(match[1]), int(match[2])
        try:
            dt.date.fromisocalendar(year, number, 1)
        except ValueError:
            raise ValueError(f"the year {year} has no week {number}") from None
        return cls(year, number)

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The week in which a day lies."""
        # Not `day.year`: 1 January may belong to the last week of the year before.
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def at(cls, moment: dt.datetime, zone: ZoneInfo) -> Self:
        """The week in which an instant falls locally."""
        return cls.of(moment.astimezone(zone).date())

    @property
    def monday(self) -> dt.date:
        """The week's first day."""
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> dt.date:
        """The week's last day."""
        return self.monday + dt.timedelta(days=6)

    def next(self) -> Self:
        """The week after this one."""
        return self.of(self.monday + dt.timedelta(days=7))

    def previous(self) -> Self:
        """The week before this one."""
        return self.of(self.monday - dt.timedelta(days=7))

    def begins_at(self, zone: ZoneInfo) -> dt.datetime:
        """The week's first instant; its last is just before `next().begins_at(zone)`."""
        return instant(self.monday, dt.time(0, 0), zone)

    def closes_at(self, zone: ZoneInfo, time: dt.time) -> dt.datetime:
        """When the outcomes are settled: the Monday after the week, at a local time."""
        return instant(self.next().monday, time, zone)


def last_close(now: dt.datetime, zone: ZoneInfo, time: dt.time) -> dt.datetime:
    """The newest instant at or before `now` at which a week closed."""
    week = IsoWeek.at(now, zone).previous()
    if week.closes_at(zone, time) > now:
        week = week.previous()
    return week.closes_at(zone, time)
