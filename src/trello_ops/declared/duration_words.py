"""Stretches of time as people write them, in English or French: `2h`, `1h30`, `10 min`, `2 jours`."""

import re
from typing import Final

from trello_ops.suggestions import folded

HOUR: Final = 60
DAY: Final = 24 * HOUR

_UNITS = {
    1: "m, mn, min, mins, minute, minutes",
    HOUR: "h, hr, hrs, hour, hours, heure, heures",
    DAY: "d, day, days, j, jour, jours",
}
_MINUTES = {word: minutes for minutes, words in _UNITS.items() for word in words.split(", ")}
_ONE = ["a", "an", "one", "un", "une"]
_EVERY = r"(?:(?:every|each|chaque|tous les|toutes les)\s+)?"
_NUMBER = rf"{_EVERY}(\d{{1,5}}|{'|'.join(_ONE)})?\s*"
_STRETCH = re.compile(rf"{_NUMBER}([a-z]+)(?:\s*([0-5]?\d)\s*(?:mn?|mins?|minutes?)?)?", re.ASCII)
_WORKING_DAYS = re.compile(
    rf"{_NUMBER}(?:(?:working|business|work) ?days?|jours? (?:ouvree?s?|ouvrables?|travailles?|de travail))",
    re.ASCII,
)
_SHORT = 3
"""Letters of a unit that does not stand alone: `day` means one, `h` nothing."""


def minutes(text: str) -> int | None:
    """How many minutes a text means; `None` if it is not understood. A day has 24 hours."""
    found = _STRETCH.fullmatch(folded(text))
    unit = _MINUTES.get(found[2]) if found else None
    stands_alone = found and (len(found[2]) > _SHORT or found[2] == "day")
    if not (found and unit) or (found[3] and unit != HOUR) or not (found[1] or stands_alone):
        return None
    return _number(found[1]) * unit + int(found[3] or 0)


def working_days(text: str) -> int | None:
    """How many working days a text means (`1 working day`, `2 jours ouvrés`); `None` if it means none."""
    found = _WORKING_DAYS.fullmatch(folded(text))
    return _number(found[1]) if found else None


def spoken(length: int) -> str:
    """Minutes as one would write them in a file: `1h30`, `10 min`, `2 days`."""
    if length and length % DAY == 0:
        return f"{length // DAY} day{'s' if length > DAY else ''}"
    hours, rest = divmod(length, HOUR)
    return f"{hours}h{rest:02d}" if hours and rest else f"{hours}h" if hours else f"{rest} min"


def _number(said: str | None) -> int:
    return 1 if said is None or said in _ONE else int(said)
