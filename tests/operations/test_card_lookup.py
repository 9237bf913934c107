"""Looks at boards do not wait for each other."""

import datetime as dt
import threading
from dataclasses import replace

from shop_kit import Shop, daily_task

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.trello import Card
from trello_ops.operations.card_lookup import CardLookup
from trello_ops.testing import FakeTrello


class Dripping(FakeTrello):
    """One board's cards do not come before somebody has read the other's."""

    def __init__(self, shop: Shop) -> None:
        self.__dict__ = shop.trello.__dict__
        self.begun, self.over = threading.Event(), threading.Event()

    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        if board_id == "dripping":
            self.begun.set()
            assert self.over.wait(15)
        return ()


def test_a_board_whose_cards_come_by_drips_holds_up_no_look_at_another() -> None:
    shop = Shop(daily_task("stock", "17:00"))
    trello, context = Dripping(shop), shop.context()
    lookup = CardLookup(replace(context, services=replace(context.services, trello=trello)))
    now = context.clock.now()

    def look(board: str) -> None:
        lookup.cards_on(Binding(Kind.BOARD, board, "", board, now), now)

    slow = threading.Thread(target=look, args=["dripping"])
    quick = threading.Thread(target=look, args=["other"])
    slow.start()
    assert trello.begun.wait(15)
    quick.start()
    quick.join(5)
    waited = quick.is_alive()
    trello.over.set()
    slow.join(15)
    quick.join(15)
    assert not waited
