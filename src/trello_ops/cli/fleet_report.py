"""trello-ops fleet report"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store.agency import AgencyStore
from trello_ops.cli.fleet_choice import Chosen, chosen, file_option, shop_options
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import format_option, out_option
from trello_ops.cli.output import to_json
from trello_ops.cli.report_forms import require_place, write
from trello_ops.cli.report_sending import send_week
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.weeks import WEEK
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.agency import AgencyReport
from trello_ops.fleet.agency import Stores
from trello_ops.fleet.agency_post import AgencyPost, owed_of
from trello_ops.fleet.tenant import Agency
from trello_ops.fleet.tending import own_name
from trello_ops.messages import say
from trello_ops.operations.context import Runtime

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
@click.option(
    "--send", is_flag=True,
    help="Mail now a week that is frozen to those of `report:` who have not been sent it.",
)  # fmt: skip
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
    send: bool = False,
) -> None:
    """Show the week of every shop, those with the most missed first, or send it.

    Each shop by its own report as it was frozen; where the week is not frozen yet, by what is counted so far.
    Marked are those whose rate fell by more than chance explains. Where fleet.yaml has a `report:`, the week
    of all is frozen and mailed once no shop's is waited for any more, and shown like that from then on. Reads
    the store only.
    """
    require_place(form, out)
    now = SystemClock().now()
    this = IsoWeek.at(now, ZoneInfo("UTC"))
    meant = week if isinstance(week, IsoWeek) else this.previous() if week else this
    if send and (names or labels):
        raise click.UsageError(
            spoken(say("--send goes with the week of all shops: leave out --shop, --label."))
        )
    with chosen(session, file, names, labels) as choice:
        frozen = None if names or labels else AgencyStore(choice.database).frozen_agency(meant)
        report = frozen or _so_far(choice, meant, now)
        if send:
            agency = _sendable(choice, meant, frozen)
        write(_content(replace(report, locale=reader().language), form), out)
        if send:
            _send(choice, agency, meant)


def _so_far(choice: Chosen, week: IsoWeek, now: dt.datetime) -> AgencyReport:
    agency = choice.fleet.agency
    wanted = {*(tenant.name for tenant in choice.tenants), *choice.problems}
    shops = Stores(choice.fleet, choice.database, now, reader().language).week(week, wanted)
    return AgencyReport(week, agency.name if agency else "", reader().language, now, None, shops)


# ---- sending ----------------------------------------------------------------------------------------


def _sendable(choice: Chosen, week: IsoWeek, frozen: AgencyReport | None) -> Agency:
    """To whom a week is sent. Raises `click.BadParameter` where it cannot be."""
    agency = choice.fleet.agency
    if agency is None:
        message = say("fleet.yaml says nobody who gets the week of all shops: add `report:` with `to:`.")
    elif frozen is None:
        message = say(
            "nothing is frozen of %(week)s: `trello-ops fleet run` does that once the week is closed and"
            " reported at every shop.",
            week=str(week),
        )
    else:
        return agency
    raise click.BadParameter(spoken(message), param_hint="--send")


def _send(choice: Chosen, agency: Agency, week: IsoWeek) -> None:
    """Mail what is owed of a week. Raises `MailError` when somebody is still owed it then."""
    clock = SystemClock()
    runtime = Runtime(own_name(), clock.monotonic())
    post = AgencyPost(choice.database, lambda: choice.fleet, clock, runtime)
    context = post.context(agency)
    # Also to who became a recipient since.
    context.store.owe(owed_of(agency, week))
    send_week(context, week, lambda: post.send(agency, asked=True))


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
