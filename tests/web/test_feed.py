"""What calendar programs are given at secret addresses."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from site_kit import SmallSite, site

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.ledger import EventKind, EventSource, IssuedCard, LedgerEvent
from trello_ops.core.links import Opens
from trello_ops.operations.calendar import calendar
from trello_ops.testing.clock import FixedClock

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with site(tmp_path, FixedClock(NOW)) as made:
        yield made


def feed(shop: SmallSite, choice: Choice = EVERYTHING, **headers: str) -> httpx.Response:
    _, secret = shop.link(choice, Opens.FEED)
    return shop.stranger().get(f"/calendar/{secret}.ics", **headers)


def summaries(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    read = Calendar.from_ical(answer.text)
    assert read.errors == []
    return [str(event["SUMMARY"]) for event in read.walk("VEVENT")]


def test_a_feed_holds_a_year_and_needs_no_cookie(shop: SmallSite) -> None:
    answer = feed(shop)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    days = {event.start.date() for event in Calendar.from_ical(answer.text).walk("VEVENT")}
    assert max(days) == NOW.date() + 366 * DAY
    assert len(summaries(answer)) > 3 * 310


def test_a_feed_is_of_a_board_or_a_person_alone(shop: SmallSite) -> None:
    assert set(summaries(feed(shop, Choice(person="karim")))) == {"Colis", "Actualité"}
    assert set(summaries(feed(shop, Choice(board="daily")))) == {"Colis", "E-mails", "Actualité"}


def test_what_is_done_is_marked(shop: SmallSite) -> None:
    context, store = shop.app.context(), shop.app.services.store
    coming = calendar(context, Span(NOW.date(), NOW.date()), Choice(task="daily/news"))
    (news,) = (each.occurrence for each in coming.entries)
    store.record([news], NOW)
    store.confirm(news.key, IssuedCard("c1", "https://trello.com/c/c1", NOW, NOW))
    store.append([LedgerEvent(news.key, EventKind.DONE, NOW, EventSource.TICK)], NOW)
    assert summaries(feed(shop)).count("✓ Actualité") == 1


def test_a_feed_that_has_not_changed_is_not_sent_again(shop: SmallSite) -> None:
    first = feed(shop)
    assert first.headers["cache-control"] == "private, max-age=3600"
    again = feed(shop, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_feed_travels_compressed(shop: SmallSite) -> None:
    answer = feed(shop, accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(answer.content) / 5


def test_a_revoked_feed_a_wrong_secret_and_that_of_pages_are_not_there(shop: SmallSite) -> None:
    link, secret = shop.link(opens=Opens.FEED)
    assert shop.stranger().get(f"/calendar/{secret}.ics").status_code == 200
    shop.app.services.store.revoke_link(link.name, NOW)
    wrong = [secret, shop.link()[1], "x", secret[:-1]]
    assert [shop.stranger().get(f"/calendar/{each}.ics").status_code for each in wrong] == [404] * 4
