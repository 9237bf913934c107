"""Putting cards away, copies and limits, on the shipped fakes and day by day."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import BoardList, Housekeeping, Undone
from trello_ops.core.ledger import EventKind
from trello_ops.core.planning.changes import UNATTENDED, ArchiveCard, Risk
from trello_ops.core.trello import Card
from trello_ops.errors import TrelloError, WrongClock
from trello_ops.operations import reconcile
from trello_ops.operations.report import account

AMAL = "amal_zina"
DATE = "2026-11-16"
NEXT_MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
MOVE = Housekeeping(undone=Undone.MOVE, move_to="late")


def shop(housekeeping: Housekeeping | None = None, tasks: int = 1) -> Shop:
    """A board with a list `late`, applied, its cards of Monday issued and read once."""
    made = Shop(*(daily_task(f"task{n}") for n in range(tasks)))
    (board,) = made.workspace.boards
    lists = (*board.lists[:2], BoardList("late", "En retard"), board.lists[2])
    board = replace(board, lists=lists, housekeeping=housekeeping or Housekeeping())
    made.workspace = replace(made.workspace, boards=(board,))
    made.apply()
    made.issue()
    made.observe()
    return made


def pass_by(shop: Shop, **time: float) -> None:
    """Let time go by, then do what the daemon does, but for issuing more cards."""
    shop.advance(**time)
    shop.observe()
    reconcile.reconcile(shop.context(), UNATTENDED)


def close_the_week(shop: Shop) -> None:
    shop.clock.advance_to(NEXT_MONDAY)
    shop.issue()
    shop.observe()
    shop.report()
    reconcile.reconcile(shop.context(), UNATTENDED)


def card(shop: Shop, task: str = "task0") -> Card:
    issued = shop.entry(task, DATE).card
    assert issued
    return shop.trello.card(issued.id)


def facts(shop: Shop) -> list[EventKind]:
    return [event.kind for event in shop.entry("task0", DATE).events]


def list_id(shop: Shop, key: str) -> str:
    return shop.store.bindings().id(Kind.LIST, "daily", key) or ""


def housekeeping(shop: Shop) -> list[str]:
    changes = reconcile.plan(shop.context()).changes
    return [type(change).__name__ for change in changes if change.risk is Risk.HOUSEKEEPING]


# ---- done cards


def test_a_done_card_is_archived_unattended_once_and_stays_done() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    pass_by(made, days=13)
    assert not card(made).closed
    made.advance(days=1)
    made.observe()
    assert housekeeping(made) == ["ArchiveCard"]
    reconcile.reconcile(made.context(), UNATTENDED)
    assert card(made).closed
    before = len(made.trello.performed)
    for _ in range(3):
        pass_by(made, hours=1)
    assert len(made.trello.performed) == before
    assert facts(made) == [EventKind.DONE]
    assert housekeeping(made) == []


def test_a_card_that_somebody_fetched_back_is_left_alone_and_may_be_reopened() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    pass_by(made, days=14)
    made.trello.unarchive(card(made).id, by=AMAL)
    assert housekeeping(made) == []  # nobody has read the log since
    pass_by(made, days=13)
    assert not card(made).closed
    pass_by(made, days=1)
    assert card(made).closed
    made.trello.unarchive(card(made).id, by=AMAL)
    made.trello.untick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    pass_by(made, days=20)
    assert not card(made).closed
    assert facts(made) == [EventKind.DONE, EventKind.KEPT, EventKind.REOPENED, EventKind.KEPT]


def test_a_card_that_was_unticked_since_it_was_read_is_not_archived() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    made.advance(days=14)
    made.trello.untick(card(made).id, by=AMAL)
    made.trello.tick(card(made).id, by=AMAL)
    reconcile.reconcile(made.context(), UNATTENDED)
    assert not card(made).closed


def test_an_old_board_is_put_away_in_portions_by_the_daemon() -> None:
    made = shop(tasks=30)
    for each in made.cards_on():
        made.trello.tick(each.id, by=AMAL)
    pass_by(made, minutes=10)
    pass_by(made, days=14)
    assert sum(each.closed for each in made.cards_on()) == 25
    assert len(housekeeping(made)) == 5
    pass_by(made, minutes=10)
    assert all(each.closed for each in made.cards_on())


def test_a_wrong_clock_puts_nothing_away() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    made.trello.ahead = dt.timedelta(days=-400)
    with pytest.raises(WrongClock):
        pass_by(made, days=400)
    with pytest.raises(WrongClock):
        reconcile.reconcile(made.context(), frozenset({Risk.HOUSEKEEPING}))
    assert not card(made).closed


def test_a_card_on_another_board_and_a_closed_board_are_left_alone() -> None:
    made = shop()
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    made.trello.close_board(made.store.bindings().id(Kind.BOARD, "daily") or "")
    pass_by(made, days=14)
    assert not card(made).closed


# ---- undone cards


def test_an_undone_card_is_archived_once_its_week_is_frozen() -> None:
    made = shop(Housekeeping(undone=Undone.ARCHIVE))
    pass_by(made, days=6)
    assert not card(made).closed
    close_the_week(made)
    assert card(made).closed
    made.trello.tick(card(made).id, by=AMAL)
    pass_by(made, minutes=10)
    assert facts(made) == [EventKind.DONE]
    late = account(made.context(), IsoWeek.parse("2026-W48")).caught_up
    assert [line.task for line in late] == ["task0"]


def test_an_undone_card_is_moved_and_that_is_nobody_s_doing() -> None:
    made = shop(MOVE)
    close_the_week(made)
    assert card(made).list_id == list_id(made, "late")
    pass_by(made, minutes=10)
    assert facts(made) == []
    assert made.plan_is_empty()


def test_an_undone_card_that_somebody_fetched_back_stays() -> None:
    for rules in (MOVE, Housekeeping(undone=Undone.ARCHIVE)):
        made = shop(rules)
        close_the_week(made)
        if card(made).closed:
            made.trello.unarchive(card(made).id, by=AMAL)
        else:
            made.trello.move(card(made).id, list_id(made, "doing"), by=AMAL)
        before = card(made)
        for _ in range(3):
            pass_by(made, minutes=10)
        assert card(made) == before
        assert facts(made) == [EventKind.KEPT]


def test_a_list_that_is_gone_is_made_again_before_cards_move_there() -> None:
    made = shop(MOVE)
    made.trello.archive_list(list_id(made, "late"))
    close_the_week(made)
    assert card(made).list_id == list_id(made, "todo")
    made.apply()
    made.apply()
    assert card(made).list_id == list_id(made, "late")
    assert made.plan_is_empty()


# ---- copies


def problems(shop: Shop) -> dict[str, str]:
    return {problem.subject: problem.message for problem in shop.store.problems()}


def test_a_copied_card_is_told_of_and_its_copy_archived_by_a_person() -> None:
    made = shop()
    copy = made.trello.copy(card(made).id, by=AMAL)
    waiting = reconcile.reconcile(made.context(), UNATTENDED)
    assert [type(change) for change in waiting.changes] == [ArchiveCard]
    assert [change.risk for change in waiting.changes] == [Risk.DESTRUCTIVE]
    assert not made.trello.card(copy.id).closed
    told = problems(made)["daily:copies"]
    assert f"{copy.url} of daily/task0/{DATE}" in told
    assert "daily:copies" in account(made.context(), IsoWeek.parse("2026-W47")).system
    made.trello.tick(copy.id, by=AMAL)
    pass_by(made, minutes=10)
    assert facts(made) == []
    made.apply()
    assert made.trello.card(copy.id).closed
    assert not card(made).closed
    assert made.plan_is_empty()
    reconcile.reconcile(made.context(), UNATTENDED)
    assert problems(made) == {}


def test_a_copy_without_the_marker_is_a_card_of_its_own() -> None:
    made = shop()
    copy = made.trello.copy(card(made).id, by=AMAL)
    made.trello.write(copy.id, description="Une autre affaire")
    assert made.plan_is_empty()


def test_many_copies_are_counted_and_a_few_named() -> None:
    made = shop()
    for _ in range(5):
        made.trello.copy(card(made).id, by=AMAL)
    reconcile.reconcile(made.context(), UNATTENDED)
    assert problems(made)["daily:copies"].count("https://") == 3
    assert " and 2 more" in problems(made)["daily:copies"]


# ---- limits


def test_a_board_near_a_limit_is_told_of_until_there_is_room() -> None:
    made = shop(tasks=4)
    made.trello.most_open_cards = 5
    reconcile.reconcile(made.context(), UNATTENDED)
    assert "cards.openPerBoard 4 of 5" in problems(made)["daily:limits"]
    made.trello.archive(card(made).id, by=AMAL)
    reconcile.reconcile(made.context(), UNATTENDED)
    assert "daily:limits" not in problems(made)


def test_a_board_that_cannot_be_read_keeps_what_was_known_of_it() -> None:
    made = shop()
    made.trello.copy(card(made).id, by=AMAL)
    reconcile.reconcile(made.context(), UNATTENDED)
    made.trello.fail_next(TrelloError("no"), when=lambda call: call == "snapshot")
    with pytest.raises(TrelloError):
        reconcile.reconcile(made.context(), UNATTENDED)
    assert "daily:copies" in problems(made)
