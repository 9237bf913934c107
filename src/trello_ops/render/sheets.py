"""A workbook in the making: sheets ready to print, whose cells hold what people wrote and obey none of it."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trello_ops.render.report_sheet import Cell

_LONGEST: Final = 32_767  # characters that a cell may hold
_LONGEST_URL: Final = 2_079
_MOST_URLS: Final = 60_000  # a sheet takes 65,530
_NAME: Final = 31
_DAYS: Final = {"fr": "dd/mm/yyyy"}
_OUTSIDE_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Sheets:
    """The sheets of one workbook, in the order in which they are made, and how their cells look.

    `created` is an aware instant, of which the file tells UTC: the same cells give the same bytes.
    """

    def __init__(self, locale: str, created: dt.datetime) -> None:
        self._out = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(self._out, {**options, "in_memory": True})
        self._book.set_properties({"created": created.astimezone(dt.UTC).replace(tzinfo=None)})
        self._names: set[str] = set()
        day = _DAYS.get(locale, "yyyy-mm-dd")
        self.title = self.look(bold=True, font_size=14)
        self.rate = self.look(num_format="0.0%", valign="top")
        self._head = self.look(bold=True, bottom=1, text_wrap=True, valign="top")
        self._text = self.look(valign="top", text_wrap=True)
        self._day = self.look(num_format=day, valign="top")
        self._moment = self.look(num_format=f"{day} hh:mm", valign="top")
        self._link = self.look(font_color="#0969da", underline=1, valign="top", text_wrap=True)

    def finished(self) -> bytes:
        """The file; nothing can be written after."""
        self._book.close()
        return self._out.getvalue()

    # ---- sheets

    def add(self, name: str) -> Worksheet:
        """An empty sheet, which is called so as far as that is allowed and no other is."""
        sheet = self._book.add_worksheet(self._free(name))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def table(
        self, name: str, headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Cell]]
    ) -> Worksheet:
        """A sheet of rows that can be filtered, whose headings stay in view and stand on every page."""
        sheet = self.add(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self.heads(sheet, 0, headings)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                self.cell(sheet, place, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
        return sheet

    def chart(self, kind: str) -> Chart:
        """An empty chart, to be put on a sheet."""
        return self._book.add_chart({"type": kind})

    # ---- cells

    def heads(self, sheet: Worksheet, place: int, headings: Sequence[str]) -> None:
        """A row of headings."""
        for column, heading in enumerate(headings):
            sheet.write_string(place, column, heading, self._head)

    def cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        """A value as what it is; nothing for `None` and empty text."""
        if isinstance(cell, dt.datetime):
            sheet.write_datetime(row, column, cell, self._moment)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, column, cell, self._day)
        elif isinstance(cell, float):
            sheet.write_number(row, column, cell, self.rate)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell)
        elif cell:
            sheet.write_string(row, column, clean(cell), self._text)

    def link(self, sheet: Worksheet, row: int, column: int, text: str, url: str) -> None:
        """Make a text lead to a web address, unless that is too long or there are too many."""
        if url.startswith(("https://", "http://")) and row <= _MOST_URLS and len(url) <= _LONGEST_URL:
            sheet.write_url(row, column, clean(url), self._link, clean(text))

    def look(self, **properties: object) -> Format:
        """How cells may look, by XlsxWriter's properties."""
        return self._book.add_format(properties)

    # ---- within

    def _free(self, name: str) -> str:
        """A name that a sheet may have and no other sheet has."""
        plain = found = sheet_name(name)
        number = 2
        while found.lower() in self._names or found.lower() in {"history", "historique"}:
            ending = f" ({number})"
            found, number = _cut(plain, _NAME - len(ending)) + ending, number + 1
        self._names.add(found.lower())
        return found


def sheet_name(text: str) -> str:
    """A name that a sheet may have: short, and without the signs that are not allowed."""
    plain = clean(re.sub(r"[\[\]:*?/\\]", " ", text)).strip("' ") or "–"
    return _cut(plain, _NAME).rstrip("' ")


def clean(text: str) -> str:
    """A text that a cell can hold: no longer, and without what no XML may contain."""
    return _cut(_OUTSIDE_XML.sub("\ufffd", text), _LONGEST)


def _cut(text: str, most: int) -> str:
    """As much of it as has so many UTF-16 units, by which spreadsheets count; an emoji has two or more."""
    if 2 * len(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
