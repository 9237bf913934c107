"""The workbook of a closed week."""

from trello_ops.core.declared import AttachedForm
from trello_ops.render.attachments import attachment, content
from trello_ops.web.reported import frozen
from trello_ops.web.visit import Answer, Visit, of_boards

MAY = of_boards

_FORM = AttachedForm.XLSX


def view(visit: Visit) -> Answer:
    """The workbook that the mail about the week in the path may carry, under the same name."""
    report = frozen(visit)
    file = attachment(report.week, report.locale, _FORM, content(report, _FORM))
    return Answer(file.content, file.media_type, file.filename)
