"""Whatever a title says, it is text: in the mail, in what is attached, on a terminal, in a calendar.

The workbook and the CSV are in `test_attachments.py`.
"""

import email
import email.policy
import re
from dataclasses import replace

import pytest
from agenda_kit import LOOKED_AT, SHOP, WEEK
from hostile_titles import HOSTILE
from html_page import Page
from icalendar import Calendar
from report_kit import REPORT

from trello_ops.adapters.mail.message import compose
from trello_ops.core.calendar.agenda import Agenda, agenda
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.report import Report
from trello_ops.render.calendar_ics import ics
from trello_ops.render.calendar_text import text as calendar_text
from trello_ops.render.i18n import Translator
from trello_ops.render.report_html import html
from trello_ops.render.report_mail import mail
from trello_ops.render.report_text import text

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LEILA = OwedMail(REPORT.week, "leila@shop.example")
FRENCH = Translator("fr")

pytestmark = pytest.mark.parametrize("title", HOSTILE)


def report(title: str) -> Report:
    lines = tuple(replace(each, title=title) for each in REPORT.occurrences)
    boards, themes = (
        tuple(replace(g, title=title) for g in groups) for groups in (REPORT.boards, REPORT.themes)
    )
    return replace(REPORT, name=title, occurrences=lines, boards=boards, themes=themes)


def calendar(title: str) -> Agenda:
    boards = tuple(
        replace(board, title=title, tasks=tuple(replace(task, title=title) for task in board.tasks))
        for board in SHOP.boards
    )
    return agenda(replace(SHOP, name=title, boards=boards), WEEK, LOOKED_AT)


def test_the_page_has_no_other_element_for_it(title: str) -> None:
    said = html(report(title))
    assert not OBEYED.search(said)
    found = Page(said)
    assert not found.all("script")
    assert not found.all("b")
    assert {each.attributes["href"].partition(":")[0] for each in found.all("a")} <= {"https", "mailto"}


def test_the_text_and_a_terminal_obey_nothing(title: str) -> None:
    assert not OBEYED.search(text(report(title)))
    assert not OBEYED.search(calendar_text(calendar(title), FRENCH))


def test_the_mail_keeps_its_headers(title: str) -> None:
    sent = compose(mail(report(title), LEILA), "robot@shop.example", REPORT.closes_at)
    policy = email.policy.default.clone(raise_on_defect=True)
    read, calm = (email.message_from_bytes(each.as_bytes(), policy=policy) for each in (sent, _calm()))
    assert read.keys() == calm.keys()
    assert [part.get_content_type() for part in read.walk()] == [
        part.get_content_type() for part in calm.walk()
    ]


def test_a_calendar_has_no_other_event_for_it(title: str) -> None:
    written = ics(calendar(title), FRENCH)
    assert not OBEYED.search(written.replace("\r\n", "\n"))
    found, calm = Calendar.from_ical(written), Calendar.from_ical(ics(calendar("calme"), FRENCH))
    assert [each.name for each in found.walk()] == [each.name for each in calm.walk()]
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75


def _calm() -> email.message.EmailMessage:
    return compose(mail(report("calme"), LEILA), "robot@shop.example", REPORT.closes_at)
