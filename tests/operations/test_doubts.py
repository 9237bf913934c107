"""What the log shows of doubtful completions, read back on the shipped fakes."""

import datetime as dt

from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import EventKind, LedgerEvent
from trello_ops.core.reporting.doubtful import doubtful
from trello_ops.core.reporting.notice import Why
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report

AMAL = "amal_zina"


def opened() -> tuple[Shop, str]:
    """A shop with today's card of eight items, read once; and the card's id."""
    shop = Shop(daily_task("parcels", duration=60), cards=PlainCards({"parcels": (EIGHT,)}))
    shop.apply()
    shop.issue()
    shop.observe()
    shop.advance(hours=1)
    return shop, shop.cards_on()[0].id


def events(shop: Shop) -> tuple[LedgerEvent, ...]:
    return shop.entry("parcels", "2026-11-16").events


def kinds(shop: Shop) -> list[EventKind]:
    return [event.kind for event in events(shop)]


def test_all_items_at_once_are_seen_over_two_reads_and_once() -> None:
    shop, card = opened()
    begun = shop.clock.now()
    for number, item in enumerate(EIGHT.items):
        shop.trello.check(card, item, by=AMAL)
        shop.advance(seconds=1)
        if number == 3:
            shop.observe()
    shop.observe()
    assert kinds(shop) == [EventKind.TOUCHED, EventKind.AT_ONCE]
    assert [event.at for event in events(shop)] == [begun, begun + dt.timedelta(seconds=7)]
    calls = shop.calls()
    for minutes in (0, 5, 60):
        shop.advance(minutes=minutes)
        assert shop.observe() == 0
    assert set(calls) <= {"identity", "time", "snapshot", "activity"}, "no request more than before"


def test_items_ticked_minutes_apart_are_not_at_once() -> None:
    shop, card = opened()
    for item in EIGHT.items:
        shop.trello.check(card, item, by=AMAL)
        shop.advance(minutes=1)
        shop.observe()
    assert kinds(shop) == [EventKind.TOUCHED]


def test_what_a_program_did_and_what_went_too_quickly_is_asked_about() -> None:
    shop, card = opened()
    shop.trello.check(card, EIGHT.items[0], by=AMAL)
    shop.advance(minutes=4)
    shop.observe()
    shop.trello.tick(card, by=AMAL, automated=True)
    shop.observe()
    assert kinds(shop) == [EventKind.TOUCHED, EventKind.DONE, EventKind.AUTOMATED]
    entry = shop.entry("parcels", "2026-11-16")
    closes = shop.clock.now() + dt.timedelta(days=7)
    facts = WeekFacts(IsoWeek(2026, 47), [entry], [], {"daily"})
    lines = weekly_report(shop.workspace, facts, shop.clock.now(), freeze=False).occurrences
    notices = doubtful(shop.workspace, lines, [entry], closes, closes)
    assert [(each.why, each.count, each.of) for each in notices] == [
        (Why.TOO_QUICK, 4, 60),
        (Why.AUTOMATED, 0, 0),
    ]


def test_a_person_who_only_ticks_leaves_no_doubt() -> None:
    shop, card = opened()
    shop.trello.tick(card, by=AMAL)
    shop.observe()
    assert kinds(shop) == [EventKind.DONE]
