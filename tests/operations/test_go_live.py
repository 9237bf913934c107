"""Tasks that count from a named date: moved with it, open cards follow and done ones stay."""

import datetime as dt
from dataclasses import replace

from launch_kit import GO_LIVE, Launch, counted, day_of
from shop_kit import MONDAY, PARIS

from trello_ops.core.declaration import Declaration
from trello_ops.core.tracking.events import withdrawal
from trello_ops.operations.declaration import follow, put_in_force
from trello_ops.operations.recover import recover
from trello_ops.testing import MemoryStore


def test_open_cards_follow_and_done_ones_stay_whichever_way_it_is_moved() -> None:
    shop = Launch(14, 10, 0)  # due on 17 and 21 November and 1 December; the last is not out yet
    assert len(shop.cards_on()) == 2
    shop.do(14)
    assert shop.move(dt.date(2027, 3, 1)) == {"before-10"}
    assert day_of(shop.card(10)) == dt.date(2027, 2, 19)
    assert day_of(shop.card(14)) == dt.date(2026, 11, 17)
    assert shop.move(dt.date(2026, 11, 29)) == {"before-10"}
    assert day_of(shop.card(10)) == dt.date(2026, 11, 19)
    assert shop.is_done(14)
    assert withdrawal(shop.its_entry(10).events, shop.clock.now()) is None
    shop.clock.advance_to(dt.datetime(2026, 11, 22, 8, tzinfo=PARIS))
    assert shop.issue().cards == 1  # that of the day itself, a week ahead
    assert len(shop.cards_on()) == 3


def test_what_is_done_comes_no_more_when_its_day_lies_ahead_again() -> None:
    shop = Launch(14)
    shop.do(14)
    for month in (3, 6, 9):
        shop.move(dt.date(2027, month, 1))
        shop.clock.advance_to(dt.datetime(2027, month, 1, 8, tzinfo=PARIS) - dt.timedelta(days=16))
        assert shop.issue().cards == 0
    assert len(shop.cards_on()) == 1
    assert shop.is_done(14)


def test_a_mistyped_year_loses_nothing() -> None:
    shop = Launch(14, 0)
    shop.move(dt.date(2025, 12, 1))
    assert shop.issue().cards == 0
    assert withdrawal(shop.its_entry(14).events, shop.clock.now()) is None
    assert day_of(shop.card(14)) == dt.date(2026, 11, 17)
    shop.move(dt.date(2026, 12, 2))
    assert day_of(shop.card(14)) == dt.date(2026, 11, 18)
    shop.clock.advance_to(dt.datetime(2026, 11, 26, 8, tzinfo=PARIS))
    assert shop.issue().cards == 1
    assert day_of(shop.card(0)) == dt.date(2026, 12, 2)


def test_it_is_moved_years_away() -> None:
    shop = Launch(14)
    assert shop.move(dt.date(2030, 3, 1)) == {"before-14"}
    assert withdrawal(shop.its_entry(14).events, shop.clock.now()) is None
    assert shop.move(dt.date(2026, 12, 1)) == {"before-14"}
    assert len(shop.cards_on()) == 1


def test_a_day_counted_anew_from_the_date_is_the_same_task() -> None:
    shop = Launch(14)
    (board,) = shop.workspace.boards
    nearer = replace(counted(GO_LIVE, 12), key="before-14", title="Tâche 14")
    files = replace(shop.workspace, boards=(replace(board, tasks=(nearer,)),))
    following = follow(shop.store, shop.version, Declaration(files), shop.clock.now())
    assert put_in_force(shop.context(), following)
    shop.workspace = following.declaration.workspace
    shop.apply()
    assert day_of(shop.card(14)) == dt.date(2026, 11, 19)
    assert shop.issue().cards == 0
    assert shop.clock.now() > MONDAY


def test_what_is_done_comes_no_more_under_another_key() -> None:
    shop = Launch(14)
    shop.do(14)
    shop.clock.advance_to(dt.datetime(2027, 11, 1, 8, tzinfo=PARIS))  # long past what other rhythms remember
    go_live = dt.date(2027, 11, 20)
    renamed = replace(counted(go_live, 14), key="domain", was=("daily/before-14",))
    (board,) = shop.workspace.boards
    files = replace(shop.workspace, boards=(replace(board, tasks=(renamed,)),))
    following = follow(shop.store, shop.version, Declaration(files), shop.clock.now())
    assert put_in_force(shop.context(), following)
    shop.workspace = following.declaration.workspace
    shop.apply()
    assert shop.issue().cards == 0
    assert len(shop.cards_on()) == 1


def test_a_lost_store_knows_both_cards_again_wherever_the_date_went() -> None:
    shop = Launch(14, 10)
    shop.do(14)
    shop.move(dt.date(2029, 3, 1))
    shop.store = MemoryStore()
    recover(shop.context())
    assert shop.is_done(14)
    assert day_of(shop.card(10)) == dt.date(2029, 2, 19)
    assert shop.its_entry(14).occurrence.day == dt.date(2026, 11, 17)
    assert shop.issue().cards == 0
    assert len(shop.cards_on()) == 2
