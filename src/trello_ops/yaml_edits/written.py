"""How new values are written in YAML: as people write them by hand, and so that all readers agree on them.

`located_yaml` reads YAML 1.2's few kinds of values, other readers more: to them `on` is true and `12:30` a
number. New text that anything might take for something else than text is put in quotes.
"""

import re
import unicodedata
from dataclasses import dataclass

import yaml
from yaml.nodes import ScalarNode

from trello_ops.located_yaml import Value, parse
from trello_ops.yaml_edits.tree import Block, Flow, Node, Scalar

WIDEST = 100
"""Characters of a list or mapping that is still written in one line."""

_RESOLVER = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"
_DASHES = tuple("-•▪·=~?:")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_INDENTED = (" ", "\n", "\t")
_OTHER_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A text's ways: what ends its lines, and by how many columns each level is indented."""

    newline: str
    step: int


def key_text(key: str) -> str:
    """The name of an entry, in quotes where it must be."""
    document = parse(f"{{{key}: 1}}\n", "")
    plain = document.value == {key: 1} and not document.problems and "\n" not in key
    return key if plain else _double(key)


def entry_text(head: str, value: Value, column: int, layout: Layout, like: Node | None) -> str:
    """An entry or item in lines of its own, from its head (`name:` or `-`), which stands at `column`.

    It is written in brackets, in quotes or in lines as `like` is, where the value allows.
    """
    newline = layout.newline
    if not isinstance(value, dict | list):
        deeper = " " * (max(column, 0) + layout.step)
        first, below = scalar_text(value, like, flow=False, indent=deeper, newline=newline)
        return f"{head} {first}{newline}{below}"
    if _fits_in_brackets(value, like, in_list=head == "-"):
        return f"{head} {flow_text(value)}{newline}"
    inner = like.column if isinstance(like, Block) and like.column > column else column + layout.step
    if head == "-":
        inner = column + 2
    lines = lines_text(value, inner, layout)
    return f"- {lines.lstrip(' ')}" if head == "-" else f"{head}{newline}{lines}"


def lines_text(value: "list[Value] | dict[str, Value]", column: int, layout: Layout) -> str:
    """A mapping's entries or a list's items, all beginning at `column`."""
    if isinstance(value, dict):
        heads = [(f"{key_text(key)}:", each) for key, each in value.items()]
    else:
        heads = [("-", each) for each in value]
    return "".join(" " * column + entry_text(head, each, column, layout, None) for head, each in heads)


def flow_text(value: Value, like: Node | None = None) -> str:
    """A value in one line, as it may stand in brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key)}: {flow_text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(each) for each in value) + "]"
    return scalar_text(value, like, flow=True)[0]


def scalar_text(
    value: "bool | float | str | None", like: Node | None, *, flow: bool, indent: str = "", newline: str = "\n"
) -> tuple[str, str]:
    """A single value: what stands in the line of its head, and the lines below, which block scalars have.

    `like` is the value that it takes the place of.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], ""
    if not isinstance(value, str):
        return repr(value).replace("inf", ".inf").replace("nan", ".nan"), ""
    for style in _styles(value, like):
        if style in ("|", ">"):
            if not flow and (lines := _block(value, style)):
                below = "".join(f"{indent if line else ''}{line}{newline}" for line in lines[1:])
                return lines[0], below
        elif style == "'":
            quoted = "'" + value.replace("'", "''") + "'"
            if _reads_as(quoted, value):
                return quoted, ""
        elif style == "" and _is_safe(value, like):
            return value, ""
        elif style == '"':
            break
    return _double(value), ""


def _styles(value: str, like: Node | None) -> list[str]:
    """The styles to try, the best first."""
    first = [like.style] if isinstance(like, Scalar) and like.text else []
    lines = ["|"] if "\n" in value else []
    return [*first, "", *lines, *(["'"] if '"' in value or "\\" in value else []), '"']


def _is_safe(text: str, like: Node | None) -> bool:
    """Whether it may do without quotes."""
    if "\n" in text or text.startswith(_DASHES) or not _reads_as(text, text):
        return False
    kind = _kind(text)
    was = isinstance(like, Scalar) and like.style == "" and like.text == like.value and _kind(like.value)
    return kind in ((_TEXT, True), was)


def _kind(text: str) -> tuple[str, bool]:
    """What readers of YAML 1.1 take it for; and whether it has a letter, as no figure has."""
    tag = _RESOLVER.resolve(ScalarNode, text, (True, False))
    return tag, any(character.isalpha() for character in text)


def _reads_as(written: str, text: str) -> bool:
    """Whether it is read as that text, in a line of its own and in brackets."""
    document = parse(f"in_line: {written}\nin_brackets: [{written}, {{name: {written}}}]\n", "")
    return document.value == {"in_line": text, "in_brackets": [text, {"name": text}]} and not document.problems


def _block(text: str, style: str) -> list[str] | None:
    """A block scalar's header and lines; `None` for text that would not survive it."""
    if text.startswith(_INDENTED) or text.endswith("\n\n") or _OTHER_LINE_ENDS.search(text):
        return None
    lines = text.removesuffix("\n").split("\n")
    if style == ">":
        lines = "\n\n".join(lines).split("\n")
    header = style if text.endswith("\n") else f"{style}-"
    document = parse(f"text: {header}\n" + "".join(f"  {line}\n" if line else "\n" for line in lines), "")
    return [header, *lines] if document.value == {"text": text} and not document.problems else None


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


def _fits_in_brackets(value: "list[Value] | dict[str, Value]", like: Node | None, *, in_list: bool) -> bool:
    if not value:
        return True
    if isinstance(like, Flow | Block):
        return isinstance(like, Flow)
    inner = list(value.values()) if isinstance(value, dict) else value
    flat = not any(isinstance(each, dict) or (isinstance(each, str) and "\n" in each) for each in inner)
    if isinstance(value, dict):
        return in_list and flat and len(flow_text(value)) <= WIDEST
    return flat and not any(isinstance(each, list) for each in inner) and len(flow_text(value)) <= WIDEST
