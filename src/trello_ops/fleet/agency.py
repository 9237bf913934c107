"""The week of every shop of a fleet, by their stores: as frozen, else as it stands."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from trello_ops.adapters.store import Database, SqlStore
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.reporting.agency import Lack, ShopWeek, in_order, in_short
from trello_ops.core.reporting.report import Report
from trello_ops.errors import TrelloOpsError
from trello_ops.fleet.tenant import Fleet, Tenant

Account = Callable[[Tenant, IsoWeek], Report]
"""What is counted so far of a shop's week that is not frozen. Raises `TrelloOpsError`."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of a fleet's shops, as of `now`; `account` counts what is not frozen."""

    fleet: Fleet
    database: Database
    now: dt.datetime
    account: Account

    def week(self, week: IsoWeek, names: Collection[str]) -> tuple[ShopWeek, ...]:
        """A week of the shops of these names, those with the most missed first.

        What is wrong with one of them hides no other.
        """
        known = dict.fromkeys((*self.fleet.workspaces, *self.fleet.problems))
        return in_order(self._shop(week, name) for name in known if name in names)

    def _shop(self, week: IsoWeek, name: str) -> ShopWeek:
        workspace, trouble = self.fleet.workspaces.get(name, ""), self.fleet.problems.get(name, "")
        tenant, report, lack = self.fleet.tenants.get(name), None, Lack.NOT_TENDED
        try:
            if workspace:
                store = SqlStore(self.database, workspace)
                if report := store.frozen(week):
                    return ShopWeek(name, workspace, in_short(report), None, trouble)
                if tenant:
                    lack = _lack(store, week, self.now)
                    counts = lack in (Lack.RUNNING, Lack.WAITING)
                    report = self.account(tenant, week) if counts else None
        except TrelloOpsError:  # what it is, `fleet status` tells
            return ShopWeek(name, workspace, None, Lack.UNREADABLE, trouble)
        return ShopWeek(name, workspace, in_short(report) if report else None, lack, trouble)


def _lack(store: SqlStore, week: IsoWeek, now: dt.datetime) -> Lack:
    """Why a shop that is tended has no frozen report of a week."""
    before, first = store.in_force(), store.first_due()
    if before is None:
        return Lack.NEVER_IN_FORCE
    workspace = before.declaration.workspace
    closes = _closes_at(workspace, week)
    if now < closes:
        return Lack.RUNNING
    ended = week.next().begins_at(workspace.timezone)
    return Lack.NOTHING_DUE if first is None or first >= ended else Lack.WAITING


def _closes_at(workspace: Workspace, week: IsoWeek) -> dt.datetime:
    return week.closes_at(workspace.timezone, workspace.report.closes_at)
