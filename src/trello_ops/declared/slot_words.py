"""What the words of slots mean: their weekdays and bounds, durations, and several times of a day.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do.
"""

import datetime as dt
import re

from pydantic import ValidationInfo

from trello_ops.declared import words
from trello_ops.declared.day_words import as_clock, several
from trello_ops.declared.duration_words import HOUR, minutes, spoken
from trello_ops.declared.words import WEEKDAYS
from trello_ops.messages import say
from trello_ops.suggestions import folded
from trello_ops.wording import near, shown, written

SHORTEST, LONGEST = 5, 12 * 60
"""How long something may take, in minutes."""

_PARTS_OF_HOURS = re.compile(r"(\d+)[.,](\d+) ?(?:h|hours?|heures?)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
_AROUND = re.compile(r"^(?:le|les|chaque|tous les|on|every|each) ")


# ---- Slots ------------------------------------------------------------------------------------------


def weekday(value: object) -> int:
    """One ISO weekday, in English or French."""
    said = _AROUND.sub("", folded(written(value))).rstrip(".")
    found = WEEKDAYS.get(said) or WEEKDAYS.get(said.removesuffix("s"))
    if found:
        return found
    if len(several(said)) > 1 or "-" in str(value):
        message = say(
            "`%(value)s` is more than a day, and a slot lies on one: write a slot for each",
            value=shown(value),
        )
        raise ValueError(message)
    advice = near(said, WEEKDAYS) or say("write one such as `monday`")
    raise ValueError(say("`%(value)s` is no weekday: %(advice)s", value=shown(value), advice=advice))


def after_its_beginning(ends: dt.time, info: ValidationInfo) -> dt.time:
    """The end of a slot, if it is after the beginning."""
    begins = info.data.get("begins")  # missing where it has a problem of its own
    if begins is not None and ends <= begins:
        message = say(
            "is %(ends)s, but the slot begins at %(begins)s: a slot ends later on the same day, so correct"
            " one of the two",
            ends=f"{ends:%H:%M}",
            begins=f"{begins:%H:%M}",
        )
        raise ValueError(message)
    return ends


# ---- Durations --------------------------------------------------------------------------------------


def duration(value: object) -> int:
    """Minutes, from 5 to 12 hours: `1h`, `1h30`, `30 min` and what people write for them."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(_without_unit(value))  # noqa: TRY004 (pydantic reads this one)
    said = written(value)
    found = minutes(said)
    if found is None:
        raise ValueError(_no_duration(said))
    if not SHORTEST <= found <= LONGEST:
        raise ValueError(
            say(
                "is `%(value)s`: write how long it takes, from %(least)s to %(most)s",
                value=shown(value),
                least=spoken(SHORTEST),
                most=spoken(LONGEST),
            )
        )
    return found


def _without_unit(value: float) -> str:
    """What is said of a bare number."""
    if not SHORTEST <= value <= LONGEST or value != int(value):
        return say("is `%(value)s`: write it like `1h30` or `30 min`", value=shown(value))
    return say(
        "is `%(value)s` without a unit: write `%(minutes)s min`, or hours such as `%(hours)s`",
        value=shown(value),
        minutes=int(value),
        hours=spoken(int(value)) if value >= HOUR else f"{value:g}h" if value <= LONGEST / HOUR else "1h30",
    )


def _no_duration(said: str) -> str:
    meant = ""
    if clock := _CLOCK.fullmatch(said):
        meant = spoken(60 * int(clock[1]) + int(clock[2]))
    elif parts := _PARTS_OF_HOURS.fullmatch(said):
        meant = spoken(round(60 * float(f"{parts[1]}.{parts[2]}")))
    elif said.isdigit() and said.isascii():
        return _without_unit(int(said))
    if meant:
        return say("is `%(value)s`: write `%(meant)s`", value=shown(said), meant=meant)
    return say("`%(value)s` is not a duration: write it like `1h30` or `30 min`", value=shown(said))


# ---- Several times a day ----------------------------------------------------------------------------


def times(value: object) -> tuple[dt.time, ...]:
    """At least two local times of day, sorted."""
    said = value if isinstance(value, list) else [value]
    if len(said) == 1:
        one = said[0]
        parts = several(one) if isinstance(one, str) else []
        if len(parts) > 1:
            meant = ", ".join(f'"{as_clock(part) or part}"' for part in parts)
            message = say("has several values: write them as a list, `%(values)s`", values=f"[{meant}]")
            raise ValueError(message)
        due = f'due: "{words.time_of_day(one):%H:%M}"'
        raise ValueError(say("holds one time: write `%(due)s` instead", due=due))
    if not said:
        raise ValueError(say("is an empty list: name at least two times, or delete the line"))
    found = [words.time_of_day(each) for each in said]
    if twice := next((each for each in found if found.count(each) > 1), None):
        raise ValueError(
            say("names `%(name)s` twice: name %(whom)s once", name=f"{twice:%H:%M}", whom=words.EACH)
        )
    return tuple(sorted(found))
