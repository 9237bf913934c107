"""The page of the running week, as those who have a link see it."""

import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_titles import HOSTILE
from html_page import Page
from lived_site import NOW, WEEKS, lived
from report_weeks import week_of_a_chain
from site_kit import SmallSite, site
from told_report import crowded

from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent, OccurrenceKey
from trello_ops.core.reporting.report import Report
from trello_ops.errors import StoreError
from trello_ops.escape import one_line
from trello_ops.operations.report import account
from trello_ops.testing.clock import FixedClock

RUNNING = WEEKS[-1].next()
LARGEST = 50_000
"""Bytes of a page as it is sent."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with lived(tmp_path) as made:
        yield made


def shown(shop: SmallSite, choice: Choice = EVERYTHING, path: str = "/") -> Page:
    answer = shop.visitor(choice).get(path)
    assert answer.status_code == 200
    return Page(answer.text)


def test_it_is_the_report_as_of_now_and_says_so(shop: SmallSite) -> None:
    page, report = shown(shop), account(shop.app.context(), RUNNING)
    assert report.totals.open, "of a week that is not over"
    assert page.texts("h1")[0].startswith("Semaine 47 (provisoire) : ")
    assert "16–22 nov. 2026 · État à 14:32" in page.texts("p", "soft")
    assert page.texts("p", "noted")[0].startswith("Provisoire : clôture de la semaine le lun. 23 nov. 07:00")
    totals = report.totals
    assert page.texts("dd")[:3] == [str(count) for count in (totals.on_time, totals.late, totals.missed)]


def test_entries_lead_to_their_cards_and_lists_have_headings(shop: SmallSite) -> None:
    page = shown(shop)
    links = {each.attributes["href"] for each in page.all("a")}
    assert "https://trello.com/c/emails-2026-11-19" in links
    still = account(shop.app.context(), RUNNING).totals.open
    assert {f"Tâches ouvertes {still}", "Par tableau", "Par thème"} <= set(page.texts("h2"))
    (chart,) = page.all("svg", "trend")
    assert chart.attributes["aria-label"].startswith("Semaine 47\N{NO-BREAK SPACE}: ")


def test_what_was_just_done_is_seen_after_some_seconds(shop: SmallSite) -> None:
    browser = shop.visitor()
    before = Page(browser.get("/").text).texts("dd")[0]
    key = OccurrenceKey.parse("daily/emails/2026-11-19")
    shop.app.services.store.append(
        [LedgerEvent(key, EventKind.DONE, NOW, EventSource.TICK, None, "just-now")], NOW
    )
    assert Page(browser.get("/").text).texts("dd")[0] == before
    shop.clock.advance(dt.timedelta(seconds=6))
    assert int(Page(browser.get("/").text).texts("dd")[0]) == int(before) + 1


def test_what_the_weeks_around_make_of_it_is_looked_up_once(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = shop.visitor()
    first = Page(browser.get("/").text).texts("h1")

    def gone(*_: object) -> None:
        raise StoreError("the past is not to be had")

    monkeypatch.setattr("trello_ops.operations.report.past", gone)
    shop.clock.advance(dt.timedelta(minutes=10))
    assert Page(browser.get("/").text).texts("h1") == first
    shop.clock.advance(dt.timedelta(hours=1))
    assert browser.get("/").status_code == 503, "it is looked up again after an hour"


def test_edited_files_are_seen_at_once(shop: SmallSite) -> None:
    browser = shop.visitor()
    assert "Au quai" in browser.get("/").text
    file = shop.app.settings.boards_dir / "workspace.yaml"
    file.write_text(file.read_text("utf-8").replace("Au quai", "À la mer"), "utf-8")
    shop.clock.advance(dt.timedelta(seconds=6))
    assert "À la mer" in browser.get("/").text


# ---- who sees what


def test_a_board_shows_its_own_week_beside_its_own_weeks(shop: SmallSite) -> None:
    page = shown(shop, Choice(board="port"))
    assert page.texts("p", "board") == ["Port"]
    assert page.texts("th")[-1].startswith("Au quai")
    alone = page.all("svg", "trend")[0].attributes["aria-label"]
    assert alone != shown(shop).all("svg", "trend")[0].attributes["aria-label"]
    assert "sur 15 semaines" in alone


@pytest.mark.parametrize(
    ("board", "others"),
    [
        ("port", ["Quotidien", "emails", "Amal", "Karim", "Opérationnel"]),
        ("daily", ["Port", "crates", "Caisses", "Salma", "Au quai"]),
    ],
)
def test_a_board_shows_nothing_of_others(shop: SmallSite, board: str, others: list[str]) -> None:
    # Karim is who ticks everything, and known to both.
    text = shop.visitor(Choice(board=board)).get("/").text.replace("par Karim", "")
    assert [word for word in others if word in text] == []


def test_a_person_sees_the_own_calendar_there(shop: SmallSite) -> None:
    page = shown(shop, Choice(person="salma"))
    assert page.texts("h1") == shown(shop, Choice(person="salma"), "/calendar").texts("h1")
    text = " ".join(page.texts("main"))
    assert "Caisses du quai" in text
    assert "E-mails" not in text


def test_before_anything_was_due_it_says_that_nothing_was(tmp_path: Path) -> None:
    with site(tmp_path, FixedClock(NOW)) as shop:
        page = shown(shop)
    assert page.texts("h1") == ["Semaine 47 (provisoire) : rien n’était prévu"]
    assert page.all("svg", "trend") == []


# ---- what it weighs, and what people wrote


KEPT = tuple(title for title in HOSTILE if "\ud800" not in title)
"""What a store keeps: text that is none would never come so far."""


def hostile(report: Report) -> Report:
    """With such titles as nobody should write."""
    lines = [
        replace(line, title=KEPT[place % len(KEPT)], assignee_names=(KEPT[-place % len(KEPT)],))
        for place, line in enumerate(report.occurrences)
    ]
    return replace(report, occurrences=tuple(lines), locale="en")


def with_frozen(shop: SmallSite, report: Report) -> Page:
    """The page of a report of another week."""
    shop.app.services.store.freeze(report, [])
    answer = shop.visitor().get(f"/reports/{report.week}")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < LARGEST
    return Page(answer.text)


@pytest.mark.parametrize("report", [week_of_a_chain(), crowded()], ids=["sixty boards", "long lists"])
def test_a_page_of_many_boards_is_light(shop: SmallSite, report: Report) -> None:
    page = with_frozen(shop, report)
    assert len(page.all("table")[0].pieces) > 25
    loaded = [*page.all("link"), *page.all("img"), *page.all("script")]
    assert len(loaded) <= 4


def test_what_people_wrote_is_shown_as_it_is_and_does_nothing(shop: SmallSite) -> None:
    page = with_frozen(shop, hostile(week_of_a_chain()))
    assert page.all("script") == []
    assert page.all("b") == []
    titles = set(page.texts("strong") + page.texts("a"))
    assert one_line(HOSTILE[0]) in titles


def test_no_style_or_script_stands_in_a_page(shop: SmallSite) -> None:
    for path in ("/", "/reports", "/reports/2026-W40"):
        page = shown(shop, path=path)
        assert [each for each in page.elements if "style" in each.attributes] == []
        assert page.all("style") + page.all("script") == []
