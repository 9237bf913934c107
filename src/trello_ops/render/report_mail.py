"""A Report as the mail to one recipient."""

import hashlib
from pathlib import Path

from trello_ops.core.reporting.report import Report
from trello_ops.folder_files import Folder
from trello_ops.ports import InlineImage, Mail
from trello_ops.render import chart
from trello_ops.render.report_html import html_and_remarks
from trello_ops.render.report_page import page
from trello_ops.render.report_text import text

_DOMAIN = "trello-ops.invalid"
"""A Message-ID needs a domain to be unique in, and neither the sender's nor the recipient's is ours.
`.invalid` (RFC 6761) never belongs to anybody, and stays the same when the sender changes."""


def mail(report: Report, recipient: str, templates: Path | Folder | None = None) -> Mail:
    """The mail that carries a report, as text and as HTML with its chart.

    A template of its own in the folder `templates` makes the HTML; see `report_template`.

    Its Message-ID is the same for every attempt, so that mail programs show a mail that was sent twice only
    once. A provisional report has another, so that it does not hide the final one.
    """
    # A digest, since the Message-ID is passed on when a mail is forwarded or answered.
    who = hashlib.sha256(recipient.strip().lower().encode()).hexdigest()[:16]
    week = str(report.week) if report.frozen_at else f"{report.week}.provisional"
    shown = page(report)
    html, remarks = html_and_remarks(report, "cid:chart" if shown.chart else "", templates)
    images = (InlineImage("chart", chart.png(report.standing, report.locale)),) if shown.chart else ()
    return Mail(
        recipient=recipient,
        subject=shown.subject,
        text=text(report, remarks),
        html=html,
        message_id=f"<trello-ops.{report.workspace}.{week}.{who}@{_DOMAIN}>",
        images=images,
    )
