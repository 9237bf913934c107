"""Reading some boards only, as after a hint, while the poll may be reading them too."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from shop_kit import Shop, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.ledger import EventKind
from trello_ops.errors import Unavailable
from trello_ops.operations import observe
from trello_ops.operations.board_locks import BoardLocks


def issued() -> tuple[Shop, str]:
    """A shop with today's card, read once, and the card's id."""
    shop = parcels_shop()
    shop.issue()
    shop.observe()
    shop.advance(hours=1)
    return shop, shop.cards_on()[0].id


def board_id(shop: Shop) -> str:
    return shop.store.bindings().id(Kind.BOARD, "daily") or ""


def facts(shop: Shop) -> list[EventKind]:
    return [each.kind for each in shop.entry("parcels", "2026-11-16").events]


def test_only_the_boards_that_are_named_are_read() -> None:
    shop, card = issued()
    shop.trello.tick(card, by="amal_zina")
    shop.away(lambda call: call == "snapshot")
    assert observe.observe(shop.context(), ["5f" * 12]) == 0
    with pytest.raises(Unavailable, match="away"):
        observe.observe(shop.context(), [board_id(shop)])
    assert observe.observe(shop.context(), [board_id(shop), "5f" * 12]) == 1
    assert facts(shop) == [EventKind.DONE]


def test_whoever_comes_second_waits_until_the_board_was_read() -> None:
    shop, _ = issued()
    context = shop.context()
    context = replace(context, runtime=replace(context.runtime, board_locks=BoardLocks()))
    read_at = shop.store.read_cursors()["daily"].read_at
    with ThreadPoolExecutor() as other:
        with context.runtime.board_locks.hold("daily"):
            second = other.submit(observe.observe, context)
            assert wait([second], 0.1).not_done
            assert shop.store.read_cursors()["daily"].read_at == read_at
        second.result(10)
    assert shop.store.read_cursors()["daily"].read_at > read_at


def test_boards_do_not_wait_for_each_other() -> None:
    board_locks = BoardLocks()
    with board_locks.hold("daily"), ThreadPoolExecutor() as other:
        assert other.submit(board_locks.hold("weekly").__enter__).result(10) is None
