"""A file beside a store, by which its loss is noticed: else the next command would make another."""

import os
from contextlib import suppress
from pathlib import Path

from trello_ops.private_files import private_file


def is_there(file: Path) -> bool:
    """Whether a file holds anything: SQLite takes an empty one for a new database."""
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def is_gone(file: Path) -> bool:
    """Whether there was a store that is not there any more."""
    return not is_there(file) and os.path.lexists(_trace(file))


def leave_trace(file: Path) -> None:
    """Note that there is a store."""
    # It only helps: whoever cannot write here is told so by SQLite, or has no need to.
    with suppress(OSError):
        private_file(_trace(file))


def _trace(file: Path) -> Path:
    # Hidden, so that `rm trello-ops.sqlite3*` leaves it; left out of Git as `*.sqlite3-*`.
    return file.with_name(f".{file.name}-made")
