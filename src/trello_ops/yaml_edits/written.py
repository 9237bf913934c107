"""How new values are written in YAML: as people write them by hand, and so that all readers agree on them.

`located_yaml` reads YAML 1.2's few kinds of values, other readers more: to them `on` is true and `12:30` a
number. New text that anything might take for something else than text is put in quotes.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import yaml

from trello_ops.located_yaml import Value, parse
from trello_ops.yaml_edits.places import in_brackets

_WIDEST: Final = 100
"""Characters of a list or mapping that is still written in one line."""

_RESOLVER: Final = yaml.resolver.Resolver()
_TEXT: Final = "tag:yaml.org,2002:str"
_DATE: Final = "tag:yaml.org,2002:timestamp"
_PLAIN_DATE: Final = re.compile(r"[:,\[-] *\d{4}-\d\d-\d\d *(?:[,}\]#\r\n]|\Z)")
_INDENT: Final = re.compile(r"^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#]", re.MULTILINE)
_FIGURES: Final = re.compile(r"[-+.,:_\d\s]+")
_DASHES: Final = tuple("-•▪·=~?:")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_OTHER_LINE_ENDS: Final = re.compile("[\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A text's ways: what ends its lines, by how many columns levels are indented, dates without quotes."""

    newline: str
    step: int
    plain_dates: bool

    @classmethod
    def of(cls, text: str) -> Self:
        """The ways of a text."""
        indent = _INDENT.search(text)
        newline = "\r\n" if "\r\n" in text else "\n"
        return cls(newline, len(indent[1]) if indent else 2, bool(_PLAIN_DATE.search(text)))


@dataclass(frozen=True, slots=True)
class Written:
    """A value: what stands in the line of its name, and the lines below."""

    inline: str
    below: str = ""


class Writer:
    """Writes values in the ways of a text. `like` is what stands, or stood, in a value's place.

    Texts of several lines are written `in_lines`, below a `|`, or else in quotes.
    """

    def __init__(self, layout: Layout, *, in_lines: bool) -> None:
        self._layout = layout
        self._in_lines = in_lines

    def entry(self, key: str | None, value: Value, column: int, like: yaml.Node | None) -> str:
        """The lines of a mapping's entry, or of a list's item, whose name or dash stands at `column`."""
        written = self.value(value, column, like, in_list=key is None)
        head = " " * column + ("-" if key is None else f"{key_text(key)}:")
        if key is None and not written.inline:
            return f"{head} {written.below.lstrip(' ')}"
        gap = " " if written.inline else ""
        return f"{head}{gap}{written.inline}{self._layout.newline}{written.below}"

    def value(self, value: Value, column: int, like: yaml.Node | None, *, in_list: bool) -> Written:
        """The value of a mapping's entry, or of a list's item, whose name or dash stands at `column`."""
        inner = column + (2 if in_list else self._layout.step)
        if isinstance(value, dict | list):
            if not value or _in_brackets(value, like):
                return Written(self.flow(value))
            if like and _is_alike(value, like) and not in_list:
                inner = like.start_mark.column
            return Written("", self._lines(value, inner))
        if self._in_lines and isinstance(value, str) and (lines := _block(value, like)):
            below = (f"{' ' * inner if line else ''}{line}{self._layout.newline}" for line in lines[1:])
            return Written(lines[0], "".join(below))
        return Written(self.flow(value, like))

    def flow(self, value: Value, like: yaml.Node | None = None) -> str:
        """A value in one line, as it may stand in brackets."""
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key_text(key)}: {self.flow(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(each) for each in value) + "]"
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if not isinstance(value, str):
            return repr(value).replace("inf", ".inf").replace("nan", ".nan")
        return self._text(value, like)

    def _lines(self, value: list[Value] | dict[str, Value], column: int) -> str:
        items = value.items() if isinstance(value, dict) else ((None, each) for each in value)
        return "".join(self.entry(key, each, column, None) for key, each in items)

    def _text(self, text: str, like: yaml.Node | None) -> str:
        style = like.style if isinstance(like, yaml.ScalarNode) else None
        if style not in ("'", '"') and _is_plain(text, self._layout.plain_dates):
            return text
        single = "'" + text.replace("'", "''") + "'"
        if (style == "'" or '"' in text or "\\" in text) and _reads_as(single, text):
            return single
        return _double(text)


def key_text(key: str) -> str:
    """The name of an entry, in quotes where it must be."""
    document = parse(f"{{{key}: 1}}\n", "")
    plain = document.value == {key: 1} and not document.problems and "\n" not in key
    return key if plain else _double(key)


def _is_alike(value: list[Value] | dict[str, Value], like: yaml.Node | None) -> bool:
    """Whether a list or mapping has one of its kind to be written like; an empty one shows nothing."""
    kind = yaml.MappingNode if isinstance(value, dict) else yaml.SequenceNode
    return isinstance(like, kind) and bool(like.value)


def _in_brackets(value: list[Value] | dict[str, Value], like: yaml.Node | None) -> bool:
    """Whether a list or mapping is written in one line: as what it is like, else if that is easily read."""
    if like and _is_alike(value, like):
        return in_brackets(like)
    inner = value.values() if isinstance(value, dict) else value
    shown = repr(value)
    return not any(isinstance(each, dict) for each in inner) and len(shown) <= _WIDEST and "\\n" not in shown


def _block(text: str, like: yaml.Node | None) -> list[str] | None:
    """A block scalar's header and lines; `None` for text that needs none, or would not survive it."""
    folded = isinstance(like, yaml.ScalarNode) and like.style == ">" and "\n" not in text.removesuffix("\n")
    if not folded and ("\n" not in text or text.endswith("\n\n") or _OTHER_LINE_ENDS.search(text)):
        return None
    lines = text.removesuffix("\n").split("\n")
    header = (">" if folded else "|") + ("" if text.endswith("\n") else "-")
    document = parse(f"text: {header}\n" + "".join(f"  {line}\n" if line else "\n" for line in lines), "")
    return [header, *lines] if document.value == {"text": text} and not document.problems else None


def _is_plain(text: str, plain_dates: bool) -> bool:
    """Whether it may do without quotes."""
    if text.startswith(_DASHES) or "\n" in text or not _reads_as(text, text):
        return False
    kind = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return plain_dates if kind == _DATE else kind == _TEXT and not _FIGURES.fullmatch(text)


@lru_cache(maxsize=4096)
def _reads_as(written: str, text: str) -> bool:
    """Whether it is read as that text, in a line of its own and in brackets."""
    document = parse(f"in_line: {written}\nin_brackets: [{written}, {{name: {written}}}]\n", "")
    return (
        document.value == {"in_line": text, "in_brackets": [text, {"name": text}]} and not document.problems
    )


def _double(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # French typography's spaces are not printable to Python, but meant to be seen.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
