"""An Agenda as a page: one document that loads nothing, for screens of every width and for paper."""

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.render.calendar_page import page
from trello_ops.render.html_templates import template
from trello_ops.render.i18n import Translator


def html(agenda: Agenda, translator: Translator) -> str:
    """The document, in the translator's language."""
    return template("page_templates", "calendar.html.j2").render(page=page(agenda, translator))
