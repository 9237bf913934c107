"""Sending a week's report because a person asks for it: of one workspace, or of all shops of a fleet."""

from collections.abc import Callable

from trello_ops.cli.output import notice
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import FORECAST
from trello_ops.errors import MailError
from trello_ops.messages import joined, say, say_count
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import mail_problems, owed_mails


def send_week(context: Context, week: IsoWeek, send: Callable[[], object]) -> None:
    """Say what became of the mails of a week by `send`. Raises `MailError` when some are still owed then."""
    owed = _owed(context, week)
    if not owed:
        notice(say("Nobody is owed the report of %(week)s any more.", week=str(week)))
        return
    send()
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
    owed = (mail.recipient for mail in owed_mails(context) if mail.week == week and mail.kind != FORECAST)
    return list(dict.fromkeys(owed))
