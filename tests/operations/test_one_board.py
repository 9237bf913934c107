"""The trouble of one board stops no other, not even where Trello itself fails for that board alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from shop_kit import CASABLANCA, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import UNATTENDED, CreateCard
from trello_ops.errors import LimitReached, OutcomeUnknown, TrelloError, Unavailable
from trello_ops.operations import reconcile

BOARDS = ("a", "b", "c")
DAY = dt.timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    made = Shop(daily_task("parcels"))
    (board,) = made.workspace.boards
    made.workspace = replace(
        made.workspace, boards=tuple(replace(board, key=key, title=key.upper()) for key in BOARDS)
    )
    made.apply()
    made.issue()
    made.observe()
    return made


@contextmanager
def failing(shop: Shop, board: str, method: str, error: TrelloError) -> Iterator[None]:
    """A method of Trello's fails for one board."""
    bad, works = shop.store.bindings().id(Kind.BOARD, board), getattr(shop.trello, method)

    def fails(board_id: str, *args: Any, **more: Any) -> object:
        if board_id == bad:
            raise error
        return works(board_id, *args, **more)

    setattr(shop.trello, method, fails)
    yield
    delattr(shop.trello, method)


def subjects(shop: Shop) -> list[str]:
    return [problem.subject for problem in shop.store.problems()]


GATEWAY_TIMEOUT = Unavailable("GET /1/boards/a: 504 Gateway Timeout")


def test_a_board_that_cannot_be_looked_at_keeps_no_other_from_its_cards(shop: Shop) -> None:
    with failing(shop, "a", "cards_since", GATEWAY_TIMEOUT):
        shop.advance(days=2)
        shop.restart()
        for _ in range(3):
            shop.issue()
        assert subjects(shop) == ["a:looking"]
    assert [len(shop.cards_on(key)) for key in BOARDS] == [1, 2, 2]
    shop.advance(minutes=10)
    shop.issue()
    assert len(shop.cards_on("a")) == 2
    assert subjects(shop) == []


@pytest.mark.parametrize("read", [Shop.observe, lambda shop: reconcile.reconcile(shop.context(), UNATTENDED)])
def test_a_board_that_cannot_be_read_keeps_no_other_from_being_read(
    shop: Shop, read: Callable[[Shop], object]
) -> None:
    shop.advance(minutes=5)
    (card,) = shop.cards_on("b")
    shop.trello.tick(card.id, by="amal_zina")
    with failing(shop, "a", "snapshot", GATEWAY_TIMEOUT):
        read(shop)
        assert subjects(shop) in (["a:reading"], ["a"])
    if read is Shop.observe:
        cursors = shop.store.read_cursors()
        assert cursors["b"].read_at == cursors["c"].read_at > cursors["a"].read_at


def test_where_nothing_is_answered_the_pass_ends(shop: Shop) -> None:
    shop.advance(days=2)
    shop.restart()
    shop.away(lambda call: call == "cards_since")
    with pytest.raises(Unavailable):
        shop.issue()
    assert subjects(shop) == []


def test_a_look_that_is_refused_keeps_no_card_back_that_needs_none(shop: Shop) -> None:
    """Cards that were released while this process was running can stand nowhere yet."""
    refused = LimitReached("403 API_TOO_MANY_CARDS_REQUESTED")
    with failing(shop, "a", "cards_since", refused):
        shop.advance(days=2)
        shop.issue()
        assert subjects(shop) == ["a:looking"]
        shop.clock.advance_to(dt.datetime(2026, 11, 19, 0, 0, 10, tzinfo=CASABLANCA))
        shop.issue()
    assert sorted(card.title[-10:] for card in shop.cards_on("a")) == ["2026-11-16", "2026-11-19"]


def test_a_claim_does_not_outlive_its_board_and_file(shop: Shop) -> None:
    shop.trello.fail_next(OutcomeUnknown("lost"), lambda c: isinstance(c, CreateCard) and c.board == "a")
    shop.advance(days=1)
    shop.issue()
    assert len(shop.store.claims()) == 1
    shop.trello.delete_board(shop.store.bindings().id(Kind.BOARD, "a") or "")
    shop.workspace = replace(shop.workspace, boards=shop.workspace.boards[1:])
    shop.settle()
    shop.issue()
    assert shop.store.claims() == ()
    reconcile.reconcile(shop.context(), UNATTENDED)
    shop.advance(minutes=5)
    shop.issue()
    assert subjects(shop) == []
