"""A card template as it lies on disk: front matter between two `---` lines, then a body.

The front matter is read as YAML first; each of its strings, and the body, is a `Text` for Jinja.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from trello_ops.errors import Problem
from trello_ops.folder_files import LARGEST_TEMPLATE, Folder, is_folder
from trello_ops.located_yaml import Document, dotted, lost_text, parse
from trello_ops.messages import joined, say
from trello_ops.plain_text import Unreadable
from trello_ops.suggestions import nearest
from trello_ops.unforeseen import unforeseen
from trello_ops.unread_files import Wanted, is_aside

FENCE = "---"
FRONT_MATTER_KEYS = ("title", "checklists")
_CHECKLIST_KEYS = ("title", "items")
# Stands for a text that is wrong, so that the rest of the file is checked all the same.
_PLACEHOLDER = "?"
_UNQUOTED = re.compile(r"(\s*(?:-\s+)*(?:\w+\s*:\s+)?)(\{[{%].*)")
_QUOTED_NAME = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Text:
    """What Jinja renders. `line` and `column` are where it begins in its file, counted from 1.

    `path` is dotted (`checklists[0].items[2]`), and empty for the body.
    """

    source: str
    path: str = ""
    line: int = 1
    column: int = 1

    @property
    def in_place(self) -> str:
        """The source behind a comment as long as what precedes it, so that Jinja counts the file's lines."""
        return "{#" + "\n" * (self.line - 1) + "#}" + self.source


@dataclass(frozen=True, slots=True)
class ChecklistTexts:
    """A checklist before rendering."""

    title: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a template says of its card besides the description; the title is the task's if it says none."""

    title: Text = Text("{{ task.title }}", "title")
    checklists: tuple[ChecklistTexts, ...] = ()

    @property
    def texts(self) -> Iterator[Text]:
        """Every text, in the order of the file."""
        yield self.title
        for checklist in self.checklists:
            yield checklist.title
            yield from checklist.items


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """`name` is relative to the folder of card templates, `path` the file's own."""

    name: str
    path: str
    lines: tuple[str, ...]
    front_matter: FrontMatter
    body: Text
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text, the body last."""
        return (*self.front_matter.texts, self.body)

    def problem(self, line: int, message: str, text: Text) -> Problem:
        """A problem in a line. A message that begins with a quoted name points at that name."""
        start = text.column - 1 if line == text.line else 0
        written = self.lines[line - 1] if line <= len(self.lines) else ""
        name = _QUOTED_NAME.match(message)
        found = re.compile(rf"(?<!\w){re.escape(name[1])}(?!\w)").search(written, start) if name else None
        if found:
            column = found.start()
        else:
            code = re.compile(r"\{[{%#]").search(written, start)
            indent = len(written) - len(written.lstrip())
            column = max(code.start() if code else start, indent)
        return Problem(self.path, line, column + 1, text.path, message)


class TemplateFolder:
    """The folder of card templates. Each file is read once, when first asked for.

    With `kept`, sources by name, the folder itself is not read at all.
    """

    def __init__(self, path: Path | Folder, kept: Mapping[str, str] | None = None) -> None:
        self._folder = Folder.of(path)
        self.path = self._folder.path
        self._kept = kept
        self._paths = template_paths(path) if kept is None else {name: self.path / name for name in kept}
        self.names = tuple(sorted(self._paths))
        self._files: dict[str, TemplateFile] = {}

    @property
    def usable(self) -> frozenset[str]:
        """The names that a task may give: all but layouts and partials, whose names begin with `_`."""
        return frozenset(name for name in self.names if not is_partial(name))

    def file(self, name: str) -> TemplateFile:
        """The file with this name. Raises `LookupError` if there is none."""
        name = normalize("NFC", name)
        if name not in self._paths:
            raise LookupError(name)
        if name not in self._files:
            path = self._paths[name]
            kept = self._kept[name] if self._kept is not None else None
            self._files[name] = _read(self._folder, path, name, kept)
        return self._files[name]

    def at(self, path: str) -> TemplateFile | None:
        """The file with this path, if it was read."""
        return next((file for file in self._files.values() if file.path == path), None)

    def no_such_file(self, name: str) -> str:
        """The message about a name that is no file of this folder."""
        return say(
            "'%(name)s' is no file of %(folder)s%(instead)s",
            name=name,
            folder=str(self.path),
            instead=instead(name, self.names),
        )


def source(folder: Path | Folder, path: Path) -> str:
    """A template's text. Raises `Unreadable`."""
    text = Folder.of(folder).text(path, LARGEST_TEMPLATE)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def template_paths(folder: Path | Folder) -> dict[str, Path]:
    """The card templates by name. Whatever the file system writes, names have composed accents and `.md`."""
    reading, found = Folder.of(folder), dict[str, Path]()
    wanted = Wanted(reading, (".md",))
    # Not the hidden ones, as editors and macOS leave `.#stock.md` or `._stock.md` beside a file.
    for path in sorted(reading.below(passed_over=is_aside)):
        # By `os`, as Path's own raises where a folder above is closed.
        if wanted.has_suffix(path) and os.path.exists(path) and not is_folder(path):  # noqa: PTH110
            within = path.relative_to(reading.path)
            found.setdefault(normalize("NFC", within.with_suffix(".md").as_posix()), path)
    return found


def is_partial(name: str) -> bool:
    """Whether a file is there for other templates to extend or include, and not for tasks."""
    return name.rpartition("/")[2].startswith("_")


def instead(name: str, names: Collection[str]) -> str:
    """The end of a message about an unknown name: the nearest known one, and all of them."""
    near = nearest(name, names)
    if not names:
        return ""
    suggestion = say("; did you mean '%(name)s'?", name=near) if near else "."
    return joined((suggestion, say("There are: %(names)s", names=", ".join(names))), " ")


def _read(folder: Folder, path: Path, name: str, kept: str | None) -> TemplateFile:
    """The file, whose problems say what of it could not be understood. Never raises for bad input."""
    where = str(path)
    try:
        return _parsed(source(folder, path) if kept is None else kept, name, where)
    except Unreadable as error:
        return _broken(name, where, error.message, error.line, error.column)
    except Exception as error:  # noqa: BLE001 (whatever it is, the other templates are to be read)
        return replace(_broken(name, where, ""), problems=(unforeseen(error, path),))


def _parsed(text: str, name: str, where: str) -> TemplateFile:
    if not is_partial(name) and not text.strip().strip(FENCE).strip():
        message = say("is empty: write the card's text into it, or delete it")
        return _broken(name, where, message)
    # Not `splitlines`, which breaks at form feeds and U+2028 as well: Jinja and editors count otherwise.
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return TemplateFile(name, where, tuple(lines), FrontMatter(), Text("\n".join(lines)), ())
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        return _broken(
            name, where, say("the front matter is never closed: add a line `%(fence)s` after it", fence=FENCE)
        )
    problems = tuple(_unquoted(where, lines[1:end]))
    front_matter = FrontMatter()
    warnings: tuple[Problem, ...] = ()
    if not problems:
        document = parse("\n".join(lines[1:end]), where, first_line=2)
        shape = _Shape(document, lines[1:end])
        front_matter = shape.front_matter()
        problems, warnings = (*document.problems, *shape.problems), tuple(shape.warnings)
    if is_partial(name):
        message = say("a layout or partial has no front matter: remove it")
        problems = (Problem(where, 1, 1, "", message),)
    body = Text("\n".join(lines[end + 1 :]), line=end + 2)
    return TemplateFile(name, where, tuple(lines), front_matter, body, problems, warnings)


def _broken(name: str, path: str, message: str, line: int = 1, column: int = 1) -> TemplateFile:
    problems = (Problem(path, line, column, "", message),)
    return TemplateFile(name, path, (), FrontMatter(), Text(""), problems)


def _unquoted(path: str, lines: list[str]) -> Iterator[Problem]:
    """Lines whose text begins with `{{`: YAML would take it for a mapping, and complain of something else."""
    for number, line in enumerate(lines, 2):
        match = _UNQUOTED.fullmatch(line)
        if match and match[1].strip():
            quoted = "'" if '"' in match[2] else '"'
            message = say(
                "text that begins with `%(begin)s` needs quotes around it: %(quoted)s",
                begin=match[2][:2],
                quoted=f"{quoted}{match[2]}{quoted}",
            )
            yield Problem(path, number, match.start(2) + 1, "", message)


class _Shape:
    """Reads a front matter's values, and notes a problem for every one that is wrong."""

    def __init__(self, document: Document, lines: list[str]) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._document = document
        self._lines = lines

    def front_matter(self) -> FrontMatter:
        value = self._mapping((), self._document.value or {}, FRONT_MATTER_KEYS, say("the front matter"))
        title = self._text(("title",), value["title"]) if "title" in value else FrontMatter().title
        checklists = self._list(("checklists",), value.get("checklists", []))
        return FrontMatter(
            title, tuple(self._checklist(("checklists", n), c) for n, c in enumerate(checklists))
        )

    def _checklist(self, path: tuple[str | int, ...], value: Any) -> ChecklistTexts:
        entries = self._mapping(path, value, _CHECKLIST_KEYS, say("a checklist"))
        for key in _CHECKLIST_KEYS:
            if key not in entries and isinstance(value, dict):
                self._complain(path, say("a checklist needs %(key)s: add `%(key)s:`", key=key))
        items = self._list((*path, "items"), entries.get("items", []))
        return ChecklistTexts(
            self._text((*path, "title"), entries.get("title", _PLACEHOLDER)),
            tuple(self._text((*path, "items", n), item) for n, item in enumerate(items)),
        )

    def _mapping(
        self, path: tuple[str | int, ...], value: Any, keys: tuple[str, str], what: str
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            first, second = keys
            message = say(
                "%(what)s must consist of `%(first)s:` and `%(second)s:`",
                what=what,
                first=first,
                second=second,
            )
            self._complain(path, message)
            return {}
        for key in value:
            if key not in keys:
                message = say("is no key of %(what)s%(instead)s", what=what, instead=instead(key, keys))
                self.problems.append(self._document.problem_with_key((*path, key), message))
        return value

    def _list(self, path: tuple[str | int, ...], value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        self._complain(path, say("must be a list: one line beginning with `- ` for each entry"))
        return []

    def _text(self, path: tuple[str | int, ...], value: Any) -> Text:
        line, column = self._document.where(path)
        if lost := self._document.lost(path):
            self.warnings.append(self._document.problem(path, lost_text(lost)))
        if value is None or (isinstance(value, str) and not value.strip()):
            self._complain(path, say("is empty: write its text, or remove it"))
            value = _PLACEHOLDER
        elif not isinstance(value, str):
            self._complain(path, say("must be text: put it in quotes"))
            value = _PLACEHOLDER
        # A block scalar's text begins on the line after its `|` or `>`; front matter begins on line 2.
        elif self._lines and self._lines[line - 2][column - 1 : column] in ("|", ">"):
            line, column = line + 1, 1
        return Text(value, dotted(path), line, column)

    def _complain(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(self._document.problem(path, message))
