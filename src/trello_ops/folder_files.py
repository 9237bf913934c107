"""Files that people put into folders: what of them may be read, wherever links lead and whatever it is."""

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

from trello_ops.messages import Message, Number, reason, say
from trello_ops.plain_text import Unreadable, decoded

LARGEST: Final = 5_000_000
"""Bytes of the largest file that is read; those of people have some thousands."""

LARGEST_TEMPLATE: Final = 200_000
"""Bytes of the largest card template: Trello takes descriptions of 16,384 characters."""

_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_FILE = say("is no file: remove it")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to read from: what lies in it really, or in one of `within` if there are any.

    Links may lead anywhere inside of those. A link out of them could bring a secret onto a card.
    """

    path: Path
    within: tuple[Path, ...] = ()

    @classmethod
    def of(cls, path: "Path | Folder") -> "Folder":
        """The folder at a path."""
        return path if isinstance(path, Folder) else cls(path)

    def __truediv__(self, name: str) -> Self:
        """A folder inside, which may lie wherever this one may."""
        return type(self)(self.path / name, self._tops)

    @property
    def _tops(self) -> tuple[Path, ...]:
        return self.within or (self.path,)

    def holds(self, path: Path) -> bool:
        """Whether a path may be read: where it really lies counts, once all links are followed."""
        real = Path(os.path.realpath(path))
        return any(real.is_relative_to(os.path.realpath(top)) for top in self._tops)

    def text(self, path: Path, most: int = LARGEST) -> str:
        """The text of one of its files, of at most so many bytes. Raises `Unreadable`."""
        return decoded(self.data(path, most))

    def data(self, path: Path, most: int = LARGEST) -> bytes:
        """The bytes of one of its files, at most so many. Raises `Unreadable`."""
        try:
            _require_file(path.stat())  # before opening, which means something to a device
            # Without waiting for anybody, should it be a pipe by now.
            with os.fdopen(os.open(path, _READING), "rb") as file:
                found = os.fstat(file.fileno())
                _require_file(found)
                real = Path(os.path.realpath(path))
                # What was opened must be what lies there: a link may have been turned in between.
                if not self.holds(real) or not os.path.samestat(real.lstat(), found):
                    raise Unreadable(self.outside(real))
                return limited(file, most)
        except OSError as error:
            raise Unreadable(say("cannot be read: %(why)s", why=reason(error))) from None

    def outside(self, path: Path) -> Message:
        """What is to be said of a link that leads out of the folder."""
        return say(
            "leads out of %(folder)s, to %(target)s: put a copy in its place, or allow that folder with "
            "%(setting)s",
            folder=str(self._tops[0]),
            target=os.path.realpath(path),
            setting="TRELLO_OPS_SHARED_DIRS",
        )

    def below(self, passed_over: Callable[[Path], bool] = lambda _: False) -> Iterator[Path]:
        """All files and folders below, also those that links lead to, without what is `passed_over`.

        No folder is entered twice, by whichever links, nor one that may not be read.
        """
        seen = set[str]()
        # What lies here comes before the links to it, which may be several.
        folders, links = deque([self.path]), deque[Path]()
        while folders or links:
            here = (folders or links).popleft()
            real = os.path.realpath(here)
            if real in seen or not self.holds(Path(real)):
                continue
            seen.add(real)
            for path in (each for each in listed(here) if not passed_over(each)):
                yield path
                if is_folder(path):
                    (links if os.path.islink(path) else folders).append(path)  # noqa: PTH114


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder, as far as can be seen."""
    return os.path.isdir(path)  # noqa: PTH112 (Path's own raises where a folder above is closed)


def limited(file: BinaryIO, most: int) -> bytes:
    """What is left of a file. Raises `Unreadable` if that is more than `most` bytes."""
    # Not by the size alone, which the system does not know of everything, and which may grow.
    size = os.fstat(file.fileno()).st_size
    data = file.read(most + 1) if size <= most else b""
    if size > most or len(data) > most:
        raise Unreadable(say("is larger than %(most)s bytes, and is not read: shorten it", most=Number(most)))
    return data


def _require_file(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    if not stat.S_ISREG(found.st_mode):  # reading a pipe would block for ever, and some devices never end
        raise Unreadable(_NO_FILE)


def listed(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where that cannot be told."""
    try:
        return sorted(folder.iterdir())
    except OSError:  # gone meanwhile, or closed to us: who reads it says so
        return []
