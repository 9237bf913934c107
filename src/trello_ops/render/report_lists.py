"""The lists of a report: of lines and notices, the first of each, and where to see the others."""

import datetime as dt
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from trello_ops.core.days_off import Skip
from trello_ops.core.reporting.notice import Notice
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.render.report_calendar import by_reason, handed_over
from trello_ops.render.report_occurrence import details
from trello_ops.render.report_parts import Entry, Link, Section
from trello_ops.render.report_words import ReportWords, name, web_address

MOST = 25
"""Lines of a list or rows of a table: who wants more looks at the board."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page may hold: lines of tasks in all lists, the gravest first; each shows a few in any case.

    `rows` are those of a table at most, and of a list of sentences.
    """

    lines: int
    least: int
    rows: int = MOST


ROOMS = (Room(60, 5), Room(30, 2, rows=10), Room(5, 1, rows=4))
"""What there usually is, and what is left where people write at great length."""

_LINKED = 3
"""Boards that a list names for what it leaves out."""

Thing = TypeVar("Thing", bound=ReportedOccurrence | Notice)


class Lists:
    """Makes the lists of one report, from top to bottom: they share the room that there is."""

    def __init__(self, report: Report, words: ReportWords, room: Room) -> None:
        self._words = words
        self._report = report
        self._room = room
        self._left = room.lines

    def filled(self, section: Section, things: Iterable[Thing], entry: Callable[[Thing], Entry]) -> Section:
        """The section with these, or with the first of them and where to see the others."""
        found = tuple(things)
        most = min(MOST, max(self._left, self._room.least))
        self._left -= min(most, len(found))
        return replace(
            section,
            count=self._words.translator.number(len(found)),
            entries=tuple(map(entry, found[:most])),
            rest=self.more(len(found) - most),
            boards=self._links(thing.board for thing in found[most:]),
        )

    def cut(self, section: Section, entries: Sequence[Entry], boards: Iterable[str] = ()) -> Section:
        """The section with these, or with the first of them and the boards of all; it keeps its count."""
        most = self._room.rows
        rest = self.more(len(entries) - most)
        return replace(
            section, entries=tuple(entries[:most]), rest=rest, boards=self._links(boards) if rest else ()
        )

    def _links(self, boards: Iterable[str]) -> tuple[Link, ...]:
        keys = [key for key in dict.fromkeys(boards) if key]
        return tuple(Link(self._words.board(key), self._words.board_url(key)) for key in keys[:_LINKED])

    def more(self, left: int) -> str:
        """What is said of those that are left out; nothing where none is."""
        return self._words.translator.ngettext("and %(count)s more", "and %(count)s more", left) * (left > 0)

    def line(self, line: ReportedOccurrence) -> Entry:
        """One occurrence: who owed it and when, and what became of it."""
        return Entry(name(line.title), web_address(line.card_url), tuple(details(line, self._words)))

    def of(self, outcome: Outcome, title: str, about: str = "") -> Section:
        """All lines of one outcome."""
        section = Section(str(outcome), outcome, title, about)
        return self.filled(section, self._report.with_outcome(outcome), self.line)


def details_after_chart(report: Report, lists: Lists, words: ReportWords) -> Iterator[Section]:
    """What was late, what is open, and what was done but is worth a look."""
    t = words.translator
    late = report.with_outcome(Outcome.LATE)
    section = Section("late", Outcome.LATE, t.gettext("Late"), _delays(late, words))
    yield lists.filled(section, late, _Late(lists, words))
    yield lists.of(Outcome.OPEN, t.gettext("Open"), t.gettext("Not seen done, and no verdict on them yet."))
    # These count as on time all the same; the manager decides what to make of the remark.
    remarkable = [line for line in report.with_outcome(Outcome.ON_TIME) if _remarkable(line)]
    section = Section("remarks", Outcome.ON_TIME, t.gettext("On time, with a remark"))
    yield lists.filled(section, remarkable, lists.line)


def _remarkable(line: ReportedOccurrence) -> bool:
    return line.unproven or line.reopened or bool(line.due_moves) or line.due_moved_by is not None


class _Late:
    """One late occurrence, which begins with by how much."""

    def __init__(self, lists: Lists, words: ReportWords) -> None:
        self._lists, self._words = lists, words

    def __call__(self, line: ReportedOccurrence) -> Entry:
        entry, delay = self._lists.line(line), _delay(line)
        if delay is None:
            return entry
        # ≈ as in its details: the time of completion is the earliest possible one.
        by = ("≈\u00a0" if line.approximate else "") + self._words.duration(delay)
        said = self._words.translator.gettext("%(duration)s late", duration=by)
        return replace(entry, details=(said, *entry.details))


def _delay(line: ReportedOccurrence) -> dt.timedelta | None:
    """By how much a line is late; `None` where an edit of its due makes that no length."""
    if line.completed_at is None or line.completed_at <= line.due_at:
        return None
    return line.completed_at - line.due_at


def _delays(lines: Sequence[ReportedOccurrence], words: ReportWords) -> str:
    """The median and the longest delay; nothing of a single one, which says it itself."""
    delays = [delay for line in lines if (delay := _delay(line)) is not None]
    if len(delays) < 2:
        return ""
    # By seconds, since the median of two lengths lies between them.
    median = dt.timedelta(seconds=statistics.median(delay.total_seconds() for delay in delays))
    return words.translator.gettext(
        "Median: %(median)s · longest: %(longest)s",
        median=words.duration(median),
        longest=words.duration(max(delays)),
    )


def settled(report: Report, lists: Lists, words: ReportWords) -> Iterator[Section]:
    """What was caught up, what is excused and why, and who stood in for whom."""
    t = words.translator
    about = t.gettext("From earlier weeks, done after their week had closed; its figures stay as they were.")
    section = Section("caught_up", Outcome.ON_TIME, t.gettext("Caught up"), about)
    yield lists.filled(section, report.caught_up, lists.line)
    yield _excused(report, lists, words)
    yield _handed_over(report, lists, words)


def _excused(report: Report, lists: Lists, words: ReportWords) -> Section:
    """What the calendar excused, by reason, then what people excused."""
    lines = report.with_outcome(Outcome.EXCUSED)
    groups, others = by_reason(lines, words)
    section = Section("excused", Outcome.EXCUSED, words.translator.gettext("Excused"))
    listed = lists.filled(section, others, lists.line)
    entries = (*(Entry(why, "", tasks) for why, tasks in groups), *listed.entries)
    return replace(listed, count=words.translator.number(len(lines)), entries=entries)


def _handed_over(report: Report, lists: Lists, words: ReportWords) -> Section:
    """Who was away, and who did their tasks."""
    t = words.translator
    lines = [each for each in report.occurrences if each.absent and not Skip.parse(each.note)]
    entries = [Entry(who, "", tasks) for who, tasks in handed_over(lines, words)]
    title = t.gettext("Absences and stand-ins")
    section = Section("stand_ins", Outcome.EXCUSED, title, "", t.number(len(lines)))
    return lists.cut(section, entries, (each.board for each in lines))
