"""Closing weeks and mailing their account, on the shipped fakes."""

import datetime as dt
from dataclasses import replace

from shop_kit import PARIS, Shop, daily_task, parcels_shop

from trello_ops.core.cadence import DayTime
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.errors import TrelloError
from trello_ops.operations import report as reporting

WEEK = IsoWeek(2026, 47)
CLOSE = dt.datetime(2026, 11, 23, 7, 0, tzinfo=PARIS)


def lived_week() -> Shop:
    """Seven days of parcels: ticked on all but Wednesday, and on Thursday after the due."""
    shop = parcels_shop()
    for day in range(16, 23):
        shop.clock.advance_to(dt.datetime(2026, 11, day, 9, tzinfo=PARIS))
        shop.issue()
        shop.observe()
        hour = 19 if day == 19 else 12
        shop.clock.advance_to(dt.datetime(2026, 11, day, hour, tzinfo=PARIS))
        if day != 18:
            newest = max(shop.cards_on(), key=lambda card: card.created_at)
            shop.trello.tick(newest.id, by="amal_zina")
    return shop


def close(shop: Shop) -> None:
    shop.clock.advance_to(CLOSE)
    shop.issue()
    shop.observe()


def test_a_week_is_closed_on_monday_at_seven_and_not_before() -> None:
    shop = lived_week()
    shop.clock.advance_to(CLOSE - dt.timedelta(seconds=1))
    shop.observe()
    assert shop.report() == 0
    assert shop.store.frozen(WEEK) is None
    close(shop)
    assert shop.report() == 1
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert (frozen.totals.scheduled, frozen.totals.on_time, frozen.totals.late, frozen.totals.missed) == (
        7,
        5,
        1,
        1,
    )


def test_the_account_waits_for_a_full_read_after_the_close() -> None:
    shop = lived_week()
    shop.clock.advance_to(CLOSE)
    assert shop.report() == 0
    assert shop.store.frozen(WEEK) is None
    shop.observe()
    assert shop.report() == 1


def test_after_a_day_without_a_read_nobody_is_charged() -> None:
    shop = lived_week()
    shop.clock.advance_to(CLOSE + dt.timedelta(hours=24))
    shop.report()
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert [line.key[-10:] for line in frozen.with_outcome(Outcome.OPEN)] == ["2026-11-18", "2026-11-22"]
    assert frozen.totals.missed == 0


def test_frozen_figures_never_change_and_what_comes_later_is_caught_up() -> None:
    shop = lived_week()
    missed = sorted(shop.cards_on(), key=lambda card: card.created_at)[2]
    close(shop)
    shop.report()
    before = shop.store.frozen(WEEK)
    shop.advance(hours=2)
    shop.trello.tick(missed.id, by="amal_zina")
    shop.observe()
    shop.report()
    assert shop.store.frozen(WEEK) == before
    account = reporting.account(shop.context(), WEEK.next())
    assert [line.key for line in account.caught_up] == ["daily/parcels/2026-11-18"]


def test_a_report_is_mailed_once() -> None:
    shop = lived_week()
    close(shop)
    shop.report()
    shop.advance(days=1)
    shop.report()
    assert [(mail.recipient, mail.subject) for mail in shop.outbox.sent] == [
        ("manager@example.org", "2026-W47")
    ]


def test_two_processes_mail_once() -> None:
    shop = lived_week()
    close(shop)
    assert reporting.report(shop.context("one")) + reporting.report(shop.context("two")) == 1


def test_weeks_missed_by_a_long_downtime_are_closed_in_order() -> None:
    shop = lived_week()
    shop.clock.advance_to(CLOSE + dt.timedelta(days=15))
    shop.issue()
    shop.observe()
    shop.report()
    weeks = [WEEK, WEEK.next(), WEEK.next().next()]
    assert list(shop.store.frozen_weeks()) == weeks
    down = shop.store.frozen(weeks[1])
    assert down is not None
    assert down.totals.not_issued == down.totals.scheduled == 7


def test_the_running_week_is_provisional() -> None:
    shop = lived_week()
    account = reporting.account(shop.context(), WEEK)
    assert account.frozen_at is None
    assert account.totals.missed == 0
    assert account.totals.open == 2  # Wednesday's, which may still be done, and Sunday's, not read yet


def test_what_the_robot_could_not_issue_is_charged_to_nobody() -> None:
    shop = parcels_shop()
    shop.trello.fail_next(TrelloError("no"), when=lambda call: type(call).__name__ == "CreateCard")
    shop.issue()
    for day in range(17, 23):
        shop.clock.advance_to(dt.datetime(2026, 11, day, 9, tzinfo=PARIS))
        shop.issue()
    close(shop)
    shop.report()
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert [line.key for line in frozen.with_outcome(Outcome.NOT_ISSUED)] == ["daily/parcels/2026-11-16"]


def test_a_shop_that_begins_on_sunday_sees_the_week_to_come() -> None:
    monthly = daily_task("plan")
    monthly = replace(monthly, cadence=replace(monthly.cadence, on=(1,)))
    early = replace(monthly, cadence=replace(monthly.cadence, release=DayTime(dt.time(0, 0), -2)))
    shop = Shop(early)
    shop.clock.advance_to(dt.datetime(2026, 11, 22, 9, tzinfo=PARIS))
    shop.apply()
    shop.issue()
    (card,) = shop.cards_on()
    shop.trello.tick(card.id, by="amal_zina")
    shop.observe()
    account = reporting.account(shop.context(), reporting.running_week(shop.context()))
    assert [(line.key, line.completed_by) for line in account.occurrences] == [
        ("daily/plan/2026-11-23", "amal")
    ]


def test_who_leaves_in_mid_week_keeps_the_name_in_its_report() -> None:
    shop = lived_week()
    shop.workspace = replace(shop.workspace, people=shop.workspace.people[1:])
    close(shop)
    shop.report()
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert [(group.key, group.title) for group in frozen.people] == [("karim", "Karim"), ("amal", "Amal")]
    assert {line.completed_by for line in frozen.occurrences} == {"amal", None}
