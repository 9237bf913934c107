"""A task's rhythm in words, such as “every week on Monday and Friday, due at 17:00”."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from trello_ops.core.cadence import LAST, WORKING_DAY, Cadence, DayTime, Frequency, NthDay
from trello_ops.messages import N_
from trello_ops.render.i18n import Translator

_EVERY: Final = {
    Frequency.DAILY: N_("every week on %(days)s"),
    Frequency.WEEKLY: N_("every week on %(days)s"),
    Frequency.BIWEEKLY: N_("every two weeks on %(days)s"),
    Frequency.MONTHLY: N_("every month on %(days)s"),
    Frequency.QUARTERLY: N_("every quarter on %(days)s of its month %(month)s"),
    Frequency.HALF_YEARLY: N_("every half-year on %(days)s of its month %(month)s"),
    Frequency.YEARLY: N_("every year on %(days)s of its month %(month)s"),
    Frequency.ONCE: N_("once, on %(days)s"),
}
_BY_WEEKDAY: Final = frozenset({Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY})
_MONDAY: Final = dt.date(2026, 11, 16)


def rhythm(cadence: Cadence, t: Translator) -> str:
    """How often it comes round, and when it is due then."""
    due = t.gettext("due at %(time)s", time=f"{cadence.due.time:%H:%M}") + _later(cadence.due, t)
    return f"{_how_often(cadence, t)}, {due}"


def _how_often(cadence: Cadence, t: Translator) -> str:
    if cadence.frequency is Frequency.RULE:
        return t.gettext("by the rule %(rule)s", rule=cadence.rule)
    if cadence.frequency in _BY_WEEKDAY and len(cadence.on) == 7 and cadence.frequency != Frequency.BIWEEKLY:
        return t.gettext("every day")
    days = ", ".join(_days(cadence, t))
    return t.gettext(_EVERY[cadence.frequency], days=days, month=cadence.month or 1)


def _days(cadence: Cadence, t: Translator) -> Iterator[str]:
    if cadence.frequency is Frequency.ONCE:
        yield from map(t.date, cadence.dates)
    elif cadence.frequency in _BY_WEEKDAY:
        yield from (_weekday(number, t) for number in cadence.on)
    else:
        yield from (_day(number, t) for number in cadence.on)
        yield from (_nth(each, t) for each in cadence.nth)


def _day(number: int, t: Translator) -> str:
    return t.gettext("the last day") if number == LAST else t.gettext("day %(number)s", number=number)


def _nth(each: NthDay, t: Translator) -> str:
    what = t.gettext("working day") if each.weekday == WORKING_DAY else _weekday(each.weekday, t)
    if each.nth == LAST:
        return t.gettext("the last %(weekday)s", weekday=what)
    if each.nth < 0:
        return t.gettext("%(weekday)s no. %(nth)s from the end", weekday=what, nth=-each.nth)
    return t.gettext("%(weekday)s no. %(nth)s", weekday=what, nth=each.nth)


def _weekday(number: int, t: Translator) -> str:
    return t.weekday(_MONDAY + dt.timedelta(days=number - 1))


def _later(due: DayTime, t: Translator) -> str:
    later = ""
    if due.offset_days > 0:
        later += ", " + t.ngettext("%(count)s day later", "%(count)s days later", due.offset_days)
    if due.offset_days < 0:
        later += ", " + t.ngettext("%(count)s day earlier", "%(count)s days earlier", -due.offset_days)
    if due.working_days:
        later += ", " + t.ngettext(
            "%(count)s working day later", "%(count)s working days later", due.working_days
        )
    return later
