"""trello-ops report"""

from dataclasses import replace
from pathlib import Path

import click

from trello_ops.cli.files import reading
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import Parsed, format_option, out_option
from trello_ops.cli.output import local, notice, to_json, write_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.calendar.bounds import FIRST_DATE
from trello_ops.core.calendar.week import IsoWeek, last_close
from trello_ops.core.reporting.report import Report
from trello_ops.errors import MailError
from trello_ops.messages import joined, say, say_count
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import mail_problems, owed_mails, send_owed
from trello_ops.operations.report import account, running_week
from trello_ops.render.report_html import html
from trello_ops.render.report_text import text

_LAST = "last"
_WEEK = Parsed(
    "a week",
    lambda name: name if name == _LAST else IsoWeek.parse(name),
    f"2026-W47, or `{_LAST}`",
    lambda week: FIRST_DATE if week == _LAST else week.monday,
)


@click.command
@click.option(
    "--week", type=_WEEK, metavar="WEEK",
    help="A week such as 2026-W47, or `last` for the one that closed last. Without: the running week.",
)  # fmt: skip
@format_option("text", "html", "json")
@out_option("Write to a file.")
@click.option("--send", is_flag=True, help="Mail now what its recipients are still owed of a closed week.")
@pass_session
def command(session: Session, week: IsoWeek | str | None, form: str, out: Path | None, send: bool) -> None:
    """Show the account of a week, or send it.

    A closed week's account is as it was frozen and mailed; that of a week that is still open is
    provisional. Reads the store only, so that it works while Trello is out of reach; needs no credentials.
    """
    with reading(session) as app:
        context = app.context()
        if isinstance(week, str):  # `last`
            # A week closes on the Monday after it, so at its close another week has begun.
            now, zone = context.clock.now(), context.workspace.timezone
            week = IsoWeek.at(last_close(now, zone, context.workspace.report.closes_at), zone).previous()
        report = account(context, week or running_week(context))
        if send:
            _require_frozen(context, report)
        if form == "json":
            written = to_json(report.as_dict()) + "\n"
        else:
            written = html(report) if form == "html" else text(replace(report, locale=reader().language))
        if out:
            write_file(out, written)
        else:
            click.echo(written, nl=False)
        if send:
            _send(context, report.week)


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
    owed = _owed(context, week)
    if not owed:
        notice(say("Nobody is owed the report of %(week)s any more.", week=str(week)))
        return
    send_owed(context, asked=True)
    left = _owed(context, week)
    if left:
        # Without a problem of the mail's, another process holds the claim on the mail.
        reasons = dict.fromkeys(problem.message for problem in mail_problems(context, week))
        reason = joined(reasons, " ") if reasons else say("another attempt has not settled yet.")
        raise MailError(
            say(
                "The report of %(week)s did not go out to %(recipients)s: %(reason)s It stays owed.",
                week=str(week),
                recipients=", ".join(left),
                reason=reason,
            )
        )
    notice(
        say_count(
            "Sent the report of %(week)s to %(count)s recipient.",
            "Sent the report of %(week)s to %(count)s recipients.",
            len(owed),
            week=str(week),
        )
    )


def _owed(context: Context, week: IsoWeek) -> list[str]:
    """The recipients who have not been sent the report of a week."""
    return [mail.recipient for mail in owed_mails(context) if mail.week == week]
