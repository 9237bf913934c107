"""trello-ops fleet report"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.fleet_choice import chosen, file_option, shop_options
from trello_ops.cli.language import reader
from trello_ops.cli.options import format_option, out_option
from trello_ops.cli.output import to_json
from trello_ops.cli.report_forms import require_place, write
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.weeks import WEEK
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.agency import AgencyReport
from trello_ops.core.reporting.report import Report
from trello_ops.fleet.agency import Stores
from trello_ops.fleet.tenant import Tenant
from trello_ops.operations.report import account

FORMS: Final = ("text", "html", "json", "xlsx")


@click.command
@file_option
@shop_options
@click.option(
    "--week", type=WEEK, metavar="WEEK",
    help="A week such as 2026-W47, or `last` for the one before this. Without: the running week, by UTC.",
)  # fmt: skip
@format_option(*FORMS)
@out_option("Write to a file.")
@pass_session
def command(
    session: Session,
    *,
    file: Path,
    names: tuple[str, ...],
    labels: tuple[str, ...],
    week: IsoWeek | str | None,
    form: str,
    out: Path | None,
) -> None:
    """Show the week of every shop, those with the most missed first.

    Each shop by its own report as it was frozen; where the week is not frozen yet, by what is counted so far.
    Marked are those whose rate fell by more than chance explains. Reads the store only.
    """
    require_place(form, out)
    now = SystemClock().now()
    this = IsoWeek.at(now, ZoneInfo("UTC"))
    meant = week if isinstance(week, IsoWeek) else this.previous() if week else this
    with chosen(session, file, names, labels) as choice:

        def so_far(tenant: Tenant, of: IsoWeek) -> Report:
            with choice.app(tenant) as app:
                return account(app.context(), of)

        wanted = {*(tenant.name for tenant in choice.tenants), *choice.problems}
        shops = Stores(choice.fleet, choice.database, now, so_far).week(meant, wanted)
    write(_content(AgencyReport(meant, "", reader().language, now, None, shops), form), out)


def _content(report: AgencyReport, form: str) -> str | bytes:
    from trello_ops.render import agency_mail  # imported late, as whoever wants JSON draws nothing

    forms: dict[str, Callable[[], str | bytes]] = {
        "text": lambda: agency_mail.text(report),
        "html": lambda: agency_mail.html(report),
        "json": lambda: to_json(report.as_dict()) + "\n",
        "xlsx": lambda: _workbook(report),
    }
    return forms[form]()


def _workbook(report: AgencyReport) -> bytes:
    from trello_ops.render.agency_page import page
    from trello_ops.render.agency_workbook import workbook

    return workbook(report, page(report).headline)
