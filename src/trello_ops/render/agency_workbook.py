"""An agency's report as a workbook: all shops together, every shop side by side, and what needs somebody."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from trello_ops.core.reporting.agency import AgencyReport, ShopWeek
from trello_ops.core.reporting.notice import MISSED, Notice, Why
from trello_ops.core.reporting.report import Report
from trello_ops.escape import one_line
from trello_ops.render.agency_page import lack, page
from trello_ops.render.i18n import Translator
from trello_ops.render.report_headline import news
from trello_ops.render.report_notices import about_missed
from trello_ops.render.report_sheet import Cell, counts, headings_of_outcomes
from trello_ops.render.report_words import ReportWords, name
from trello_ops.render.sheets import Sheets, clean

_WIDTHS: Final = (34, 18, 10, 10, 10, 10, 9, 9, 9, 26, 50)
_WIDTHS_NEEDS: Final = (34, 18, 24, 44, 12, 20, 24, 50)
_MOST_NEEDS: Final = 100_000
"""Rows of what needs somebody, as a mail carries them; a sheet has room for ten times as many."""


def workbook(report: AgencyReport, verdict: str) -> bytes:
    """The file. `verdict` is the report's first sentence. The same report gives the same bytes.

    Raises `ValueError` if its locale is not known.
    """
    sheets = Sheets(report.locale, report.frozen_at or report.at)
    _Book(sheets, report).write(verdict)
    return sheets.finished()


class _Book:
    """Writes the sheets of one report."""

    def __init__(self, sheets: Sheets, report: AgencyReport) -> None:
        self._sheets, self._report = sheets, report
        self._t = Translator(report.locale)

    def write(self, verdict: str) -> None:
        """Every sheet, in the order of their tabs."""
        self._summary(verdict)
        self._shops()
        self._needs()

    # ---- all shops together

    def _summary(self, verdict: str) -> None:
        told = page(self._report, rows=0)
        sheet = self._sheets.add(self._t.gettext("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 12)
        sheet.write_string(0, 0, clean(told.name), self._sheets.title)
        sentences = list(filter(None, (verdict, told.lead, told.status, told.provisional)))
        for place, sentence in enumerate(sentences, 1):
            sheet.write_string(place, 0, clean(sentence))
        for place, (label, value) in enumerate(self._figures(), len(sentences) + 2):
            sheet.write_string(place, 0, label)
            self._sheets.cell(sheet, place, 1, value)

    def _figures(self) -> Iterator[tuple[str, Cell]]:
        t, report = self._t, self._report
        yield t.gettext("Shops"), len(report.shops)
        yield t.gettext("Without figures"), len(report.shops) - len(report.reported)
        yield from counts(report.totals, t)
        if report.totals.compliance_rate is not None:
            yield t.gettext("Rate"), report.totals.compliance_rate

    # ---- shop by shop

    def _shops(self) -> None:
        t = self._t
        headings = (
            *self._of_which(),
            *headings_of_outcomes(t),
            t.gettext("Needs you"),
            t.gettext("Robot"),
            t.gettext("What its rate says"),
            t.gettext("State"),
        )
        rows = [(*_which(shop), *self._row(shop), self._state(shop)) for shop in self._report.shops]
        self._sheets.table(t.gettext("Shops"), headings, _WIDTHS, rows)

    def _of_which(self) -> tuple[str, str]:
        return self._t.gettext("Shop"), self._t.gettext("Folder")

    def _row(self, shop: ShopWeek) -> tuple[Cell, ...]:
        """Its figures and what they say; empty cells where there are none."""
        if shop.report is None:
            return (None,) * 8
        totals = shop.report.totals
        return (
            totals.scheduled,
            totals.on_time,
            totals.late,
            totals.missed,
            totals.compliance_rate,
            len(shop.report.needs_you),
            shop.robot,
            news(shop.report.standing.signal, self._words(shop.report)),
        )

    def _state(self, shop: ShopWeek) -> str:
        """Whether its figures may change, why there are none, and why nothing is done for it."""
        t = self._t
        if shop.report and not shop.provisional:
            told = [t.gettext("frozen")]
        else:
            told = [t.gettext("provisional") if shop.provisional else "", lack(shop, t)]
        if shop.not_tended:
            told.append(t.gettext("not tended: %(why)s", why=name(shop.not_tended)))
        return " · ".join(filter(None, told)) or t.gettext("not tended")

    # ---- what needs somebody

    def _needs(self) -> None:
        t = self._t
        headings = (
            *self._of_which(),
            t.gettext("Board"),
            t.gettext("Task"),
            t.gettext("Due"),
            t.gettext("Outcome"),
            t.gettext("Assigned to"),
            t.gettext("Remark"),
        )
        rows = [row for shop in self._report.shops for row in self._needs_of(shop)]
        if (left := len(rows) - _MOST_NEEDS) > 0:
            rows[_MOST_NEEDS:] = [(t.ngettext("and %(count)s more", "and %(count)s more", left),)]
        self._sheets.table(t.gettext("What needs you"), headings, _WIDTHS_NEEDS, rows)

    def _needs_of(self, shop: ShopWeek) -> Iterator[tuple[Cell, ...]]:
        if shop.report is None:
            return
        words = self._words(shop.report)
        for notice in shop.report.needs_you:
            yield (
                *_which(shop),
                words.board(notice.board),
                name(notice.title or notice.task),
                notice.first,
                self._outcome(notice),
                # Of what nobody has, these are the ones who are away.
                "" if notice.why == Why.UNASSIGNED else ", ".join(map(name, notice.who)),
                " ".join(about_missed(notice, self._t)),
            )

    def _outcome(self, notice: Notice) -> str:
        if notice.why == Why.UNASSIGNED:
            return self._t.gettext("nobody is assigned")
        return self._t.gettext("missed") if notice.why in MISSED else one_line(notice.why)

    def _words(self, report: Report) -> ReportWords:
        """The words for a shop's report, in the agency's language."""
        return ReportWords(replace(report, locale=self._report.locale))


def _which(shop: ShopWeek) -> tuple[str, str]:
    """A shop's title and its folder's name."""
    folder = name(shop.name)
    return (name(shop.report.name) if shop.report else "") or folder, folder
