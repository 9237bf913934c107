"""What people's words say of a rhythm, told by the same words that board files understand."""

import datetime as dt
import re

from trello_ops.core.cadence import LAST, WORKING_DAY, Frequency
from trello_ops.declared import rhythm_words
from trello_ops.declared.day_words import as_clock, several
from trello_ops.declared.rhythm_names import ORDINALS
from trello_ops.declared.rhythm_words import Days
from trello_ops.declared.words import WEEKDAY_NAMES
from trello_ops.draft.model import Rhythm

_TIME = re.compile(
    r"(?:\b(?:avant|before|by|at|pour|vers)\s+|à\s+)?\b(\d{1,2}\s?h(?:\s?\d\d)?|\d{1,2}:\d\d)\b",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_MANY_DAYS = 4
"""Weekdays from which on one says that something comes every day."""
_EVERY_DAY = {"en semaine": "mon-fri", "weekdays": "mon-fri", "le week-end": "sat-sun", "weekend": "sat-sun"}


def rhythm(text: str) -> Rhythm | None:
    """What a text says of a rhythm, all of it understood; else `None`: `lundi et jeudi à 10h`."""
    said = " ".join(text.split())
    found = _TIME.search(said)
    due = as_clock(found[1]) if found else ""
    rest = said if not found else f"{said[: found.start()]} {said[found.end() :]}"
    rest = _SPACES.sub(" ", rest).strip(" ,.;:-–()")
    if not rest:
        return Rhythm(due=due) if due else None
    days = _days_and_cadence(rest)
    return Rhythm(days.cadence, days.on, due) if days else None


def _days_and_cadence(text: str) -> Rhythm | None:
    if range_ := _EVERY_DAY.get(text.lower()):
        return _of_entry(range_)
    whole = _of_entry(text)
    parts = [] if whole else [_of_entry(part) for part in several(text.lower())]
    if whole or len(parts) < 2 or None in parts:
        return whole
    known = [part for part in parts if part]
    spoken = next((part.cadence for part in known if not part.on), "")
    on = tuple(day for part in known for day in part.on)
    cadences = {part.cadence for part in known if part.on}
    if len(cadences) > 1:
        return None
    cadence = spoken or cadences.pop()
    return _fitting(cadence, on)


def _of_entry(text: str) -> Rhythm | None:
    try:
        return Rhythm(str(rhythm_words.cadence(text).frequency))
    except ValueError:
        pass
    try:
        return _of_days(rhythm_words.days(text))
    except ValueError:
        return None


def _of_days(days: Days) -> Rhythm:
    if days.of_week:
        every_day = len(days.of_week) >= _MANY_DAYS
        return Rhythm("daily" if every_day else "weekly", tuple(map(_weekday, days.of_week)))
    if days.date:
        return Rhythm("once", (str(days.date),))
    if days.nth:
        kind = "working day" if days.nth.weekday == WORKING_DAY else _weekday(days.nth.weekday)
        return Rhythm("monthly", (f"{ORDINALS[days.nth.nth][0]} {kind}",))
    return Rhythm("monthly", ("last" if days.of_month == LAST else str(days.of_month),))


def _weekday(number: int) -> str:
    return WEEKDAY_NAMES[0].split()[number - 1]


def _fitting(cadence: str, on: tuple[str, ...]) -> Rhythm | None:
    """Days of one kind under a cadence that takes them: a date tells the weekday of a weekly duty."""
    try:
        date = dt.date.fromisoformat(on[0]) if on else None
    except ValueError:
        date = None
    if date and cadence in (Frequency.WEEKLY, Frequency.BIWEEKLY):
        on = (_weekday(date.isoweekday()),)
    elif date and cadence == Frequency.MONTHLY:
        on = (str(date.day),)
    by_week = cadence in (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY)
    named = bool(on) and all(day in WEEKDAY_NAMES[0].split() for day in on)
    return Rhythm(cadence, on) if not on or by_week == named else None


def together(frequency: Rhythm, day: Rhythm) -> Rhythm:
    """What two places say of one duty, such as `mensuel` and `15/01/2027`: the days, under the frequency."""
    if not frequency.cadence or not day.on:
        return frequency | day
    fitting = _fitting(frequency.cadence, frequency.on or day.on)
    return (fitting or frequency) | Rhythm(due=frequency.due or day.due)
