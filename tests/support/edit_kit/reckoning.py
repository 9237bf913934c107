"""When a duty falls, by the text of a board file: the judge's own calendar."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DAY = dt.timedelta(days=1)
_FIRST, _LAST = dt.date(2026, 10, 1), dt.date(2027, 2, 28)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(name[:3] for name in _WEEKDAYS)
_USUAL = {"daily": ("mon-sun",), "weekly": ("friday",), "monthly": ("last",)}


@dataclass(frozen=True)
class Rule:
    """What a board and a task say together of when the task is to be done."""

    cadence: str
    on: tuple[str, ...] = ()
    release: str = "00:00"
    due: str = "18:00"
    start: str = ""


@dataclass(frozen=True)
class Turn:
    """One time that a duty comes round. `period` is what must not be served twice."""

    day: dt.date
    period: str
    release: dt.datetime
    due: dt.datetime

    def is_like(self, other: "Turn") -> bool:
        """Whether the two are one occurrence: of one period, or of one day."""
        return self.day == other.day or self.period == other.period


@cache
def turns(rule: Rule) -> tuple[Turn, ...]:
    """Every turn of some months, in order."""
    return tuple(_turn(rule, day) for day in _days() if _names(rule, day))


def turn_like(rule: Rule, turn: Turn) -> Turn | None:
    """The rule's own turn of the same period or day; that of the same day before any other."""
    alike = [each for each in turns(rule) if each.is_like(turn)]
    return min(alike, key=lambda each: each.day != turn.day, default=None)


def turn_due(rule: Rule, due: dt.datetime) -> Turn | None:
    """The turn that is due at this very instant."""
    return next((each for each in turns(rule) if each.due == due), None)


def standing(rule: Rule, at: dt.datetime) -> Iterator[Turn]:
    """The turns that have been released and are not due yet."""
    return (each for each in turns(rule) if each.release <= at < each.due)


def _days() -> Iterator[dt.date]:
    return (_FIRST + n * DAY for n in range((_LAST - _FIRST).days))


def _words(rule: Rule) -> tuple[str, ...]:
    return rule.on or _USUAL[rule.cadence]


def _names(rule: Rule, day: dt.date) -> bool:
    if rule.start and day < dt.date.fromisoformat(rule.start):
        return False
    names = _names_monthly if rule.cadence == "monthly" else _names_weekday
    return any(names(word, day) for word in _words(rule))


def _names_monthly(word: str, day: dt.date) -> bool:
    is_last = (day + DAY).day == 1
    return is_last if word == "last" else day.day == int(word) or (is_last and day.day < int(word))


def _names_weekday(word: str, day: dt.date) -> bool:
    first, _, last = word.partition("-")
    begin, end = _SHORT.index(first[:3]), _SHORT.index((last or first)[:3])
    return (day.weekday() - begin) % 7 <= (end - begin) % 7


def _turn(rule: Rule, day: dt.date) -> Turn:
    words = _words(rule)
    if rule.cadence == "daily" or len(words) > 1 or "-" in words[0]:
        begin, period = day, f"day {day}"
    elif rule.cadence == "weekly":
        begin = day - day.weekday() * DAY
        period = f"week of {begin}"
    else:
        begin = day.replace(day=1)
        period = f"month of {begin}"
    return Turn(day, period, _instant(begin, rule.release), _instant(day, rule.due))


def _instant(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS).astimezone(dt.UTC)
