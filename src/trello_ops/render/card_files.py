"""What a folder of card templates holds, told without reading any of them as Jinja."""

from contextlib import suppress
from pathlib import Path

from trello_ops.folder_files import Folder
from trello_ops.plain_text import Unreadable
from trello_ops.render.template_file import is_partial, source, template_paths

CARDS = "cards"
"""The folder of card templates below `templates/`."""


def available(templates: Path | Folder) -> frozenset[str]:
    """The names that a task's `template:` may give, such as `stock.md`."""
    return frozenset(name for name in template_paths(templates / CARDS) if not is_partial(name))


def sources(templates: Path | Folder) -> dict[str, str]:
    """The text of every card template by name, without those that cannot be read."""
    found: dict[str, str] = {}
    for name, path in template_paths(templates / CARDS).items():
        with suppress(Unreadable):
            found[name] = source(templates / CARDS, path)
    return found
