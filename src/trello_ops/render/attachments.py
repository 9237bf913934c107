"""A report in the forms that are attached to its mail."""

import json
from collections.abc import Callable, Collection
from typing import Final

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import AttachedForm
from trello_ops.core.reporting.report import Report
from trello_ops.ports import Attachment
from trello_ops.render.i18n import Translator
from trello_ops.render.report_csv import table
from trello_ops.render.report_page import page
from trello_ops.render.workbook import workbook

_MEDIA_TYPES: Final = {
    AttachedForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    AttachedForm.CSV: "text/csv; charset=utf-8",
    AttachedForm.JSON: "application/json",
}


def content(report: Report, form: AttachedForm) -> bytes:
    """The report in one form."""
    forms: dict[AttachedForm, Callable[[], bytes]] = {
        AttachedForm.XLSX: lambda: workbook(report, page(report).headline),
        AttachedForm.CSV: lambda: table(report),
        AttachedForm.JSON: lambda: _json(report),
    }
    return forms[form]()


def attachments(report: Report, forms: Collection[AttachedForm]) -> tuple[Attachment, ...]:
    """The report in these forms, as files named by its week."""
    return tuple(attachment(report.week, report.locale, form, content(report, form)) for form in forms)


def attachment(week: IsoWeek, locale: str, form: AttachedForm, content: bytes) -> Attachment:
    """A file named by its week."""
    name = Translator(locale).gettext("report")
    return Attachment(f"{name}-{week}.{form}", _MEDIA_TYPES[form], content)


def _json(report: Report) -> bytes:
    return (json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
