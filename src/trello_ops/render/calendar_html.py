"""An Agenda as a page: one document that loads nothing, for screens of every width and for paper."""

from functools import cache

import jinja2

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.render.calendar_page import page
from trello_ops.render.i18n import Translator


def html(agenda: Agenda, translator: Translator) -> str:
    """The document, in the translator's language."""
    return _environment().get_template("calendar.html.j2").render(page=page(agenda, translator))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "page_templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
