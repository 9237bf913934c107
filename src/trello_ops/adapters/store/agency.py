"""What a fleet itself has to remember: its own reports of all shops, and who is owed them."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.rows import from_report
from trello_ops.adapters.store.sql import SqlStore
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.agency import AgencyReport

AGENCY: Final = "_fleet"
"""Where workspaces have their key. None has one like this."""


class AgencyStore(SqlStore):
    """The store of a fleet as a whole, beside those of its shops."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, AGENCY)

    def freeze_agency(self, report: AgencyReport, owed: Collection[OwedMail]) -> bool:
        """Keep the report of a week of all shops, and owe its mails; False when that is done already."""
        return self._freeze(from_report(report), owed)

    def frozen_agency(self, week: IsoWeek) -> AgencyReport | None:
        """The report of a week of all shops as it was frozen."""
        found = self._frozen(week)
        return AgencyReport.from_dict(found) if found else None


def frozen_by(database: Database, week: IsoWeek) -> frozenset[str]:
    """The keys of the workspaces whose report of a week is frozen. Raises `StoreError`."""
    with database.reading() as db:
        return frozenset(
            db.scalars(select(schema.reports.c.workspace).where(schema.reports.c.week == str(week)))
        )
