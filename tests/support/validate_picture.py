"""The picture of `validate` on a folder with twenty mistakes, as an SVG. Run it to draw the picture anew."""

import io
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.text import Text

MISTAKES = Path(__file__).with_name("mistakes")
PICTURE = Path(__file__).parents[2] / "docs" / "img" / "validate-fr.svg"
COMMAND = "trello-ops validate"

_WIDTH = 112
_PLACE = re.compile(r"^\S+:\d+:\d+(?: \S+)?(?=: )", re.MULTILINE)
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def said() -> str:
    """What the command says there, in the language of that workspace."""
    asked = {name: value for name, value in os.environ.items() if not name.startswith("TRELLO_OPS_")}
    command = [sys.executable, "-m", "trello_ops", "validate"]
    done = subprocess.run(command, cwd=MISTAKES, env=asked, capture_output=True, text=True, check=False)
    return done.stdout


def drawn(text: str) -> str:
    """The picture of a terminal in which the command said this."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), highlight=False)
    console.print(Text.assemble(("$ ", "green"), COMMAND, "\n"))
    # By `textwrap`, which keeps a no-break space together with its neighbours, as rich does not.
    lines = (textwrap.fill(line, _WIDTH, subsequent_indent="  ") for line in text.splitlines())
    shown = Text("\n".join(lines))
    for found in _PLACE.finditer(shown.plain):
        shown.stylize("cyan", *found.span())
    shown.highlight_words(["attention"], "yellow")
    console.print(shown)
    svg = console.export_svg(title="trello-ops", unique_id="validate")
    # The fonts would be fetched from another site; each line has its length, so that any font fits.
    return _FONTS.sub("", svg)


def text_of(svg: str) -> str:
    """The words of a picture, without the spaces and line breaks between them."""
    lines = (each.text or "" for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))  # noqa: S314
    return "".join("".join(lines).split())


if __name__ == "__main__":
    PICTURE.write_text(drawn(said()), "utf-8")
