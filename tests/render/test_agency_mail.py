"""An agency's report as it is read, in French; whatever shops are called."""

import quopri
from dataclasses import replace

import pytest
from hostile_titles import HOSTILE
from report_kit import REPORT
from told_report import totals

from trello_ops.core.reporting.agency import AgencyReport, Lack, ShopWeek, in_order, in_short
from trello_ops.core.reporting.standing import Signal, Standing, Verdict
from trello_ops.render import agency_page
from trello_ops.render.agency_mail import html, text
from trello_ops.render.report_words import name


def shop(folder: str, missed: int = 0, verdict: Verdict = Verdict.USUAL, title: str = "") -> ShopWeek:
    standing = Standing(90, Signal(verdict))
    report = replace(REPORT, name=title or folder.title(), totals=totals(45, 3, missed), standing=standing)
    return ShopWeek(folder, folder, in_short(report))


def agency(*shops: ShopWeek) -> AgencyReport:
    return AgencyReport(REPORT.week, "Agence", "fr", REPORT.closes_at, REPORT.closes_at, in_order(shops))


def test_the_first_sentence_tells_who_stands_out() -> None:
    told = text(agency(shop("casa", 7, Verdict.FALL), shop("fes", 9), ShopWeek("zina", lack=Lack.WAITING)))
    first, lead, *_ = told.splitlines()
    assert first.endswith("– 1 boutique se détache")
    assert lead.startswith("Plus bas que le hasard ne l’explique\u00a0: Casa.")
    assert told.index("Fes ") < told.index("(baisse inhabituelle)"), "ordered by what was missed"
    assert "la semaine est close, mais ses tableaux n’ont pas été lus depuis" in told


@pytest.mark.parametrize("title", HOSTILE)
def test_what_shops_are_called_is_obeyed_by_nobody(title: str) -> None:
    made = agency(shop("casa", 2, title=title), ShopWeek("b", not_tended=title, lack=Lack.NOT_TENDED))
    page = html(made)
    assert "<script" not in page
    page.encode()
    assert "\x1b" not in text(made)


def test_thousands_of_shops_fit_into_a_mail() -> None:
    shops = [shop(f"s{n}", n % 9, Verdict.FALL, "Boutique à la mode " * 4) for n in range(2000)]
    assert len(quopri.encodestring(html(agency(*shops)).encode())) < 100_000


def test_the_work_grows_with_the_shops_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(title: str) -> str:
        read.append(title)
        return name(title)

    read: list[str] = []
    monkeypatch.setattr(agency_page, "name", counted)
    robot = [
        replace(each, report=replace(each.report, system=("daily",)))
        for each in map(shop, "abc" * 40)
        if each.report
    ]
    text(agency(*robot))
    assert len(read) < 1000
