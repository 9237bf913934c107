"""What the words of rhythms mean, in English and French: cadences, the days that they fall on, months.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do. People's
words are compared without case, accents and hyphens.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial

from trello_ops.core.cadence import LAST, WORKING_DAY, Frequency, NthDay
from trello_ops.declared import day_words, words
from trello_ops.declared.date_words import MONTHS, as_date
from trello_ops.declared.day_words import WORKING_DAYS, without_surroundings
from trello_ops.declared.rhythm_advice import as_rule, with_another_line
from trello_ops.declared.rhythm_names import (
    BIMONTHLY,
    BIWEEKLY_FRENCH,
    BIYEARLY,
    CADENCES,
    EVERY_TWO_MONTHS,
    EVERY_TWO_YEARS,
    ORDINALS,
    OTHERWISE,
    TWICE_A_MONTH,
    TWICE_A_WEEK,
)
from trello_ops.declared.rule_words import rule
from trello_ops.declared.words import WEEKDAY_NAMES, WEEKDAYS
from trello_ops.messages import say
from trello_ops.suggestions import folded
from trello_ops.wording import choose, near, shown, written

# ---- Cadences ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What `cadence` says; `rule` is empty but for a rule."""

    frequency: Frequency
    rule: str = ""


_DIGITS = re.compile(r"\d+")
_NUMBERS = {"deux": "2", "two": "2", "trois": "3", "three": "3", "six": "6", "quinze": "15"}


def _counted(phrase: str) -> str:
    """A phrase, folded, with its numbers in digits."""
    return " ".join(_NUMBERS.get(word, word) for word in folded(phrase).split(" "))


_BY_WORD = {_counted(word): frequency for frequency, phrases in CADENCES.items() for word in phrases}

_AMBIGUOUS = {
    BIMONTHLY: say(
        "may mean twice a month (%(one)s) or every two months (%(other)s): write which",
        one=TWICE_A_MONTH,
        other=EVERY_TWO_MONTHS,
    ),
    BIWEEKLY_FRENCH: say(
        "may mean twice a week (%(one)s) or every two weeks (%(other)s): write which",
        one=TWICE_A_WEEK,
        other="`cadence: biweekly`",
    ),
    BIYEARLY: say(
        "may mean twice a year (%(one)s) or every two years (%(other)s): write which",
        one="`cadence: half_yearly`",
        other=EVERY_TWO_YEARS,
    ),
}
_REFUSED = {folded(word).replace(" ", ""): message for all_, message in _AMBIGUOUS.items() for word in all_}
_WRITTEN_OTHERWISE = {_counted(word): how for how, phrases in OTHERWISE.items() for word in phrases}


def cadence(value: object) -> Rhythm:
    """A frequency by its word, or `{rule: "FREQ=…"}`."""
    if isinstance(value, dict):
        if set(value) != {"rule"}:
            raise ValueError(say('should hold `rule` alone, such as `{rule: "FREQ=MONTHLY;BYDAY=2TU"}`'))
        return Rhythm(Frequency.RULE, rule(value["rule"]))
    said = _counted(written(value))
    if found := _BY_WORD.get(said):
        return Rhythm(found)
    # Hyphens are spaces by now: `bi-mensuel` is as doubtful as `bimensuel`.
    if refused := _REFUSED.get(said.replace(" ", "")):
        raise ValueError(say("is `%(value)s`, which %(advice)s", value=shown(value), advice=refused))
    if how := _WRITTEN_OTHERWISE.get(said) or as_rule(said):
        raise ValueError(say("is `%(value)s`: write %(meant)s", value=shown(value), meant=how))
    if str(value).upper().startswith(("FREQ=", "RRULE:")):
        raise ValueError(say('is a rule: write it as `{rule: "%(value)s"}`', value=shown(value)))
    ours = [each for each in Frequency if each is not Frequency.RULE]
    alike = [word for word in _BY_WORD if _DIGITS.findall(word) == _DIGITS.findall(said)]
    advice = near(said, ours) or near(said, alike) or choose("", ours)
    raise ValueError(say("is `%(value)s`: %(advice)s", value=shown(value), advice=advice))


# ---- Days -------------------------------------------------------------------------------------------

_FIFTH = 5
_MOST_WORKING_DAYS = 23
"""No month has more working days, wherever five days of a week are worked; more are counted from its end."""

_BY_ORDINAL = {folded(word): n for n, phrases in ORDINALS.items() for word in phrases}
_BY_ORDINAL |= {"fin": LAST, "fin de mois": LAST, "end": LAST, "debut": 1, "debut de mois": 1}
_COUNTED = re.compile(r"(\d{1,2}) ?(?:er|re|e|eme|ieme|nd|nde|st|rd|th)?(?: (.*))?", re.ASCII)
_OF_MONTH = re.compile(r" (?:du|de chaque|de tous les|of the|of each|of every|in the|of) (?:mois|month)$")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", re.ASCII)
_FRENCH_DAYS = frozenset(name for names in WEEKDAY_NAMES[2:] for name in names.split())
_DAY_NAMES = frozenset({"", "day", "jour"})


@dataclass(frozen=True, slots=True)
class Days:
    """One entry of `on`: ISO weekdays, a day of the month (or `LAST`), an nth weekday, or a date.

    Or `counted` days after the named date `counts_from`; less than zero is before it.
    """

    of_week: tuple[int, ...] = ()
    of_month: int = 0
    nth: NthDay | None = None
    date: dt.date | None = None
    counts_from: str = ""
    counted: int = 0


MOST_COUNTED = 1000
"""Days before or after a named date; more are a slip."""


def _counted_from(value: dict[object, object]) -> Days:
    """`{before: go_live, days: 60}`, or `after`; the day itself without `days`."""
    sides = [side for side in ("before", "after") if side in value]
    name, count = value.get(sides[0]) if sides else None, value.get("days", 0)
    counts = isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_COUNTED
    if len(sides) != 1 or not isinstance(name, str) or not counts or set(value) - {*sides, "days"}:
        raise ValueError(
            say(
                "should count days from a named date, such as `{before: go_live, days: 60}`:"
                " from 0 to %(most)s",
                most=MOST_COUNTED,
            )
        )
    return Days(counts_from=name, counted=-int(str(count)) if sides == ["before"] else int(str(count)))


def days(value: object) -> Days:
    """A weekday or a range of them (over Sunday too: `sat-mon`), a day of the month, an nth one, a date.

    Or a day that is counted from a named date.
    """
    if isinstance(value, dict) and {"before", "after", "days"} & set(value):
        return _counted_from(value)
    if isinstance(value, int) and not isinstance(value, bool):  # `true` is an int to Python
        return Days(of_month=_of_month(value))
    word = written(value).lower()
    if _DATE.fullmatch(word):
        return Days(date=words.date(word))
    found = _one_day(word) or _range(word)
    if found:
        return found
    if as_date(word):
        words.date(word)  # which tells how that is written
    if advice := day_words.advice(word, WEEKDAYS, _is_one) or with_another_line(word, _is_one):
        raise ValueError(advice)
    first, dash, last = (part.strip() for part in word.partition("-"))
    unknown = last if dash and first in WEEKDAYS else first if dash and last in WEEKDAYS else word
    raise ValueError(partial(_no_day, unknown))


def _is_one(word: str) -> bool:
    try:
        return bool(_one_day(word) or _range(word) or _DATE.fullmatch(word))
    except ValueError:
        return False


def _of_month(number: int) -> int:
    if not 1 <= number <= 31:
        raise ValueError(say("no month has a day %(day)s: use 1 to 31, or `last`", day=number))
    return number


def _one_day(word: str) -> Days | None:
    """A weekday, a day of the month, or an nth one, with whatever people write around it."""
    said = _OF_MONTH.sub("", without_surroundings(folded(word)))
    if weekday := _weekday(said):
        return Days(of_week=(weekday,))
    place, kind = _place(said)
    if place and (kind in WORKING_DAYS or _weekday(kind)):
        return Days(nth=_nth(place, _weekday(kind), word))
    if place >= LAST and place != 0 and kind in _DAY_NAMES:
        return Days(of_month=LAST if place == LAST else _of_month(place))
    return None


def _weekday(said: str) -> int:
    return WEEKDAYS.get(said) or WEEKDAYS.get(said.removesuffix("s"), 0)


def _place(said: str) -> tuple[int, str]:
    """Which one is meant, and of what: 2 and `lundi` of `deuxieme lundi`; 0 where it is no such phrase."""
    if counted := _COUNTED.fullmatch(said):
        return int(counted[1]), counted[2] or ""
    # The longest first, as `second last` begins like `second`.
    for ordinal in sorted(_BY_ORDINAL, key=len, reverse=True):
        if said == ordinal or said.startswith(f"{ordinal} "):
            return _BY_ORDINAL[ordinal], said.removeprefix(ordinal).strip()
    return 0, ""


def _nth(place: int, weekday: int, word: str) -> NthDay:
    if weekday and place >= _FIFTH:
        raise ValueError(
            say(
                "is `%(value)s`, which many months lack: write the last one, `%(last)s`",
                value=shown(word),
                last=_last(weekday, french=bool(set(folded(word).split()) & _FRENCH_DAYS)),
            )
        )
    if place > _MOST_WORKING_DAYS:
        raise ValueError(
            say(
                "is `%(value)s`, and no month has so many: count up to %(most)s, or write `last working day`",
                value=shown(word),
                most=_MOST_WORKING_DAYS,
            )
        )
    return NthDay(place, weekday or WORKING_DAY)


def _last(weekday: int, french: bool) -> str:
    english, _, in_french, _ = (names.split()[weekday - 1] for names in WEEKDAY_NAMES)
    return f"dernier {in_french}" if french else f"last {english}"


def _range(word: str) -> Days | None:
    ends = [_weekday(without_surroundings(folded(end))) for end in day_words.ends(word)]
    if len(ends) != 2 or not all(ends):
        return None
    begin, end = ends
    return Days(of_week=tuple((begin - 1 + n) % 7 + 1 for n in range((end - begin) % 7 + 1)))


def _no_day(name: str) -> str:
    advice = near(name, WEEKDAYS) or say(
        "write a weekday such as `friday`, a range such as `mon-sat`, a number, `last`, or a place such as"
        " `first monday` or `last working day`"
    )
    return say("`%(value)s` is not a day: %(advice)s", value=shown(name), advice=advice)


# ---- Months -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a period, from 1; `name` is as it was written, empty for a number."""

    number: int
    name: str = ""


def month(value: object) -> Month:
    """A month by its name, or by its number within the quarter, half-year or year."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return Month(value)
    said = folded(written(value)).rstrip(".")
    if said in MONTHS:
        return Month(MONTHS[said], written(value))
    advice = near(said, MONTHS) or say("write its name such as `january`, or its number from 1")
    raise ValueError(say("`%(value)s` is not a month: %(advice)s", value=shown(value), advice=advice))
