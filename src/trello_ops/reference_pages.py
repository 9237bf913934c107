"""What files and pages of a checkout have from the program.

`python -m trello_ops.reference_pages ROOT` writes them into a checkout.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from trello_ops.declared.reference import schemas, text, with_tables
from trello_ops.render.i18n import Translator
from trello_ops.settings_page import with_settings

ENGLISH = "docs/board-file.md"
FRENCH = "docs/fr/fichiers-de-tableaux.md"
SETTINGS = "docs/settings.md"


def made(root: Path) -> dict[str, str]:
    """The files by their paths, as they should be. What stands between the markers of a page is made anew."""
    example = (root / ".env.example").read_text("utf-8")
    pages: dict[str, Callable[[str], str]] = {
        ENGLISH: with_tables,
        FRENCH: partial(with_tables, said=Translator("fr").gettext),
        SETTINGS: partial(with_settings, example=example),
    }
    files = {name: text(schema) for name, schema in schemas().items()}
    return files | {name: remade((root / name).read_text("utf-8")) for name, remade in pages.items()}


if __name__ == "__main__":
    checkout = Path(sys.argv[1])
    for name, content in made(checkout).items():
        (checkout / name).write_text(content, "utf-8")
