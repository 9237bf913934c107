"""A launch: tasks that count from a named date, which is moved in its file."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from shop_kit import PARIS, Shop

from trello_ops.core.cadence import NO_DAY, Cadence, DayTime, Frequency, NamedDate
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Task
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.planning.changes import AmendCard
from trello_ops.core.tracking.events import is_done
from trello_ops.core.trello import Card
from trello_ops.operations import reconcile
from trello_ops.operations.declaration import follow, put_in_force

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
        counts_from=NamedDate("go_live", go_live),
    )
    return Task(f"before-{days}", f"Tâche {days}", "operations", "task.md", cadence, ("amal",))


class Launch(Shop):
    """A launch whose go-live date is moved in its file."""

    def __init__(self, *days: int) -> None:
        self.days = days
        super().__init__(*self.tasks(GO_LIVE))
        self.begin()

    def begin(self) -> None:
        """Put the tasks in force and make their cards."""
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
        return self.edit(*self.tasks(go_live))

    def edit(self, *tasks: Task) -> set[str]:
        """Put other tasks in force; likewise."""
        (board,) = self.workspace.boards
        files = replace(self.workspace, boards=(replace(board, tasks=tasks),))
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
