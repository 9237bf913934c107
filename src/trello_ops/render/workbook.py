"""A report as a workbook: its summary, the weeks before, every occurrence, and a sheet for each board."""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trello_ops.core.reporting.report import Group, Report
from trello_ops.render.report_sheet import Cell, Row, SheetWords

_LONGEST: Final = 32_767  # characters that a cell may hold
_LONGEST_URL: Final = 2_079
_MOST_URLS: Final = 60_000  # a sheet takes 65,530
_NAME: Final = 31
_MOMENTS: Final = {"fr": "dd/mm/yyyy hh:mm"}
_WIDTHS: Final = (24, 22, 44, 24, 17, 13, 17, 20, 14, 34)
_OUTSIDE_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def workbook(report: Report, verdict: str) -> bytes:
    """The file. `verdict` is the report's first sentence."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**options, "in_memory": True}) as book:
        # The same report gives the same bytes.
        book.set_properties({"created": (report.frozen_at or report.closes_at).replace(tzinfo=None)})
        _Book(book, report).write(verdict)
    return out.getvalue()


_Figure = tuple[str, Format | None, *tuple[str | int | float, ...]]
"""The label of a figure, how its cells look, and what they hold."""


class _Book:
    """Writes the sheets of one report."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self._book, self._report = book, report
        self._words = SheetWords(report)
        self._t = self._words.t
        self._names: set[str] = set()
        self._title: Format = book.add_format({"bold": True, "font_size": 14})
        self._head: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._text: Format = book.add_format({"valign": "top", "text_wrap": True})
        self._moment: Format = book.add_format(
            {"num_format": _MOMENTS.get(report.locale, "yyyy-mm-dd hh:mm"), "valign": "top"}
        )
        self._rate: Format = book.add_format({"num_format": "0.0%", "valign": "top"})
        self._link: Format = book.add_format(
            {"font_color": "#0969da", "underline": 1, "valign": "top", "text_wrap": True}
        )

    def write(self, verdict: str) -> None:
        """Every sheet, in the order of their tabs."""
        rows = list(self._words.rows())
        self._summary(verdict)
        if self._report.standing.trend:
            self._trend()
        self._occurrences(self._t.gettext("Occurrences"), rows)
        boards: dict[str, list[Row]] = {}
        for row in rows:  # by key, as two boards may have one title
            boards.setdefault(row.board, []).append(row)
        for lines in boards.values():
            self._occurrences(str(lines[0].cells[0]), lines)

    # ---- sheets

    def _summary(self, verdict: str) -> None:
        t, report = self._t, self._report
        sheet = self._sheet(t.gettext("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 8, 12)
        sheet.write_string(0, 0, _clean(report.name), self._title)
        sheet.write_string(1, 0, _clean(verdict))
        sheet.write_string(2, 0, t.period(report.begins, report.ends))
        place = self._figures(sheet, 4)
        for title, groups in ((t.gettext("By board"), report.boards), (t.gettext("By theme"), report.themes)):
            place = self._groups(sheet, place + 1, title, [each for each in groups if each.totals.scheduled])

    def _figures(self, sheet: Worksheet, place: int) -> int:
        """A row for each figure; returns the place of the next one."""
        for label, look, *values in (*self._counts(), *self._against_target()):
            sheet.write_string(place, 0, label)
            for column, value in enumerate(values, 1):
                sheet.write(place, column, value, look)
            place += 1
        return place

    def _counts(self) -> Iterator[_Figure]:
        t, totals = self._t, self._report.totals
        yield t.gettext("Scheduled"), None, totals.scheduled
        yield t.gettext("On time"), None, totals.on_time
        yield t.gettext("Late"), None, totals.late
        yield t.gettext("Missed"), None, totals.missed
        yield t.gettext("Done"), None, totals.completed
        yield t.gettext("Open"), None, totals.open
        yield t.gettext("Excused"), None, totals.excused
        yield t.gettext("Not issued"), None, totals.not_issued
        yield t.gettext("Judged: on time, late or missed"), None, totals.judged

    def _against_target(self) -> Iterator[_Figure]:
        """The rate and how it stands to the target, as far as there are any."""
        t, rate, standing = self._t, self._report.totals.compliance_rate, self._report.standing
        if rate is not None:
            yield t.gettext("Rate"), self._rate, rate
        if standing.target is not None:
            yield t.gettext("Target"), self._rate, standing.target / 100
        if standing.outlook:
            yield t.gettext("Outlook"), None, self._words.outlook(standing.outlook)
        if allowance := standing.allowance:
            label = t.gettext("Not on time in four weeks, of those allowed")
            yield label, None, allowance.used, allowance.allowed

    def _groups(self, sheet: Worksheet, place: int, title: str, groups: Sequence[Group]) -> int:
        t = self._t
        headings = (
            t.gettext("Scheduled"),
            t.gettext("On time"),
            t.gettext("Late"),
            t.gettext("Missed"),
            t.gettext("Rate"),
        )
        self._heads(sheet, place, (title, *headings))
        for group in groups:
            place += 1
            totals = group.totals
            sheet.write_string(place, 0, _clean(group.title))
            for column, count in enumerate((totals.scheduled, totals.on_time, totals.late, totals.missed), 1):
                sheet.write_number(place, column, count)
            if totals.compliance_rate is not None:
                sheet.write_number(place, 5, totals.compliance_rate, self._rate)
        return place + 1

    def _trend(self) -> None:
        t, standing = self._t, self._report.standing
        name = t.gettext("Trend")
        sheet = self._sheet(name)
        sheet.set_column(0, 7, 13)
        headings = (
            t.gettext("Week"),
            t.gettext("Judged"),
            t.gettext("On time"),
            t.gettext("Rate"),
            t.gettext("Lower limit"),
            t.gettext("Upper limit"),
            t.gettext("Target"),
            t.gettext("Signal"),
        )
        self._heads(sheet, 0, headings)
        target = None if standing.target is None else standing.target / 100
        for place, each in enumerate(standing.trend, 1):
            sheet.write_string(place, 0, str(each.count.week))
            sheet.write_number(place, 1, each.count.n)
            sheet.write_number(place, 2, each.count.on_time)
            for column, rate in enumerate((each.count.rate, each.lower, each.upper, target), 3):
                if rate is not None:
                    sheet.write_number(place, column, rate, self._rate)
            sheet.write_string(place, 7, self._words.signal(each.verdict))
        sheet.freeze_panes(1, 0)
        self._chart(sheet, name, headings, len(standing.trend))

    def _chart(self, sheet: Worksheet, name: str, headings: Sequence[str], count: int) -> None:
        chart = self._book.add_chart({"type": "line"})
        for column, line in _LINES.items():
            chart.add_series(
                {
                    "name": headings[column],
                    "categories": [name, 1, 0, count, 0],
                    "values": [name, 1, column, count, column],
                    "line": line,
                    "marker": {"type": "circle"} if column == _RATE else {"type": "none"},
                }
            )
        chart.set_y_axis({"num_format": "0%", "max": 1})
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        sheet.insert_chart(count + 2, 0, chart, {"x_scale": 1.5, "y_scale": 1.3})

    def _occurrences(self, name: str, rows: Sequence[Row]) -> None:
        sheet, headings = self._sheet(name), self._words.headings()
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._heads(sheet, 0, headings)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row.cells):
                self._cell(sheet, place, column, cell)
            if row.url.startswith(("https://", "http://")) and place <= _MOST_URLS:
                _link(sheet, place, 2, row, self._link)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)

    # ---- one sheet, one cell

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(self._free(name))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _heads(self, sheet: Worksheet, place: int, headings: Sequence[str]) -> None:
        for column, heading in enumerate(headings):
            sheet.write_string(place, column, heading, self._head)

    def _free(self, name: str) -> str:
        """A name for a sheet: short, without the signs that are not allowed, and no other sheet's."""
        clean = _clean(re.sub(r"[\[\]:*?/\\]", " ", name)).strip("' ") or "–"
        found, number = _cut(clean, _NAME).rstrip("' "), 2
        while found.lower() in self._names or found.lower() in {"history", "historique"}:
            ending = f" ({number})"
            found, number = _cut(clean, _NAME - len(ending)) + ending, number + 1
        self._names.add(found.lower())
        return found

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, dt.datetime):
            sheet.write_datetime(row, column, cell, self._moment)
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell)
        elif cell:
            sheet.write_string(row, column, _clean(cell), self._text)


_RATE: Final = 3
_LIMIT: Final = {"color": "#8c959f", "width": 1, "dash_type": "dash"}
_LINES: Final = {
    _RATE: {"color": "#0969da", "width": 2.25},
    4: _LIMIT,
    5: _LIMIT,
    6: {"color": "#9a6700", "width": 1.5, "dash_type": "long_dash"},
}
"""How the chart draws the columns of the trend."""


def _link(sheet: Worksheet, place: int, column: int, row: Row, look: Format) -> None:
    if len(row.url) <= _LONGEST_URL:
        sheet.write_url(place, column, _clean(row.url), look, _clean(str(row.cells[column])))


def _clean(text: str) -> str:
    """A text that a cell can hold: no longer, and without what no XML may contain."""
    return _cut(_OUTSIDE_XML.sub("\ufffd", text), _LONGEST)


def _cut(text: str, most: int) -> str:
    """As much of it as has so many UTF-16 units, by which spreadsheets count; an emoji has two or more."""
    if 2 * len(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
