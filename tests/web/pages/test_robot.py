"""The page of how the robot fares."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_titles import HOSTILE
from html_page import Page
from site_kit import SmallSite, site

from trello_ops import __version__
from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.sights import ReadCursor
from trello_ops.escape import one_line
from trello_ops.messages import say
from trello_ops.testing.clock import FixedClock

NOW = dt.datetime(2026, 11, 16, 4, 30, tzinfo=dt.UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with site(tmp_path, FixedClock(NOW)) as made:
        yield made


def shown(shop: SmallSite) -> Page:
    answer = shop.visitor().get("/robot")
    assert answer.status_code == 200
    return Page(answer.text)


def in_order(shop: SmallSite) -> None:
    """The board is on Trello and read, and each job has just succeeded."""
    store = shop.app.services.store
    store.bind(Binding(Kind.BOARD, "daily", "", "b1", NOW, url="https://trello.com/b/b1"))
    store.note_read(ReadCursor("daily", NOW))
    for job in shop.app.standing_jobs():
        store.job_done(job.name, NOW)


def test_where_all_is_in_order_the_page_says_so_first(shop: SmallSite) -> None:
    in_order(shop)
    page = shown(shop)
    assert page.texts("p", "well") == ["Tout va bien."]
    assert page.all("section", "needs") == []
    rows = page.texts("li")
    assert "Quotidien lu lun. 16 nov. 05:30" in rows
    assert "Créer les cartes lun. 16 nov. 05:30" in rows
    assert "Actualité · Quotidien lun. 16 nov. 06:00 · Karim" in rows
    assert __version__ in page.texts("p", "small")[-1]


def test_what_never_happened_needs_somebody(shop: SmallSite) -> None:
    page = shown(shop)
    assert page.all("p", "well") == []
    needs = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert "trello-ops apply" in needs["Quotidien"]
    assert needs["Créer les cartes"] == "Cela n’a pas encore réussi."


def test_a_job_that_is_late_needs_somebody(shop: SmallSite) -> None:
    in_order(shop)
    shop.clock.advance(dt.timedelta(minutes=14))
    assert shown(shop).texts("p", "well") == ["Tout va bien."]
    shop.clock.advance(dt.timedelta(minutes=2))
    assert "Créer les cartes" in shown(shop).texts("dt")


def test_problems_are_named_in_words_and_without_secrets(shop: SmallSite) -> None:
    in_order(shop)
    store = shop.app.services.store
    store.note_problem("daily/news", say("cannot be read: %(why)s", why="t" * 64), NOW)
    store.note_problem("daily:closed", "closed", NOW)
    store.note_problem("job:mail:2026-W46:x@example.org", "refused", NOW)
    store.note_problem("gone:matter", "of a board that left", NOW)
    page = shown(shop)
    assert sorted(page.texts("dt")) == sorted(["Actualité · Quotidien", "Quotidien", "E-mails", "gone"])
    assert "t" * 64 not in page.texts("main")[0]
    assert any(each.startswith("ne peut pas être lu") for each in page.texts("dd"))


def test_what_is_under_way_is_listed(shop: SmallSite) -> None:
    in_order(shop)
    shop.app.services.store.claim("daily/news/2026-11-16", "host:1:abc", NOW)
    assert "daily/news/2026-11-16 depuis lun. 16 nov. 05:30" in shown(shop).texts("li")


@pytest.mark.parametrize("choice", [Choice(board="daily"), Choice(person="amal")])
def test_it_is_for_those_who_may_see_everything(shop: SmallSite, choice: Choice) -> None:
    browser = shop.visitor(choice)
    assert browser.get("/robot").status_code == 404
    assert "/robot" not in browser.get("/calendar").text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_stays_text(shop: SmallSite, text: str) -> None:
    in_order(shop)
    known = {each.tag for each in shown(shop).elements} | {"dl", "dt", "dd"}
    text = text.encode("utf-8", "replace").decode()  # no store takes half a character
    store = shop.app.services.store
    store.note_problem("daily", text, NOW)
    store.claim(f"change:{one_line(text)}", text, NOW)
    shop.clock.advance(dt.timedelta(seconds=6))
    page = shown(shop)
    assert {each.tag for each in page.elements} <= known
    assert page.texts("dt") == ["Quotidien"]
