"""The pages in a real browser, over real HTTP: they fit phones, obey axe-core and load little."""

from pathlib import Path

import chromium
import pytest
from lived_site import lived, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
    ),
]
PAGES = {
    "week": "/",
    "archive": "/reports",
    "report": "/reports/2026-W40",
    "calendar": "/calendar",
    "robot": "/robot",
    "cards": "/preview",
    "card": "/preview/daily/parcels",
}
SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "dark phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
LIGHT, FEW = 50_000, 6
"""Bytes as they travel, and requests, of a page that a browser sees for the first time."""


@pytest.fixture(scope="module", params=["fr", "en"])
def shop(request, tmp_path_factory):
    """A shop that has lived for some weeks, in either language."""
    folder: Path = tmp_path_factory.mktemp("shop")
    with lived(folder, requests=10_000) as made:
        file = made.app.settings.boards_dir / "workspace.yaml"
        text = file.read_text("utf-8").replace("locale: fr", f"locale: {request.param}")
        file.write_text(text, "utf-8")
        with served(made) as shop:
            yield shop


@pytest.fixture
def visit(shop, browser):
    """Opens a page by a secret address on a kind of screen."""
    opened = []

    def _visit(path: str, screen: str):
        context = browser.new_context(**SCREENS[screen])
        opened.append(context)
        page = context.new_page()
        page.goto(shop.entrance())
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        answer = page.goto(shop.base + path)
        assert answer.status == 200
        return page

    yield _visit
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_the_navigation_is_one_line_that_ends_within_the_screen(visit, name):
    page = visit(PAGES[name], "phone")
    places = page.evaluate(
        "[...document.querySelectorAll('.top nav a')]"
        ".map(link => link.getBoundingClientRect()).map(place => [place.top, place.right])"
    )
    assert len(places) == 5
    assert len({top for top, _ in places}) == 1
    assert max(right for _, right in places) <= 390


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_its_screen(visit, name, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    page = visit(PAGES[name], screen)
    width = SCREENS[screen]["viewport"]["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == [], "as where the policy forbids what a page holds"
    results = axe.Axe().run(page)
    assert [(each["id"], each["nodes"][0]["html"]) for each in results.response["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_little(visit, shop, name):
    page = visit("/reports", "phone")
    page.context.clear_cookies()
    fresh = page.context.browser.new_context()
    try:
        seen = fresh.new_page()
        asked = []
        seen.goto(shop.entrance())
        seen.on("requestfinished", lambda done: asked.append(done))  # noqa: PLW0108 - it marks what it calls
        seen.goto(shop.base + PAGES[name])
        sizes = [request.sizes()["responseBodySize"] for request in asked]
    finally:
        fresh.close()
    assert 0 < len(asked) <= FEW
    assert {request.url.startswith(shop.base) for request in asked} == {True}
    assert sum(sizes) < LIGHT


def test_the_secret_is_not_in_the_address_and_pages_lead_to_each_other(visit, shop):
    page = visit("/", "phone")
    assert page.url == shop.base + "/"
    page.locator("header nav a[href='/reports']").click()
    page.locator(".weeks a").first.click()
    assert page.url == shop.base + "/reports/2026-W46"
    with page.expect_download() as download:
        page.locator("a[href$='.xlsx']").click()
    assert download.value.suggested_filename.endswith("-2026-W46.xlsx")


def test_a_card_changes_while_its_template_is_edited_and_tells_what_is_broken(visit, shop):
    page = visit("/preview/daily/parcels", "phone")
    template = shop.shop.app.settings.templates_dir / "cards" / "parcels.md"
    text = template.read_text("utf-8")
    template.write_text(text.replace("Préparer et envoyer.", "Peser, puis envoyer."), "utf-8")
    page.get_by_text("Peser, puis envoyer.").wait_for(timeout=10_000)
    template.write_text(text + "{{ nothing_of_that_name }}", "utf-8")
    page.get_by_text("parcels.md:").wait_for(timeout=10_000)
    template.write_text(text, "utf-8")
    page.get_by_text("Préparer et envoyer.").wait_for(timeout=10_000)
    assert page.complaints == []


def test_a_revoked_link_shows_nothing_more(browser, shop):
    link, secret = shop.shop.link()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{shop.base}/link/{secret}")
    assert page.goto(f"{shop.base}/reports").status == 200
    shop.shop.app.services.store.revoke_link(link.name, shop.shop.clock.now())
    assert page.goto(f"{shop.base}/reports").status == 403
    context.close()
