"""A Report as the mail to one recipient."""

from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.report import Report
from trello_ops.ports import Mail
from trello_ops.render.mail_identity import message_id, sender_name
from trello_ops.render.report_html import html
from trello_ops.render.report_page import page
from trello_ops.render.report_text import text


def mail(report: Report, owed: OwedMail) -> Mail:
    """The mail that carries a report or, where it is owed of a board, that board's part; text and HTML."""
    board = ""
    if owed.board:
        from trello_ops.core.reporting.of_board import of_board  # type: ignore[import-untyped, unused-ignore]

        report = of_board(report, owed.board)
        board = next((group.title for group in report.boards), owed.board)
    return Mail(
        recipient=owed.recipient,
        subject=page(report).subject,
        text=text(report),
        html=html(report),
        message_id=message_id(report.workspace, owed, provisional=report.frozen_at is None),
        sender_name=sender_name(report.name, board),
    )
