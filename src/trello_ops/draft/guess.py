"""What people's words say of a rhythm, told by the same words that board files understand."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from trello_ops.core.cadence import LAST, WORKING_DAY, Frequency
from trello_ops.declared import rhythm_words
from trello_ops.declared.date_words import as_date
from trello_ops.declared.day_words import as_clock, several
from trello_ops.declared.rhythm_names import ORDINALS
from trello_ops.declared.rhythm_words import Days
from trello_ops.declared.words import WEEKDAY_NAMES
from trello_ops.draft.model import Rhythm

_LONGEST = 100
"""Characters; nobody takes more to say a rhythm."""

_TIME = re.compile(
    r"(?:\b(?:avant|before|by|at|pour|vers)\s+|à\s+)?"
    r"\b(\d{1,2}\s?h(?:\s?\d\d)?|\d{1,2}:\d\d(?:\s?[ap]m)?|\d{1,2}\s?[ap]m)\b",
    re.IGNORECASE,
)
_SIGNS = " ,.;:-–()"
_ASIDE = re.compile(r"(.*\S)\s*(?:\(([^()]+)\)|\s[–—-]\s([^–—]+))")
_LONGEST_ASIDE = 120
"""Characters of a title's end among which its rhythm is looked for."""

_MANY_DAYS = 4
"""Weekdays from which on one says that something comes every day."""

_RANGES = {"en semaine": "mon-fri", "weekdays": "mon-fri", "le week-end": "sat-sun", "weekend": "sat-sun"}
_BY_WEEK = (Frequency.DAILY, Frequency.WEEKLY)
_MONTHS = {Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


@lru_cache(maxsize=1000)
def rhythm(text: str) -> Rhythm | None:
    """What a text says of a rhythm, all of it understood; else `None`: `lundi et jeudi à 10h`."""
    said = " ".join(text.split())
    if len(said) > _LONGEST:
        return None
    found = _TIME.search(said)
    if not found:
        return _of_days_and_cadence(said.strip(_SIGNS))
    due = as_clock(found[1])
    if due in {"", "00:00"}:  # no card can be due when it comes
        return None
    rest = " ".join(f"{said[: found.start()]} {said[found.end() :]}".split()).strip(_SIGNS)
    named = _of_days_and_cadence(rest) if rest else Rhythm()
    return replace(named, due=due) if named else None


def together(frequency: Rhythm, day: Rhythm) -> Rhythm | None:
    """What two places say of one duty, such as `mensuel` and `15/01/2027`; `None` if they contradict."""
    due = day.due or frequency.due
    if not day.cadence or frequency == day:
        return replace(frequency, due=due)
    if not frequency.cadence:
        return replace(day, due=due)
    if frequency.on or not day.on:
        return None
    found = _under(Frequency(frequency.cadence), day)
    return replace(found, due=due) if found else None


def aside(title: str) -> tuple[str, Rhythm] | None:
    """The title before what its end says of its rhythm, in brackets or behind a dash, and that rhythm."""
    cut = max(len(title) - _LONGEST_ASIDE, 0)
    found = _ASIDE.fullmatch(title[cut:])
    said = rhythm(found[2] or found[3]) if found else None
    return (title[:cut] + found[1], said) if found and said else None


def weekday(number: int) -> str:
    """A weekday's name by its ISO number."""
    return WEEKDAY_NAMES[0].split()[number - 1]


def _of_days_and_cadence(text: str) -> Rhythm | None:
    lower = _RANGES.get(text.lower(), text.lower())
    whole = _entry(lower)
    entries = [whole] if whole else [_entry(part) for part in several(lower)]
    days = [entry for entry in entries if isinstance(entry, Days)]
    cadences = {entry for entry in entries if isinstance(entry, Frequency)}
    if not entries or None in entries or len(cadences) > 1:
        return None
    named = _of_days(days) if days else Rhythm()
    frequency = Rhythm(str(cadences.pop())) if cadences else Rhythm()
    return together(frequency, named) if named else None


def _entry(text: str) -> Frequency | Days | None:
    try:
        return rhythm_words.cadence(text).frequency
    except ValueError:
        pass
    try:
        return rhythm_words.days(as_date(text) or text)
    except ValueError:
        return None


def _of_days(days: Sequence[Days]) -> Rhythm | None:
    """Days of one kind, under the cadence that is said with them; `None` for a mixture."""
    of_week = sorted({day for each in days for day in each.of_week})
    dates = sorted({each.date for each in days if each.date})
    places = [_place(each) for each in days if each.of_month or each.nth]
    if bool(of_week) + bool(dates) + bool(places) != 1:
        return None
    if of_week:
        cadence = Frequency.DAILY if len(of_week) >= _MANY_DAYS else Frequency.WEEKLY
        return Rhythm(cadence, tuple(map(weekday, of_week)))
    if dates:
        return Rhythm(Frequency.ONCE, tuple(map(str, dates)))
    # A working day stands alone in `on`.
    if len(places) > 1 and any(each.nth and each.nth.weekday == WORKING_DAY for each in days):
        return None
    return Rhythm(Frequency.MONTHLY, tuple(dict.fromkeys(places)))


def _place(days: Days) -> str:
    """A place in a month, as board files say it."""
    if not days.nth:
        return "last" if days.of_month == LAST else str(days.of_month)
    kind = "working day" if days.nth.weekday == WORKING_DAY else weekday(days.nth.weekday)
    place = ORDINALS[days.nth.nth][0] if days.nth.nth in ORDINALS else f"{days.nth.nth}th"
    return f"{place} {kind}"


def _under(cadence: Frequency, day: Rhythm) -> Rhythm | None:
    """The days under a cadence that takes them: a date tells the weekday of a weekly duty."""
    if cadence == day.cadence or (cadence is Frequency.DAILY and day.cadence in _BY_WEEK):
        return day
    if day.cadence == Frequency.ONCE:
        return _of_date(cadence, dt.date.fromisoformat(day.on[0])) if len(day.on) == 1 else None
    by_week = cadence in (*_BY_WEEK, Frequency.BIWEEKLY)
    suits = cadence is not Frequency.ONCE and by_week == (day.cadence in _BY_WEEK)
    return replace(day, cadence=cadence) if suits else None


def _of_date(cadence: Frequency, date: dt.date) -> Rhythm | None:
    if cadence is Frequency.DAILY:
        return None
    if cadence is Frequency.WEEKLY:
        return Rhythm(cadence, (weekday(date.isoweekday()),))
    if cadence is Frequency.BIWEEKLY:
        return Rhythm(cadence, (weekday(date.isoweekday()),), anchor=str(date))
    months = _MONTHS.get(cadence, 0)
    return Rhythm(cadence, (str(date.day),), month=str((date.month - 1) % months + 1) if months else "")
