"""Takes the picture of a board's sheet that the docs show, as LibreOffice prints it. From the checkout:

PYTHONPATH=tests/support .venv/bin/python -m sheet_shots docs/img

It needs LibreOffice Calc and pdftoppm, which is in poppler-utils.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pack_shots import keep
from PIL import Image, ImageChops

from trello_ops import starter
from trello_ops.declared import load
from trello_ops.render import card_files
from trello_ops.sheets.export import workbook

PAGE, MARGIN = "9", 24  # the weekly board's; pixels
TOOLS = ("soffice", "pdftoppm")


def printed(folder: Path) -> bytes:
    """A page of the shop's workbook as PNG."""
    starter.copy([starter.SHOP], folder / "boards", folder / "templates")
    templates = card_files.available(folder / "templates")
    (folder / "shop.xlsx").write_bytes(workbook(load.read(folder / "boards", templates), templates))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    to_pdf = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*to_pdf, str(folder / "shop.xlsx")], check=True, capture_output=True, timeout=180)
    to_png = ["pdftoppm", "-png", "-r", "110", "-f", PAGE, "-l", PAGE, str(folder / "shop.pdf")]
    return subprocess.run(to_png, check=True, capture_output=True, timeout=60).stdout


def without_margins(png: bytes) -> bytes:
    """The upper part of a page, as far as something stands there."""
    page = Image.open(io.BytesIO(png)).convert("RGB")
    page = page.crop((0, 0, page.width, page.height * 9 // 10))  # below is the footer
    filled = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    left, top, right, bottom = filled or (0, 0, *page.size)
    taken = io.BytesIO()
    page.crop((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)).save(taken, "PNG")
    return taken.getvalue()


def main(folder: Path) -> None:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        sys.exit(f"The picture of a sheet needs {', '.join(missing)}.")
    with tempfile.TemporaryDirectory() as made:
        print(keep(without_margins(printed(Path(made))), folder / "sheet.png"))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
