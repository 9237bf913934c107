"""trello-ops report"""

from dataclasses import replace
from pathlib import Path

import click

from trello_ops.cli import fleet_report, report_list
from trello_ops.cli.files import reading
from trello_ops.cli.fleet_choice import file_option
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option, out_option
from trello_ops.cli.output import local
from trello_ops.cli.report_forms import FORMS, content, require_place, write
from trello_ops.cli.report_sending import send_week
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.weeks import WEEK, meant
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import WHOLE, OwedMail, kind_of_board, reports_of
from trello_ops.core.reporting.report import Group, Report
from trello_ops.messages import say
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import send_owed
from trello_ops.operations.past_reports import past_reports
from trello_ops.operations.report import account
from trello_ops.wording import choose

_LISTED = frozenset({"text", "json"})


@click.command
@click.option(
    "--week", type=WEEK, metavar="WEEK",
    help="A week such as 2026-W47, or `last` for the one that closed last. Without: the running week.",
)  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="List the weeks that have a report, newest first.")
@format_option(*FORMS)
@out_option("Write to a file.")
@click.option(
    "--preview", is_flag=True, help="As it would be mailed now, marked as provisional whatever its week."
)
@click.option("--board", metavar="KEY", help="The report of this board alone.")
@click.option(
    "--send", is_flag=True, help="Mail now a closed week to its recipients who have not been sent it."
)
@click.option("--fleet", is_flag=True, help="The week of every shop, as `trello-ops fleet report` shows it.")
@file_option
@pass_session
def command(
    session: Session,
    *,
    fleet: bool,
    file: Path,
    week: IsoWeek | str | None,
    listed: bool,
    form: str,
    out: Path | None,
    preview: bool,
    board: str | None,
    send: bool,
) -> None:
    """Show the account of a week, or send it.

    A closed week's account is as it was frozen and mailed; that of a week that is still open is
    provisional. Reads the store only, so that it works while Trello is out of reach; needs no credentials.
    """
    if fleet:
        _of_fleet(file, week, form, out, others=bool(listed or preview or board or send))
        return
    others = bool(week or preview or board or send)
    _require_sense(listed=listed, form=form, others=others, both=bool((preview or board) and send))
    require_place(form, out)
    with reading(session) as app:
        context = app.context()
        if listed:
            write(_list(context, form), out)
            return
        report = account(context, meant(context, week))
        if send:
            _require_frozen(context, report)
        # As a provisional one, nobody takes it for the report that counts.
        shown = replace(report, frozen_at=None) if preview else report
        key = _reported(shown, board).key if board else None
        kind = kind_of_board(key) if key else WHOLE
        owed = OwedMail(report.week, _recipient(context, key), kind)
        write(content(context, app.settings, shown, form, owed), out)
        if send:
            _send(context, report.week)


def _of_fleet(file: Path, week: IsoWeek | str | None, form: str, out: Path | None, *, others: bool) -> None:
    """As `trello-ops fleet report`. Raises `click.UsageError` for what that does not know."""
    if others or form not in fleet_report.FORMS:
        forms = ", ".join(fleet_report.FORMS)
        message = say("--fleet goes with --file, --week, --out and --format %(forms)s.", forms=forms)
        raise click.UsageError(spoken(message))
    click.get_current_context().invoke(fleet_report.command, file=file, week=week, form=form, out=out)


def _require_sense(*, listed: bool, form: str, others: bool, both: bool) -> None:
    """Refuse options that exclude each other. Raises `click.UsageError`."""
    if listed and (others or form not in _LISTED):
        raise click.UsageError(
            spoken(say("--list goes with --format text or json and --out, and with no other option."))
        )
    if both:
        raise click.UsageError(spoken(say("--preview and --board only show a report: leave out --send.")))


def _reported(report: Report, key: str) -> Group:
    """The board of this key in a report. Raises `click.BadParameter` with a suggestion."""
    found = next((group for group in report.boards if group.key == key), None)
    if found is None:
        advice = choose(key, [group.key for group in report.boards])
        message = say("there is no board '%(board)s': %(advice)s", board=key, advice=advice)
        raise click.BadParameter(spoken(message), param_hint="--board")
    return found


def _recipient(context: Context, board: str | None) -> str:
    """The first who gets the report, or that of a board; of a board that nobody gets, the first of all."""
    policy = context.workspace.report
    of_boards = dict(policy.by_board)
    return next(iter((*of_boards.get(board or "", ()), *policy.recipients)))


def _list(context: Context, form: str) -> str:
    found = past_reports(context)
    if form == "json":
        return report_list.as_json(found)
    return report_list.as_text(found, context.workspace.timezone)


# ---- sending ----------------------------------------------------------------------------------------


def _require_frozen(context: Context, report: Report) -> None:
    """Refuse to send an account that may still change. Raises `click.BadParameter`."""
    if report.frozen_at:
        return
    closes = local(report.closes_at, context.workspace.timezone)
    if context.clock.now() < report.closes_at:
        message = say(
            "%(week)s closes %(moment)s, and is reported then. For the week before, write --week last.",
            week=str(report.week),
            moment=closes,
        )
    else:
        message = say(
            "%(week)s closed %(moment)s, but nothing is frozen of it: `trello-ops tick` does that, if it had"
            " duties.",
            week=str(report.week),
            moment=closes,
        )
    raise click.BadParameter(spoken(message), param_hint="--send")


def _send(context: Context, week: IsoWeek) -> None:
    """Mail what is owed of a closed week. Raises `MailError` when somebody is still owed it then."""
    # Also to who became a recipient since, as where an address that was refused has been corrected.
    context.store.owe(reports_of(context.workspace.report, week))
    send_week(context, week, lambda: send_owed(context, asked=True))
