"""A workspace's language and key, known even while its files have mistakes."""

import re
from pathlib import Path
from typing import get_args

from trello_ops.declared.fields import KEY_PATTERN
from trello_ops.declared.schema import WorkspaceShape
from trello_ops.folder_files import Folder
from trello_ops.plain_text import Unreadable


def language(folder: Path | Folder) -> str | None:
    """The `locale` that workspace.yaml names; `None` where it names none that there is."""
    locale = _line(folder, "locale")
    known = get_args(WorkspaceShape.model_fields["locale"].annotation)
    return locale if locale in known else None


def key(folder: Path | Folder) -> str | None:
    """The `key` that workspace.yaml names; `None` where there is none that can be one."""
    found = _line(folder, "key")
    return found if found and re.fullmatch(KEY_PATTERN, found) else None


def _line(folder: Path | Folder, name: str) -> str | None:
    """The word behind `name:` at the beginning of a line of workspace.yaml."""
    reading = Folder.of(folder)
    # By its line alone, as the rest of the file may be no YAML, or in another encoding than UTF-8.
    line = re.compile(rf"""^{name}[ \t]*:[ \t]*["']?([a-z0-9-]+)""".encode(), re.MULTILINE)
    for file in ("workspace.yaml", "workspace.yml"):
        try:
            found = line.search(reading.data(reading.path / file))
        except Unreadable:
            continue
        if found:
            return found[1].decode()
    return None
