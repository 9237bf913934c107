"""A Report as the HTML of a mail: one document, styles inline, nothing to load, no scripts."""

import base64
import quopri
from pathlib import Path
from typing import Final

import css_inline

from trello_ops.core.reporting.report import Report
from trello_ops.escape import one_line
from trello_ops.folder_files import Folder
from trello_ops.messages import translated
from trello_ops.render import chart
from trello_ops.render.i18n import Translator
from trello_ops.render.mail_template import inlined
from trello_ops.render.report_lists import ROOMS
from trello_ops.render.report_page import page
from trello_ops.render.report_template import REPORTS, TEMPLATE, BrokenTemplate, own_template, rendered

LARGEST: Final = 100_000
"""Bytes of a page as it is sent: Gmail cuts off what is longer than 102 kB."""


def html(report: Report, chart_src: str = "", templates: Path | Folder | None = None) -> str:
    """The document, in the report's language. At most 600 pixels wide, it fits mail programs and phones.

    `chart_src` is where its chart lies: `cid:chart`, or a `data:` address; without, the chart is told in
    words. With a template of its own in the folder `templates`, it is made by that; where that one is broken,
    by the built-in one, which says so.
    """
    return html_and_remarks(report, chart_src, templates)[0]


def html_and_remarks(
    report: Report, chart_src: str = "", templates: Path | Folder | None = None
) -> tuple[str, tuple[str, ...]]:
    """As `html`, with what there is to say of how it was made, for the text beside it."""
    try:
        own = own_template(templates) if templates else None
        return _fitting(report, chart_src, (), own), ()
    except (BrokenTemplate, css_inline.InlineError) as error:
        remarks = (_built_in_instead(error, Translator(report.locale)),)
        return _fitting(report, chart_src, remarks, None), remarks


def _fitting(report: Report, chart_src: str, remarks: tuple[str, ...], own: str | None) -> str:
    """The document, shorter where mail programs would cut it off."""
    document = ""
    for room in ROOMS:
        document = inlined(rendered(page(report, chart_src, remarks, room), own))
        # As it is sent: what is not ASCII takes three characters for each byte.
        if len(quopri.encodestring(document.replace(chart_src, "").encode())) < LARGEST:
            break
    return document


def standalone(report: Report, templates: Path | Folder | None = None) -> str:
    """As `html`, with the chart inside, for a file that is opened in a browser."""
    return html(report, data_address(report), templates)


def data_address(report: Report) -> str:
    """The chart as a `data:` address; empty where there is no trend to draw."""
    if not report.standing.trend:
        return ""
    picture = chart.png(report.standing, report.locale)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def _built_in_instead(error: Exception, translator: Translator) -> str:
    why = error.message if isinstance(error, BrokenTemplate) else str(error)
    return translator.gettext(
        "The template %(file)s cannot be used, so this is the built-in page (%(why)s).",
        file=f"templates/{REPORTS}/{TEMPLATE}",
        why=one_line(translated(why, translator))[:300],
    )
