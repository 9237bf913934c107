"""A Report put into words: what its HTML and its text show, in their common order.

Every text in a `Page` is a sentence, a label or a figure in the reader's language, on one line, and not yet
escaped for HTML. `tone` is the outcome that gives a thing its colour.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.days_off import Skip
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence, Totals
from trello_ops.escape import one_line
from trello_ops.render.report_calendar import by_reason, handed_over
from trello_ops.render.report_occurrence import details
from trello_ops.render.report_system import outages, troubles
from trello_ops.render.report_words import ReportWords

_JUDGED = (Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED)
"""The outcomes that the rate is made of, in the order of figures and columns."""

_MOST = 25
"""Lines of a list or rows of a table: mail programs cut a long mail off (Gmail at 102 kB)."""

_MOST_IN_ALL, _LEAST = 60, 5
"""Lines of all lists, the gravest first; each list shows a few in any case."""

_LINKED = 3
"""Boards that a list names for what it leaves out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts. `share` is the part of all that was scheduled, from 0 to 1."""

    tone: Outcome
    label: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `cells` stand under its headings, `note` tells what they leave out."""

    title: str
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each board, theme or person of which something was due; `rest` says how many are left out."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence. `url` is empty where there is no card to show."""

    title: str
    url: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A board; `url` is empty where it is not known."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A list of occurrences; `about` explains its title where that is needed, else it is empty.

    `count` is how many there are. Where `entries` are fewer, `rest` says so, and `boards` where to see them.
    """

    tone: Outcome
    title: str
    about: str
    count: str
    entries: tuple[Entry, ...]
    rest: str = ""
    boards: tuple[Link, ...] = ()


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
    """The report in words. Raises `ValueError` if its locale is not translated."""
    return _Writer(report).page()


class _Writer:
    """Puts one report into words, from top to bottom."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._words = ReportWords(report)
        self._room = _MOST_IN_ALL
        self._t = self._words.translator

    def page(self) -> Page:
        report, words = self._report, self._words
        subject, headline = self._headings()
        status, provisional = self._status()
        figures, others = self._figures()
        troubled = [*outages(report, words), *troubles(report, words)]
        more = self._more(len(troubled))
        return Page(
            language=self._t.language,
            name=one_line(report.name),
            subject=subject,
            headline=headline,
            status=status,
            provisional=provisional,
            figures=figures,
            others=others,
            tables=tuple(self._tables()),
            sections=tuple(section for section in self._sections() if section.entries),
            system_title=self._t.gettext("What the robot could not do"),
            system=(*troubled[:_MOST], *([more] if more else [])),
            footer=tuple(self._footer()),
        )

    # ---- the first lines

    def _headings(self) -> tuple[str, str]:
        """The mail's subject and the page's headline: which week, and how it went."""
        values = {
            "name": one_line(self._report.name),
            "number": self._report.week.number,
            "verdict": self._verdict(),
        }
        # Whole sentences, although they share their parts: languages order them differently.
        if self._report.frozen_at:
            return (
                self._t.gettext("%(name)s – week %(number)s: %(verdict)s", **values),
                self._t.gettext("Week %(number)s: %(verdict)s", **values),
            )
        return (
            self._t.gettext("%(name)s – week %(number)s (provisional): %(verdict)s", **values),
            self._t.gettext("Week %(number)s (provisional): %(verdict)s", **values),
        )

    def _verdict(self) -> str:
        """How the week went, in a few words. Of what went wrong only the gravest kind is named."""
        totals = self._report.totals
        if totals.scheduled == 0:
            return self._t.gettext("nothing was due")
        if totals.compliance_rate is None and totals.open:
            return self._t.ngettext("%(count)s task open", "%(count)s tasks open", totals.open)
        if totals.compliance_rate is None:
            return self._t.gettext("nothing to rate")
        # Not by the rate, which is 100 % too where the rest is excused or open.
        if totals.on_time == totals.scheduled:
            return self._t.gettext("everything on time")
        rate = self._t.percent(totals.compliance_rate)
        if totals.missed:
            failures = self._t.ngettext("%(count)s missed", "%(count)s missed", totals.missed)
        elif totals.late:
            failures = self._t.ngettext("%(count)s late", "%(count)s late", totals.late)
        else:
            return self._t.gettext("%(rate)s on time", rate=rate)
        return self._t.gettext("%(rate)s on time, %(failures)s", rate=rate, failures=failures)

    def _status(self) -> tuple[str, str]:
        """The week's days, and the remark that its figures may still change, if they may."""
        days = self._t.period(self._report.begins, self._report.ends)
        closes = self._words.moment(self._report.closes_at)
        if self._report.frozen_at:
            return self._t.gettext("%(days)s · closed %(moment)s", days=days, moment=closes), ""
        return days, self._t.gettext(
            "Provisional: the week closes %(moment)s. Until then these figures may change.", moment=closes
        )

    # ---- figures

    def _figures(self) -> tuple[tuple[Figure, ...], str]:
        """The figures, and a line about the outcomes beside them; nothing of either if nothing was due."""
        totals = self._report.totals
        if not totals.scheduled:
            return (), ""
        labels = (self._t.gettext("On time"), self._t.gettext("Late"), self._t.gettext("Missed"))
        figures = (
            Figure(outcome, label, self._t.number(count), count / totals.scheduled)
            for outcome, label, count in zip(_JUDGED, labels, _judged(totals), strict=True)
        )
        scheduled = self._t.ngettext("%(count)s task due", "%(count)s tasks due", totals.scheduled)
        return tuple(figures), " · ".join((scheduled, *self._beside(totals)))

    def _beside(self, totals: Totals) -> Iterator[str]:
        """The outcomes that the rate leaves out, where there are any."""
        if totals.open:
            yield self._t.ngettext("%(count)s open", "%(count)s open", totals.open)
        if totals.excused:
            yield self._t.ngettext("%(count)s excused", "%(count)s excused", totals.excused)
        if totals.not_issued:
            yield self._t.ngettext("%(count)s not issued", "%(count)s not issued", totals.not_issued)

    def _tables(self) -> Iterator[Table]:
        """Tables by board, theme and person, without those that would be empty."""
        t, report = self._t, self._report
        headings = (t.gettext("On time"), t.gettext("Late"), t.gettext("Missed"), t.gettext("Rate"))
        for title, groups in (
            (t.gettext("By board"), report.boards),
            (t.gettext("By theme"), report.themes),
            (t.gettext("By person"), report.people),
        ):
            rows = []
            due = [each for each in groups if _is_told(each)]
            for group in _worst(due):
                # The group without a key holds the tasks that are assigned to no one.
                name = one_line(group.title) if group.key else t.gettext("Nobody")
                cells = (*map(t.number, _judged(group.totals)), t.percent(group.totals.compliance_rate))
                rows.append(Row(name, cells, " · ".join(self._beside(group.totals))))
            if rows:
                yield Table(title, headings, tuple(rows), self._more(len(due)))

    # ---- lists

    def _sections(self) -> Iterator[Section]:
        """What went wrong comes first, then what a reader may want to look at."""
        t, report = self._t, self._report
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
        yield self._excused(t.gettext("Excused"))
        yield self._handed_over(t.gettext("Absences and stand-ins"))
        on_time = report.with_outcome(Outcome.ON_TIME)
        # These count as on time all the same; the manager decides what to make of the remark.
        remarkable = (line for line in on_time if line.unproven or line.due_moved_by is not None)
        yield self._listed(Outcome.ON_TIME, t.gettext("On time, with a remark"), "", remarkable)
        yield self._listed(
            Outcome.ON_TIME,
            t.gettext("Caught up"),
            t.gettext("From earlier weeks, done after their week had closed; its figures stay as they were."),
            report.caught_up,
        )

    def _section(self, outcome: Outcome, title: str, about: str = "") -> Section:
        return self._listed(outcome, title, about, self._report.with_outcome(outcome))

    def _excused(self, title: str) -> Section:
        """What the calendar excused, by reason, then what people excused."""
        lines = self._report.with_outcome(Outcome.EXCUSED)
        groups, others = by_reason(lines, self._words)
        listed = self._listed(Outcome.EXCUSED, title, "", others)
        entries = (*(Entry(why, "", tasks) for why, tasks in groups), *listed.entries)
        return replace(listed, count=self._t.number(len(lines)), entries=entries)

    def _handed_over(self, title: str) -> Section:
        """Who was away, and who did their tasks."""
        lines = [each for each in self._report.occurrences if each.absent and not Skip.parse(each.note)]
        entries = tuple(Entry(who, "", tasks) for who, tasks in handed_over(lines, self._words))
        return Section(Outcome.EXCUSED, title, "", self._t.number(len(lines)), entries)

    def _listed(self, tone: Outcome, title: str, about: str, lines: Iterable[ReportedOccurrence]) -> Section:
        """A section of these lines, or of the first of them and where to see the others."""
        found = tuple(lines)
        most = min(_MOST, max(self._room, _LEAST))
        self._room -= min(most, len(found))
        entries = tuple(
            Entry(one_line(line.title), _safe(line.card_url), tuple(details(line, self._words)))
            for line in found[:most]
        )
        keys = list(dict.fromkeys(line.board for line in found[most:]))
        urls = {group.key: group.url for group in self._report.boards}
        boards = [Link(self._words.board(key), _safe(urls.get(key))) for key in keys[:_LINKED]]
        more = self._more(len(found), most)
        return Section(tone, title, about, self._t.number(len(found)), entries, more, tuple(boards))

    def _more(self, count: int, shown: int = _MOST) -> str:
        """What is said of those that are left out; nothing where none is."""
        left = count - shown
        return self._t.ngettext("and %(count)s more", "and %(count)s more", left) if left > 0 else ""

    # ---- the last lines

    def _footer(self) -> Iterator[str]:
        """What a reader needs to know to read the figures above, and no more."""
        report = self._report
        if report.totals.scheduled:
            yield self._t.gettext(
                "The rate is on time ÷ (on time + late + missed). Excused tasks, open tasks and what the"
                " robot did not issue do not count."
            )
        if any(line.approximate for line in (*report.occurrences, *report.caught_up)):
            yield self._t.gettext("≈ marks the earliest possible time, where the exact one was not seen.")
        yield self._t.gettext("Time zone: %(zone)s.", zone=report.timezone)
        yield self._t.gettext("Written by trello-ops from the Trello boards.")


def _safe(url: str | None) -> str:
    """An address, but for one that is not the web's: it could act on who follows it."""
    address = one_line(url or "")
    return address if address.startswith(("https://", "http://")) else ""


def _worst(groups: Sequence[Group]) -> Sequence[Group]:
    """The groups to show, in their order: of too many, those with the most missed and late."""
    if len(groups) <= _MOST:
        return groups
    by_failures = sorted(groups, key=lambda group: group.totals.missed + group.totals.late, reverse=True)
    shown = {id(group) for group in by_failures[:_MOST]}
    return [group for group in groups if id(group) in shown]


def _is_told(group: Group) -> bool:
    """Whether a group has a row. Turns that were skipped are nobody's, which is no news by itself."""
    return group.totals.scheduled > (0 if group.key else group.totals.excused)


def _judged(totals: Totals) -> tuple[int, int, int]:
    """The counts of `_JUDGED`."""
    return totals.on_time, totals.late, totals.missed
