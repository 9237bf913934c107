"""The site of the documentation: whole, with nothing from elsewhere, and the same as on GitHub."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_site_kit import DOCS, OUTSIDE, PAGES, ROOT, build, file_of
from html_page import Page
from markdown_it import MarkdownIt


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


def html(site: Path, page: str) -> str:
    return file_of(site, page).read_text("utf-8")


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
