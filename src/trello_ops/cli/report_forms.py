"""A report in each form that `trello-ops report --format` writes."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from trello_ops.cli.language import reader, spoken
from trello_ops.cli.output import to_json, whole_file
from trello_ops.core.declared import AttachedForm
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.of_board import of_board
from trello_ops.core.reporting.report import Report
from trello_ops.messages import say
from trello_ops.operations.context import Context
from trello_ops.settings import Settings

FORMS = ("text", "html", "json", "xlsx", "eml", "pdf")
_FILES = frozenset({"xlsx", "eml", "pdf"})
"""Forms that are of no use on a terminal."""


def require_place(form: str, out: Path | None) -> None:
    """Refuse to write a file's bytes to a terminal. Raises `click.BadParameter`."""
    if form in _FILES and out is None and sys.stdout.isatty():
        message = say(
            "%(form)s is no text for a terminal: write `--out report.%(form)s`, or write to a pipe.",
            form=form,
        )
        raise click.BadParameter(spoken(message), param_hint="--format")


def content(context: Context, settings: Settings, whole: Report, form: str, owed: OwedMail) -> str | bytes:
    """The report in a form, of all boards or of the one that the mail would be about.

    Raises `RendererFailed` where a PDF cannot be printed, `MailRefused` where the mail cannot be written.
    """
    report = of_board(whole, owed.board) if owed.board else whole
    forms: dict[str, Callable[[], str | bytes]] = {
        "text": lambda: _text(report),
        "html": lambda: _html(settings, report),
        "json": lambda: _json(report),
        "xlsx": lambda: _workbook(report),
        "eml": lambda: _mail(context, settings, whole, owed),
        "pdf": lambda: _printed(settings, report),
    }
    return forms[form]()


def write(written: str | bytes, out: Path | None) -> None:
    """Write to a file, completely or not at all, or to standard output."""
    if out is None:
        click.echo(written, nl=False)
        return
    with whole_file(out) as file:
        file.write(written.encode() if isinstance(written, str) else written)


def _json(report: Report) -> str:
    return to_json(report.as_dict()) + "\n"


# Each imports what it draws with only when it is asked for: a text needs no workbook.


def _text(report: Report) -> str:
    from trello_ops.render.report_text import text

    return text(replace(report, locale=reader().language))


def _html(settings: Settings, report: Report) -> str:
    from trello_ops.render.report_html import standalone

    return standalone(report, settings.templates_folder)


def _workbook(report: Report) -> bytes:
    from trello_ops.render.attachments import content as attached

    return attached(report, AttachedForm.XLSX)


def _printed(settings: Settings, report: Report) -> bytes:
    from trello_ops.render.pdf import pdf

    return pdf(_html(settings, report))


def _mail(context: Context, settings: Settings, report: Report, owed: OwedMail) -> bytes:
    from trello_ops.adapters.mail.message import compose

    at = report.frozen_at or context.clock.now()
    return compose(context.render_report(report, owed), settings.mail_from, at).as_bytes()
