"""How large a report is as it is sent: mail programs cut off what is longer than 100 kB."""

import quopri
from dataclasses import replace

import pytest
from report_weeks import week_of_a_chain
from told_report import crowded

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_html import html
from trello_ops.render.report_page import page

LARGEST = 100_000
"""Bytes that the page of a mail stays under."""


@pytest.fixture(scope="module")
def chain() -> Report:
    return week_of_a_chain()


@pytest.fixture(scope="module")
def agency() -> Report:
    return crowded(boards=100, each=50)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize(("name", "boards", "lines"), [("chain", 60, 1_000), ("agency", 100, 5_000)])
def test_a_large_report_is_not_cut_off(name, boards, lines, locale, request):
    report = replace(request.getfixturevalue(name), locale=locale)
    assert len(report.boards) >= boards
    assert len(report.occurrences) >= lines
    document = html(report, "cid:chart").encode()
    assert len(document) < LARGEST
    assert len(quopri.encodestring(document)) < LARGEST


def test_a_chain_of_sixty_boards_has_the_room_that_a_report_usually_has(chain):
    (section,) = page(chain).needs_you
    assert len(section.entries) == 25
    assert section.rest in html(chain, "cid:chart")
    assert section.entries[-1].url in html(chain, "cid:chart")
