"""Closing weeks and mailing their account, on the shipped fakes."""

import datetime as dt
from dataclasses import replace

from shop_kit import PARIS, Shop, daily_task, parcels_shop

from trello_ops.core.cadence import DayTime, Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.people import Absence
from trello_ops.core.reporting.notice import Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.standing import WeekCount
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


# ---- among other weeks


def next_week_lived(shop: Shop) -> None:
    """Another week after the first was closed: nothing is done, and it is closed."""
    for day in range(24, 30):
        shop.clock.advance_to(dt.datetime(2026, 11, day, 9, tzinfo=PARIS))
        shop.issue()
        shop.observe()
    shop.clock.advance_to(CLOSE + dt.timedelta(days=7))
    shop.issue()
    shop.observe()
    shop.report()


def test_a_week_is_frozen_with_what_was_before_it() -> None:
    shop = lived_week()
    close(shop)
    shop.report()
    next_week_lived(shop)
    assert [each.whole for each in shop.store.frozen_counts()] == [
        WeekCount(WEEK, 7, 5),
        WeekCount(WEEK.next(), 7, 0),
    ]
    frozen = shop.store.frozen(WEEK.next())
    assert frozen is not None
    # The week before ended with three on time, after one late.
    assert [each.count for each in frozen.needs_you] == [1, 2, 3, 4, 4, 4, 4]
    assert {each.of for each in frozen.needs_you} == {4}
    assert [(each.task, each.count) for each in frozen.chronic] == [("parcels", 5)]


def test_what_is_told_of_a_week_does_not_depend_on_the_weeks_after() -> None:
    shop = lived_week()
    close(shop)
    before = reporting.account(shop.context(), WEEK)
    shop.report()
    next_week_lived(shop)
    assert replace(before, frozen_at=CLOSE) == shop.store.frozen(WEEK)


def test_who_is_away_next_week_is_told_with_what_that_leaves_to_nobody() -> None:
    shop = lived_week()
    away = Absence(dt.date(2026, 11, 24), dt.date(2026, 11, 25))
    amal = replace(shop.workspace.people[0], absences=(away,))
    shop.workspace = replace(shop.workspace, people=(amal, *shop.workspace.people[1:]))
    shop.apply()
    close(shop)
    shop.report()
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert [(each.why, each.first, each.last) for each in frozen.next_week] == [
        (Why.ABSENCE, away.first, away.last)
    ]
    nobodys = [each for each in frozen.needs_you if each.why is Why.UNASSIGNED]
    assert [(each.key, each.who) for each in nobodys] == [
        ("daily/parcels/2026-11-24", ("Amal",)),
        ("daily/parcels/2026-11-25", ("Amal",)),
    ]


def test_what_falls_due_in_the_next_week_is_told_whatever_its_day() -> None:
    late = daily_task("plan")
    rhythm = replace(late.cadence, frequency=Frequency.MONTHLY, on=(19,), due=DayTime(dt.time(18), 5))
    shop = Shop(replace(late, cadence=rhythm))
    shop.apply()
    account = reporting.account(shop.context(), WEEK)
    assert [(each.why, each.first) for each in account.next_week] == [(Why.RARE, dt.date(2026, 11, 24))]


def test_a_week_that_waits_asks_for_no_other() -> None:
    shop = lived_week()
    shop.clock.advance_to(CLOSE)
    shop.store.frozen_counts = None  # type: ignore[method-assign, assignment]
    assert shop.report() == 0
