"""An Agenda as plain text: each week a table that fits 100 columns."""

import textwrap
import unicodedata
from collections.abc import Iterator
from itertools import zip_longest

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.render.calendar_page import CalendarPage, Day, Line, page
from trello_ops.render.i18n import Translator

WIDTH = 100
_INDENT, _GAP = "    ", "  "
_WHO, _WHERE = 20, 20
"""The most columns that names and boards take; more goes on in the next line."""


def text(agenda: Agenda, translator: Translator) -> str:
    """The agenda in the translator's language."""
    return "\n".join(_lines(page(agenda, translator))) + "\n"


def _lines(page: CalendarPage) -> Iterator[str]:
    yield from _wrapped(page.name, WIDTH)
    yield from _wrapped(page.title, WIDTH)
    yield page.about
    if page.warnings:
        yield from ("", page.warnings_title)
        for warning in page.warnings:
            yield from _hanging("  - ", warning, WIDTH)
    widths = _widths([line for week in page.weeks for day in week.days for line in day.lines])
    for week in page.weeks:
        yield from ("", week.title, "=" * _width(week.title))
        if not week.days:
            yield f"  {week.empty}"
        for day in week.days:
            yield from _day(day, widths)


def _day(day: Day, widths: tuple[int, int, int, int]) -> Iterator[str]:
    title = " · ".join((day.title, *day.off))
    yield from ("", *(f"  {line}" for line in _wrapped(title, WIDTH - 2)))
    for line in day.lines:
        cells = (line.time, line.title, line.who, line.where)
        columns = [list(_wrapped(cell, width)) for cell, width in zip(cells, widths, strict=True)]
        columns[1] += [part for note in line.notes for part in _hanging("↳ ", note, widths[1])]
        for row in zip_longest(*columns, fillvalue=""):
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            yield (_INDENT + _GAP.join(padded)).rstrip()


def _widths(lines: list[Line]) -> tuple[int, int, int, int]:
    """The columns of the four cells of a line, for all lines alike."""
    time = max((_width(line.time) for line in lines), default=5)
    who = min(max((_width(line.who) for line in lines), default=0), _WHO)
    where = min(max((_width(line.where) for line in lines), default=0), _WHERE)
    return time, WIDTH - len(_INDENT) - 3 * len(_GAP) - time - who - where, who, where


# ---- columns of a terminal --------------------------------------------------------------------------


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _hanging(mark: str, text: str, width: int) -> Iterator[str]:
    """The text behind a mark, in lines of so many columns."""
    first, *rest = _wrapped(text, width - _width(mark))
    yield from (mark + first, *(" " * _width(mark) + line for line in rest))


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many columns; at least one."""
    if _width(text) <= width:
        return [text]
    # Of wide characters half as many fit; which stand where need not be known for that.
    wide = any(_columns(character) > 1 for character in text)
    return textwrap.wrap(text, max(1, width // 2 if wide else width)) or [""]
