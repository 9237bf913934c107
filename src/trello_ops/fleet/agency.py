"""The week of every shop of a fleet, by their stores: as frozen, else as it stands."""

import datetime as dt
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from trello_ops.adapters.store import Database, SqlStore
from trello_ops.adapters.store.agency import frozen_by
from trello_ops.app import open_app, said_in
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declaration import InForce
from trello_ops.core.declared import Workspace
from trello_ops.core.reporting.agency import Lack, ShopWeek, in_order, in_short
from trello_ops.core.reporting.report import Report
from trello_ops.errors import TrelloOpsError
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.operations.report import account

_PATIENCE: Final = dt.timedelta(hours=1)
"""How much longer a fleet waits for a shop's report than the shop for the reading of its boards."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of a fleet's shops, as of `now`. Why some are not tended is said as in `locale`."""

    fleet: Fleet
    database: Database
    now: dt.datetime
    locale: str

    def week(self, week: IsoWeek, names: Collection[str]) -> tuple[ShopWeek, ...]:
        """A week of the shops of these names, those with the most missed first.

        What is wrong with one of them hides no other.
        """
        known = dict.fromkeys((*self.fleet.workspaces, *self.fleet.problems))
        return in_order(self._shop(week, name) for name in known if name in names)

    def all_told(self, week: IsoWeek) -> bool:
        """Whether no shop's report of a week is still to be waited for."""
        frozen = frozen_by(self.database, week)
        waited = (t for t in self.fleet.tenants.values() if self.fleet.workspaces[t.name] not in frozen)
        return not any(self._holds(week, tenant) for tenant in waited)

    def _holds(self, week: IsoWeek, tenant: Tenant) -> bool:
        store = SqlStore(self.database, self.fleet.workspaces[tenant.name])
        patience = dt.timedelta(hours=tenant.settings.report_wait_hours) + _PATIENCE
        try:
            known = store.in_force(), store.first_due()
        except TrelloOpsError:
            return False
        lack = _lack(*known, week, self.now)
        # Where it had closed so long ago already, nobody waits for it any more.
        late = lack is Lack.WAITING and _lack(*known, week, self.now - patience) is not Lack.RUNNING
        return lack in (Lack.RUNNING, Lack.WAITING) and not late

    def _shop(self, week: IsoWeek, name: str) -> ShopWeek:
        workspace = self.fleet.workspaces.get(name, "")
        trouble = said_in(self.fleet.problems.get(name, ""), self.locale)
        tenant, report, lack = self.fleet.tenants.get(name), None, Lack.NOT_TENDED
        try:
            if workspace:
                store = SqlStore(self.database, workspace)
                if report := store.frozen(week):
                    return ShopWeek(name, workspace, in_short(report), None, trouble)
                if tenant:
                    lack = _lack(store.in_force(), store.first_due(), week, self.now)
                    counts = lack in (Lack.RUNNING, Lack.WAITING)
                    report = self._so_far(tenant, week) if counts else None
        except TrelloOpsError:  # what it is, `fleet status` tells
            return ShopWeek(name, workspace, None, Lack.UNREADABLE, trouble)
        return ShopWeek(name, workspace, in_short(report) if report else None, lack, trouble)

    def _so_far(self, tenant: Tenant, week: IsoWeek) -> Report:
        others = self.fleet.workspaces.values()
        with closing(open_app(tenant.settings, database=self.database, neighbours=others)) as app:
            return account(app.context(), week)


def _lack(before: InForce | None, first: dt.datetime | None, week: IsoWeek, now: dt.datetime) -> Lack:
    """Why a shop that is tended has no frozen report of a week, by what is in force and its first due."""
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
