"""Files that appear under their name complete, or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def atomic_file(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """An empty file beside `path`, to be written; it takes `path`'s place when the block ends well.

    When the block fails, `path` is left as it was and nothing else is left behind. `mode` is subject to the
    umask. Raises `OSError`. Nothing is flushed to disk: `os.fsync` the file where power cuts matter.
    """
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")  # a long `path` could leave no room for more
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
