"""Waiting for what an earlier attempt has sent."""

import datetime as dt

import pytest
from shop_kit import Shop, daily_task

from trello_ops.cli.waiting import let_settle
from trello_ops.operations.claims import settled


def test_without_claims_nobody_waits_and_no_second_pass_is_made() -> None:
    assert not let_settle(Shop(daily_task("stock")).context())


def test_what_has_settled_meanwhile_is_worth_a_second_pass_and_no_waiting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop = Shop(daily_task("stock"))
    context = shop.context()
    claim = context.store.claim("daily/stock/2026-11-16", "somebody else", shop.clock.now())
    assert claim
    assert not settled(context)
    shop.clock.advance(dt.timedelta(hours=1))
    assert settled(context) == (claim,)
    before = shop.clock.monotonic()
    assert let_settle(context)
    assert shop.clock.monotonic() == before
    assert capsys.readouterr().err == ""
