"""The site of the documentation: `make docs` builds it whole, and with nothing from elsewhere."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import chromium
import pytest
from html_page import Page
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
OUTSIDE = {"start": "README.md", "contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}
"""Pages of the site that lie outside of docs/."""
PAGES = sorted(
    [*(path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")), *OUTSIDE]
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it, which ends at the first page, link or anchor that is missing."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def html(site: Path, page: str) -> str:
    return (site / re.sub(r"README$", "index", page)).with_suffix(".html").read_text("utf-8")


# ---- What browsers fetch by themselves --------------------------------------------------------------


def fetched(page: Path) -> Iterator[str]:
    for element in Page(page.read_text("utf-8")).elements:
        names = {"a": (), "link": ("href",)}.get(
            element.tag, ("src", "srcset", "data", "poster", "xlink:href")
        )
        yield from (element.attributes[name] for name in names if name in element.attributes)


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    addresses = {address for page in site.rglob("*.html") for address in fetched(page)}
    assert {Path(address).suffix for address in addresses} >= {".css", ".js", ".png", ".svg"}
    assert [address for address in addresses if re.match(r"\w+:|//", address)] == []


def test_no_style_fetches_anything_from_elsewhere(site: Path) -> None:
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [
        found for text in styles for found in re.findall(r"(?:@import|url\()\W*(?:https?:)?//.*", text)
    ] == []


# ---- What its pages look like -----------------------------------------------------------------------


def shape(text: str) -> Counter[str]:
    """How many lists, tables, blocks of code and the like there are."""
    counted = {"ol", "ul", "li", "pre", "table", "tr", "blockquote", "img", "h1", "h2", "h3"}
    return Counter(element.tag for element in Page(text).elements if element.tag in counted)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_the_shape_that_github_gives_it(site: Path, page: str) -> None:
    source = ROOT / OUTSIDE[page] if page in OUTSIDE else (DOCS / page).with_suffix(".md")
    there = MarkdownIt("commonmark").enable("table").render(source.read_text("utf-8"))
    assert shape(html(site, page).partition("<article")[2].partition("</article>")[0]) == shape(there)


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_around_a_page_speaks_its_language(site: Path, page: str) -> None:
    french = page.startswith("fr/")
    assert f'<html lang="{"fr" if french else "en"}"' in html(site, page)
    assert ('placeholder="Rechercher"' in html(site, page)) is french


# ---- Search, in a real browser and without a server -------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(
    not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
)
@pytest.mark.parametrize(
    ("word", "title"), [("fortnight", "Days off, absences, turns, rhythms"), ("échéance", "Glossaire")]
)
def test_search_finds_pages_from_the_file_system(site: Path, word: str, title: str) -> None:
    pytest.importorskip("playwright", reason="Playwright for Python drives Chromium, and is not installed")
    with chromium.browser() as browser:
        page = browser.new_page()
        page.goto((site / "index.html").as_uri())
        page.wait_for_function("window.__index")
        page.locator("input.md-search__input").press_sequentially(word)
        found = page.locator(".md-search-result__article h1")
        found.first.wait_for(state="attached")
        assert title in found.all_inner_texts()
