"""The language of a workspace, known even while its files have mistakes."""

import re
from pathlib import Path
from typing import get_args

from trello_ops.declared.schema import WorkspaceShape

_LOCALE = re.compile(rb"""^locale[ \t]*:[ \t]*["']?([a-z]+)""", re.MULTILINE)


def language(folder: Path) -> str | None:
    """The `locale` that workspace.yaml names; `None` where it names none that there is."""
    # By its line alone, as the rest of the file may be no YAML, or in another encoding than UTF-8.
    for name in ("workspace.yaml", "workspace.yml"):
        try:
            found = _LOCALE.search((folder / name).read_bytes())
        except OSError:
            continue
        if found and (locale := found[1].decode()) in get_args(
            WorkspaceShape.model_fields["locale"].annotation
        ):
            return locale
    return None
