"""An agency's report as text, and as the HTML of a mail."""

import quopri

from trello_ops.core.reporting.agency import AgencyReport
from trello_ops.render.agency_page import ROOMS, page
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
