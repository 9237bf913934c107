"""How people write days, times and lists in their own words, and how we write what they mean."""

import re
from collections.abc import Collection

from trello_ops.messages import Message, say
from trello_ops.suggestions import folded

_SEPARATOR = re.compile(r"\s*[,;/&+|]\s*(?:(?:et|and)\s+)?|\s+(?:et|and|ou|or|puis)\s+")
_BETWEEN = re.compile(r"\s*(?:[–—→]|->|\.\.+|\b(?:au|a|to|until|jusqu'au)\b)\s*")
_AROUND = re.compile(r"^(?:du|de|from|entre|le|les|la|chaque|tous les|toutes les|every|each|on|the)\s+")
_CLOCK = re.compile(
    r"([01]?\d|2[0-3])\s*(?:[h:.]\s*(?:([0-5]\d)(?::\d\d)?)?\s*(?:min)?)?\s*([ap]\.?m\.?)?", re.ASCII
)

_SETS = {
    "lun-ven": "jours ouvres, jours ouvrables, en semaine, jours de semaine, semaine",
    "mon-fri": "weekdays, weekday, workdays, business days, working days",
    "sam-dim": "week end, weekend, weekends, week ends, le week end",
    "lun-dim": "tous les jours, chaque jour, toute la semaine, quotidien",
    "mon-sun": "daily, every day, everyday, all week, all days, each day",
    "last": "dernier, derniere, dernier jour, le dernier jour, fin de mois, fin du mois, dernier du mois, "
    "dernier jour du mois, last day, last day of the month, end of month",
    "1": "premier, le premier, premier du mois, premier jour du mois, debut du mois, first, first day",
}
_MEANT = {folded(said): ours for ours, phrases in _SETS.items() for said in phrases.split(",")}


def several(text: str) -> list[str]:
    """The values that a text holds between commas, `et`, `and` and their like."""
    return [part for part in _SEPARATOR.split(text.strip().strip("[]")) if part]


def as_clock(text: str) -> str:
    """A time of day as it should be written: `17:30` for `17h30`; empty if it cannot be told."""
    found = _CLOCK.fullmatch(text.strip().lower())
    if not found:
        return ""
    hour, half = int(found[1]), found[3] or ""
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02d}:{found[2] or '00'}"


def advice(word: str, weekdays: Collection[str]) -> Message | None:
    """How to write what a word for days means; `None` if it is written as it should be, or not understood."""
    if word in weekdays:
        return None
    if meant := _MEANT.get(folded(word)) or _range(word, weekdays):
        return say("is `%(value)s`: write `%(meant)s`", value=word, meant=meant)
    parts = [_one(part, weekdays) for part in _parts(word)]
    if len(parts) > 1 and all(parts):
        return say("has several values: write them as a list, `%(values)s`", values=f"[{', '.join(parts)}]")
    if len(parts) == 1 and parts[0] and parts[0] != word:
        return say("is `%(value)s`: write `%(meant)s`", value=word, meant=parts[0])
    return None


def _range(word: str, weekdays: Collection[str]) -> str:
    """`lundi-vendredi` for `du lundi au vendredi`."""
    # `_BETWEEN` knows it without the accent alone.
    bare = _AROUND.sub("", word.replace("à", "a"))
    ends = [_one(part, weekdays) for part in _BETWEEN.split(bare)]
    return "-".join(ends) if len(ends) == 2 and all(end in weekdays for end in ends) else ""


def _parts(word: str) -> list[str]:
    """The days of a list. Spaces alone separate them too, and so do hyphens where there are two or more."""
    parts = several(word)
    if len(parts) == 1 and word.count("-") > 1:
        parts = word.split("-")
    return parts if len(parts) > 1 else _AROUND.sub("", word).split()


def _one(part: str, weekdays: Collection[str]) -> str:
    """A day without what people write around it (`les lundis`, `le 1er`); empty if it is none."""
    bare = _AROUND.sub("", part.strip()).strip(" .")
    if number := re.fullmatch(r"(\d{1,2})(?:er|e|st|nd|rd|th)?", bare, re.ASCII):
        return str(int(number[1])) if 1 <= int(number[1]) <= 31 else ""
    singular = bare.removesuffix("s")
    return next((name for name in (bare, singular) if name in weekdays or name == "last"), "")
