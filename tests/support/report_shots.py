"""Takes the pictures of the weekly report's mail that the docs show. From the checkout, with Chromium:

PYTHONPATH=tests/support .venv/bin/python -m report_shots docs/img
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromium
from PIL import Image
from report_english import in_english
from report_weeks import bad_week, empty_week, first_week, good_week, usual_week, week_of_a_chain

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_html import data_address, html

_WIDE, _PHONE = 720, 360
_LONGEST = 4000
"""Pixels: what is longer says nothing new, and nobody reads it."""
_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: of which week, on a screen of which width, and what its mail program does to it.

    `longest` is where the picture ends at the latest.
    """

    name: str
    week: Callable[[], Report]
    width: int = _WIDE
    dark: bool = False
    images: bool = True
    styles: bool = True
    longest: int = _LONGEST

    @property
    def html(self) -> str:
        """The mail's page, as the mail program has it."""
        report = self.week()
        found = data_address(report)
        # Nothing answers to `cid:` here, so that Chromium shows what there is in place of a picture.
        page = html(report, found if self.images or not found else "cid:chart")
        return page if self.styles else re.sub(r"(?s)<style.*?</style>", "", page)


def _english() -> Report:
    return in_english(bad_week())


SHOTS = (
    Shot("report", bad_week, longest=1568),
    Shot("report-usual", usual_week),
    Shot("report-phone", bad_week, _PHONE),
    Shot("report-dark", bad_week, dark=True),
    Shot("report-phone-dark", usual_week, _PHONE, dark=True),
    Shot("report-no-images", usual_week, images=False),
    Shot("report-no-style", usual_week, styles=False),
    Shot("report-phone-no-style", usual_week, _PHONE, styles=False),
    Shot("report-english", _english),
    Shot("report-good", good_week),
    Shot("report-empty", empty_week),
    Shot("report-first-week", first_week),
    Shot("report-60-boards", week_of_a_chain),
    Shot("report-phone-60-boards", week_of_a_chain, _PHONE),
)


@contextmanager
def opened(browser: Any, shot: Shot) -> Iterator[Any]:
    """A browser's page that shows a mail."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": 640}, color_scheme="dark" if shot.dark else "light"
    )
    try:
        page = context.new_page()
        page.set_content(shot.html)
        yield page
    finally:
        context.close()


def take(browser: Any, shot: Shot, folder: Path) -> Path:
    """A picture of a mail from its top to its end, or to where it is long enough."""
    with opened(browser, shot) as page:
        height = page.evaluate("document.documentElement.scrollHeight")
        area = {"x": 0, "y": 0, "width": shot.width, "height": min(height, shot.longest)}
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=area)))
    path = folder / f"{shot.name}.png"
    # A palette: a page of text looks the same, in a third of the bytes.
    picture.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    return path


def main(folder: Path) -> None:
    if not chromium.find():
        sys.exit(f"Pictures need Chromium: none of {', '.join(chromium.NAMES)} is on the PATH.")
    folder.mkdir(parents=True, exist_ok=True)
    with chromium.browser() as browser:
        for shot in SHOTS:
            print(take(browser, shot, folder))  # noqa: T201 - progress for whoever runs it


if __name__ == "__main__":
    main(Path(sys.argv[1]))
