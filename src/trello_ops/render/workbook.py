"""A report as a workbook: its summary, the weeks before, every occurrence, and a sheet for each board."""

from collections.abc import Iterator, Sequence
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trello_ops.core.reporting.report import Group, Report
from trello_ops.render.report_sheet import Row, SheetWords, counts, headings_of_outcomes
from trello_ops.render.sheets import Sheets, clean

_WIDTHS: Final = (24, 22, 44, 24, 17, 13, 17, 20, 14, 34)
_TITLE: Final = 2
"""The column of what is to be done, which leads to its card."""


def workbook(report: Report, verdict: str) -> bytes:
    """The file. `verdict` is the report's first sentence. The same report gives the same bytes."""
    sheets = Sheets(report.locale, report.frozen_at or report.closes_at)
    _Book(sheets, report).write(verdict)
    return sheets.finished()


_Figure = tuple[str, Format | None, *tuple[str | int | float, ...]]
"""The label of a figure, how its cells look, and what they hold."""


class _Book:
    """Writes the sheets of one report."""

    def __init__(self, sheets: Sheets, report: Report) -> None:
        self._sheets, self._report = sheets, report
        self._words = SheetWords(report)
        self._t = self._words.t

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
        sheet = self._sheets.add(t.gettext("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 8, 12)
        sheet.write_string(0, 0, clean(report.name), self._sheets.title)
        sheet.write_string(1, 0, clean(verdict))
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
        for label, count in counts(self._report.totals, self._t):
            yield label, None, count

    def _against_target(self) -> Iterator[_Figure]:
        """The rate and how it stands to the target, as far as there are any."""
        t, rate, standing = self._t, self._report.totals.compliance_rate, self._report.standing
        if rate is not None:
            yield t.gettext("Rate"), self._sheets.rate, rate
        if standing.target is not None:
            yield t.gettext("Target"), self._sheets.rate, standing.target / 100
        if standing.outlook:
            yield t.gettext("Outlook"), None, self._words.outlook(standing.outlook)
        if allowance := standing.allowance:
            label = t.gettext("Not on time in four weeks, of those allowed")
            yield label, None, allowance.used, allowance.allowed

    def _groups(self, sheet: Worksheet, place: int, title: str, groups: Sequence[Group]) -> int:
        self._sheets.heads(sheet, place, (title, *headings_of_outcomes(self._t)))
        for group in groups:
            place += 1
            totals = group.totals
            sheet.write_string(place, 0, clean(group.title))
            for column, count in enumerate((totals.scheduled, totals.on_time, totals.late, totals.missed), 1):
                sheet.write_number(place, column, count)
            if totals.compliance_rate is not None:
                sheet.write_number(place, 5, totals.compliance_rate, self._sheets.rate)
        return place + 1

    def _trend(self) -> None:
        t, standing = self._t, self._report.standing
        name = t.gettext("Trend")
        sheet = self._sheets.add(name)
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
        self._sheets.heads(sheet, 0, headings)
        target = None if standing.target is None else standing.target / 100
        for place, each in enumerate(standing.trend, 1):
            sheet.write_string(place, 0, str(each.count.week))
            sheet.write_number(place, 1, each.count.n)
            sheet.write_number(place, 2, each.count.on_time)
            for column, rate in enumerate((each.count.rate, each.lower, each.upper, target), 3):
                if rate is not None:
                    sheet.write_number(place, column, rate, self._sheets.rate)
            sheet.write_string(place, 7, self._words.signal(each.verdict))
        sheet.freeze_panes(1, 0)
        self._chart(sheet, name, headings, len(standing.trend))

    def _chart(self, sheet: Worksheet, name: str, headings: Sequence[str], count: int) -> None:
        chart = self._sheets.chart("line")
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
        sheet = self._sheets.table(name, self._words.headings(), _WIDTHS, [row.cells for row in rows])
        for place, row in enumerate(rows, 1):
            self._sheets.link(sheet, place, _TITLE, str(row.cells[_TITLE]), row.url)


_RATE: Final = 3
_LIMIT: Final = {"color": "#8c959f", "width": 1, "dash_type": "dash"}
_LINES: Final = {
    _RATE: {"color": "#0969da", "width": 2.25},
    4: _LIMIT,
    5: _LIMIT,
    6: {"color": "#9a6700", "width": 1.5, "dash_type": "long_dash"},
}
"""How the chart draws the columns of the trend."""
