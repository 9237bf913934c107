"""The rhythm of a task: from what it and its board say to a Cadence, and the checks across their fields."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from trello_ops.core.cadence import (
    LAST,
    WORKING_DAY,
    Cadence,
    CatchUp,
    DayTime,
    Exceptions,
    Frequency,
    NthDay,
    OnDayOff,
    Span,
)
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.calendar.recurrence import days_into_period, recurrences
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.calendar_shapes import DayTimeShape, DueShape, PeriodShape, RhythmShape
from trello_ops.declared.day_off_words import LeftOut, all_weekdays
from trello_ops.declared.named_dates import counted, knows_its_date, named_date
from trello_ops.declared.rhythm_words import Days, Rhythm
from trello_ops.declared.rule_words import first_days
from trello_ops.declared.schema import TaskShape
from trello_ops.located_yaml import Path
from trello_ops.messages import say

_DAY = dt.timedelta(days=1)
_BY_WEEK = (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY)
_MONTHS = {Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}
_ON: Final = {Frequency.DAILY: tuple(range(1, 8)), Frequency.WEEKLY: (5,), Frequency.BIWEEKLY: (5,)}
_DUE = DayTime(dt.time(18, 0))
_RELEASE = DayTime(dt.time(0, 0))
_IN_FILES = {"exceptions": "except"}
"""What the files call a field whose own name is a word of Python's."""
_TIMES = ("due", "release", "on")
"""The fields that decide whether due comes after release, in the order in which one is blamed."""
_LEAVING_OUT = ("exceptions", "until", "on")
"""The fields that decide whether it falls on any day, likewise."""
_FIRST_DAY = {
    **dict.fromkeys(Frequency, say("the month's first, or the day itself where it falls on several,")),
    **dict.fromkeys((Frequency.DAILY, Frequency.ONCE, Frequency.RULE), say("the day it falls on")),
    **dict.fromkeys(
        (Frequency.WEEKLY, Frequency.BIWEEKLY),
        say("the week's Monday, or the day itself where it falls on several,"),
    ),
}
_A_WEEKDAY, _A_MONTHS_DAY, _A_DATE = say("a weekday"), say("a day of the month"), say("a date")
_NAME_INSTEAD = {
    **dict.fromkeys(Frequency, say("name days of the month, such as `15`, `last` or `first monday`")),
    Frequency.DAILY: say("name weekdays, such as `mon-sat`"),
    Frequency.WEEKLY: say("name weekdays, such as `friday`"),
    Frequency.BIWEEKLY: say("name weekdays, such as `friday`"),
    Frequency.ONCE: say("name a date, such as 2026-11-01, or several"),
    Frequency.RULE: say("the rule names the days, so delete this line"),
}
_FIRST_MONDAY = dt.date(1970, 1, 5)
_YEARS_TRIED = (1, 8, 40)
"""Years in which it should fall on some day: 29 February comes every four or eight, a Friday 29 in 40."""


def check_board_rhythm(file: BoardFile) -> None:
    """Note what does not suit the board's cadence, even where no task goes by it."""
    _fits(file, (), file.shape, file.shape.cadence)


def build_cadence(file: BoardFile, key: str, task: TaskShape) -> Cadence | None:
    """The cadence of a task; `None`, and problems noted, if it cannot be told."""
    return _Said(file, key, task, task.cadence or file.shape.cadence).cadence()


def _fits(file: BoardFile, path: Path, shape: RhythmShape, rhythm: Rhythm) -> bool:
    """Whether what a board or task says suits its cadence; problems are noted."""
    found: list[tuple[Path, str]] = [
        (("on", n), said) for n, days in enumerate(shape.on or ()) if (said := _misfit(days, rhythm))
    ]
    if shape.month and (said := _misplaced_month(shape, rhythm)):
        found.append((("month",), said))
    if shape.anchor and rhythm.frequency is not Frequency.BIWEEKLY:
        message = say(
            "only a fortnight has an anchor, but %(cadence)s: delete this line", cadence=_is(rhythm)
        )
        found.append((("anchor",), message))
    for place, flaw in found:
        file.problem((*path, *place), flaw)
    return not found


def _is(rhythm: Rhythm) -> str:
    return say("the cadence is `%(cadence)s`", cadence=str(rhythm.frequency))


def _misfit(days: Days, rhythm: Rhythm) -> str:
    """What is wrong with an entry of `on`; empty if it suits."""
    kind = _A_WEEKDAY if days.of_week else _A_DATE if days.date or days.counts_from else _A_MONTHS_DAY
    if rhythm.frequency in _BY_WEEK:
        suits = kind is _A_WEEKDAY
    elif rhythm.frequency is Frequency.ONCE:
        suits = kind is _A_DATE
    else:
        suits = kind is _A_MONTHS_DAY and rhythm.frequency is not Frequency.RULE
    if suits:
        return ""
    advice = _NAME_INSTEAD[rhythm.frequency]
    return say("is %(kind)s, but %(cadence)s: %(advice)s", kind=kind, cadence=_is(rhythm), advice=advice)


def _misplaced_month(shape: RhythmShape, rhythm: Rhythm) -> str:
    """What is wrong with `month`; empty if it suits."""
    month, most = shape.month, _MONTHS.get(rhythm.frequency)
    if not month or not most:
        return say("says nothing here, as %(cadence)s: delete this line", cadence=_is(rhythm))
    if month.name and rhythm.frequency is not Frequency.YEARLY:
        return say(
            "is the name of one month, but %(cadence)s: write which month of it, from 1 to %(most)s",
            cadence=_is(rhythm),
            most=most,
        )
    if month.number > most:
        return say(
            "is %(month)s, but %(cadence)s: write a number from 1 to %(most)s",
            month=month.number,
            cadence=_is(rhythm),
            most=most,
        )
    return ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a task says of its rhythm; what it does not say itself, its board says for all."""

    file: BoardFile
    key: str
    task: TaskShape
    rhythm: Rhythm

    def cadence(self) -> Cadence | None:
        """The cadence; `None` if it cannot be told."""
        file, frequency = self.file, self.rhythm.frequency
        if not (self._is_rare_enough() and self._suits()):
            return None
        on, nth, dates = self._days()
        month = self._of_days("month")
        cadence = Cadence(
            frequency=frequency,
            on=on,
            due=_day_time(self._said("due")) or _DUE,
            timezone=self.task.timezone or file.shape.timezone or file.workspace.timezone,
            release=_day_time(self._said("release")) or _RELEASE,
            start=self._said("start"),
            catch_up=self.task.catch_up or file.shape.catch_up or CatchUp(),
            nth=nth,
            month=month.number if month else _MONTHS.get(frequency, 0),
            anchor=_monday(self._of_days("anchor")),
            dates=dates,
            rule=self.rhythm.rule,
            exceptions=_exceptions(self._of_days("exceptions")),
            until=self._said("until"),
            on_day_off=self._on_day_off(),
            counts_from=named_date(self.file, self._of_days("on")),
        )
        if not self._has_what_it_needs(cadence):
            return None
        self._check_order(cadence)
        return cadence

    # ---- where it is said

    def _said(self, name: str) -> Any:
        """What the task says, else its board."""
        own = getattr(self.task, name)
        return own if own is not None else getattr(self.file.shape, name)

    def _of_days(self, name: str) -> Any:
        """What names days: a task of a cadence of its own inherits none of it."""
        return getattr(self.task, name) if self.task.cadence else self._said(name)

    def _path(self, name: str) -> Path:
        """Where it is said; in the task, where nobody says it."""
        in_file, own = _IN_FILES.get(name, name), getattr(self.task, name)
        inherited = own is None and getattr(self.file.shape, name) is not None
        return (in_file,) if inherited else ("tasks", self.key, in_file)

    def _blamed(self, names: tuple[str, ...]) -> Path:
        """The first of these fields that the task says, else its board; the cadence where neither does."""
        groups: tuple[tuple[Path, RhythmShape], ...] = (
            (("tasks", self.key), self.task),
            ((), self.file.shape),
        )
        said = (
            (*path, _IN_FILES.get(name, name))
            for path, group in groups
            for name in names
            if getattr(group, name) is not None
        )
        return next(said, self._path("cadence"))

    # ---- checks

    def _is_rare_enough(self) -> bool:
        """Whether its own cadence is no more frequent than the board's."""
        frequencies, board = list(Frequency), self.file.shape.cadence.frequency
        own = self.rhythm.frequency
        # How often a rule comes round is its own affair: a fortnightly meeting may stand on any board.
        if Frequency.RULE in (own, board) or frequencies.index(own) >= frequencies.index(board):
            return True
        self.file.problem(
            ("tasks", self.key, "cadence"),
            say(
                "comes more often than its board, whose cadence is `%(board)s`: put it on another board",
                board=str(board),
            ),
        )
        return False

    def _suits(self) -> bool:
        """Whether the days that are named suit the cadence, and none is missing."""
        file, own = self.file, ("tasks", self.key)
        suits = _fits(file, own, self.task, self.rhythm)
        if not self.task.cadence:
            suits = _fits(file, (), file.shape, file.shape.cadence) and suits
        missing = [] if not suits else list(self._missing())
        for path, message in missing:
            file.problem(path, message)
        # What is said wrongly is no more there; it has its problem already.
        inherits = not self.task.cadence
        lost = inherits and any(self._of_days(n) is None and file.says((n,)) for n in ("on", "anchor"))
        return (
            suits
            and not missing
            and not lost
            and knows_its_date(self.file, self._path("on"), self._of_days("on"))
        )

    def _missing(self) -> Iterator[tuple[Path, str]]:
        inherits = not self.task.cadence
        here: Path = self._path("cadence") if self.task.cadence else ("cadence",)
        unsaid = {
            name
            for name in ("on", "anchor", "start")
            if self._of_days(name) is None and not (inherits and self.file.says((name,)))
        }
        if self.rhythm.frequency is Frequency.ONCE and "on" in unsaid:
            yield (
                ("tasks", self.key),
                say("has no date: add `on` with a date such as 2026-11-01, or several"),
            )
        if self.rhythm.frequency is Frequency.BIWEEKLY and "anchor" in unsaid:
            yield (
                here,
                say("does not say which weeks count: add a day of one of them, such as `anchor: 2026-11-02`"),
            )
        if (
            self.rhythm.frequency is Frequency.RULE
            and self._said("start") is None
            and not self.file.says(("start",))
        ):
            yield here, say("a rule begins at `start`: add that line, such as `start: 2026-11-01`")

    def _has_what_it_needs(self, cadence: Cadence) -> bool:
        """Whether working days are declared if they are spoken of, and whether it falls on any day."""
        problems: list[tuple[Path, str]] = list(self._unfounded(cadence))
        if not problems and cadence.start and cadence.until and cadence.until < cadence.start:
            message = say(
                "ends on %(until)s, before it begins on %(start)s: correct one of the two",
                until=cadence.until,
                start=cadence.start,
            )
            problems.append((self._path("until"), message))
        if not problems and not _falls(cadence):
            problems.append(self._never(cadence))
        for path, flaw in problems:
            self.file.problem(path, flaw)
        return not problems

    def _never(self, cadence: Cadence) -> tuple[Path, str]:
        """That it falls on no day, and what is to blame."""
        path = self._blamed(_LEAVING_OUT)
        if cadence.rule and path == self._path("cadence"):
            return path, say("falls on no day in %(years)s years: correct the rule", years=_YEARS_TRIED[-1])
        return path, say(
            "falls on no day: all is left out by `except`, or lies before `start` or after `until`; correct"
            " one of these"
        )

    def _unfounded(self, cadence: Cadence) -> Iterator[tuple[Path, str]]:
        """What speaks of working days while nobody says which they are, or not alone."""
        needs = say("speaks of working days: say which they are, such as `working_days: mon-sat`")
        counts = any(each.weekday == WORKING_DAY for each in cadence.nth)
        if counts and len(cadence.on) + len(cadence.nth) > 1:
            yield (
                self._path("on"),
                say("names a working day beside other days: a working day stands alone in `on`"),
            )
        if self.file.says_working_days:
            return
        if counts:
            yield self._path("on"), needs
        if cadence.due.working_days:
            yield self._path("due"), needs
        if self._said("on_day_off") not in (None, "keep"):
            yield self._path("on_day_off"), needs

    def _check_order(self, cadence: Cadence) -> None:
        """Due comes after release, on the earliest day that the cadence can name in its period."""
        # The earliest, as `last` means the 28th in some February.
        first, _ = days_into_period(cadence)
        due = (first.days + cadence.due.offset_days + cadence.due.working_days, cadence.due.time)
        release = (cadence.release.offset_days, cadence.release.time)
        if due > release:
            return
        message = say(
            "the card would be due at %(due)s, but not released before %(release)s (%(first)s is day 1): make"
            " `due` later or `release` earlier",
            due=_spoken(*due),
            release=_spoken(*release),
            first=_FIRST_DAY[cadence.frequency],
        )
        # One of them is said: the defaults, due at 18:00 and release at 0:00, are in order.
        self.file.problem(self._blamed(_TIMES), message)

    # ---- values

    def _days(self) -> tuple[tuple[int, ...], tuple[NthDay, ...], tuple[dt.date, ...]]:
        """The weekdays or days of the month, the nth ones, and the dates, each sorted and once."""
        declared: tuple[Days, ...] | None = self._of_days("on")
        frequency = self.rhythm.frequency
        if declared is None:
            return _ON.get(frequency, () if frequency is Frequency.RULE else (LAST,)), (), ()
        of_week = {day for days in declared for day in days.of_week}
        of_month = {days.of_month for days in declared if days.of_month}
        nth = {days.nth for days in declared if days.nth}
        dates = {days.date for days in declared if days.date}
        dates |= counted(self.file, declared)
        return tuple(sorted(of_week | of_month)), tuple(sorted(nth)), tuple(sorted(dates))

    def _on_day_off(self) -> OnDayOff:
        said = self._said("on_day_off")
        if said:
            return OnDayOff(said)
        file = self.file
        holidays = file.workspace.holidays
        declared = (
            file.shape.working_days or file.team.working_days or file.shape.closures or file.team.closures
        )
        if not (declared or holidays.sources or holidays.named):
            return OnDayOff.KEEP
        return OnDayOff.SKIP if self.rhythm.frequency is Frequency.DAILY else OnDayOff.PREVIOUS


def _monday(anchor: dt.date | None) -> dt.date | None:
    """The same Monday for every day that would count the same weeks: another such day is no edit."""
    if anchor is None:
        return None
    return _FIRST_MONDAY + ((anchor - _FIRST_MONDAY).days // 7 % 2) * 7 * _DAY


def _exceptions(declared: tuple[LeftOut | PeriodShape, ...] | None) -> Exceptions:
    words = [each for each in declared or () if isinstance(each, LeftOut)]
    periods = [each for each in declared or () if isinstance(each, PeriodShape)]
    return Exceptions(
        weekdays=all_weekdays(tuple(each.weekdays for each in words)),
        dates=tuple(sorted({each.date for each in words if each.date})),
        spans=tuple(sorted({Span(each.first, each.last) for each in periods})),
    )


def _falls(cadence: Cadence) -> bool:
    """Whether it falls on any day within some decades."""
    last = cadence.until or LAST_DATE
    # A year is enough for almost all; only what falls on no day of it is looked at for longer.
    for years in _YEARS_TRIED:
        reach = dt.timedelta(days=366 * years)
        begin = cadence.start or (max(FIRST_DATE, last - reach) if cadence.until else FIRST_DATE)
        end = last if cadence.frequency is Frequency.ONCE else min(last, begin + reach)
        if cadence.rule:
            days = first_days(cadence.rule, begin, end)
        else:
            days = (each.day for each in recurrences(cadence, begin, end))
        if not all(map(cadence.exceptions.cover, days)):
            return True
    return False


def _day_time(shape: DayTimeShape | None) -> DayTime | None:
    if shape is None:
        return None
    return DayTime(shape.time, shape.offset_days, shape.working_days if isinstance(shape, DueShape) else 0)


def _spoken(days: int, time: dt.time) -> str:
    return say("%(time)s on day %(day)s", time=f"{time:%H:%M}", day=days + 1)
