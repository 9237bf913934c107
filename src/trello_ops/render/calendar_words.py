"""An Agenda put into words: why days move or nothing is done, what is worth a thought."""

import datetime as dt
from collections.abc import Container, Iterator

from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, DayOff
from trello_ops.core.calendar.slots import Overbooked
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.escape import one_line
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator


class CalendarWords:
    """Says what an agenda holds, in one language. Everything is on one line, and not yet escaped for HTML."""

    def __init__(self, agenda: Agenda, translator: Translator) -> None:
        self._agenda, self._t = agenda, translator
        self._zone = agenda.workspace.timezone

    def local_day(self, instant: dt.datetime) -> dt.date:
        """The workspace's day of an instant."""
        return instant.astimezone(self._zone).date()

    def time(self, entry: AgendaEntry) -> str:
        """When it is planned or due: `09:00–10:00`, `17:00`; that nobody has to do it."""
        one = entry.occurrence
        if one.skip:
            return self._t.gettext("not to do")
        begins, ends = one.start or one.due, one.due
        if entry.planned:
            begins, ends = entry.planned.begins, entry.planned.ends
        times = [self._t.time(each, self._zone) for each in (begins, ends)]
        return "–".join(times if begins < ends else times[1:])

    def who(self, entry: AgendaEntry) -> str:
        """The names of its assignees; empty where nobody is to do it anyway."""
        nobody = "" if entry.occurrence.skip else self._t.gettext("nobody")
        return ", ".join(map(one_line, entry.names)) or nobody

    def done(self, entry: AgendaEntry) -> str:
        """That it is done; empty where it is not."""
        return self._t.gettext("done") if entry.done else ""

    def where(self, entry: AgendaEntry) -> str:
        """Its board, and its slot."""
        return " · ".join(filter(None, (self.board(entry), entry.slot)))

    def board(self, entry: AgendaEntry) -> str:
        """Its board."""
        return one_line(entry.occurrence.board_title)

    def notes(self, entry: AgendaEntry, told: Container[Skip] = ()) -> Iterator[str]:
        """What else is to be known of an occurrence; `told` are reasons that stand at its day."""
        one, t = entry.occurrence, self._t
        if one.skip and one.skip not in told:
            yield self.why(one.skip)
        if one.moved:
            yield t.gettext(
                "moved from %(day)s – %(why)s", day=t.date(one.nominal_day, "brief"), why=self.why(one.moved)
            )
        if not one.skip and self.local_day(one.due) != one.day:
            yield t.gettext("due %(moment)s", moment=t.moment(one.due, self._zone, "brief"))
        if one.skip:
            return  # whoever is away does not matter then
        if entry.nobody_left:
            yield t.gettext("nobody is there")
        for absentee in one.absent:
            name, reason = one_line(absentee.name), one_line(absentee.reason)
            if reason:
                yield t.gettext("away: %(name)s (%(reason)s)", name=name, reason=reason)
            else:
                yield t.gettext("away: %(name)s", name=name)

    def why(self, skip: Skip) -> str:
        """Why something is not done, or not on its day."""
        return one_line(translated(skip.words, self._t))

    def day_off(self, off: DayOff) -> str:
        """What is on a day off, and whether its date is only estimated."""
        t, name = self._t, one_line(off.name)
        if off.kind is SkipKind.CLOSURE and not name:
            name = self.why(Skip(off.kind))
        if off.board:
            name = f"{name}, {one_line(off.board.title)}"
        return t.gettext("%(name)s (estimated date)", name=name) if off.estimated else name

    def warnings(self) -> Iterator[tuple[str, dt.date, str]]:
        """What is worth a thought, by day: its kind, its day, a sentence."""
        yield from sorted(self._warnings(), key=lambda warning: warning[1])

    def _warnings(self) -> Iterator[tuple[str, dt.date, str]]:
        for off in self._agenda.days_off:
            if off.estimated:
                said = self._t.gettext(
                    "%(day)s, %(name)s: the date is estimated. Once it is announced, put it under"
                    " `holiday_dates`.",
                    day=self._t.date(off.date, "brief"),
                    name=one_line(off.name),
                )
                yield "estimated", off.date, said
        for over in self._agenda.overbooked:
            yield "overbooked", over.day, self._overbooked(over)
        for entry in self._agenda.entries:
            if entry.nobody_left:
                one = entry.occurrence
                said = self._t.gettext(
                    "%(day)s, %(title)s: nobody is there.",
                    day=self._t.date(one.day, "brief"),
                    title=one_line(one.title),
                )
                yield "nobody_left", one.day, said

    def _overbooked(self, over: Overbooked) -> str:
        t, person = self._t, self._agenda.workspace.person(over.person)
        values = {
            "day": t.date(over.day, "brief"),
            "slot": over.slot,
            "minutes": t.number(over.minutes),
        }
        if not over.person:
            return t.gettext(
                "%(day)s, %(slot)s: what is nobody’s takes %(minutes)s min more than fit.", **values
            )
        who = one_line(person.name) if person else over.person
        return t.gettext("%(day)s, %(slot)s: %(who)s has %(minutes)s min more than fit.", who=who, **values)
