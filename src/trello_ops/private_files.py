"""Files and folders for this user alone: they hold people's names, and what the robot knows of them.

Whatever was there before keeps its mode. All functions raise `OSError`.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_OWNER: Final = 0o600


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, to be written; it takes `path`'s place when the block ends without error.

    When the block fails, `path` is left as it was and nothing else is left behind. Nothing is flushed to
    disk: `os.fsync` the file where power cuts matter.
    """
    # Not `path` with a suffix: the name of `path` may be as long as the file system allows.
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER))
    try:
        yield unfinished
        with contextlib.suppress(FileNotFoundError):
            unfinished.chmod(path.stat().st_mode)
        unfinished.replace(path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def private_file(path: Path) -> None:
    """Make an empty file, unless there is one."""
    path.touch(_OWNER)


def private_folder(path: Path) -> None:
    """Make a folder and those above it, unless they are there."""
    for folder in (*reversed(path.parents), path):
        # Not by `parents=True`, which lets others read those above. One that another process makes meanwhile,
        # or that is a file, is told apart by `mkdir`.
        if not folder.is_dir():
            folder.mkdir(0o700, exist_ok=True)
