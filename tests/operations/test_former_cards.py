"""Former cards that go when their task's next one is issued, on the shipped fakes and day by day."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import BoardList, FormerCard, Housekeeping, Undone
from trello_ops.core.ledger import EventKind
from trello_ops.core.planning.changes import UNATTENDED, ArchiveCard, MoveCard
from trello_ops.core.trello import Card
from trello_ops.errors import OutcomeUnknown, Unavailable
from trello_ops.operations import reconcile
from trello_ops.testing.trello import Call

AMAL = "amal_zina"
MONDAY, TUESDAY, WEDNESDAY = "2026-11-16", "2026-11-17", "2026-11-18"
ARCHIVE, MOVE = FormerCard(Undone.ARCHIVE), FormerCard(Undone.MOVE, "late")


def shop(when_open: FormerCard = ARCHIVE, undone: Undone = Undone.KEEP) -> Shop:
    """Its card of Monday is made and read; it is past its due, and nobody did it."""
    made = Shop(daily_task("parcels", when_open=when_open))
    (board,) = made.workspace.boards
    lists = (*board.lists[:2], BoardList("late", "En retard"), board.lists[2])
    board = replace(board, lists=lists, housekeeping=Housekeeping(undone=undone))
    made.workspace = replace(made.workspace, boards=(board,))
    made.apply()
    made.issue()
    made.observe()
    made.advance(hours=12)
    made.observe()
    return made


def tidy(shop: Shop) -> None:
    reconcile.reconcile(shop.context(), UNATTENDED)


def next_day(shop: Shop) -> None:
    """The next card comes; then everything is read and compared."""
    shop.advance(days=1)
    shop.issue()
    shop.observe()
    tidy(shop)


def card(shop: Shop, date: str = MONDAY) -> Card:
    issued = shop.entry("parcels", date).card
    assert issued
    return shop.trello.card(issued.id)


def facts(shop: Shop) -> list[EventKind]:
    return [event.kind for event in shop.entry("parcels", MONDAY).events]


def archiving(call: Call) -> bool:
    return isinstance(call, ArchiveCard)


def test_a_former_card_goes_with_the_next_one_and_that_is_nobody_s_doing() -> None:
    for rule in (ARCHIVE, MOVE):
        made = shop(rule)
        tidy(made)
        assert not card(made).closed
        next_day(made)
        late = made.store.bindings().id(Kind.LIST, "daily", "late")
        assert card(made).closed is (rule is ARCHIVE)
        assert (card(made).list_id == late) is (rule is MOVE)
        assert not card(made, TUESDAY).closed
        made.advance(minutes=10)
        made.observe()
        assert facts(made) == []
        assert made.plan_is_empty()


def test_it_counts_as_it_did_and_may_be_done_later() -> None:
    kept, gone = shop(FormerCard()), shop()
    for each in (kept, gone):
        next_day(each)
        each.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
        each.issue()
        each.observe()
        each.report()
    reports = [each.store.frozen(IsoWeek.parse("2026-W47")) for each in (kept, gone)]
    assert reports[0]
    assert reports[0] == reports[1]
    gone.trello.tick(card(gone).id, by=AMAL)
    gone.advance(minutes=10)
    gone.observe()
    assert facts(gone) == [EventKind.DONE]


def test_a_done_card_and_one_that_was_done_just_now_stay() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    made.advance(days=1)
    made.issue()
    tidy(made)  # the tick is not read yet
    assert not card(made).closed
    made.observe()
    tidy(made)
    assert not card(made).closed


def test_it_goes_though_the_next_card_is_done_and_archived_already() -> None:
    made = shop()
    made.advance(days=1)
    made.issue()
    made.trello.tick(card(made, TUESDAY).id, by=AMAL)
    made.trello.archive(card(made, TUESDAY).id, by=AMAL)
    made.observe()
    tidy(made)
    assert card(made).closed


def test_a_card_that_somebody_fetched_back_stays() -> None:
    for rule in (ARCHIVE, MOVE):
        made = shop(rule)
        next_day(made)
        if rule is ARCHIVE:
            made.trello.unarchive(card(made).id, by=AMAL)
        else:
            made.trello.move(
                card(made).id, made.store.bindings().id(Kind.LIST, "daily", "doing") or "", by=AMAL
            )
        before = card(made)
        tidy(made)  # nobody has read the log since
        for _ in range(3):
            next_day(made)
        assert card(made) == before
        assert facts(made) == [EventKind.KEPT]


def test_every_older_card_goes_and_only_the_newest_stays() -> None:
    made = shop()
    for _ in range(2):
        made.advance(days=1)
        made.issue()
        made.observe()
    tidy(made)
    assert [card(made, date).closed for date in (MONDAY, TUESDAY, WEDNESDAY)] == [True, True, False]


def test_a_process_that_died_after_it_issued_leaves_it_to_the_next() -> None:
    made = shop()
    made.advance(days=1)
    made.issue()
    made.restart()
    made.observe()
    tidy(made)
    assert card(made).closed


@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_is_not_repeated_against_a_person(done: bool) -> None:
    made = shop()
    made.advance(days=1)
    made.issue()
    made.observe()
    made.trello.fail_next(OutcomeUnknown("lost"), archiving, after_effect=done)
    tidy(made)
    assert card(made).closed is done
    if done:
        made.trello.unarchive(card(made).id, by=AMAL)
    tidy(made)
    made.advance(minutes=10)
    made.observe()
    tidy(made)
    assert card(made).closed is not done


def test_trello_out_of_reach_leaves_it_to_the_next_pass() -> None:
    made = shop()
    made.advance(days=1)
    made.issue()
    made.observe()
    made.trello.fail_next(Unavailable("away"), archiving)
    tidy(made)
    assert not card(made).closed
    made.advance(minutes=2)
    tidy(made)
    assert card(made).closed


def test_after_its_week_was_frozen_housekeeping_decides_and_the_card_comes_to_rest() -> None:
    made = shop(MOVE, Undone.ARCHIVE)
    next_day(made)
    assert not card(made).closed
    made.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
    made.issue()
    made.observe()
    made.report()
    tidy(made)
    assert card(made).closed
    before = len(made.trello.performed)
    for _ in range(3):
        made.advance(minutes=10)
        made.observe()
        tidy(made)
    assert [c for c in made.trello.performed[before:] if isinstance(c, ArchiveCard | MoveCard)] == []


def test_nothing_more_is_asked_of_trello_where_no_task_declares_it() -> None:
    counts = []
    for rule in (FormerCard(), ARCHIVE):
        made = shop(rule)
        made.advance(days=1)
        made.issue()
        made.observe()
        asked = made.calls()
        tidy(made)
        counts.append([call for call in asked if isinstance(call, str)])
    assert counts[1] == [*counts[0], "activity"]  # to see that nobody was at the card meanwhile
