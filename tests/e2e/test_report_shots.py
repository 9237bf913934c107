"""The pictures of the weekly report: what each shows in a real browser, and that the docs have them."""

import re
from dataclasses import replace
from pathlib import Path

import chromium
import pytest

pytest.importorskip("playwright", reason="Playwright for Python drives Chromium, and is not installed")
pytest.importorskip("PIL", reason="Pillow makes the pictures smaller, and is not installed")

from PIL import Image
from report_shots import SHOTS, opened, take

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
    ),
]
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "img"
LARGEST = 1_500_000
"""Bytes of all pictures of the report: whoever clones the repository gets them."""
SCREEN = 640
PHONES = [shot for shot in SHOTS if shot.width == 360]
WITHOUT_IMAGES = [shot for shot in SHOTS if not shot.images]
WITHOUT_STYLES = [shot for shot in SHOTS if not shot.styles]

COLLIDING = """[...document.querySelectorAll('tr')].flatMap(row => {
    const boxes = [...row.children].filter(cell => cell.scope == 'col').map(head => {
        const text = document.createRange();
        text.selectNodeContents(head);
        return text.getBoundingClientRect();
    });
    return boxes.slice(1).filter((box, n) => box.left < boxes[n].right + 2).map(box => box.left);
})"""
"""Where a header begins within 2 pixels of the one before it: by their texts, for cells never overlap."""
OUTSIDE = """[...document.querySelectorAll('h1, h2, p, th, td, img')].filter(each => {
    const box = each.getBoundingClientRect();
    return box.right > innerWidth || box.left < 0 || each.scrollWidth > Math.ceil(box.width) + 1;
}).map(each => each.outerHTML.slice(0, 200))"""
"""What is not all on the screen's width, or holds more than it shows."""

BOXES = """[...document.querySelectorAll('h1, h2, p, td, th, img')].map(each => {
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    return [box.x, box.y, box.width, box.height, style.color, style.fontSize];
})"""


def ids(shots):
    return [shot.name for shot in shots]


@pytest.mark.parametrize("shot", SHOTS, ids=ids(SHOTS))
def test_all_of_it_fits_on_its_screen_and_no_headers_collide(browser, shot):
    with opened(browser, shot) as page:
        assert page.inner_text("h1").startswith(("Semaine 47", "Week 47"))
        assert page.evaluate("document.documentElement.scrollWidth") <= shot.width
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(COLLIDING) == []


@pytest.mark.parametrize("shot", PHONES, ids=ids(PHONES))
def test_on_a_phone_what_needs_somebody_begins_on_the_first_screen_and_a_half(browser, shot):
    with opened(browser, shot) as page:
        heading, first = page.locator("h2").first, page.locator("td.missed-edge").first
        assert heading.inner_text().startswith("Ce qui vous attend")
        box = heading.bounding_box()
        assert box["y"] + box["height"] < 1.5 * SCREEN
        assert first.bounding_box()["y"] < 1.5 * SCREEN


@pytest.mark.parametrize("shot", WITHOUT_IMAGES, ids=ids(WITHOUT_IMAGES))
def test_without_images_the_chart_is_told_in_words(browser, shot):
    with opened(browser, shot) as page:
        chart = page.locator("img.chart")
        assert chart.evaluate("image => image.naturalWidth") == 0
        assert re.search(r"Semaine 47.: 91,5.% à l’heure", chart.get_attribute("alt"))
        words = chart.bounding_box()
        with opened(browser, replace(shot, images=True)) as drawn:
            picture = drawn.locator("img.chart")
            assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 540]
            # Some lines of words: neither nothing, nor the hole that a picture leaves.
            assert 16 <= words["height"] < picture.bounding_box()["height"] / 2


@pytest.mark.parametrize("shot", WITHOUT_STYLES, ids=ids(WITHOUT_STYLES))
def test_without_its_style_sheets_it_looks_the_same(browser, shot):
    with opened(browser, shot) as page:
        assert page.locator("style").count() == 0
        assert page.evaluate(BOXES) == boxes_of(browser, replace(shot, styles=True))
        lefts = page.evaluate("[...document.querySelectorAll('h1, h2')].map(each => each.offsetLeft)")
        assert len(set(lefts)) == 1  # one column


def boxes_of(browser, shot):
    with opened(browser, shot) as page:
        return page.evaluate(BOXES)


def test_a_picture_is_as_wide_as_its_screen_and_small(browser, tmp_path):
    shot = next(shot for shot in SHOTS if shot.name == "report-empty")
    path = take(browser, shot, tmp_path)
    with Image.open(path) as picture:
        assert picture.width == shot.width
        assert picture.format == "PNG"
    assert path.stat().st_size < 50_000


def test_the_docs_have_the_pictures_and_no_others():
    found = sorted(path.stem for path in PICTURES.glob("report*.png"))
    assert found == sorted(shot.name for shot in SHOTS)
    assert sum(path.stat().st_size for path in PICTURES.glob("report*.png")) < LARGEST
    for shot in SHOTS:
        with Image.open(PICTURES / f"{shot.name}.png") as picture:
            assert (picture.width, picture.height <= shot.longest) == (shot.width, True)
    assert "docs/img/report.png" in (ROOT / "README.md").read_text(encoding="utf-8")
