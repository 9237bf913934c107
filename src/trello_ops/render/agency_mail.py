"""An agency's report as text, as the HTML of a mail, and as the mail to one recipient."""

import quopri

from trello_ops.core.declared import AttachedForm
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.agency import AgencyReport
from trello_ops.ports import Mail
from trello_ops.render.agency_page import ROOMS, page
from trello_ops.render.agency_workbook import workbook
from trello_ops.render.attachments import attachment
from trello_ops.render.mail_identity import message_id, sender_name
from trello_ops.render.mail_template import inlined
from trello_ops.render.report_html import LARGEST
from trello_ops.render.report_template import rendered
from trello_ops.render.report_text import lines


def text(report: AgencyReport) -> str:
    """Plain text in the report's language, every shop named up to the number that a page has room for."""
    return "\n".join(lines(page(report))) + "\n"


def html(report: AgencyReport) -> str:
    """One document, styles inline; with fewer rows where mail programs would cut it off."""
    document = ""
    for rows in ROOMS:
        document = inlined(rendered(page(report, rows)))
        if len(quopri.encodestring(document.encode())) < LARGEST:
            break
    return document


def mail(report: AgencyReport, owed: OwedMail) -> Mail:
    """The mail to one recipient, with the workbook of all shops: a page has no room for thousands."""
    shown = page(report)
    book = workbook(report, shown.headline)
    return Mail(
        recipient=owed.recipient,
        subject=shown.subject,
        text=text(report),
        html=html(report),
        message_id=message_id("fleet", owed, provisional=report.frozen_at is None),
        attachments=(attachment(report.week, report.locale, AttachedForm.XLSX, book),),
        sender_name=sender_name(shown.name),
    )
