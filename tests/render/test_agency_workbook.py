"""An agency's workbook, read back: every shop, in figures that can be added up, whatever people write."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest
from hostile_titles import HOSTILE
from report_kit import REPORT
from told_report import totals

from trello_ops.core.reporting.agency import AgencyReport, Lack, ShopWeek, in_order, in_short
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.standing import Signal, Standing, Verdict
from trello_ops.render import agency_workbook
from trello_ops.render.agency_page import page
from trello_ops.render.agency_workbook import workbook

FRIDAY = dt.date(2026, 11, 20)
MISSED = Notice(
    Why.MISSED, "daily/colis/2026-11-20", "daily", "colis", "Colis", 2, 4, FRIDAY, FRIDAY, ("Amina", "Yto")
)
NOBODYS = Notice(
    Why.MISSED_UNASSIGNED, "daily/caisse/2026-11-20", "daily", "caisse", "Caisse", 1, 1, FRIDAY, FRIDAY
)
AHEAD = Notice(
    Why.UNASSIGNED, "weekly/stock/2026-11-27", "weekly", "stock", "Stock", first=FRIDAY, who=("Amina",)
)


def told(title: str, missed: int = 0, verdict: Verdict = Verdict.USUAL, *needs: Notice) -> Report:
    standing = Standing(90, Signal(verdict))
    return replace(
        REPORT,
        name=title,
        totals=totals(45, 3, missed, open_=2),
        standing=standing,
        needs_you=needs,
        system=("daily",),
    )


def agency(*shops: ShopWeek, locale: str = "fr") -> AgencyReport:
    return AgencyReport(REPORT.week, "Agence", locale, REPORT.closes_at, REPORT.closes_at, in_order(shops))


def made(report: AgencyReport) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(report, page(report).headline)))


def rows(book: openpyxl.Workbook, name: str) -> Sequence[tuple[object, ...]]:
    return list(book[name].iter_rows(values_only=True))


CASA = ShopWeek("casa", "casa", in_short(told("Casa", 7, Verdict.FALL, MISSED, NOBODYS, AHEAD)))
FES = ShopWeek("fes", "fes", in_short(replace(told("Fès", 2), frozen_at=None)), Lack.RUNNING)
ZINA = ShopWeek("zina", lack=Lack.WAITING)
GONE = ShopWeek("gone", lack=Lack.NOT_TENDED, not_tended="fleet.yaml:8:12 ZINAS is not set")
WHOLE = agency(CASA, FES, ZINA, GONE)


# ---- what it says -----------------------------------------------------------------------------------


def test_a_row_for_each_shop_tells_its_figures_and_what_they_say() -> None:
    heading, casa, fes, *_ = rows(made(WHOLE), "Boutiques")
    assert heading == (
        "Boutique", "Dossier", "Prévues", "À l’heure", "En retard", "Manquées", "Taux", "À voir", "Robot",
        "Ce que dit son taux", "État",
    )  # fmt: skip
    assert casa == (
        "Casa", "casa", 57, 45, 3, 7, pytest.approx(45 / 55), 3, 1, "baisse inhabituelle", "figé",
    )  # fmt: skip
    assert fes[-2:] == ("variation habituelle", "provisoire · la semaine n’y est pas encore close")


def test_a_shop_without_figures_has_a_row_that_says_why() -> None:
    found = {row[1]: row for row in rows(made(WHOLE), "Boutiques")}
    assert found["zina"][2:10] == (None,) * 8
    assert found["zina"][-1] == "la semaine est close, mais ses tableaux n’ont pas été lus depuis"
    assert found["gone"][-1] == "pas suivie\u00a0: fleet.yaml:8:12 ZINAS is not set"


@pytest.mark.parametrize("lack", [*Lack, None])
def test_no_shop_without_figures_is_left_without_a_word(lack: Lack | None) -> None:
    assert rows(made(agency(ShopWeek("zina", lack=lack))), "Boutiques")[1][-1]


def test_a_frozen_shop_that_is_tended_no_more_keeps_its_figures() -> None:
    _, row = rows(made(agency(replace(CASA, not_tended="no token"), locale="en")), "Shops")
    assert (row[5], row[-1]) == (7, "frozen · not tended: no token")


def test_the_rate_is_a_real_percentage() -> None:
    sheet = made(WHOLE)["Boutiques"]
    assert (sheet["G2"].data_type, sheet["G2"].number_format) == ("n", "0.0%")


def test_the_summary_adds_all_shops_up() -> None:
    book = made(WHOLE)
    assert book.sheetnames == ["Synthèse", "Boutiques", "Ce qui vous attend"]
    summary = rows(book, "Synthèse")
    said = [row[0] for row in summary]
    assert said[0] == "Agence"
    assert said[1] == page(WHOLE).headline
    assert any("16–22" in str(each) for each in said)
    assert any(str(each).startswith("Provisoire") for each in said)
    figures = dict(row[:2] for row in summary if row[1] is not None)
    assert (figures["Boutiques"], figures["Sans chiffres"]) == (4, 2)
    assert (figures["Prévues"], figures["Manquées"], figures["Tâches ouvertes"]) == (109, 9, 4)
    assert figures["Taux"] == pytest.approx(90 / 105)


def test_what_needs_somebody_has_a_row_each_with_its_shop() -> None:
    heading, *found = rows(made(WHOLE), "Ce qui vous attend")
    assert heading[:2] == ("Boutique", "Dossier")
    friday = dt.datetime.combine(FRIDAY, dt.time())  # as openpyxl reads days
    assert found == [
        ("Casa", "casa", "Chaque jour", "Colis", friday, "manquée", "Amina, Yto",
         "Manquée 2 fois sur les 4 dernières."),
        ("Casa", "casa", "Chaque jour", "Caisse", friday, "manquée", None,
         "Elle n’était assignée à personne. À qui la confier désormais\u00a0?"),
        ("Casa", "casa", "Chaque semaine", "Stock", friday, "confiée à personne", None, None),
    ]  # fmt: skip


def test_a_reason_of_another_version_stands_as_it_is() -> None:
    shop = ShopWeek("casa", "casa", in_short(told("Casa", 0, Verdict.USUAL, replace(MISSED, why="new\nwhy"))))
    assert rows(made(agency(shop)), "Ce qui vous attend")[1][5] == "new why"


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agency_workbook, "_MOST_NEEDS", 1)
    _, first, rest = rows(made(WHOLE), "Ce qui vous attend")
    assert (first[3], rest[0]) == ("Colis", "et 2 autres")


def test_shops_are_told_in_the_agencys_language() -> None:
    book = made(agency(CASA, ZINA, locale="en"))
    assert book.sheetnames == ["Summary", "Shops", "What needs you"]
    assert rows(book, "Shops")[1][-2:] == ("unusual fall", "frozen")
    assert [row[5] for row in rows(book, "What needs you")[1:]] == ["missed", "missed", "nobody is assigned"]


@pytest.mark.parametrize("name", ["Boutiques", "Ce qui vous attend"])
def test_long_sheets_can_be_filtered_and_printed(name: str) -> None:
    sheet = made(WHOLE)[name]
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == (sheet.dimensions, "A2")
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_an_agency_without_shops_has_a_workbook_too() -> None:
    book = made(agency())
    assert [len(rows(book, name)) for name in ("Boutiques", "Ce qui vous attend")] == [1, 1]


def test_the_same_report_gives_the_same_bytes() -> None:
    again = AgencyReport.from_dict(WHOLE.as_dict())
    assert workbook(WHOLE, "x") == workbook(again, "x")


# ---- what people write ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_is_a_formula_or_breaks_the_file(title: str) -> None:
    needs = replace(MISSED, title=title, who=(title,), why=title)
    report = replace(
        told(title, 1, Verdict.USUAL, needs),
        boards=tuple(replace(each, title=title) for each in REPORT.boards),
    )
    shops = (ShopWeek(title, "a", in_short(report)), ShopWeek(title, not_tended=title, lack=Lack.NOT_TENDED))
    hostile = replace(agency(*shops), name=title)
    book = openpyxl.load_workbook(io.BytesIO(workbook(hostile, title)))
    for sheet in book:
        assert all(cell.data_type != "f" and not cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert len(rows(book, "Boutiques")) == 3


def test_a_formula_stays_the_text_that_it_is() -> None:
    title = '=HYPERLINK("http://evil.example","Gagné")'
    sheet = made(agency(ShopWeek("=1+1", "a", in_short(told(title)))))["Boutiques"]
    assert [(cell.value, cell.data_type) for cell in sheet[2][:2]] == [(title, "s"), ("=1+1", "s")]
