"""An Agenda week by week: what its HTML and its text show, in their common order.

Every text is in the reader's language, on one line, and not yet escaped for HTML.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass

from trello_ops.core.calendar.agenda import Agenda, AgendaEntry
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import Skip
from trello_ops.escape import one_line
from trello_ops.render.calendar_words import CalendarWords
from trello_ops.render.i18n import Translator


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence. `url` is empty where there is no card; `skipped` where nobody has to do it.

    `done` says that it is done, and is empty where it is not.
    """

    time: str
    title: str
    who: str
    where: str
    notes: tuple[str, ...]
    url: str
    skipped: bool
    done: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what is on it; `off` names its holidays and closures."""

    date: dt.date
    title: str
    off: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week, with the days on which there is something; `empty` says so where there is none."""

    title: str
    days: tuple[Day, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """`about` are the days that are shown, and by which clocks; `warnings` are worth a thought."""

    language: str
    name: str
    title: str
    about: str
    warnings_title: str
    warnings: tuple[str, ...]
    weeks: tuple[Week, ...]


def page(agenda: Agenda, translator: Translator) -> CalendarPage:
    """The agenda in words."""
    words = CalendarWords(agenda, translator)
    return CalendarPage(
        language=translator.language,
        name=one_line(agenda.workspace.name),
        title=translator.gettext("Calendar, %(days)s", days=translator.period(agenda.first, agenda.last)),
        about=translator.gettext("Time zone: %(zone)s.", zone=agenda.workspace.timezone.key),
        warnings_title=translator.gettext("Worth a thought"),
        warnings=tuple(dict.fromkeys(sentence for _, _, sentence in words.warnings())),
        weeks=tuple(_weeks(agenda, words, translator)),
    )


def _weeks(agenda: Agenda, words: CalendarWords, translator: Translator) -> Iterator[Week]:
    week, days = IsoWeek.of(agenda.first), _days(agenda, words, translator)
    while week.monday <= agenda.last:
        yield Week(
            translator.gettext(
                "Week %(number)s · %(days)s",
                number=week.number,
                days=translator.period(week.monday, week.sunday),
            ),
            tuple(found for day, found in days.items() if week.monday <= day <= week.sunday),
            translator.gettext("Nothing is planned."),
        )
        week = week.next()


def _days(agenda: Agenda, words: CalendarWords, translator: Translator) -> dict[dt.date, Day]:
    """The days on which there is something, in order."""
    off, told, entries = defaultdict(list), defaultdict(set), defaultdict(list)
    for each in agenda.days_off:
        off[each.date].append(words.day_off(each))
        told[each.date].add(Skip(each.kind, each.name))
    for entry in agenda.entries:
        entries[entry.occurrence.day].append(entry)
    return {
        day: Day(
            day,
            translator.day(day),
            tuple(dict.fromkeys(off[day])),
            tuple(_line(entry, words, told[day]) for entry in sorted(entries[day], key=_in_a_day)),
        )
        for day in sorted({*off, *entries})
    }


def _in_a_day(entry: AgendaEntry) -> tuple[bool, dt.datetime, dt.datetime]:
    """The sort key of a day's lines: when work on them begins or, without a slot, when they are due."""
    due = entry.occurrence.due
    begins = entry.planned.begins if entry.planned else entry.occurrence.start or due
    # What nobody has to do comes last, out of the way.
    return entry.occurrence.skip is not None, begins, due


def _line(entry: AgendaEntry, words: CalendarWords, told: Container[Skip]) -> Line:
    return Line(
        time=words.time(entry),
        title=one_line(entry.occurrence.title),
        who=words.who(entry),
        where=words.board(entry),  # its slot is told by its day and its times
        notes=tuple(words.notes(entry, told)),
        url=safe(entry.card_url),
        skipped=entry.occurrence.skip is not None,
        done=words.done(entry),
    )


def safe(url: str) -> str:
    """An address, but for one that is not the web's: it could act on who follows it."""
    address = one_line(url)
    return address if address.startswith(("https://", "http://")) else ""
