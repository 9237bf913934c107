"""Days that are not worked: weekdays, holidays, closures. Dates are local to the workspace."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from trello_ops.core.cadence import Span
from trello_ops.messages import N_, Message, say

_DAY = dt.timedelta(days=1)
_MONTH = 31 * _DAY


class SkipKind(StrEnum):
    """Why an occurrence is excused, or its day moved; of several reasons the first counts."""

    # Rows of the ledger hold these words for ever: one may be added, none changed or removed.
    PAUSE = "pause"
    CLOSURE = "closure"
    HOLIDAY = "holiday"
    WEEKDAY = "weekday"
    NO_DAY = "no_day"
    COVERED = "covered"
    ABSENCE = "absence"
    LATE_START = "late_start"


@dataclass(frozen=True, slots=True)
class Skip:
    """Why something is not done, or not on its nominal day; `reason` is what people call it, or empty."""

    kind: SkipKind
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.reason}"

    @property
    def words(self) -> Message:
        """It as people say it, such as “holiday: Aïd al-Fitr”."""
        bare, named = _WORDS[self.kind]
        return say(named, reason=self.reason) if self.reason else say(bare)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """From its text; `None` for any other text."""
        kind, colon, reason = text.partition(":")
        return cls(SkipKind(kind), reason) if colon and kind in set(SkipKind) else None


_WORDS = {
    SkipKind.PAUSE: (N_("pause"), N_("pause: %(reason)s")),
    SkipKind.CLOSURE: (N_("closed"), N_("closed: %(reason)s")),
    SkipKind.HOLIDAY: (N_("holiday"), N_("holiday: %(reason)s")),
    SkipKind.WEEKDAY: (N_("not a working day"), N_("not a working day: %(reason)s")),
    SkipKind.NO_DAY: (N_("the month has no such day"), N_("the month has no such day: %(reason)s")),
    SkipKind.COVERED: (N_("part of another task"), N_("part of “%(reason)s”")),
    SkipKind.ABSENCE: (N_("absence"), N_("absence: %(reason)s")),
    SkipKind.LATE_START: (
        N_("its day was over already"),
        N_("counted from `%(reason)s`, its day was over already"),
    ),
}
"""Each kind without a reason, and with one."""


PUBLIC: Final = ("public",)
"""The kind of holidays that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class HolidaySource:
    """Whose holidays: an ISO country, perhaps one of its subdivisions, and kinds of holidays."""

    country: str
    subdivision: str = ""
    categories: tuple[str, ...] = PUBLIC


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday. `estimated`: its date is announced only days before, and may still turn out another."""

    name: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which days are holidays: those of `sources`, without the days in `without`, and those in `named`.

    `known` are the dates of `sources`. They are no part of what is declared: a newer library, which knows
    them better, is no edit of the files.
    """

    sources: tuple[HolidaySource, ...] = ()
    named: tuple[tuple[dt.date, str], ...] = ()
    without: tuple[dt.date, ...] = ()
    known: Mapping[dt.date, Holiday] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: dt.date) -> Holiday | None:
        """The holiday on a day."""
        named = next((name for date, name in self.named if date == day), None)
        if named is not None:
            return Holiday(named)
        return None if day in self.without else self.known.get(day)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The days off of a board. `working_days` are ISO weekdays, empty for every day.

    `longest_run` is more than are off one after another; a year at most, further than which no day is moved.
    """

    working_days: tuple[int, ...] = ()
    closures: tuple[Span, ...] = ()
    holidays: Holidays = Holidays()
    longest_run: dt.timedelta = field(init=False, compare=False, repr=False)
    _found: dict[dt.date, Skip | None] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest_run", _longest_run(self.closures))

    @property
    def declared(self) -> bool:
        """Whether any day is off."""
        return bool(self.working_days or self.closures or self.holidays.sources or self.holidays.named)

    def why(self, day: dt.date) -> Skip | None:
        """Why a day is off; `None` where it is worked."""
        # Remembered, as every task of a board asks for the same days again and again.
        if day not in self._found:
            self._found[day] = self._why(day)
        return self._found[day]

    def _why(self, day: dt.date) -> Skip | None:
        for closure in self.closures:
            if closure.covers(day):
                return Skip(SkipKind.CLOSURE, closure.reason)
        if holiday := self.holidays.on(day):
            return Skip(SkipKind.HOLIDAY, holiday.name)
        if self.working_days and day.isoweekday() not in self.working_days:
            return Skip(SkipKind.WEEKDAY)
        return None

    def nearest(self, day: dt.date, step: int) -> dt.date | None:
        """The nearest working day from a day on, forward (`step` 1) or back (-1).

        `None` where no day works within `longest_run`.
        """
        for _ in range(self.longest_run.days + 1):
            if self.why(day) is None:
                return day
            day += step * _DAY
        return None

    def later(self, day: dt.date, working_days: int) -> dt.date:
        """The day so many working days later; the next day of all where none works."""
        for _ in range(working_days):
            # Where nothing is worked for a year, it is due all the same, rather than never.
            day = self.nearest(day + _DAY, 1) or day + _DAY
        return day


def _longest_run(closures: Iterable[Span]) -> dt.timedelta:
    """More days than are off one after another; a year at most."""
    # Holidays and free weekdays alone are never off for a month, but may join closures.
    longest, begin, end = _MONTH, None, None
    for closure in sorted(closures):
        if begin is None or end is None or closure.first > end + _MONTH:
            begin, end = closure.first, closure.last
        end = max(end, closure.last)
        longest = max(longest, end - begin + 2 * _MONTH)
    return min(longest, 366 * _DAY)
