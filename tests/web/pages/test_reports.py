"""The archive, closed weeks and their workbooks, as those who have a link see them."""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from html_page import Page
from lived_site import NOW, WEEKS, lived
from site_kit import SmallSite, site

from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.report import Report
from trello_ops.testing.clock import FixedClock

WEEK = WEEKS[-1]
PORT = Choice(board="port")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with lived(tmp_path) as made:
        yield made


def shown(shop: SmallSite, path: str, choice: Choice = EVERYTHING) -> Page:
    answer = shop.visitor(choice).get(path)
    assert answer.status_code == 200
    return Page(answer.text)


def cells(content: bytes) -> set[str]:
    """All that a workbook says."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    book.close()
    return found | set(book.sheetnames)


def frozen(shop: SmallSite, week: IsoWeek = WEEK) -> Report:
    report = shop.app.services.store.frozen(week)
    assert report
    return report


# ---- the archive


def test_the_archive_has_each_week_newest_first_with_its_verdict(shop: SmallSite) -> None:
    page = shown(shop, "/reports")
    lines = page.texts("li")
    assert len(lines) == len(WEEKS)
    totals = frozen(shop).totals
    assert lines[0].startswith("9–15 nov. 2026 ")
    assert lines[0].endswith(f"· {totals.on_time} sur {totals.judged}")
    assert "trop tôt pour comparer" in lines[-1]
    assert "variation habituelle" in lines[0]
    assert page.all("a")[-1].attributes["href"] == "/reports/2026-W33"


def test_the_archive_says_what_reports_said(shop: SmallSite) -> None:
    said = [frozen(shop, week).standing.signal.verdict for week in reversed(WEEKS)]
    words = {"none": "trop tôt pour comparer", "usual": "variation habituelle"}
    lines = shown(shop, "/reports").texts("li")
    assert [words[str(verdict)] in line for verdict, line in zip(said, lines, strict=True)] == [True] * 14


def test_the_archive_is_divided_into_years_of_which_the_newest_is_open(shop: SmallSite) -> None:
    old = frozen(shop, WEEKS[0])
    for week in (IsoWeek(2025, 51), IsoWeek(2025, 52)):
        shop.app.services.store.freeze(replace(old, week=week), [])
    page = shown(shop, "/reports")
    assert page.texts("h2") == ["2026", "2025"]
    assert ["open" in each.attributes for each in page.all("details")] == [True, False]
    counts = f"{2 * old.totals.on_time} sur {2 * old.totals.judged}"
    assert page.texts("summary")[1].endswith(counts)


def test_the_archive_of_a_board_has_its_own_figures(shop: SmallSite) -> None:
    (port,) = (group.totals for group in frozen(shop).boards if group.key == "port")
    assert shown(shop, "/reports", PORT).texts("li")[0].endswith(f"· {port.on_time} sur {port.judged}")


def test_the_archive_reads_no_report(shop: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Report, "from_dict", None)
    assert len(shown(shop, "/reports").texts("li")) == len(WEEKS)


def test_before_a_week_has_closed_the_archive_says_so(tmp_path: Path) -> None:
    with site(tmp_path, FixedClock(NOW)) as shop:
        page = shown(shop, "/reports")
    assert "Aucune semaine n’est encore close." in page.texts("p", "soft")
    assert page.all("svg", "trend") == []


# ---- a closed week


def test_a_closed_week_is_as_it_was_frozen_in_its_own_language(shop: SmallSite) -> None:
    english = replace(frozen(shop), week=IsoWeek(2027, 1), locale="en", name="Little shop")
    shop.app.services.store.freeze(english, [])
    page = shown(shop, "/reports/2027-W01")
    assert page.all("html")[0].attributes["lang"] == "fr"
    assert page.all("article")[0].attributes["lang"] == "en"
    assert page.texts("h1")[0].startswith("Week 1: ")
    assert page.texts("p", "noted") == []


def test_a_closed_week_leads_to_its_neighbours_and_its_workbook(shop: SmallSite) -> None:
    page = shown(shop, "/reports/2026-W40")
    links = [each.attributes["href"] for each in page.all("a")]
    assert {"/reports/2026-W39", "/reports/2026-W41", "/reports/2026-W40.xlsx"} <= set(links)
    last = [each.attributes["href"] for each in shown(shop, f"/reports/{WEEK}").all("a")]
    assert f"/reports/{WEEK.next()}" not in last


@pytest.mark.parametrize("suffix", ["", ".xlsx"])
@pytest.mark.parametrize(
    "week", ["2026-W47", "2026-W54", "2026-w40", "2026W40", "last", "2026-W40%00", "é", "9999-W99"]
)
def test_what_is_no_frozen_week_is_not_there(shop: SmallSite, week: str, suffix: str) -> None:
    assert shop.visitor().get(f"/reports/{week}{suffix}").status_code == 404


def test_the_workbook_is_that_of_the_mail(shop: SmallSite) -> None:
    answer = shop.visitor().get(f"/reports/{WEEK}.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="rapport-{WEEK}.xlsx"'
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert {"Caisses du quai", "E-mails"} <= cells(answer.content)


# ---- one board alone

OTHERS = ("Quotidien", "emails", "E-mails", "Colis", "Amal", "Opérationnel")


def test_a_board_sees_nothing_of_others_in_page_and_workbook(shop: SmallSite) -> None:
    browser = shop.visitor(PORT)
    page = browser.get(f"/reports/{WEEK}")
    assert "Caisses du quai" in page.text or "Au quai" in page.text
    assert [word for word in OTHERS if word in page.text] == []
    found = cells(browser.get(f"/reports/{WEEK}.xlsx").content)
    assert "Caisses du quai" in found
    assert [(word, cell) for word in OTHERS for cell in found if word in cell] == []


def test_a_board_without_recipients_has_a_standing_of_its_own(shop: SmallSite) -> None:
    assert frozen(shop).board_standings == {}
    page = shown(shop, f"/reports/{WEEK}", PORT)
    assert "sur 14 semaines" in page.all("svg", "trend")[0].attributes["aria-label"]


def test_a_board_keeps_its_reports_under_a_new_key(shop: SmallSite) -> None:
    folder = shop.app.settings.boards_dir
    text = (folder / "port.yaml").read_text("utf-8")
    before = shown(shop, f"/reports/{WEEK}", PORT).texts("h1")
    (folder / "port.yaml").unlink()
    (folder / "quay.yaml").write_text(text.replace("title: Port", "title: Quai\nwas: port"), "utf-8")
    shop.clock.advance(dt.timedelta(seconds=2))  # what the files say is kept for a second
    renamed = Choice(board="quay")
    assert shown(shop, f"/reports/{WEEK}", renamed).texts("h1") == before
    assert len(shown(shop, "/reports", renamed).texts("li")) == len(WEEKS)


def test_a_person_sees_no_report(shop: SmallSite) -> None:
    browser = shop.visitor(Choice(person="salma"))
    paths = ("/reports", f"/reports/{WEEK}", f"/reports/{WEEK}.xlsx")
    assert [browser.get(path).status_code for path in paths] == [404] * 3
