"""The lists of a report: of lines and notices, the first of each, and where to see the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from trello_ops.core.reporting.notice import Notice
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.render.report_occurrence import details
from trello_ops.render.report_parts import Entry, Link, Section
from trello_ops.render.report_words import ReportWords, name, web_address

_MOST = 25
"""Lines of a list or rows of a table: who wants more looks at the board."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page may hold: lines of tasks in all lists, the gravest first; each shows a few in any case.

    `rows` are those of a table at most, and of a list of sentences.
    """

    lines: int
    least: int
    rows: int = _MOST


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
        most = min(_MOST, max(self._left, self._room.least))
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
