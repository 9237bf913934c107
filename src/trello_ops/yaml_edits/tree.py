"""A YAML text taken apart without loss: put together again, it is the same text, byte for byte.

Lines above an entry belong to it (`own`) or to more than it (`loose`); see `edits.Remove`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml
from yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from trello_ops.yaml_edits.edits import Impossible, Step

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_ABOVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_LINE_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?\n")
_SPACES = re.compile(" *")
_DASH = re.compile("-")
_COLON = re.compile(r"\s*:")
_ANCHOR = re.compile(r"[ \t]*&\S+")
_BLOCK_HEADER = re.compile(r"(?:&\S+\s+)?[|>][-+0-9]*")
_BLOCK_STYLES = ("|", ">")
_RULED = re.compile(r"([-=~*_#─━═])\1\1")
"""What a heading over several entries is drawn with."""


@dataclass(slots=True)
class Scalar:
    """A single value. `text` ends with the line where `body`, the lines of a block scalar, follows."""

    text: str
    style: str
    """`""` for none, or the sign that it begins with: one of `'`, `"`, `|`, `>`."""
    value: str
    body: str = ""


@dataclass(slots=True)
class Flow:
    """A mapping or list in brackets; `between` holds the commas, with the white space around them."""

    mapping: bool
    entries: list["Entry"] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    opening: str = ""
    closing: str = ""

    @property
    def text(self) -> str:
        """From bracket to bracket."""
        pieces = [self.opening]
        for entry, after in zip(self.entries, [*self.between, ""], strict=False):
            pieces += [entry.head, entry.gap, inline(entry.node), after]
        return "".join([*pieces, self.closing])


@dataclass(slots=True)
class Block:
    """A mapping or list with a line or more an entry, all beginning in the same column (from 0)."""

    mapping: bool
    column: int
    entries: list["Entry"] = field(default_factory=list)
    compact: bool = False
    """It begins in the line of the `-` whose value it is."""
    anchor: str = ""
    end: str = ""
    """Comments below the last entry that belong here."""

    @property
    def text(self) -> str:
        """The lines of all entries; without the first one's indentation where it is `compact`."""
        pieces: list[str] = []
        for index, entry in enumerate(self.entries):
            indent = "" if self.compact and index == 0 else " " * self.column
            pieces += [entry.loose, entry.own, indent, entry.text]
        return "".join([*pieces, self.end])


Node: TypeAlias = Scalar | Flow | Block


@dataclass(slots=True)
class Entry:
    """An entry of a mapping, an item of a list, or a whole document."""

    node: Node
    key: str | None = None
    head: str = ""
    """`name:` or `-`."""
    gap: str = ""
    tail: str = ""
    """What follows the value in its line, with the line's end."""
    loose: str = ""
    own: str = ""

    @property
    def text(self) -> str:
        """From its head to its last line's end."""
        return "".join((self.head, self.gap, inline(self.node), self.tail, body(self.node)))


def inline(node: Node) -> str:
    """What of a value stands in the line of its head, or begins there."""
    return node.anchor if isinstance(node, Block) else node.text


def body(node: Node) -> str:
    """What of a value stands in lines of its own."""
    if isinstance(node, Flow):
        return ""
    return node.text if isinstance(node, Block) else node.body


def names(node: Flow | Block) -> list[Step]:
    """The names of a mapping's entries, or the indices of a list's items."""
    return [index if entry.key is None else entry.key for index, entry in enumerate(node.entries)]


def taken_apart(text: str) -> Entry:
    """The document, which must be one that `located_yaml.parse` has no problem with, and end its last line.

    Raises `Impossible` for the few forms that are not understood, such as names after `?`.
    """
    document = _Builder(text).document()
    if document.text != text:
        raise Impossible(())
    return document


class _Builder:
    """Goes through the text once, with the parser's events for what stands where."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._events: Iterator[Event] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> Entry:
        next(self._events)
        next(self._events)
        event = next(self._events)
        start = event.start_mark.index
        if not _in_lines(event):
            return Entry(self._inline(event, start), gap=self._text[:start], tail=self._text[self._at :])
        self._at = self._text.rfind("\n", 0, start) + 1
        document = Entry(block := self._block(event), gap=self._text[: self._text.rfind("\n", 0, start) + 1])
        block.end += _left_behind(self._text[self._at :], block.entries[-1], block.column)
        return document

    def _block(self, event: Event, *, compact: bool = False) -> Block:
        block = Block(isinstance(event, MappingStartEvent), -1, compact=compact)
        while not isinstance(event := next(self._events), MappingEndEvent | SequenceEndEvent):
            above = "" if compact and not block.entries else self._match(_ABOVE)
            self._match(_SPACES)
            if not block.entries:
                block.column = self._at - self._text.rfind("\n", 0, self._at) - 1
            else:
                above = _left_behind(above, block.entries[-1], block.column)
            block.entries.append(self._entry(event, block.mapping))
            block.entries[-1].loose, block.entries[-1].own = _parted(above, block.column)
        return block

    def _entry(self, event: Event, mapping: bool) -> Entry:
        entry = Entry(Scalar("", "", ""))
        if mapping and isinstance(event, ScalarEvent):
            entry.key = event.value
            entry.head = self._head(event)
            event = next(self._events)
        else:
            entry.head = self._match(_DASH)
        if _in_lines(event):
            self._lines(entry, event)
        else:
            self._line(entry, event)
        return entry

    def _head(self, event: ScalarEvent) -> str:
        start, end = event.start_mark.index, event.end_mark.index
        if start != self._at:
            raise Impossible(())
        colon = _COLON.match(self._text, end)
        self._at = colon.end() if colon else end
        return self._text[start : self._at]

    def _line(self, entry: Entry, event: Event) -> None:
        """Read a value that stands in the line of its head, or at least needs no line of its own."""
        start = self._start(event)
        entry.gap = self._text[self._at : start]
        entry.node = self._inline(event, start)
        entry.tail = self._match(_LINE_REST)
        if isinstance(entry.node, Scalar) and entry.node.style in _BLOCK_STYLES:
            lines = self._text[self._at : max(self._at, event.end_mark.index)].splitlines(keepends=True)
            while lines and "+" not in entry.node.text and not lines[-1].strip():
                lines.pop()
            entry.node.body = "".join(lines)
            self._at += len(entry.node.body)

    def _lines(self, entry: Entry, event: Event) -> None:
        """Read the lines of a mapping or list."""
        anchor = self._match(_ANCHOR) if getattr(event, "anchor", None) else ""
        below = _LINE_REST.match(self._text, self._at)
        if below:
            entry.tail = self._match(_LINE_REST)
        entry.gap = anchor.replace(anchor.lstrip(), "") if anchor else ""
        if not below:
            entry.gap += self._match(_SPACES)
        entry.node = self._block(event, compact=not below)
        entry.node.anchor = anchor.lstrip()

    def _inline(self, event: Event, start: int) -> Scalar | Flow:
        self._at = start
        if isinstance(event, ScalarEvent):
            style = event.style or ""
            self._at = max(start, event.end_mark.index)
            if style in _BLOCK_STYLES:
                self._at = start
                self._match(_BLOCK_HEADER)
            return Scalar(self._text[start : self._at], style, event.value)
        flow = Flow(isinstance(event, MappingStartEvent))
        while not isinstance(event := next(self._events), MappingEndEvent | SequenceEndEvent):
            self._flow_entry(flow, event)
        end = max(self._at, event.end_mark.index)
        closing, self._at = self._text[self._at : end], end
        if flow.entries:
            flow.closing = closing
        else:
            flow.opening, flow.closing = closing[:-1], closing[-1:]
        return flow

    def _flow_entry(self, flow: Flow, event: Event) -> None:
        start = self._start(event)
        before, self._at = self._text[self._at : start], start
        if flow.entries:
            flow.between.append(before)
        else:
            flow.opening = before
        entry = Entry(Scalar("", "", ""))
        if flow.mapping and isinstance(event, ScalarEvent):
            entry.key, entry.head = event.value, self._head(event)
            event = next(self._events)
            start = self._start(event)
            entry.gap = self._text[self._at : start]
        entry.node = self._inline(event, start)
        flow.entries.append(entry)

    def _start(self, event: Event) -> int:
        """Where a value begins; one that is not there begins right behind its head."""
        absent = isinstance(event, ScalarEvent) and not event.style and not event.value and not event.anchor
        return self._at if absent else int(event.start_mark.index)

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            raise Impossible(())
        self._at = found.end()
        return found[0]


def _in_lines(event: Event) -> bool:
    return isinstance(event, MappingStartEvent | SequenceStartEvent) and not event.flow_style


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _left_behind(above: str, entry: Entry, column: int) -> str:
    """Give the entry above its comments among the lines between two entries; return the others."""
    lines = above.splitlines(keepends=True)
    deeper = [index for index, line in enumerate(lines) if line.strip() and _indent(line) > column]
    owner, node = None, entry.node
    while deeper and isinstance(node, Block) and node.column <= _indent(lines[deeper[0]]):
        owner, node = node, node.entries[-1].node
    if owner is None:
        return above
    owner.end = "".join(lines[: deeper[-1] + 1])
    return "".join(lines[deeper[-1] + 1 :])


def _parted(above: str, column: int) -> tuple[str, str]:
    """The lines above an entry: those about more than it, and its own."""
    lines = above.splitlines(keepends=True)
    first = len(lines)
    while first and _indent(lines[first - 1]) >= column and _is_own(lines[first - 1]):
        first -= 1
    return "".join(lines[:first]), "".join(lines[first:])


def _is_own(line: str) -> bool:
    return line.lstrip().startswith("#") and not _RULED.search(line)
