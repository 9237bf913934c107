"""A Report as the HTML of a mail: one document, styles inline, nothing to load, no scripts."""

from functools import cache
from typing import Final

import css_inline
import jinja2

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_page import page

# Mail programs drop style sheets, so rules go into the elements; only the dark colours stay in a sheet.
_INLINER: Final = css_inline.CSSInliner(load_remote_stylesheets=False)


def html(report: Report) -> str:
    """The document, in the report's language. At most 600 pixels wide, it fits mail programs and phones."""
    return _INLINER.inline(_environment().get_template("report.html.j2").render(page=page(report)))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "mail_templates"),
        autoescape=True,
        # A misspelt name fails in a test, and leaves no hole in somebody's mail.
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
