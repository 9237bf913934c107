"""How people write dates and stretches of days in their own words, and how we write what they mean."""

import datetime as dt
import re
from typing import Final

from trello_ops.suggestions import folded

_MONTHS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
)
MONTHS: Final = {name: n for names in _MONTHS for n, name in enumerate(names.split(), 1)}
"""The month by its English or French name, without accents."""

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
        rf"(?:[a-z]+\.? ){{0,2}}{_DAY} (?:de )?{_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
    )
)
_DAY_OF_YEAR = re.compile(rf"(?:le )?{_DAY} {_MONTH}", re.ASCII)
_BETWEEN = re.compile(r" (?:au|jusqu['’]au|to|until|till|a) |\s*(?:[–—→]|->|\.\.+)\s*| - ")
_AROUND = re.compile(r"^(?:du|des le|a partir du|entre le|from) ")


_LONGEST = 60
"""Characters; nobody takes more to name two days."""


def as_date(text: str) -> str:
    """A date as it should be written: `2027-08-15` for `15/08/2027` and `15 août 2027`; else empty."""
    said = folded(text) if len(text) <= _LONGEST else ""
    found = next((found for form in _FORMS if (found := form.fullmatch(said))), None)
    if found is None:
        return ""
    month = MONTHS.get(found["month"]) or int(found["month"])
    try:
        return str(dt.date(int(found["year"]), month, int(found["day"])))
    except ValueError:
        return ""


def as_span(text: str) -> tuple[str, str] | None:
    """The ends of a stretch of days: those of `du 2 au 15 août 2027`; `None` if they cannot be told."""
    ends = _BETWEEN.split(_AROUND.sub("", _plain(text))) if len(text) <= _LONGEST else [""]
    if len(ends) == 1:
        ends *= 2
    last = as_date(ends[-1])
    if len(ends) != 2 or not last:
        return None
    missing = _plain(ends[1]).split(" ")
    # What the first end leaves out is the second's: its month, its year.
    tries = (ends[0], *(" ".join((ends[0], *missing[-n:])) for n in (1, 2)))
    first = next((date for each in tries if (date := as_date(each))), "")
    return (first, last) if first else None


def _plain(text: str) -> str:
    """The text without case and accents, its dashes kept."""
    return folded(text.replace("-", "\N{EM DASH}")).replace("\N{EM DASH}", "-")


def day_of_year(text: str) -> tuple[str, str] | None:
    """The day and the month of `24 novembre`, as they stand there; `None` for other texts."""
    said = folded(text) if len(text) <= _LONGEST else ""
    found = _DAY_OF_YEAR.fullmatch(said)
    return (str(int(found["day"])), said.split(" ")[-1]) if found else None
