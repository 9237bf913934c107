"""Files that lie where board files or card templates are read, and are not read themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trello_ops.errors import Problem
from trello_ops.folder_files import Folder, is_folder, listed
from trello_ops.messages import Message, say

_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".numbers"})
_DOCUMENTS = frozenset({".doc", ".docx", ".odt", ".pages", ".rtf", ".pdf"})
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_OF_EDITORS = frozenset({".swp", ".swo", ".tmp"})
_HALVES = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are no UTF-8
_NO_NAME = say("is not read, as its name is no UTF-8: rename it, or move it elsewhere")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a folder is read for. `suffixes` are lower-case; the first is the one to recommend."""

    reading: Folder
    suffixes: tuple[str, ...]
    nested: bool = False

    @property
    def folder(self) -> Path:
        """The folder's path."""
        return self.reading.path

    def has_suffix(self, path: Path) -> bool:
        """Whether a file of this name is read. A Mac and Windows do not tell `.YAML` from `.yaml`."""
        return path.suffix.lower() in self.suffixes and not _HALVES.search(path.name)


def unread(wanted: Wanted, top: Path | None = None) -> tuple[Problem, ...]:
    """A warning for each file, and each folder, that is not read; of `top` where that lies higher.

    Hidden files, those that editors and systems leave behind, and files named `README…` are passed over.
    """
    found = _below(top or wanted.folder, wanted)
    return tuple(
        Problem(str(path), 1, 1, "", _NO_NAME if _HALVES.search(path.name) else _advice(path, wanted))
        for path in sorted(found)
    )


def is_aside(path: Path) -> bool:
    """Whether a file or folder is there for others: hidden, left behind by an editor, or a `README…`."""
    name = path.name.lower()
    return (
        name.startswith((".", "~$", "readme", "lisezmoi", "lisez-moi"))
        or name.endswith("~")
        or (name.startswith("#") and name.endswith("#"))
        or name in _OF_SYSTEMS
        or path.suffix.lower() in _OF_EDITORS
    )


def _below(folder: Path, wanted: Wanted) -> Iterator[Path]:
    """What is not read. Of a folder that is not read at all only the folder itself, if it holds anything."""
    inside = folder == wanted.folder or (wanted.nested and folder.is_relative_to(wanted.folder))
    for path in listed(folder):
        if is_aside(path):
            continue
        if is_folder(path):
            yield from _of_folder(path, wanted, inside=inside)
        elif not inside or not wanted.has_suffix(path) or path.suffix.lower() != path.suffix:
            yield path


def _of_folder(path: Path, wanted: Wanted, *, inside: bool) -> Iterator[Path]:
    """What is not read of a folder."""
    on_the_way = wanted.folder.is_relative_to(path)
    if on_the_way or (wanted.nested and inside):
        if not wanted.reading.holds(path):
            yield path
        # What other links lead to is looked through where it lies itself: links may run in circles.
        elif on_the_way or not path.is_symlink():
            yield from _below(path, wanted)
    elif not (inside and wanted.has_suffix(path)) and _holds_something(path):
        yield path


def _holds_something(folder: Path) -> bool:
    try:
        return any(not is_aside(path) for path in folder.iterdir())
    except OSError:  # what cannot be listed may hold anything
        return True


def _advice(path: Path, wanted: Wanted) -> Message:
    """What a person should do about the file."""
    name = _meant(path, wanted)
    if is_folder(path) and not wanted.reading.holds(path):
        return wanted.reading.outside(path)
    if is_folder(path):
        return say(
            "the folder is not read: move what counts into `%(folder)s` itself, and the rest elsewhere",
            folder=str(wanted.folder),
        )
    if path.suffix.lower() in _TABLES:
        return say(
            "is a spreadsheet, which is not read: write what counts into `%(name)s`, and move it elsewhere",
            name=name,
        )
    if path.suffix.lower() in _DOCUMENTS:
        return say(
            "is a document, which is not read: save its text alone as `%(name)s`, and move it elsewhere",
            name=name,
        )
    if not path.is_relative_to(wanted.folder):
        return say("is not read here: move it into `%(folder)s`, or elsewhere", folder=str(wanted.folder))
    return _about_name(path, name, wanted)


def _about_name(path: Path, name: str, wanted: Wanted) -> Message:
    """What is wrong with the name of a file that lies in the right place."""
    if wanted.has_suffix(path):
        return say("is read as `%(name)s`: rename it so, as not every computer takes it for that", name=name)
    if (path.parent / name).exists():
        return say("is not read, while `%(name)s` beside it is: delete it, or move it elsewhere", name=name)
    return say(
        "is not read, as its name does not end in `%(suffix)s`: rename it to `%(name)s`, or move it "
        "elsewhere",
        suffix=wanted.suffixes[0],
        name=name,
    )


def _meant(path: Path, wanted: Wanted) -> str:
    """The name by which it would be read: `gare.yaml` for `gare.yaml.txt`, `gare.csv` and `gare.YAML`."""
    name = path.name.strip()
    low = name.lower()
    at = min((low.find(each) for each in wanted.suffixes if each in low), default=-1)
    # Up to the first suffix: `gare.yaml.bak` is to be `gare.yaml`, and no `gare.yaml.yaml`.
    stem = name[:at] if at > 0 else name.removesuffix(Path(name).suffix)
    return stem.strip() + wanted.suffixes[0]
