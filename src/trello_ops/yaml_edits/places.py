"""Where the entries of a YAML text stand: the parser's marks, and the comments that belong to each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

_LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_COLON: Final = re.compile(r"\s*:")
_BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*")
_RULED: Final = re.compile(r"([-=~*_#─━═])\1\1")
"""What a heading over several entries is drawn with."""


class NotUnderstood(Exception):
    """The text is written in a form that is not known here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a mapping, or an item of a list, and where it stands (indices in the text)."""

    key: str | None
    start: int
    """Of its name or its dash; in a list in brackets, of its value."""
    head: int
    """Behind its colon or its dash; in brackets, where its value begins, or behind a name without colon."""
    node: yaml.Node


def in_brackets(node: yaml.Node) -> bool:
    """Whether a mapping or list stands in brackets, not in lines."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def in_block(node: yaml.Node) -> bool:
    """Whether a text stands in lines of its own, below a `|` or `>`."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


class Places:
    """The places of entries in a text that ends its last line, as indices."""

    def __init__(self, text: str) -> None:
        self._text = text

    def root(self) -> yaml.Node:
        """The value of the whole text."""
        return yaml.compose(self._text, Loader=_LOADER) or yaml.ScalarNode("", "")

    def entries(self, node: yaml.Node) -> list[Entry]:
        """The entries of a mapping, or the items of a list."""
        if isinstance(node, yaml.MappingNode):
            return [self._named(key, value) for key, value in node.value]
        if in_brackets(node):
            return [Entry(None, each.start_mark.index, each.start_mark.index, each) for each in node.value]
        return list(self._dashed(node))

    def _named(self, key: yaml.Node, value: yaml.Node) -> Entry:
        colon = _COLON.match(self._text, key.end_mark.index)
        head = colon.end() if colon else key.end_mark.index
        return Entry(key.value, key.start_mark.index, head, value)

    def _dashed(self, node: yaml.Node) -> Iterator[Entry]:
        # The first dash begins the list; those behind it begin their lines.
        start, dash = node.start_mark.index, re.compile(rf"^ {{{node.start_mark.column}}}-", re.MULTILINE)
        for index, each in enumerate(node.value):
            if index:
                found = dash.search(self._text, start)
                if not found:
                    raise NotUnderstood
                start = found.end() - 1
            entry = Entry(None, start, start + 1, each)
            start = self.end(entry)
            yield entry

    def end(self, entry: Entry) -> int:
        """Behind the last character of an entry; comments and line ends are none, but for those of `|+`."""
        node = entry.node
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if isinstance(node, yaml.CollectionNode) and not in_brackets(node):
            return self.end(self.entries(node)[-1])
        if in_block(node):
            return end - 1 if self.is_open(node) else start + len(self._text[start:end].rstrip(" \r\n"))
        return end if end > start else entry.head

    def is_open(self, node: yaml.Node) -> bool:
        """Whether the blank lines below a value are part of it, as they are of `|+`."""
        if isinstance(node, yaml.CollectionNode) and not in_brackets(node):
            return self.is_open(self.entries(node)[-1].node)
        return in_block(node) and "+" in self._text[node.start_mark.index : self.below_header(node)]

    def below_header(self, node: yaml.Node) -> int:
        """Behind the `|` or `>`, and the signs that follow it."""
        header = _BLOCK_HEADER.match(self._text, node.start_mark.index)
        if not header:
            raise NotUnderstood
        return header.end()

    def line(self, index: int) -> int:
        """The beginning of a line."""
        return self._text.rfind("\n", 0, index) + 1

    def next_line(self, index: int) -> int:
        """The beginning of the line below."""
        return self._text.index("\n", index) + 1

    def column(self, entry: Entry) -> int:
        """How many characters stand before an entry in its line."""
        return entry.start - self.line(entry.start)

    def is_compact(self, entry: Entry) -> bool:
        """Whether it begins behind the dash of a list that it stands in."""
        return bool(self._text[self.line(entry.start) : entry.start].strip())

    def is_pair(self, node: yaml.Node) -> bool:
        """Whether it is a mapping in a list in brackets, without brackets of its own: `[name: value]`."""
        return in_brackets(node) and self._text[node.start_mark.index] not in "{["

    def first_line(self, entry: Entry) -> int:
        """The beginning of an entry's first line: that of the comments directly above it, in its column."""
        line, comment = self.line(entry.start), re.compile(f" {{{self.column(entry)}}}#[^\n]*")
        while line:
            above = comment.match(self._text, self.line(line - 1))
            if not above or _RULED.search(above[0]):
                return line
            line = above.start()
        return self.line(entry.start)  # what a file begins with is about all of it

    def last_line(self, entry: Entry) -> int:
        """The end of an entry's last line: that of comments below it that are indented deeper."""
        end = self.next_line(self.end(entry))
        deeper = f"(?:(?:[ \t]*\r?\n)* {{{self.column(entry) + 1},}}#[^\n]*\n)*"
        below = re.compile(deeper).match(self._text, end)
        return below.end() if below else end
