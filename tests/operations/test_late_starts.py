"""Days that were over before their task was declared: the card comes at once, and charges nobody."""

import datetime as dt
from dataclasses import replace

from launch_kit import GO_LIVE, Launch, counted, day_of
from shop_kit import MONDAY, PARIS

from trello_ops.core.cadence import DayTime, OnDayOff
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.planning.amendments import Reason
from trello_ops.operations import reconcile
from trello_ops.operations.recover import recover
from trello_ops.testing import MemoryStore

TODAY = MONDAY.date()  # 15 days before go-live


def test_its_card_comes_at_once_with_all_the_time_that_it_would_have_had() -> None:
    shop = Launch(30, 14)
    entry = shop.its_entry(30)
    assert day_of(shop.card(30)) == TODAY + dt.timedelta(days=8), "at 18:00, more than 7 days and 18 hours"
    assert entry.occurrence.release == MONDAY
    assert entry.occurrence.nominal_day == GO_LIVE - dt.timedelta(days=30)
    assert entry.occurrence.moved == Skip(SkipKind.LATE_START, "go_live")
    assert shop.plan_is_empty(), "it is as the files would have it"
    shop.advance(hours=1)
    assert shop.issue().cards == 0
    assert shop.plan_is_empty()


def test_it_is_due_on_the_named_date_at_the_latest() -> None:
    shop = Launch(14)
    shop.clock.advance_to(dt.datetime(2026, 11, 28, 8, tzinfo=PARIS))
    shop.edit(counted(GO_LIVE, 14), counted(GO_LIVE, 30))
    assert shop.issue().cards == 1
    assert day_of(shop.card(30)) == GO_LIVE


def test_after_the_named_date_nobody_waits_for_it() -> None:
    shop = Launch(14)
    shop.clock.advance_to(dt.datetime(2026, 12, 1, 18, tzinfo=PARIS))
    shop.edit(counted(GO_LIVE, 14), counted(GO_LIVE, 30), counted(GO_LIVE, 0))
    assert shop.issue().cards == 0


def test_it_falls_on_a_day_that_is_worked() -> None:
    late = counted(GO_LIVE, 30)
    cadence = replace(late.cadence, release=DayTime(dt.time()), on_day_off=OnDayOff.NEXT)
    shop = Launch(14)
    (board,) = shop.workspace.boards
    shop.workspace = replace(shop.workspace, boards=(replace(board, working_days=(4, 5)),))
    shop.edit(counted(GO_LIVE, 14), replace(late, cadence=cadence))
    assert shop.issue().cards == 1
    assert day_of(shop.card(30)) == TODAY + dt.timedelta(days=3), "Thursday"


def test_it_counts_in_the_week_of_its_new_due_alone() -> None:
    shop = Launch(30, 25)
    shop.do(30)
    shop.clock.advance_to(dt.datetime(2026, 12, 1, 9, tzinfo=PARIS))
    shop.observe()
    shop.report()
    week = shop.store.frozen(IsoWeek(2026, 48))
    assert week
    assert (week.totals.scheduled, week.totals.on_time, week.totals.missed) == (2, 1, 1)
    assert {week.number for week in shop.store.frozen_weeks()} <= {47, 48}


def test_a_date_that_is_brought_forward_brings_its_cards_at_once() -> None:
    shop = Launch(14, 0)
    assert shop.move(dt.date(2026, 11, 25)) == set(), "its new day is over, so that its card stays as it is"
    assert [each.reason for each in reconcile.plan(shop.context()).frozen] == [Reason.DAY_OVER]
    assert shop.issue().cards == 0
    shop.edit(*shop.tasks(dt.date(2026, 11, 25)), counted(dt.date(2026, 11, 25), 10))
    assert shop.issue().cards == 1
    assert day_of(shop.card(10)) == dt.date(2026, 11, 24)


def test_it_follows_once_its_day_lies_ahead() -> None:
    shop = Launch(30)
    assert shop.move(GO_LIVE + dt.timedelta(days=5)) == set()
    assert day_of(shop.card(30)) == TODAY + dt.timedelta(days=8)
    assert shop.move(GO_LIVE + dt.timedelta(days=30)) == {"before-30"}
    assert day_of(shop.card(30)) == GO_LIVE
    assert shop.its_entry(30).occurrence.moved is None
    assert shop.issue().cards == 0
    assert len(shop.cards_on()) == 1


def test_an_edited_title_leaves_its_due_alone() -> None:
    shop = Launch(30)
    shop.edit(replace(counted(GO_LIVE, 30), title="Autre titre"))
    assert shop.card(30).title.startswith("Autre titre")
    assert day_of(shop.card(30)) == TODAY + dt.timedelta(days=8)
    assert shop.plan_is_empty()


def test_a_lost_store_knows_it_again_as_it_was() -> None:
    shop = Launch(30)
    before = shop.its_entry(30).occurrence
    shop.store = MemoryStore()
    recover(shop.context())
    after = shop.its_entry(30).occurrence
    assert (after.due, after.day) == (before.due, before.day)
    assert shop.issue().cards == 0
    assert len(shop.cards_on()) == 1


def test_an_outage_over_its_day_is_no_late_start() -> None:
    shop = Launch(14, 0)
    shop.clock.advance_to(dt.datetime(2026, 12, 3, 8, tzinfo=PARIS))
    assert shop.issue().cards == 1
    assert day_of(shop.card(0)) == GO_LIVE, "it is caught up as it was due"
