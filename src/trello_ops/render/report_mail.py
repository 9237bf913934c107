"""A Report as the mail to one recipient."""

import hashlib

from trello_ops.core.reporting.report import Report
from trello_ops.ports import Mail
from trello_ops.render.report_html import html
from trello_ops.render.report_page import page
from trello_ops.render.report_text import text

_DOMAIN = "trello-ops.invalid"
"""A Message-ID needs a domain to be unique in, and neither the sender's nor the recipient's is ours.
`.invalid` (RFC 6761) never belongs to anybody, and stays the same when the sender changes."""


def mail(report: Report, recipient: str) -> Mail:
    """The mail that carries a report, as text and as HTML.

    Its Message-ID is the same for every attempt, so that mail programs show a mail that was sent twice only
    once. A provisional report has another, so that it does not hide the final one.
    """
    # A digest, since the Message-ID is passed on when a mail is forwarded or answered.
    who = hashlib.sha256(recipient.strip().lower().encode()).hexdigest()[:16]
    week = str(report.week) if report.frozen_at else f"{report.week}.provisional"
    return Mail(
        recipient=recipient,
        subject=page(report).subject,
        text=text(report),
        html=html(report),
        message_id=f"<trello-ops.{report.workspace}.{week}.{who}@{_DOMAIN}>",
    )
