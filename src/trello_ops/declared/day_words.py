"""How people write days, times and lists in their own words, and how we write what they mean."""

import re
from collections.abc import Callable, Collection

from trello_ops.messages import Message, say
from trello_ops.suggestions import folded
from trello_ops.wording import shown

_SEPARATOR = re.compile(r"\s*[,;/&+|]\s*(?:(?:et|and)\s+)?|\s+(?:et|and|ou|or|puis)\s+")
_BETWEEN = re.compile(r"\s*(?:[–—→]|->|\.\.+|\b(?:au|a|to|until|jusqu'au)\b)\s*")
_AROUND = re.compile(
    r"^(?:du|de|from|entre|le|les|la|chaque|tous les|toutes les|every|each|on|the)\s+|^l['’]"
)
_CLOCK = re.compile(
    r"([01]?\d|2[0-3])\s*(?:[h:.]\s*(?:([0-5]\d)(?::\d\d)?)?\s*(?:min)?)?\s*([ap]\.?m\.?)?", re.ASCII
)

WORKING_DAYS = frozenset(
    folded(said)
    for said in [
        "working day",
        "working days",
        "workday",
        "workdays",
        "business day",
        "business days",
        "jour ouvré",
        "jours ouvrés",
        "jour ouvrable",
        "jours ouvrables",
        "jour travaillé",
        "jours travaillés",
    ]
)
"""What people call the days that are worked, folded."""

_SETS = {
    "lun-ven": "en semaine, jours de semaine, semaine",
    "mon-fri": "weekdays, weekday",
    "sam-dim": "week end, weekend, weekends, week ends, le week end",
    "lun-dim": "tous les jours, chaque jour, toute la semaine, quotidien",
    "mon-sun": "daily, every day, everyday, all week, all days, each day",
}
_MEANT = {folded(said): ours for ours, phrases in _SETS.items() for said in phrases.split(",")}
_BUT = re.compile(r"(?:(.+?)[\s,;(]+)?(?:sauf|hormis|excepté?|hors|except(?: for)?|but not|but)\s+(.+?)\)?")


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


def advice(word: str, weekdays: Collection[str], is_known: Callable[[str], bool]) -> Message | None:
    """How to write what a word for days means; `None` if it is not understood.

    `is_known` tells of a part of it whether it is one entry as it stands.
    """
    if without_surroundings(folded(word)) in WORKING_DAYS:
        return say(
            "is `%(value)s`: say which they are with `working_days: mon-fri`, and leave this line out;"
            " a place such as `last working day` may stand here",
            value=shown(word),
        )
    if meant := _MEANT.get(folded(word)):
        return say("is `%(value)s`: write `%(meant)s`", value=shown(word), meant=meant)
    if (but := _BUT.fullmatch(word)) and (day := _one(but[2], weekdays)) in weekdays:
        return say("is `%(value)s`: write `except: %(day)s` on a line of its own", value=shown(word), day=day)
    parts = _parts(word)
    entries = [_one(part, weekdays) or (part if is_known(part) else "") for part in parts]
    if len(parts) > 1 and all(entries):
        return say("has several values: write them as a list, `%(values)s`", values=f"[{', '.join(entries)}]")
    return None


def without_exception(word: str) -> str:
    """A day without the `sauf` before it."""
    found = _BUT.fullmatch(word.strip())
    return found[2] if found and not found[1] else word


def has_exception(word: str) -> bool:
    """Whether some days are named, and others taken away from them: `tous les jours sauf dimanche`."""
    return _BUT.fullmatch(word.strip()) is not None


def ends(word: str) -> list[str]:
    """The two ends of a range such as `mon-sat`, `lun – sam` or `du lundi au samedi`; else not two."""
    # `_BETWEEN` knows `à` without the accent alone.
    bare = _AROUND.sub("", word.strip().replace("à", "a"))
    found = _BETWEEN.split(bare)
    return [end.strip() for end in (found if len(found) > 1 else bare.split("-"))]


def without_surroundings(text: str) -> str:
    """A day without what people write before it: `lundis` for `tous les lundis`."""
    return _AROUND.sub("", text.strip()).strip(" .")


def _parts(word: str) -> list[str]:
    """The days of a list. Spaces alone separate them too, and so do hyphens where there are two or more."""
    parts = several(word)
    if len(parts) == 1 and word.count("-") > 1:
        parts = word.split("-")
    return parts if len(parts) > 1 else _AROUND.sub("", word).split()


def _one(part: str, weekdays: Collection[str]) -> str:
    """A day without what people write around it (`les lundis`, `le 1er`); empty if it is none."""
    bare = without_surroundings(part)
    if number := re.fullmatch(r"(\d{1,2})(?:er|e|st|nd|rd|th)?", bare, re.ASCII):
        return str(int(number[1])) if 1 <= int(number[1]) <= 31 else ""
    singular = bare.removesuffix("s")
    return next((name for name in (bare, singular) if name in weekdays or name == "last"), "")
