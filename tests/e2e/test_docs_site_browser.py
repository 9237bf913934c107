"""The site of the documentation in a real browser, opened from the file system."""

from pathlib import Path
from typing import Any

import chromium
import pytest
from docs_site_kit import PAGES, build, file_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize(
    ("word", "title"), [("fortnight", "Days off, absences, turns, rhythms"), ("échéance", "Glossaire")]
)
def test_search_finds_pages(browser: Any, site: Path, word: str, title: str) -> None:
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_function("window.__index")
    page.locator("input.md-search__input").press_sequentially(word)
    found = page.locator(".md-search-result__article h1")
    found.first.wait_for(state="attached")
    assert title in found.all_inner_texts()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "fr/premiers-pas", "fr/fichiers-de-tableaux", "cli"])
def test_axe_finds_nothing_but_what_the_theme_is_made_of(
    browser: Any, site: Path, name: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    page = browser.new_page(color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    found = {each["id"] for each in axe.Axe().run(page).response["violations"]}
    # The theme's search has no name, and several of its parts are called alike.
    assert found <= {"aria-dialog-name", "landmark-unique"}
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(browser: Any, site: Path, name: str) -> None:
    page = browser.new_page(**chromium.PHONE)
    page.goto(file_of(site, name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
