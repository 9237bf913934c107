"""How often something comes round, and when it is due then, as frozen values. Dates are local."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

LAST = -1
"""The last day of a month, in `Cadence.on`; the last of its kind, as `NthDay.nth`."""

NO_DAY = dt.date(2000, 1, 1)
"""As the date of an occurrence: it names no day. Its task is its whole identity, whenever it is due."""

WORKING_DAY = 0
"""As `NthDay.weekday`: any day that is worked."""


class Frequency(StrEnum):
    """How often a cadence comes round; in the order of how often, `once` and rules last."""

    # In this order they are compared: a task comes no more often than its board.
    DAILY = "daily"
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ONCE = "once"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class DayTime:
    """A local wall-clock time, `offset_days` and then `working_days` after the day it is counted from."""

    time: dt.time
    offset_days: int = 0
    working_days: int = 0


class CatchUpMode(StrEnum):
    """Which overdue occurrences still get a card when none could be made in time."""

    LATEST = "latest"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """How a task catches up. `cap` limits `ALL` to that many of the newest; the other modes ignore it."""

    mode: CatchUpMode = CatchUpMode.LATEST
    cap: int = 20


@dataclass(frozen=True, slots=True, order=True)
class NthDay:
    """The nth weekday of a month: the first (1), the last (-1), the second last (-2) and so on.

    `weekday` is an ISO weekday, or `WORKING_DAY`.
    """

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `first` to `last`, both included, and why they stand out."""

    first: dt.date
    last: dt.date
    reason: str = ""

    def covers(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Nominal days that a cadence leaves out: ISO weekdays, dates, and spans of days."""

    weekdays: tuple[int, ...] = ()
    dates: tuple[dt.date, ...] = ()
    spans: tuple[Span, ...] = ()

    def cover(self, day: dt.date) -> bool:
        """Whether a nominal day is left out."""
        named = day.isoweekday() in self.weekdays or day in self.dates
        return named or any(span.covers(day) for span in self.spans)


class OnDayOff(StrEnum):
    """What becomes of an occurrence whose nominal day is a day off."""

    KEEP = "keep"
    SKIP = "skip"
    PREVIOUS = "previous"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date that files set in one line, and from which days are counted, such as `go_live`."""

    name: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Cadence:
    """The rhythm of one task, with every default of workspace and board filled in.

    `on` holds ISO weekdays (1 Monday … 7 Sunday) for daily, weekly and biweekly cadences, and days of the
    month (1 … 31 or `LAST`) for rarer ones, which may name others as `nth`; both are sorted, and one of them
    is not empty. A day that a month lacks means the month's last day. `month` is the month of the quarter,
    half-year or year, from 1. `anchor` is any day of a week that counts, for biweekly. `dates` are those of
    `once`, sorted; `rule` is an RFC 5545 rule, which begins at `start`. `counts_from` is the date from
    which the one of `dates` was counted, where it was.

    `due` counts from the day, `release` from the occurrence's date. `start` and `until` are the first and the
    last nominal day that count.
    """

    frequency: Frequency
    on: tuple[int, ...]
    due: DayTime
    timezone: ZoneInfo
    release: DayTime = DayTime(dt.time(0, 0))
    start: dt.date | None = None
    catch_up: CatchUp = CatchUp()
    nth: tuple[NthDay, ...] = ()
    month: int = 0
    anchor: dt.date | None = None
    dates: tuple[dt.date, ...] = ()
    rule: str = ""
    exceptions: Exceptions = Exceptions()
    until: dt.date | None = None
    on_day_off: OnDayOff = OnDayOff.KEEP
    counts_from: NamedDate | None = None
