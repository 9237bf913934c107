"""Reports and forecasts in a real browser: axe complains of nothing, and no page is wider than its screen."""

from dataclasses import replace

import chromium
import pytest
from agenda_kit import LOOKED_AT, MONDAY, WEEK, board, cadence, shop, task
from told_report import EMPTY, FALL, FULL, crowded

from trello_ops.core.calendar.agenda import Choice, agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import FORECAST, OwedMail
from trello_ops.core.reporting.standing import Standing
from trello_ops.render import forecast_mail
from trello_ops.render.report_html import standalone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
    ),
]
REPORTS = {
    "full": FULL,
    "english": replace(FULL, locale="en"),
    "fall": FALL,
    "empty": EMPTY,
    "old": replace(FULL, standing=Standing(), needs_you=(), chronic=(), rare=(), doubtful=(), next_week=()),
    "provisional": replace(FULL, frozen_at=None),
    "crowded": crowded(each=12),
}
SCREENS = {
    "wide": {"viewport": {"width": 640, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "dark": {"viewport": {"width": 640, "height": 800}, "color_scheme": "dark"},
}
CLIPPED = (
    "[...document.querySelectorAll('th, td')].filter(cell => cell.scrollWidth > cell.clientWidth).length"
)


def forecast() -> str:
    """The page of a person's week: something on each day of the calendar, and a long title."""
    title = "Préparer, vérifier et envoyer les colis préparés la veille"
    parcels = task("parcels", title, cadence("daily", (1, 2, 3, 4, 5), "18:00"), "karim")
    workspace = shop(board("daily", "Quotidien", "daily", parcels))
    (karim,) = (person for person in workspace.people if person.key == "karim")
    owed = OwedMail(IsoWeek.of(MONDAY), "karim@shop.example", FORECAST)
    return forecast_mail.mail(
        [(karim, agenda(workspace, WEEK, LOOKED_AT, Choice(person="karim")))], owed
    ).html


@pytest.fixture
def open_report(browser):
    """Opens a report's page on a kind of screen, offline."""
    opened = []

    def _open(name: str, screen: str):
        page = browser.new_page(**SCREENS[screen])
        page.set_content(forecast() if name == "forecast" else standalone(REPORTS[name]))
        opened.append(page)
        return page

    yield _open
    for page in opened:
        page.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", [*REPORTS, "forecast"])
def test_axe_finds_nothing(open_report, name, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    results = axe.Axe().run(open_report(name, screen))
    assert results.response["violations"] == []
    assert results.response["passes"]


@pytest.mark.parametrize("name", [*REPORTS, "forecast"])
def test_nothing_is_wider_than_a_phone(open_report, name):
    page = open_report(name, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(CLIPPED) == 0


@pytest.mark.parametrize("name", ["full", "english", "fall", "crowded"])
def test_what_needs_somebody_is_on_the_first_screen_and_a_half(open_report, name):
    page = open_report(name, "phone")
    first = page.evaluate("document.querySelector('.missed-edge').getBoundingClientRect().bottom")
    assert first <= 1.5 * 740
