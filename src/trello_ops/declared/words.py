"""What the words of board files mean: from a value as YAML gives it to the value that the core uses.

Each function raises `ValueError` for a value that it does not understand. The message ends a sentence that
begins with the field's name ("is not a date: write it like 2026-11-01").
"""

import datetime as dt
import re
from collections.abc import Collection
from typing import TypeVar
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import CatchUp, CatchUpMode
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.declared import (
    COLOURS,
    DONE,
    TODO,
    CompleteWhen,
    DoneSignal,
    Proof,
    Undone,
)
from trello_ops.declared.date_words import as_date
from trello_ops.declared.day_words import as_clock, several
from trello_ops.declared.zones import near_zone
from trello_ops.messages import say
from trello_ops.suggestions import nearest
from trello_ops.wording import choose, shown

NOBODY = "nobody"
"""In `assign`: deliberately no one."""

NOTHING = "nothing"
"""In `requires`: deliberately no proof."""

NEVER = "never"
"""In `archive_done_after`: done cards stay."""

CLOCK_PATTERN = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

SAMPLE_LISTS = {TODO: "À faire", "doing": "En cours", DONE: "Terminé"}
"""The lists that messages and the reference page show as an example."""

WEEKDAY_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lun mar mer jeu ven sam dim",
)
"""Weekdays from Monday on: English, short, French, short."""
WEEKDAYS = {name: number for names in WEEKDAY_NAMES for number, name in enumerate(names.split(), 1)}
"""ISO weekday by its English or French name."""

EACH, EVERYBODY = say("each"), say("everybody")
"""Whom a list may name once only."""

_T = TypeVar("_T", bound=str)


# ---- Names ------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """A title, joined where the file breaks it over several lines."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def colour(name: str) -> str:
    """One of Trello's label colours."""
    if name not in COLOURS:
        raise ValueError(
            say(
                "`%(value)s` is not one of Trello's %(count)s colours: %(advice)s",
                value=shown(name),
                count=len(COLOURS),
                advice=choose(name, COLOURS),
            )
        )
    return name


def lists(titles: dict[str, str]) -> dict[str, str]:
    """A board's lists, titles by key: those that the program needs are there, and no two look alike."""
    for needed in (TODO, DONE):
        if needed not in titles:
            message = say(
                "the list `%(key)s` is missing: add it, such as `%(key)s: %(title)s`",
                key=needed,
                title=SAMPLE_LISTS[needed],
            )
            raise ValueError(message)
    # By title too: a list that is bound to nothing yet is taken over by its title.
    folded = [title.casefold() for title in titles.values()]
    if twice := next((title for title in titles.values() if folded.count(title.casefold()) > 1), None):
        raise ValueError(say("two lists are titled “%(title)s”: give each its own title", title=shown(twice)))
    return titles


# ---- Days and times ---------------------------------------------------------------------------------


def time_zone(name: object) -> ZoneInfo:
    """A time zone by its name in the time zone data."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):  # unknown; a path such as `../x`; a folder such as `Europe`
        advice = near_zone(str(name)) or say("write it like `Africa/Casablanca` or `Europe/Paris`")
        message = say("there is no time zone `%(name)s`: %(advice)s", name=shown(name), advice=advice)
        raise ValueError(message) from None


def time_of_day(text: object) -> dt.time:
    """A local time of day."""
    # Without quotes it is text all the same: in YAML 1.1 it would be 1,020, a number to base 60.
    if not isinstance(text, str) or not re.fullmatch(CLOCK_PATTERN, text.strip()):
        raise ValueError(
            say(
                '`%(value)s` is not a time of day: write it like "%(time)s", up to "%(last)s"',
                value=shown(text),
                time=as_clock(str(text)) or "17:00",
                last="23:59",
            )
        )
    hour, minute = text.split(":")
    return dt.time(int(hour), int(minute))


def date(text: object) -> dt.date:
    """A calendar day."""
    # By the pattern first: `fromisoformat` also takes 20261101 and 2026-W44-7, which few people read.
    if not isinstance(text, str) or not re.fullmatch(DATE_PATTERN, text):
        if meant := as_date(shown(text)):
            raise ValueError(say("is `%(value)s`: write `%(meant)s`", value=shown(text), meant=meant))
        raise ValueError(say("`%(value)s` is not a date: write it like 2026-11-01", value=shown(text)))
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        message = say("there is no such day as %(day)s: correct the month or the day", day=text)
        raise ValueError(message) from None
    if not FIRST_DATE <= day <= LAST_DATE:
        message = say(
            "%(day)s is out of reach: name a day from %(first)s to %(last)s",
            day=text,
            first=str(FIRST_DATE),
            last=str(LAST_DATE),
        )
        raise ValueError(message)
    return day


def spelled_out(value: object) -> object:
    """`"17:00"` is short for `{time: "17:00"}`."""
    return value if isinstance(value, dict) else {"time": value}


# ---- One or several ---------------------------------------------------------------------------------


def one_or_several(value: object) -> object:
    """A single value is short for a list of one."""
    if value == []:
        raise ValueError(say("is an empty list: name at least one, or delete the line"))
    return tuple(value) if isinstance(value, list) else (value,)


def assignees(value: object) -> object:
    """People's keys, one or several; none for `nobody`."""
    refuse_several(value)
    return () if value == NOBODY else one_or_several(value)


def proofs(value: object) -> object:
    """Kinds of proof, one or several; none for `nothing`."""
    refuse_several(value, list(Proof))
    return () if value == NOTHING else one_or_several(value)


def refuse_several(value: object, known: Collection[str] = (), all_too: bool = False) -> None:
    """Raise `ValueError` where a text holds several values, with the list that is meant."""
    texts = value if isinstance(value, list) else [value]
    parts = [part for text in texts if isinstance(text, str) for part in several(text)]
    if len(parts) <= len(texts):
        return
    meant = ", ".join(nearest(part, known) or part for part in parts)
    if not all_too:
        raise ValueError(say("has several values: write them as a list, `%(values)s`", values=f"[{meant}]"))
    raise ValueError(
        say(
            "has several values: write `%(any)s` where any is enough, `%(all)s` where all are needed",
            any=f"[{meant}]",
            all=f"{{all: [{meant}]}}",
        )
    )


def each_once(names: tuple[_T, ...], whom: str = EACH) -> tuple[_T, ...]:
    """The same names, if none comes twice; `whom` is what the message calls them."""
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(say("names `%(name)s` twice: name %(whom)s once", name=shown(twice), whom=whom))
    return names


# ---- What counts, and what the program does by itself -----------------------------------------------


def complete_when(value: object) -> CompleteWhen:
    """One sign of being done, a list of which any is enough, or `{all: [...]}`."""
    require_all = isinstance(value, dict) and set(value) == {"all"}
    named = value["all"] if isinstance(value, dict) and require_all else value
    refuse_several(named, list(DoneSignal), all_too=True)
    signals = named if isinstance(named, list) else [named]
    if not signals:
        raise ValueError(say("is an empty list: name at least one, or delete the line"))
    return CompleteWhen(each_once(tuple(map(_signal, signals))), require_all)


def _signal(said: object) -> DoneSignal:
    if isinstance(said, str) and said in set(DoneSignal):
        return DoneSignal(said)
    advice = (
        choose(said, list(DoneSignal))
        if isinstance(said, str)
        else say(
            "write a list such as `[ticked, archived]`, or `{all: [ticked, archived]}` where all are needed"
        )
    )
    message = say("there is no sign `%(value)s` of being done: %(advice)s", value=shown(said), advice=advice)
    raise ValueError(message)


def proof(value: object) -> Proof:
    """A kind of proof."""
    if isinstance(value, str) and value in set(Proof):
        return Proof(value)
    advice = choose(str(value), list(Proof))
    raise ValueError(say("there is no proof `%(value)s`: %(advice)s", value=shown(value), advice=advice))


def catch_up(value: object) -> CatchUp:
    """`latest`, `none`, `all`, or `{all: N}` with N from 1 to 1,000."""
    if isinstance(value, str) and value in set(CatchUpMode):
        return CatchUp(CatchUpMode(value))
    if isinstance(value, dict) and set(value) == {"all"} and value["all"] in range(1, 1001):
        return CatchUp(CatchUpMode.ALL, int(value["all"]))
    raise ValueError(
        say(
            "is `%(value)s`: use `latest`, `none`, `all`, or `{all: 10}` for the newest ten",
            value=shown(value),
        )
    )


def days_until_archived(value: object) -> int | None:
    """Days from 1 to 365; `None` for `never`."""
    if value == NEVER:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value in range(1, 366):
        return value
    raise ValueError(
        say("is `%(value)s`: use a number of days from 1 to 365, or `never`", value=shown(value))
    )


def undone(value: object) -> tuple[Undone, str]:
    """What to do with an undone card, and the key of the list that it moves to, else empty."""
    if value in (Undone.KEEP, Undone.ARCHIVE):
        return Undone(str(value)), ""
    if isinstance(value, dict) and set(value) == {"move_to"} and isinstance(value["move_to"], str):
        return Undone.MOVE, value["move_to"]
    raise ValueError(
        say(
            "is `%(value)s`: use `keep`, `archive`, or `{move_to: doing}` for one of the lists",
            value=shown(value),
        )
    )
