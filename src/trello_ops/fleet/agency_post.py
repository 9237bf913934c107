"""The week of all shops: frozen once no shop's is waited for any more, and mailed once, by whichever node."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import structlog

from trello_ops.adapters.store import Database
from trello_ops.adapters.store.agency import AGENCY, AgencyStore
from trello_ops.app import lease_policy_of, said_in
from trello_ops.channels import mailer_of, notifier_of
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy, Theme, Workspace
from trello_ops.core.mails import FLEET, OwedMail
from trello_ops.core.reporting.agency import AgencyReport, weeks_over
from trello_ops.errors import TrelloOpsError
from trello_ops.fleet.agency import Stores
from trello_ops.fleet.tenant import Agency, Fleet
from trello_ops.operations.context import Config, Context, Runtime
from trello_ops.operations.mailing import send_owed
from trello_ops.ports import Clock, Mail, Services

log = structlog.get_logger()

SECONDS: Final = 60.0
"""How often nodes look whether there is something to freeze or to send."""


class AgencyPost:
    """Freezes and sends the reports of all shops of the fleet that `fleet` reads.

    `runtime` is what the process remembers between two looks.
    """

    def __init__(
        self, database: Database, fleet: Callable[[], Fleet], clock: Clock, runtime: Runtime
    ) -> None:
        self._database, self._fleet, self._clock, self._runtime = database, fleet, clock, runtime
        self._store = AgencyStore(database)

    def ring(self) -> None:
        """Freeze what can be, send what is owed. What fails is logged, and tried again at the next ring."""
        fleet = self._fleet()
        if fleet.agency is None:
            return
        try:
            self.freeze(fleet, fleet.agency)
            self.send(fleet.agency)
        except TrelloOpsError as error:
            log.warning("agency.failed", error=error.message)
        except Exception:
            log.exception("agency.crashed")

    def freeze(self, fleet: Fleet, agency: Agency) -> None:
        """Freeze each week that is over at every shop, in order. Raises `StoreError`."""
        now, frozen = self._clock.now(), self._store.frozen_weeks()
        stores = Stores(fleet, self._database, now, agency.locale)
        for week in weeks_over(max(frozen, default=None), now):
            if self._runtime.stopping() or not stores.all_told(week):
                return
            shops = stores.week(week, {*fleet.tenants, *fleet.problems})
            report = AgencyReport(week, agency.name, agency.locale, now, now, shops)
            # Of a fleet that has no figures yet there is nothing to be told.
            if report.reported and self._store.freeze_agency(report, owed_of(agency, week)):
                log.info("agency.frozen", week=str(week))

    def send(self, agency: Agency, *, asked: bool = False) -> int:
        """Send what is owed; returns how many mails went out. See `send_owed`."""
        return send_owed(self.context(agency), asked=asked, render=self._mail)

    def context(self, agency: Agency) -> Context:
        """What sending works with. Nothing in it is about boards."""
        settings, nothing = agency.settings, cast("Any", None)
        return Context(
            Services(nothing, self._store, self._clock, mailer_of(settings), notifier_of(settings)),
            as_workspace(agency),
            nothing,
            nothing,
            nothing,
            self._runtime,
            Config(lease_policy_of(settings)),
            translate=said_in,
        )

    def _mail(self, context: Context, owed: OwedMail) -> Mail | None:
        from trello_ops.render import agency_mail  # imported late: it would take memory all week

        report = self._store.frozen_agency(owed.week)
        # In the language of who reads it, which may have been set since.
        return agency_mail.mail(replace(report, locale=context.workspace.locale), owed) if report else None


def owed_of(agency: Agency, week: IsoWeek) -> tuple[OwedMail, ...]:
    """The mails about a week of all shops."""
    return tuple(OwedMail(week, recipient, FLEET) for recipient in agency.recipients)


def as_workspace(agency: Agency) -> Workspace:
    """An agency, for what knows workspaces: one that has recipients, and no boards."""
    return Workspace(
        key=AGENCY,
        name=agency.name or AGENCY,
        trello_workspace="",
        locale=agency.locale,
        timezone=ZoneInfo("UTC"),
        people=(),
        themes=(),
        excused=Theme("excused", "", ""),
        report=ReportPolicy(agency.recipients),
        boards=(),
    )
