"""A board that has been used for years: more cards than Trello shows at once."""

import datetime as dt

import pytest
from live_kit import MONDAY, PARCELS, Shop, one_pass

from trello_ops.operations import reconcile


@pytest.mark.slow
def test_2500_cards_on_the_daily_board(shop: Shop) -> None:
    trello = shop.trello
    (todo,) = (each for each in trello.state()["lists"] if each["name"] == "À faire")
    trello.write_notes(todo["id"], 2_500, "karim_zina")
    trello.fault(method="POST", path="/1/cards$", skip=2, lose_answer=True)
    one_pass(shop.app)
    shop.clock.advance(110)
    assert one_pass(shop.app) == {}
    shop.check_today()
    assert reconcile.plan(shop.app.context()).changes == (), "the template card is found among the others"

    trello.tick(trello.card(PARCELS), "karim_zina")
    shop.job("observe")
    assert shop.outcome(PARCELS) == "on_time"
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7, hours=1))
    assert one_pass(shop.app) == {}
    assert shop.outcomes()[PARCELS] == "on_time"
