"""What falls due on a board that is closed, gone or kept from the token is never charged to anybody."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from shop_kit import PARIS, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report
from trello_ops.errors import TokenRefused, TrelloError, Unauthorised
from trello_ops.operations import reconcile

WEEK = IsoWeek(2026, 47)
Act = Callable[[Shop], None]


@pytest.fixture
def shop() -> Shop:
    """The first card is out, due on Monday at 18:00, and was read at ten."""
    made = Shop(daily_task("parcels"))
    made.apply()
    made.issue()
    until(made, 16, 10)
    return made


def board_id(shop: Shop) -> str:
    return shop.store.bindings().id(Kind.BOARD, "daily") or ""


def until(shop: Shop, day: int, hour: int) -> None:
    """Let the daemon's jobs run until then, every two hours."""
    end = dt.datetime(2026, 11, day, hour, 30, tzinfo=PARIS)
    while shop.clock.now() < end:
        shop.clock.advance_to(min(end, shop.clock.now() + dt.timedelta(hours=2)))
        for job in (lambda: reconcile.reconcile(shop.context(), UNATTENDED), shop.issue, shop.observe):
            with suppress(TrelloError):
                job()
        shop.report()


def frozen(shop: Shop) -> Report:
    until(shop, 24, 9)
    found = shop.store.frozen(WEEK)
    assert found
    return found


def outcomes(shop: Shop) -> dict[int, Outcome | str]:
    """By day of November."""
    return {int(line.key[-2:]): line.outcome for line in frozen(shop).occurrences}


def close(shop: Shop) -> None:
    shop.trello.close_board(board_id(shop))


def reopen(shop: Shop) -> None:
    shop.trello._edit_board(board_id(shop), closed=False)


@contextmanager
def kept_from_us(shop: Shop, error: TrelloError) -> Iterator[None]:
    def refuse(*_args: Any, **_more: Any) -> object:
        raise error

    for method in ("snapshot", "cards_since", "activity"):
        setattr(shop.trello, method, refuse)
    yield
    for method in ("snapshot", "cards_since", "activity"):
        delattr(shop.trello, method)


# ---- closed -----------------------------------------------------------------------------------------


def test_what_was_out_when_its_board_was_closed_is_open_and_the_rest_not_issued(shop: Shop) -> None:
    close(shop)
    found = outcomes(shop)
    assert found.pop(16) is Outcome.OPEN
    assert set(found.values()) == {Outcome.NOT_ISSUED}


def test_what_was_due_before_its_board_was_closed_counts_as_ever(shop: Shop) -> None:
    shop.trello.tick(shop.cards_on()[0].id, by="amal_zina")
    until(shop, 17, 20)
    close(shop)
    found = outcomes(shop)
    assert (found[16], found[17]) == (Outcome.ON_TIME, Outcome.MISSED)
    assert {found[day] for day in range(18, 23)} == {Outcome.NOT_ISSUED}


def test_what_was_due_while_its_board_was_closed_is_not_charged_when_it_is_done_later(shop: Shop) -> None:
    close(shop)
    until(shop, 17, 10)
    reopen(shop)
    until(shop, 17, 12)
    (line,) = (each for each in shop.cards_on() if each.title.endswith("2026-11-16"))
    shop.trello.tick(line.id, by="amal_zina")
    report = frozen(shop)
    assert report.occurrences[0].outcome is Outcome.OPEN
    assert report.occurrences[0].completed_by == "amal"
    assert {each.outcome for each in report.occurrences[2:]} == {Outcome.MISSED}


def test_what_was_done_in_time_stays_done_when_its_board_is_closed(shop: Shop) -> None:
    shop.trello.tick(shop.cards_on()[0].id, by="amal_zina")
    close(shop)
    assert outcomes(shop)[16] is Outcome.ON_TIME


def test_a_board_that_was_closed_for_most_of_the_time_charges_nobody() -> None:
    shop = Shop(daily_task("parcels"))
    shop.apply()
    until(shop, 17, 2)
    close(shop)
    until(shop, 17, 15)
    reopen(shop)
    found = outcomes(shop)
    assert (found[17], found[18]) == (Outcome.OPEN, Outcome.MISSED)


def test_a_board_that_was_closed_for_an_hour_in_the_morning_changes_nothing() -> None:
    shop = Shop(daily_task("parcels"))
    shop.apply()
    until(shop, 17, 2)
    close(shop)
    until(shop, 17, 3)
    reopen(shop)
    assert outcomes(shop)[17] is Outcome.MISSED


def test_a_board_that_was_closed_and_whose_file_was_removed_charges_nobody(shop: Shop) -> None:
    close(shop)
    shop.workspace = replace(shop.workspace, boards=())
    assert outcomes(shop)[16] is Outcome.OPEN


def test_what_is_caught_up_of_a_closed_board_was_open(shop: Shop) -> None:
    close(shop)
    frozen(shop)
    reopen(shop)
    shop.trello.tick(shop.cards_on()[0].id, by="amal_zina")
    until(shop, 30, 12)
    late = shop.store.frozen(WEEK.next())
    assert late
    assert [line.outcome for line in late.caught_up] == [Outcome.OPEN]


def test_a_closing_between_two_reads_is_known_by_the_log(shop: Shop) -> None:
    """As for whoever runs `tick` once a day."""
    until(shop, 17, 8)
    shop.advance(hours=1)
    close(shop)
    shop.advance(hours=12)
    reopen(shop)
    shop.advance(hours=1)
    found = outcomes(shop)
    assert (found[17], found[18]) == (Outcome.OPEN, Outcome.MISSED)


def test_a_closing_begins_when_the_log_tells_and_not_at_the_last_read(shop: Shop) -> None:
    until(shop, 17, 8)
    shop.clock.advance_to(dt.datetime(2026, 11, 17, 19, tzinfo=PARIS))
    close(shop)
    shop.advance(hours=5)
    assert outcomes(shop)[17] is Outcome.MISSED


def test_without_a_log_a_closing_begins_at_the_last_read_that_showed_the_board(shop: Shop) -> None:
    until(shop, 17, 8)
    shop.clock.advance_to(dt.datetime(2026, 11, 17, 19, tzinfo=PARIS))
    close(shop)
    shop.trello._actions[board_id(shop)].pop()
    assert outcomes(shop)[17] is Outcome.OPEN


# ---- gone -------------------------------------------------------------------------------------------


def test_what_was_out_when_its_board_was_deleted_is_open(shop: Shop) -> None:
    shop.trello.delete_board(board_id(shop))
    assert outcomes(shop)[16] is Outcome.OPEN


def test_what_was_out_on_a_board_that_was_made_anew_is_open(shop: Shop) -> None:
    until(shop, 17, 10)
    shop.trello.delete_board(board_id(shop))
    until(shop, 17, 14)
    shop.apply()
    found = outcomes(shop)
    assert (found[16], found[17]) == (Outcome.MISSED, Outcome.OPEN)
    assert {found[day] for day in range(18, 23)} == {Outcome.MISSED}, "these stand on the new board"


def test_a_board_that_was_deleted_and_made_anew_at_once_takes_its_cards_along(shop: Shop) -> None:
    shop.trello.delete_board(board_id(shop))
    shop.apply()
    assert outcomes(shop)[16] is Outcome.OPEN


# ---- kept from the token ----------------------------------------------------------------------------


def test_what_falls_due_while_a_board_is_kept_from_the_token_is_open(shop: Shop) -> None:
    with kept_from_us(shop, Unauthorised("401 unauthorized permission requested")):
        until(shop, 17, 10)
    found = outcomes(shop)
    assert found[16] is Outcome.OPEN
    assert {found[day] for day in range(18, 23)} == {Outcome.MISSED}


def test_a_token_that_is_refused_says_nothing_of_a_board(shop: Shop) -> None:
    with kept_from_us(shop, TokenRefused("401 invalid token")):
        until(shop, 17, 10)
    assert outcomes(shop)[16] is Outcome.MISSED
