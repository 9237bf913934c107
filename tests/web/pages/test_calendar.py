"""The page of what comes, as those who have a link see it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_titles import HOSTILE
from html_page import Page
from site_kit import Browser, SmallSite, site

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.ledger import EventKind, EventSource, IssuedCard, LedgerEvent, Occurrence
from trello_ops.escape import one_line
from trello_ops.operations.calendar import calendar
from trello_ops.testing.clock import FixedClock

NOW = dt.datetime(2026, 11, 18, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with site(tmp_path, FixedClock(NOW)) as made:
        yield made


def shown(browser: Browser, query: str = "") -> Page:
    answer = browser.get(f"/calendar{query}")
    assert answer.status_code == 200
    return Page(answer.text)


def news(shop: SmallSite) -> Occurrence:
    context = shop.app.context()
    coming = calendar(context, Span(NOW.date(), NOW.date()), Choice(task="daily/news"))
    (found,) = (each.occurrence for each in coming.entries)
    return found


def issued(shop: SmallSite, one: Occurrence) -> None:
    shop.app.services.store.record([one], NOW)
    shop.app.services.store.confirm(one.key, IssuedCard("c1", "https://trello.com/c/c1", NOW, NOW))


def test_four_weeks_are_shown_from_the_monday_of_this_one(shop: SmallSite) -> None:
    page = shown(shop.visitor())
    assert page.texts("h1") == ["Calendrier, 16 nov. – 13 déc. 2026"]
    assert len(page.all("section", "week")) == 4
    assert page.texts("h3")[0] == "lundi 16 novembre"
    (today,) = (each for each in page.all("section", "day") if "aria-current" in each.attributes)
    assert "mercredi 18 novembre" in today.text


def test_other_weeks_are_before_and_behind_and_no_day_is_lost_between(shop: SmallSite) -> None:
    browser = shop.visitor()
    links = {each.text: each.attributes["href"] for each in shown(browser, "?from=2026-12-23").all("a")}
    assert links["← Plus tôt"] == "/calendar?from=2026-11-23"
    assert links["Plus tard →"] == "/calendar?from=2027-01-18"
    assert shown(browser, "?from=2026-12-23").texts("h1") == ["Calendrier, 21 déc. 2026 – 17 janv. 2027"]


def test_one_board_or_person_can_be_looked_at(shop: SmallSite) -> None:
    browser = shop.visitor()
    whole = shown(browser)
    links = {each.text: each.attributes["href"] for each in whole.all("a")}
    assert links["Karim"] == "/calendar?person=karim"
    assert links["Quotidien"] == "/calendar?board=daily"
    karim = shown(browser, "?person=karim&from=2026-12-07")
    assert set(karim.texts("span", "title")) == {"Colis", "Actualité"}
    kept = {each.text: each.attributes["href"] for each in karim.all("a")}
    assert kept["Plus tard →"] == "/calendar?person=karim&from=2027-01-04"
    assert kept["Amal"] == "/calendar?person=amal&from=2026-12-07"


def test_a_link_of_a_person_shows_what_is_theirs_and_offers_nothing_else(shop: SmallSite) -> None:
    browser = shop.visitor(Choice(person="amal"))
    page = shown(browser)
    assert set(page.texts("span", "title")) == {"Colis", "E-mails"}
    assert "Actualité" not in " ".join(page.texts("main"))
    assert [each.text for each in page.all("a")] == ["← Plus tôt", "Plus tard →"]
    for query in ("?person=karim", "?board=daily", "?person=amal&board=daily"):
        assert browser.get(f"/calendar{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "from=x", "from=20261207", "from=2026-W50-1", "from=1969-12-31", "from=2200-01-01", "from=2026-02-30",
        "board=none", "person=none", "person=<script>", "board=daily&person=none", "from=2026-12-07%0d%0a",
    ],
)  # fmt: skip
def test_what_is_no_day_board_or_person_is_not_there(shop: SmallSite, query: str) -> None:
    answer = shop.visitor().get(f"/calendar?{query}")
    assert answer.status_code == 404
    assert "script>" not in answer.text


@pytest.mark.parametrize("day", ["1970-01-01", "2199-12-31"])
def test_the_first_and_the_last_days_have_their_weeks(shop: SmallSite, day: str) -> None:
    assert shop.visitor().get(f"/calendar?from={day}").status_code == 200


def test_what_is_done_says_so_and_leads_to_its_card(shop: SmallSite) -> None:
    one, browser = news(shop), shop.visitor()
    issued(shop, one)
    page = shown(browser)
    assert page.all("span", "done") == []
    assert "https://trello.com/c/c1" in [each.attributes["href"] for each in page.all("a")]
    done = LedgerEvent(one.key, EventKind.DONE, NOW, EventSource.TICK)
    shop.app.services.store.append([done], NOW)
    shop.clock.advance(dt.timedelta(seconds=6))
    (marked,) = (each for each in shown(browser).all("li") if "✓ faite" in each.text)
    assert "Actualité" in marked.text


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_text(shop: SmallSite, title: str) -> None:
    one = news(shop)
    text = title.encode("utf-8", "replace").decode()  # no store takes half a character
    issued(shop, replace(one, title=text, board_title=text))
    before = Page(shop.visitor(Choice(person="amal")).get("/calendar").text)
    page = shown(shop.visitor())
    assert " ".join(one_line(text).split()) in [each.text for each in page.all("a")]
    assert {each.tag for each in page.elements} <= {each.tag for each in before.elements} | {"a"}
