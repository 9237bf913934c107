"""Tasks that count from a named date: moved with it, open cards follow and done ones stay."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from shop_kit import MONDAY, PARIS, Shop

from trello_ops.core.cadence import NO_DAY, Cadence, DayTime, Frequency
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Task
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.planning.changes import AmendCard
from trello_ops.core.tracking.events import is_done, withdrawal
from trello_ops.core.trello import Card
from trello_ops.operations import reconcile
from trello_ops.operations.declaration import follow, put_in_force
from trello_ops.operations.recover import recover
from trello_ops.testing import MemoryStore

GO_LIVE = dt.date(2026, 12, 1)


def counted(go_live: dt.date, days: int) -> Task:
    """A task so many days before go-live, whose card appears on its day."""
    cadence = Cadence(
        Frequency.ONCE,
        (),
        DayTime(dt.time(18)),
        PARIS,
        DayTime(dt.time(), -7),
        dates=(go_live - dt.timedelta(days=days),),
        counts_from="go_live",
    )
    return Task(f"before-{days}", f"Tâche {days}", "operations", "task.md", cadence, ("amal",))


class Launch(Shop):
    """A launch whose go-live date is moved in its file."""

    def __init__(self, *days: int) -> None:
        self.days = days
        super().__init__(*self.tasks(GO_LIVE))
        self.version = InForce(1, self.clock.now(), Declaration(self.workspace))
        self.store.put_in_force(self.version)
        self.apply()
        self.issue()
        self.advance(minutes=20)
        self.observe()

    def tasks(self, go_live: dt.date) -> Iterable[Task]:
        return (counted(go_live, days) for days in self.days)

    def move(self, go_live: dt.date) -> set[str]:
        """Move go-live; returns the tasks of the cards that `plan` amends, and applies them."""
        (board,) = self.workspace.boards
        files = replace(self.workspace, boards=(replace(board, tasks=tuple(self.tasks(go_live))),))
        now = self.clock.now()
        following = follow(self.store, self.version, Declaration(files), now)
        assert put_in_force(self.context(), following)
        self.version = InForce(self.version.version + 1, now, following.declaration)
        self.workspace = following.declaration.workspace
        changes = reconcile.plan(self.context()).changes
        assert self.apply().failed == {}
        assert self.plan_is_empty()
        return {each.key.task for each in changes if isinstance(each, AmendCard) and each.due}

    def its_entry(self, days: int) -> LedgerEntry:
        return self.entry(f"before-{days}", NO_DAY.isoformat())

    def card(self, days: int) -> Card:
        found = self.its_entry(days).card
        assert found
        return self.trello.card(found.id)

    def do(self, days: int) -> None:
        self.trello.tick(self.card(days).id, "amal_zina")
        self.advance(minutes=20)
        self.observe()

    def is_done(self, days: int) -> bool:
        return is_done(self.its_entry(days).events, self.clock.now())


def day_of(card: Card) -> dt.date:
    assert card.due
    return card.due.astimezone(PARIS).date()


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
