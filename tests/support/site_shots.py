"""Takes the pictures of pages that the docs show. From the checkout, with Chromium at hand:

PYTHONPATH=tests/support .venv/bin/python -m site_shots docs/img
"""

import sys
import tempfile
from pathlib import Path

import chromium
from lived_site import lived, served
from pack_shots import keep

SHOTS = {
    "site-week": ("/", {"viewport": {"width": 1280, "height": 860}}),
    "site-week-phone": ("/", {"viewport": {"width": 390, "height": 844}}),
    "site-reports": ("/reports", {"viewport": {"width": 1280, "height": 620}}),
    "site-card": ("/preview/daily/parcels", {"viewport": {"width": 900, "height": 720}}),
}
"""The path of each page, and the window in which it is seen."""


def main(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as made,
        lived(Path(made)) as shop,
        served(shop) as pages,
        chromium.browser() as browser,
    ):
        entrance = pages.entrance()
        for name, (path, window) in SHOTS.items():
            context = browser.new_context(**window)
            page = context.new_page()
            page.goto(entrance)
            page.goto(pages.base + path)
            print(keep(page.screenshot(), folder / f"{name}.png"))  # noqa: T201
            context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
