"""What the words of days off mean, and of days that a rhythm leaves out.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do.
"""

import datetime as dt
from dataclasses import dataclass

from pydantic import ValidationInfo

from trello_ops.declared import words
from trello_ops.declared.date_words import as_span
from trello_ops.declared.day_words import WORKING_DAYS, has_exception, without_exception, without_surroundings
from trello_ops.declared.rhythm_words import Days, days
from trello_ops.messages import say
from trello_ops.suggestions import folded
from trello_ops.wording import shown, written


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One entry of `except`: ISO weekdays, or a date."""

    weekdays: tuple[int, ...] = ()
    date: dt.date | None = None


def weekdays(value: object) -> tuple[int, ...]:
    """ISO weekdays: one, or a range."""
    said = written(value)
    if without_surroundings(folded(said)) in WORKING_DAYS or has_exception(said):
        raise ValueError(
            say("is `%(value)s`: name the weekdays that are, such as `mon-sat`", value=shown(value))
        )
    found = days(value)
    if not found.of_week:
        raise ValueError(
            say("`%(value)s` is no weekday: name weekdays, such as `mon-sat` or `friday`", value=shown(value))
        )
    return found.of_week


def all_weekdays(named: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """Several of them as one, sorted."""
    return tuple(sorted({day for each in named for day in each}))


def left_out(value: object) -> LeftOut:
    """A weekday, a range of them, or a date; also with a `sauf` before it."""
    found: Days = days(without_exception(value) if isinstance(value, str) else value)
    if not (found.of_week or found.date):
        raise ValueError(
            say(
                "`%(value)s` cannot be left out: name weekdays such as `monday`, dates such as 2026-12-24, or"
                " `{from: 2026-12-24, to: 2027-01-02}`",
                value=shown(value),
            )
        )
    return LeftOut(found.of_week, found.date)


def each_date_once(dates: tuple[dt.date, ...]) -> tuple[dt.date, ...]:
    """The same dates, if none comes twice."""
    words.each_once(tuple(map(str, dates)))
    return dates


def in_a_group(value: object) -> object:
    """A stretch of days as it is; one that is told in a sentence is refused, with how it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    said = written(value)
    if span := as_span(said):
        meant = f"{{from: {span[0]}, to: {span[1]}}}"
        raise ValueError(say("is `%(value)s`: write `%(meant)s`", value=shown(said), meant=meant))
    example = "{from: 2027-08-02, to: 2027-08-15}"
    raise ValueError(say("is `%(value)s`: write it like `%(example)s`", value=shown(said), example=example))


def not_before_its_beginning(last: dt.date, info: ValidationInfo) -> dt.date:
    """The last day of a stretch of days, if it is not before the first."""
    first = info.data.get("first")  # missing where it has a problem of its own
    if first is not None and last < first:
        raise ValueError(
            say("is %(last)s, before it begins on %(first)s: correct one of the two", last=last, first=first)
        )
    return last


def sources(value: object) -> object:
    """One country, or several."""
    names = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
    if names:
        raise ValueError(say("is `%(value)s`: write it as `{country: MA}`", value=shown(names[0])))
    return words.one_or_several(value)


def text_of_number(value: object) -> object:
    """A subdivision such as `57`, which YAML takes for a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
