"""What a rule of RFC 5545 says, as far as one of ours may say it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from trello_ops.core.calendar import rule as rules
from trello_ops.messages import Number, say
from trello_ops.wording import choose, shown

LONGEST_RULE: Final = 200
"""Characters; no rule that people write comes near."""

_MOST_COUNTED = 10_000
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = "MO|TU|WE|TH|FR|SA|SU"
_DAY = "(?:[1-9]|[12][0-9]|3[01])"
_WEEK = "(?:[1-9]|[1-4][0-9]|5[0-3])"
_DAY_OF_YEAR = "(?:[1-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])"


def _list(one: str) -> str:
    return f"{one}(?:,{one})*"


_FORMS: Final = {
    "FREQ": "|".join(_FREQUENCIES),
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}|10000",
    "UNTIL": "[0-9]{8}",
    "BYMONTH": _list("(?:[1-9]|1[0-2])"),
    "BYWEEKNO": _list(f"[+-]?{_WEEK}"),
    "BYYEARDAY": _list(f"[+-]?{_DAY_OF_YEAR}"),
    "BYMONTHDAY": _list(f"[+-]?{_DAY}"),
    "BYDAY": _list(f"(?:[+-]?{_WEEK})?(?:{_WEEKDAYS})"),
    "BYSETPOS": _list(f"[+-]?{_DAY_OF_YEAR}"),
    "WKST": _WEEKDAYS,
}
"""What each part of a rule may hold."""

_MEANT: Final = {
    "INTERVAL": say("write a number from 1 to 999"),
    "COUNT": say("write a number from 1 to %(most)s", most=Number(_MOST_COUNTED)),
    "UNTIL": say("write the day without a time, such as `UNTIL=20271231`"),
    "BYMONTH": say("write months from 1 to 12, with commas between them"),
    "BYWEEKNO": say("write weeks from 1 to 53, or -1 for the last, with commas between them"),
    "BYYEARDAY": say("write days from 1 to 366, or -1 for the last, with commas between them"),
    "BYMONTHDAY": say("write days from 1 to 31, or -1 for the last, with commas between them"),
    "BYDAY": say("write weekdays such as `MO,TH`, or `2TU` for the second Tuesday"),
    "BYSETPOS": say("write places such as 1, or -1 for the last, with commas between them"),
    "WKST": say("write a weekday such as `MO`"),
}
_LATE = 9_950
"""A year with room for some decades before Python's calendar ends."""


class _Cycle(NamedTuple):
    years: int
    days: dt.timedelta


_CYCLE = _Cycle(400, dt.timedelta(days=146_097))
"""After which weekdays and leap years are the same again."""
_BELOW_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_ELSEWHERE: Final = {
    **dict.fromkeys(_BELOW_A_DAY, say("leave the time to `due` and `release`")),
    "BYEASTER": say("name the days one by one, with `cadence: once`"),
    "DTSTART": say("write its first day as `start`"),
    "TZID": say("write the zone as `timezone`"),
}
_ONLY_WITH: Final = {
    "BYWEEKNO": ("YEARLY",),
    "BYYEARDAY": ("YEARLY",),
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
}


def rule(value: object) -> str:
    """An RFC 5545 rule without `DTSTART`, as `core.calendar.rule` takes it, in capitals."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(say('should be a rule, such as `{rule: "FREQ=MONTHLY;BYDAY=2TU"}`'))
    if len(value) > LONGEST_RULE:
        raise ValueError(say("is longer than %(most)s characters: shorten it", most=LONGEST_RULE))
    if not re.search("[=:]", value):
        example = "FREQ=MONTHLY;BYDAY=2TU"
        raise ValueError(
            say("is `%(value)s`: write it like `%(example)s`", value=shown(value), example=example)
        )
    text = "".join(value.upper().split()).removeprefix("RRULE:").strip(";")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, given = part.partition("=")
        _check_part(name, given if equals else "")
        if name in parts:
            raise ValueError(say("the rule says `%(part)s` twice: keep one of the two", part=name))
        parts[name] = given
    _check_together(parts)
    return text


def first_days(text: str, begin: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The days up to `end` of a rule that begins at `begin`, in some time even where there are none.

    `COUNT` is taken for endless.
    """
    parts = dict(part.split("=") for part in text.split(";"))
    parts.pop("COUNT", None)
    end = min(end, dt.date.fromisoformat(parts.pop("UNTIL", f"{end:%Y%m%d}")))
    # `dateutil` follows a rule that falls on no day to the year 9999. The calendar repeats itself, so it is
    # asked for the days of then, where little is left to follow.
    ahead = (_LATE - begin.year) // _CYCLE.years * _CYCLE.days
    endless = ";".join(f"{name}={value}" for name, value in parts.items())
    if begin <= end:
        days = rules.days(endless, begin + ahead, begin + ahead, end + ahead)
        yield from (day - ahead for day in days)


def _check_part(name: str, given: str) -> None:
    if elsewhere := _ELSEWHERE.get(name.partition(":")[0].partition(";")[0]):
        raise ValueError(
            say("`%(part)s` has no place in a rule here: %(advice)s", part=shown(name), advice=elsewhere)
        )
    if name not in _FORMS:
        advice = choose(name, list(_FORMS))
        raise ValueError(say("`%(part)s` is no part of a rule: %(advice)s", part=shown(name), advice=advice))
    if re.fullmatch(_FORMS[name], given, re.ASCII) and (name != "UNTIL" or _is_day(given)):
        return
    if name == "FREQ" and given in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise ValueError(
            say(
                "a rule names days, and `FREQ=%(value)s` comes several times a day: use `FREQ=DAILY`, and a"
                " task for each time",
                value=given,
            )
        )
    advice = choose(given, _FREQUENCIES) if name == "FREQ" else _MEANT[name]
    raise ValueError(
        say(
            "`%(part)s=%(value)s` is not understood: %(advice)s", part=name, value=shown(given), advice=advice
        )
    )


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _check_together(parts: dict[str, str]) -> None:
    """Refuse what the standard does not allow together, and libraries take each in their own way."""
    frequency = parts.get("FREQ")
    if not frequency:
        raise ValueError(say("the rule does not say how often: begin it with `FREQ=MONTHLY`, say"))
    for name, allowed in _ONLY_WITH.items():
        if name in parts and frequency not in allowed:
            with_these = ", ".join(f"`FREQ={each}`" for each in allowed)
            raise ValueError(
                say(
                    "`%(part)s` does not go with `FREQ=%(freq)s`: use it with %(these)s",
                    part=name,
                    freq=frequency,
                    these=with_these,
                )
            )
    counted = re.search(r"\d", parts.get("BYDAY", ""))
    if counted and (frequency not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in parts):
        raise ValueError(
            say(
                "`BYDAY` counts weekdays of a month or a year: use it so with `FREQ=MONTHLY` or `FREQ=YEARLY`"
            )
        )
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError(say("the rule says both `COUNT` and `UNTIL`: keep one of the two"))
    if "BYSETPOS" in parts and not any(name.startswith("BY") for name in parts if name != "BYSETPOS"):
        raise ValueError(
            say("`BYSETPOS` picks of the days that another part names: add one, such as `BYDAY`")
        )
