"""A Report put into words: what its HTML and its text show, in their common order.

Everything in a `Page` is a sentence, a label or a figure in the reader's language, on one line, and not
yet escaped for HTML. `tone` names the outcome that a thing is about, for its colour.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trello_ops.core.ledger import CARD_DELETED, TOO_LATE, Outage
from trello_ops.core.problems import DECLARATION, MAIL, TOKEN, BoardMatter, ProblemSubject
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence, Totals
from trello_ops.render.escape import one_line
from trello_ops.render.i18n import Translator

JUDGED = (Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED)

_NAMED = 3
"""How many boards a sentence names."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts. `share` of all that was scheduled, from 0 to 1."""

    tone: Outcome
    label: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `cells` under the table's headings, `note` about what they leave out."""

    title: str
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence. `url` is empty where there is no card to show."""

    title: str
    url: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A list of occurrences."""

    tone: Outcome
    title: str
    about: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`provisional` is empty once the week is closed; `others` sums up the outcomes beside the figures."""

    language: str
    name: str
    subject: str
    headline: str
    status: str
    provisional: str
    figures: tuple[Figure, ...]
    others: str
    tables: tuple[Table, ...]
    sections: tuple[Section, ...]
    system_title: str
    system: tuple[str, ...]
    footer: tuple[str, ...]


def page(report: Report) -> Page:
    return _Writer(report).page()


class _Writer:
    """Knows the report's language, zone and names while the page is written."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._t = Translator(report.locale)
        self._zone = ZoneInfo(report.timezone)
        self._boards = {group.key: one_line(group.title) for group in report.boards}
        self._people = {group.key: one_line(group.title) for group in report.people}

    def page(self) -> Page:
        report = self._report
        due = report.totals.scheduled > 0
        return Page(
            language=self._t.language,
            name=one_line(report.name),
            subject=self._subject(),
            headline=self._headline(),
            status=self._status(),
            provisional="" if report.frozen_at else self._provisional(),
            figures=tuple(self._figures(report.totals)) if due else (),
            others=self._others(report.totals) if due else "",
            tables=tuple(table for table in self._tables() if table.rows),
            sections=tuple(section for section in self._sections() if section.entries),
            system_title=self._t.gettext("What the robot could not do"),
            system=(*self._outages(), *(self._trouble(ProblemSubject.parse(text)) for text in report.system)),
            footer=tuple(self._footer()),
        )

    # ---- the first lines

    def _subject(self) -> str:
        values = {
            "name": one_line(self._report.name),
            "number": self._report.week.number,
            "verdict": self._verdict(),
        }
        if self._report.frozen_at:
            return self._t.gettext("%(name)s – week %(number)s: %(verdict)s", **values)
        return self._t.gettext("%(name)s – week %(number)s (provisional): %(verdict)s", **values)

    def _headline(self) -> str:
        values = {"number": self._report.week.number, "verdict": self._verdict()}
        if self._report.frozen_at:
            return self._t.gettext("Week %(number)s: %(verdict)s", **values)
        return self._t.gettext("Week %(number)s (provisional): %(verdict)s", **values)

    def _verdict(self) -> str:
        """How the week went, in a few words."""
        totals = self._report.totals
        if totals.scheduled == 0:
            return self._t.gettext("nothing was due")
        if totals.compliance_rate is None:
            return self._unrated(totals)
        if totals.on_time == totals.scheduled:
            return self._t.gettext("everything on time")
        rate = self._t.percent(totals.compliance_rate)
        failures = self._failures(totals)
        if not failures:
            return self._t.gettext("%(rate)s on time", rate=rate)
        return self._t.gettext("%(rate)s on time, %(failures)s", rate=rate, failures=failures)

    def _unrated(self, totals: Totals) -> str:
        if totals.open:
            return self._t.ngettext("%(count)s task open", "%(count)s tasks open", totals.open)
        return self._t.gettext("nothing to rate")

    def _failures(self, totals: Totals) -> str:
        """The gravest kind only."""
        if totals.missed:
            return self._t.ngettext("%(count)s missed", "%(count)s missed", totals.missed)
        if totals.late:
            return self._t.ngettext("%(count)s late", "%(count)s late", totals.late)
        return ""

    def _status(self) -> str:
        days = self._t.period(self._report.begins, self._report.ends)
        if self._report.frozen_at is None:
            return days
        closed = self._moment(self._report.closes_at)
        return self._t.gettext("%(days)s · closed %(moment)s", days=days, moment=closed)

    def _provisional(self) -> str:
        return self._t.gettext(
            "Provisional: the week closes %(moment)s. Until then these figures may change.",
            moment=self._moment(self._report.closes_at),
        )

    def _footer(self) -> Iterable[str]:
        """What a reader needs to know to read the figures above, and no more."""
        if self._report.totals.scheduled:
            yield self._t.gettext(
                "The rate is on time ÷ (on time + late + missed). Excused tasks, open tasks and what the"
                " robot did not issue do not count."
            )
        if any(line.approximate for line in (*self._report.occurrences, *self._report.caught_up)):
            yield self._t.gettext("≈ marks the earliest possible time, where the exact one was not seen.")
        yield self._t.gettext("Time zone: %(zone)s.", zone=self._report.timezone)
        yield self._t.gettext("Written by trello-ops from the Trello boards.")

    # ---- figures

    def _figures(self, totals: Totals) -> Iterable[Figure]:
        labels = (self._t.gettext("On time"), self._t.gettext("Late"), self._t.gettext("Missed"))
        for outcome, label in zip(JUDGED, labels, strict=True):
            count = _count(totals, outcome)
            yield Figure(outcome, label, self._t.number(count), count / totals.scheduled)

    def _others(self, totals: Totals) -> str:
        scheduled = self._t.ngettext("%(count)s task due", "%(count)s tasks due", totals.scheduled)
        return " · ".join((scheduled, *self._beside(totals)))

    def _beside(self, totals: Totals) -> Iterable[str]:
        """The outcomes that the rate leaves out, where there are any."""
        if totals.open:
            yield self._t.ngettext("%(count)s open", "%(count)s open", totals.open)
        if totals.excused:
            yield self._t.ngettext("%(count)s excused", "%(count)s excused", totals.excused)
        if totals.not_issued:
            yield self._t.ngettext("%(count)s not issued", "%(count)s not issued", totals.not_issued)

    def _tables(self) -> Iterable[Table]:
        yield self._table(self._t.gettext("By board"), self._report.boards)
        yield self._table(self._t.gettext("By theme"), self._report.themes)
        yield self._table(self._t.gettext("By person"), self._report.people)

    def _table(self, title: str, groups: Iterable[Group]) -> Table:
        headings = (
            self._t.gettext("On time"),
            self._t.gettext("Late"),
            self._t.gettext("Missed"),
            self._t.gettext("Rate"),
        )
        return Table(title, headings, tuple(self._row(g) for g in groups if g.totals.scheduled))

    def _row(self, group: Group) -> Row:
        counts = (self._t.number(_count(group.totals, outcome)) for outcome in JUDGED)
        cells = (*counts, self._t.percent(group.totals.compliance_rate))
        return Row(self._group_title(group), cells, " · ".join(self._beside(group.totals)))

    def _group_title(self, group: Group) -> str:
        return one_line(group.title) if group.key else self._t.gettext("Nobody")

    # ---- lists

    def _sections(self) -> Iterable[Section]:
        t = self._t
        yield self._section(Outcome.MISSED, t.gettext("Missed"))
        yield self._section(Outcome.LATE, t.gettext("Late"))
        yield self._section(
            Outcome.NOT_ISSUED,
            t.gettext("Not issued"),
            t.gettext("The robot made no card for these in time; nobody is charged with them."),
        )
        yield self._section(
            Outcome.OPEN, t.gettext("Open"), t.gettext("Not seen done, and no verdict on them yet.")
        )
        yield self._section(Outcome.EXCUSED, t.gettext("Excused"))
        yield Section(
            Outcome.ON_TIME,
            t.gettext("On time, with a remark"),
            "",
            tuple(self._entry(o) for o in self._report.with_outcome(Outcome.ON_TIME) if _remarkable(o)),
        )
        yield Section(
            Outcome.ON_TIME,
            t.gettext("Caught up"),
            t.gettext("From earlier weeks, done after their week had closed; its figures stay as they were."),
            tuple(self._entry(line) for line in self._report.caught_up),
        )

    def _section(self, outcome: Outcome, title: str, about: str = "") -> Section:
        entries = tuple(self._entry(line) for line in self._report.with_outcome(outcome))
        return Section(outcome, title, about, entries)

    def _entry(self, line: ReportedOccurrence) -> Entry:
        details = (
            self._owed(line),
            self._done(line),
            self._excused(line),
            self._t.gettext("Done without the proof that it requires.") if line.unproven else "",
            self._due_moved(line),
            self._note(line),
        )
        return Entry(one_line(line.title), _web(line.card_url), tuple(filter(None, details)))

    def _owed(self, line: ReportedOccurrence) -> str:
        due = self._t.gettext("due %(moment)s", moment=self._moment(line.due_at))
        who = ", ".join(self._name(key) for key in line.assignees) or self._t.gettext("Nobody")
        return " · ".join((who, self._board(line.board), due))

    def _done(self, line: ReportedOccurrence) -> str:
        if line.completed_at is None:
            return ""
        moment = self._moment(line.completed_at)
        if line.approximate:
            moment = f"≈\u00a0{moment}"
        if line.completed_by is None:
            return self._t.gettext("done %(moment)s", moment=moment)
        return self._t.gettext("done %(moment)s by %(who)s", moment=moment, who=self._name(line.completed_by))

    def _excused(self, line: ReportedOccurrence) -> str:
        if line.excused_at is None or line.excused_by is None:
            return ""
        moment, who = self._moment(line.excused_at), self._name(line.excused_by)
        return self._t.gettext("excused %(moment)s by %(who)s", moment=moment, who=who)

    def _due_moved(self, line: ReportedOccurrence) -> str:
        if line.due_moved_by is None:
            return ""
        return self._t.gettext(
            "%(who)s moved the card’s due date; the declared one counts.", who=self._name(line.due_moved_by)
        )

    def _note(self, line: ReportedOccurrence) -> str:
        if line.note == TOO_LATE:
            return self._t.gettext("Its due had passed before the robot could make the card.")
        if line.note == CARD_DELETED:
            return self._t.gettext("Somebody deleted its card, and the record of it is lost.")
        return one_line(line.note)

    def _moment(self, instant: dt.datetime) -> str:
        """Day and time, kept together at the end of a line."""
        return self._t.moment(instant, self._zone, "brief").replace(" ", "\u00a0")

    def _board(self, key: str) -> str:
        """A board's title; its key where nothing of it fell due this week."""
        return self._boards.get(key) or one_line(key)

    def _name(self, key: str) -> str:
        """A person's name; what Trello calls the account where it is nobody's whom the report names."""
        return self._people.get(key) or one_line(key)

    # ---- the robot

    def _outages(self) -> Iterable[str]:
        """A sentence for each stretch without sight, boards that share its days taken together."""
        found: dict[tuple[dt.date, dt.date], list[Outage]] = {}
        for outage in self._report.outages:
            days = (self._day(outage.since), self._day(outage.until))
            found.setdefault(days, []).append(outage)
        for outages in found.values():
            yield self._t.gettext(
                "From %(since)s to %(until)s the robot did not see: %(boards)s. What people did there was"
                " read afterwards, with its true times; nobody is charged with it.",
                since=self._moment(min(outage.since for outage in outages)),
                until=self._moment(max(outage.until for outage in outages)),
                boards=self._boards_named([outage.board for outage in outages]),
            )

    def _boards_named(self, keys: Sequence[str]) -> str:
        """A few by their titles, many by their number."""
        if len(keys) <= _NAMED:
            return ", ".join(self._board(key) for key in keys)
        return self._t.ngettext("%(count)s board", "%(count)s boards", len(keys))

    def _day(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(self._zone).date()

    def _trouble(self, about: ProblemSubject) -> str:
        """A sentence about what a system problem is about: a board, a task of it, or a job."""
        if about.job:
            return self._own_trouble(about)
        values = {"board": self._board(about.board)}
        about_board = self._about_board(**values)
        if about.matter in about_board:
            return about_board[about.matter]
        if task := about.task or about.matter:
            title = self._task_title(about.board, task)
            return self._t.gettext("Cards of “%(task)s” (%(board)s) could not be made.", task=title, **values)
        return self._t.gettext("The board “%(board)s” could not be brought in line.", **values)

    def _about_board(self, **values: str) -> dict[str, str]:
        """By what is wrong with the board."""
        t = self._t
        return {
            BoardMatter.READING: t.gettext("The board “%(board)s” could not be read.", **values),
            BoardMatter.ISSUING: t.gettext("The board “%(board)s” could take no cards.", **values),
            BoardMatter.LOOKING: t.gettext(
                "Nobody could tell which cards stand on the board “%(board)s”, so some were not made.",
                **values,
            ),
            BoardMatter.CLOSED: t.gettext(
                "The board “%(board)s” is closed, so no cards were made.", **values
            ),
            BoardMatter.WEBHOOK: t.gettext(
                "What was done on the board “%(board)s” was not told at once, and seen a little later.",
                **values,
            ),
            BoardMatter.COPIES: t.gettext(
                "Some cards of the board “%(board)s” are copies: what is done on a copy does not count.",
                **values,
            ),
            BoardMatter.LIMITS: t.gettext(
                "The board “%(board)s” is nearly full: Trello will soon take nothing more there.", **values
            ),
        }

    def _own_trouble(self, about: ProblemSubject) -> str:
        """About the robot's own matters, which are the admin's to mend."""
        if about == MAIL:
            return self._t.gettext("A mail could not be sent.")
        if about == TOKEN:
            return self._t.gettext("Trello refused the robot.")
        if about == DECLARATION:
            return self._t.gettext("The board files have mistakes; the last good ones are in force.")
        return self._t.gettext("The robot could not do all its work.")

    def _task_title(self, board: str, task: str) -> str:
        lines = (line for line in self._report.occurrences if (line.board, line.task) == (board, task))
        return one_line(next((line.title for line in lines), task))


def _remarkable(line: ReportedOccurrence) -> bool:
    return line.unproven or line.due_moved_by is not None


def _count(totals: Totals, outcome: Outcome) -> int:
    counts: dict[Outcome, int] = {
        Outcome.ON_TIME: totals.on_time,
        Outcome.LATE: totals.late,
        Outcome.MISSED: totals.missed,
    }
    return counts[outcome]


def _web(url: str | None) -> str:
    """The address when a browser may follow it, else nothing."""
    address = one_line(url or "")
    return address if address.startswith(("https://", "http://")) else ""
