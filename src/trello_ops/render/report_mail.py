"""A Report as the mail to one recipient."""

from collections.abc import Collection
from pathlib import Path

from trello_ops.core.declared import AttachedForm
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.of_board import of_board
from trello_ops.core.reporting.report import Report
from trello_ops.folder_files import Folder
from trello_ops.ports import InlineImage, Mail
from trello_ops.render import chart
from trello_ops.render.attachments import attachments
from trello_ops.render.mail_identity import message_id, sender_name
from trello_ops.render.report_html import html_and_remarks
from trello_ops.render.report_page import page
from trello_ops.render.report_text import text


def mail(
    report: Report,
    owed: OwedMail,
    templates: Path | Folder | None = None,
    attach: Collection[AttachedForm] = (),
) -> Mail:
    """The mail that carries a report or, where it is owed of a board, that board's part.

    As text, as HTML with its chart, and attached in the forms of `attach`. A template of its own in the
    folder `templates` makes the HTML; see `report_template`.
    """
    board = ""
    if owed.board:
        report = of_board(report, owed.board)
        board = next((group.title for group in report.boards), owed.board)
    shown = page(report)
    html, remarks = html_and_remarks(report, "cid:chart" if shown.chart else "", templates)
    images = (InlineImage("chart", chart.png(report.standing, report.locale)),) if shown.chart else ()
    return Mail(
        recipient=owed.recipient,
        subject=shown.subject,
        text=text(report, remarks),
        html=html,
        message_id=message_id(report.workspace, owed, provisional=report.frozen_at is None),
        attachments=attachments(report, attach),
        images=images,
        sender_name=sender_name(report.name, board),
    )
