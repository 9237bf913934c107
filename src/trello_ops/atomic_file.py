"""Files that appear under their name complete, or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def atomic_file(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """An empty file beside `path`, to be written; it takes `path`'s place when the block ends without error.

    When the block fails, `path` is left as it was and nothing else is left behind. `mode` is subject to the
    umask. Raises `OSError`. Nothing is flushed to disk: `os.fsync` the file where power cuts matter.
    """
    # Not `path` with a suffix: the name of `path` may be as long as the file system allows.
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
