"""New files, all of them or none."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_new(files: Mapping[Path, str]) -> None:
    """Write files that are not there yet, in this order; when one cannot be, none stays.

    Raises `FileExistsError` for what would be overwritten, else `OSError`, with the file's name.
    """
    made: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Exclusively, which also refuses a link that leads nowhere yet.
            with path.open("xb") as file:
                made.append(path)
                file.write(text.encode())
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
