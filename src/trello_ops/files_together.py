"""Several files written together, new ones or others: all of them, or none."""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import say
from trello_ops.private_files import atomic_file

_CHANGED: Final = say("was changed meanwhile, so nothing is written: begin again")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file that was read, and is to hold something else."""

    path: Path
    before: bytes
    after: bytes


def write_all(rewrites: Sequence[Rewrite]) -> None:
    """Write all files; each keeps its mode, and links lead where they led.

    Everything is on the disk beside the files before the first of them is replaced. If one cannot be, those
    before it are put back.

    Raises `InvalidDeclaration` where a file holds something else by now than was read, and `OSError`. Then
    all files are as they were.
    """
    with ExitStack() as prepared:
        for each in rewrites:
            _write(prepared.enter_context(atomic_file(_real(each.path))), each.after)
        if changed := [each for each in rewrites if _read(each.path) != each.before]:
            raise InvalidDeclaration(tuple(Problem(str(each.path), 1, 1, "", _CHANGED) for each in changed))
        replacing = prepared.pop_all()
    try:
        replacing.close()
    except BaseException:
        for each in rewrites:
            with suppress(OSError):  # one that cannot be put back must not keep others from it
                _put_back(each)
        raise


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


def _put_back(rewrite: Rewrite) -> None:
    if _read(rewrite.path) == rewrite.after:
        with atomic_file(_real(rewrite.path)) as unfinished:
            _write(unfinished, rewrite.before)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
