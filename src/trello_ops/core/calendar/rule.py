"""The days of an RFC 5545 rule, by `dateutil`: core's one exception from the standard library alone."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from dateutil.rrule import rrule, rruleset, rrulestr


def days(text: str, start: dt.date | None, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days in first … last, both included, on which a rule that begins at `start` falls, in order.

    `text` is a rule without `DTSTART`, such as `FREQ=MONTHLY;BYDAY=2TU`. Raises `ValueError` for one that
    `dateutil` does not understand.
    """
    midnight, end = dt.time(), dt.datetime.combine(last, dt.time.max)
    rule = _rule(text, start or first)
    yield from (each.date() for each in rule.between(dt.datetime.combine(first, midnight), end, inc=True))


# What a rule counts to is counted from its beginning: each is asked again and again, and keeps its days.
@lru_cache(maxsize=1_000)
def _rule(text: str, start: dt.date) -> rrule | rruleset:
    return rrulestr(text, dtstart=dt.datetime.combine(start, dt.time()), cache=True)
