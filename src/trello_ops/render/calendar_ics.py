"""An Agenda as an iCalendar file (RFC 5545 and 7986), which calendars subscribe to or import."""

import datetime as dt
from typing import Final

from icalendar import Calendar, Event, vText
from icalendar.enums import STATUS, TRANSP

from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, DayOff
from trello_ops.core.tracking.events import DONE_KINDS
from trello_ops.escape import one_line
from trello_ops.render.calendar_page import page, safe
from trello_ops.render.calendar_words import CalendarWords
from trello_ops.render.i18n import Translator

REFRESH: Final = dt.timedelta(hours=1)
"""How often whoever subscribes should look again."""

_DAY = dt.timedelta(days=1)
_SEQUENCE_BEGINS = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""Sequence numbers count seconds from here: they rise with each revision, and fit 32 bits until 2088."""


def ics(agenda: Agenda, translator: Translator) -> str:
    """The calendar, with CRLF line ends. Its events bear the keys of occurrences."""
    return bytes(_Writer(agenda, translator).calendar().to_ical()).decode()


class _Writer:
    def __init__(self, agenda: Agenda, translator: Translator) -> None:
        self._agenda, self._t = agenda, translator
        self._words = CalendarWords(agenda, translator)
        self._key = agenda.workspace.key

    def calendar(self) -> Calendar:
        heading = page(self._agenda, self._t)
        calendar = Calendar.new(
            prodid="-//trello-ops//calendar//EN",
            calscale="GREGORIAN",
            uid=f"{self._key}@trello-ops",
            last_modified=max([self._agenda.changed_at, *map(self._changed_at, self._agenda.entries)]),
            subcomponents=[
                *map(self._task, self._agenda.entries),
                *map(self._day_off, self._agenda.days_off),
            ],
        )
        # Added one by one: `new` neither escapes the names nor says that the interval is one.
        calendar.add("name", vText(heading.name))
        calendar.add("x-wr-calname", vText(heading.name))
        calendar.add("description", vText(heading.title))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        return calendar

    def _task(self, entry: AgendaEntry) -> Event:
        """Planned or in a slot it takes its time, else it stands at its due."""
        one, words, changed = entry.occurrence, self._words, self._changed_at(entry)
        begins, ends = one.start or one.due, one.due
        if entry.planned:
            begins, ends = entry.planned.begins, entry.planned.ends
        takes_time = begins < ends and not one.skip
        return Event.new(
            uid=f"{one.key}@{self._key}.trello-ops",
            stamp=changed,
            last_modified=changed,
            sequence=_sequence(changed),
            start=begins,
            end=ends if takes_time else None,
            summary=self._summary(entry),
            description="\n".join(filter(None, [words.who(entry), words.where(entry), *words.notes(entry)])),
            categories=[one_line(one.theme_title)],
            url=safe(entry.card_url) or None,
            status=STATUS.CANCELLED if one.skip else STATUS.CONFIRMED,
            transparency=TRANSP.OPAQUE if takes_time else TRANSP.TRANSPARENT,
        )

    def _summary(self, entry: AgendaEntry) -> str:
        title, skip = one_line(entry.occurrence.title), entry.occurrence.skip
        if entry.done:
            return f"✓ {title}"  # an event, unlike a to-do, has no status for it
        if skip is None:
            return title
        # In the title as well: many calendars show what is cancelled like everything else.
        said = self._t.gettext("not to be done – %(why)s", why=self._words.why(skip))
        return f"{title} – {said}"

    def _day_off(self, off: DayOff) -> Event:
        changed, where = self._agenda.changed_at, f"/{off.board.key}" if off.board else ""
        return Event.new(
            uid=f"{off.kind}{where}/{off.date}@{self._key}.trello-ops",
            stamp=changed,
            last_modified=changed,
            sequence=_sequence(changed),
            start=off.date,
            end=off.date + _DAY,
            summary=self._words.day_off(off),
            status=STATUS.TENTATIVE if off.estimated else STATUS.CONFIRMED,
            transparency=TRANSP.TRANSPARENT,  # else whoever subscribes would look busy all day
        )

    def _changed_at(self, entry: AgendaEntry) -> dt.datetime:
        """Since when an occurrence is as it is shown."""
        recorded = entry.recorded
        if recorded is None:
            return self._agenda.changed_at
        done = (event.at for event in recorded.events if event.kind in DONE_KINDS)
        return max([recorded.amended_at or recorded.recorded_at, *done])


def _sequence(changed: dt.datetime) -> int:
    return max(0, int((changed - _SEQUENCE_BEGINS).total_seconds()))
