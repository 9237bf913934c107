"""ISO weeks: the unit of reports."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)


def instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a local wall-clock time.

    A time that the clocks skip means as long after the gap as it was after the gap's start; a time that
    comes twice means its first coming.
    """
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """An ISO 8601 week, written `2026-W47`; Monday is its first day."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError when there is no such week."""
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
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def at(cls, moment: dt.datetime, zone: ZoneInfo) -> Self:
        """The week in which an instant falls locally."""
        return cls.of(moment.astimezone(zone).date())

    @property
    def monday(self) -> dt.date:
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    def next(self) -> Self:
        return self.of(self.monday + dt.timedelta(days=7))

    def previous(self) -> Self:
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
