"""Makes a text say other values: only what differs is written anew, everything else stays byte for byte.

The text is one that `located_yaml.parse` has no problem with, and ends its last line.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

import yaml

from trello_ops.located_yaml import Value
from trello_ops.yaml_edits.places import Entry, NotUnderstood, Places, in_block, in_brackets
from trello_ops.yaml_edits.written import Layout, Writer

_SPACES: Final = re.compile(r"[ \t]*")
_BLANKS: Final = re.compile(r"(?:[ \t]*\r?\n)*")


@dataclass(slots=True)
class _Fate:
    """What becomes of the entries of a mapping or list: which stay, and what comes behind which of them."""

    kept: dict[int, Value] = field(default_factory=dict)
    new: dict[int, list[tuple[str | None, Value]]] = field(default_factory=dict)
    """By the index of the one that stays before them; -1 for those that come first."""
    last: int = -1

    def stays(self, index: int, value: Value) -> None:
        """An entry stays, with a value that may be another."""
        self.kept[index], self.last = value, index

    def comes(self, key: str | None, value: Value) -> None:
        """A new one comes behind what stays so far."""
        self.new.setdefault(self.last, []).append((key, value))


def spliced(text: str, old: Value, new: Value, *, tight: bool = False) -> str:
    """The text, which says `old`, so that it says `new`. Order counts only for what is new.

    A `tight` one has no new blank lines, nor texts below a `|`, which some texts could take for their own.
    Whoever calls must see whether it says that: not all of YAML is known here. Raises `NotUnderstood`.
    """
    changes = _Changes(text, tight=tight)
    changes.change_all(old, new)
    return changes.result()


def same(one: Value, other: Value) -> bool:
    """Whether values are the same, wherever their entries stand. (To `==`, `true` is 1.)"""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class _Changes:
    """Collects what is to be put in place of what, in one text."""

    def __init__(self, text: str, *, tight: bool) -> None:
        self._text = text
        self._places = Places(text)
        self._newline = Layout.of(text).newline
        self._writer = Writer(Layout.of(text), in_lines=not tight)
        self._tight = tight
        self._splices: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """The text with all changes made. Where two take the same away, it goes once."""
        pieces, at = [], 0
        for start, end, new in sorted(self._splices, key=lambda splice: splice[:2]):
            pieces += [self._text[at:start], new]
            at = max(at, end)
        return "".join([*pieces, self._text[at:]])

    def _splice(self, start: int, end: int, new: str) -> None:
        self._splices.append((start, end, new))

    def change_all(self, old: Value, new: Value) -> None:
        """Have the whole text say another value."""
        fate = _fate(old, new)
        if not fate.kept:
            raise NotUnderstood
        root = self._places.root()
        self._change_entries(root, old, fate, flow=in_brackets(root))

    def _change(self, entry: Entry, old: Value, new: Value, *, flow: bool) -> None:
        """Have an entry, which stands in brackets or not, say another value."""
        if same(old, new):
            return
        fate = _fate(old, new)
        if fate.kept and not self._places.is_pair(entry.node):
            self._change_entries(entry.node, old, fate, flow=flow or in_brackets(entry.node))
        elif flow:
            self._replace_in_brackets(entry, new)
        else:
            self._replace(entry, new)

    def _change_entries(self, node: yaml.Node, old: Value, fate: _Fate, *, flow: bool) -> None:
        entries = self._places.entries(node)
        values = _inner(old)
        for index, value in fate.kept.items():
            self._change(entries[index], values[index], value, flow=flow)
        if flow:
            self._part_in_brackets(entries, fate)
        else:
            self._part_lines(entries, fate)

    # ---- in brackets --------------------------------------------------------------------------------

    def _replace_in_brackets(self, entry: Entry, value: Value) -> None:
        end, text = self._places.end(entry), self._writer.flow(value, entry.node)
        if end > entry.head or entry.key is None:
            self._splice(entry.node.start_mark.index, end, text)
        else:
            colon = "" if self._text[entry.head - 1] == ":" else ":"
            self._splice(end, end, f"{colon} {text}")

    def _part_in_brackets(self, entries: Sequence[Entry], fate: _Fate) -> None:
        """Put in what is new, and take out what does not stay, each with a comma."""
        ends = [self._end_in_brackets(entry) for entry in entries]
        first = min(fate.kept)
        for index, entry in enumerate(entries):
            if index < first:
                self._splice(entry.start, entries[index + 1].start, "")
            elif index not in fate.kept:
                self._splice(ends[index - 1], ends[index], "")
        comma = self._text[ends[0] : entries[1].start] if len(entries) > 1 else ""
        comma = comma if comma.strip() == "," else ", "
        for index, items in fate.new.items():
            texts = [self._item(key, value, entries[index].node) for key, value in items]
            if index < 0:
                at, text = entries[first].start, "".join(f"{each}{comma}" for each in texts)
            else:
                at, text = ends[index], "".join(f"{comma}{each}" for each in texts)
                text = f" {text}" if self._text[at - 1] == ":" else text
            self._splice(at, at, text)

    def _end_in_brackets(self, entry: Entry) -> int:
        """Behind an entry; behind the spaces that part a colon without value from a comma, too."""
        end = self._places.end(entry)
        spaces = _SPACES.match(self._text, end) if self._text[end - 1] == ":" else None
        return spaces.end() if spaces else end

    def _item(self, key: str | None, value: Value, like: yaml.Node) -> str:
        return self._writer.flow(value, like) if key is None else self._writer.flow({key: value})[1:-1]

    # ---- in lines -----------------------------------------------------------------------------------

    def _replace(self, entry: Entry, value: Value) -> None:
        """Write a value anew; the comment behind its name stays."""
        places, head = self._places, entry.head
        end = places.end(entry)
        until = places.next_line(end)
        gap, remark = self._text[head : entry.node.start_mark.index], self._text[end:until]
        if in_block(entry.node):
            remark = self._text[places.below_header(entry.node) : places.next_line(head)]
        elif "\n" in gap:
            gap, remark = " ", self._text[head : places.next_line(head)]
        in_list = entry.key is None
        written = self._writer.value(value, places.column(entry), entry.node, in_list=in_list)
        inline, below = written.inline, written.below
        if in_list and not inline and not remark.strip():
            inline, below, remark = below.strip(" \r\n"), "", self._newline
        inline = f"{gap or ' '}{inline}" if inline else ""
        self._splice(head, until, f"{inline}{remark}{below}")

    def _part_lines(self, entries: Sequence[Entry], fate: _Fate) -> None:
        """Put in the lines of what is new, and take out those of what does not stay."""
        first = min(fate.kept)
        for index in range(len(entries)):
            if index not in fate.kept:
                self._take(entries, index, fate)
        for index, items in fate.new.items():
            self._put(entries, index, first, items)

    def _take(self, entries: Sequence[Entry], index: int, fate: _Fate) -> None:
        """Take an entry away, and one of the gaps around it."""
        entry = entries[index]
        if index < min(fate.kept) and self._places.is_compact(entries[0]):
            self._splice(entry.start, entries[index + 1].start, "")
            return
        start, end = self._places.first_line(entry), self._places.last_line(entry)
        above = max((each for each in fate.kept if each < index), default=-1)
        if above < 0 or self._places.is_open(entries[above].node):
            end = self._blanks_end(end)
        elif end == len(self._text) or self._blanks_end(end) > end:
            start = self._blanks_start(start)
        self._splice(start, end, "")

    def _blanks_start(self, line: int) -> int:
        """The beginning of the blank lines above a line."""
        while line and not self._text[self._places.line(line - 1) : line].strip():
            line = self._places.line(line - 1)
        return line

    def _blanks_end(self, line: int) -> int:
        """The end of the blank lines that begin at a line."""
        blanks = _BLANKS.match(self._text, line)
        return blanks.end() if blanks else line

    def _put(
        self, entries: Sequence[Entry], index: int, first: int, items: list[tuple[str | None, Value]]
    ) -> None:
        """Put new entries behind the one of that index, or before the first; parted as the others are."""
        column, like = self._places.column(entries[0]), self._like(entries, index)
        blank = self._newline if self._is_spaced(entries, index) else ""
        texts = [self._writer.entry(key, value, column, like) for key, value in items]
        if index >= 0:
            at, text = self._places.last_line(entries[index]), "".join(f"{blank}{each}" for each in texts)
            text = text.removeprefix(blank) if self._places.is_open(entries[index].node) else text
        else:
            at, text = self._places.first_line(entries[first]), "".join(f"{each}{blank}" for each in texts)
            if self._places.is_compact(entries[0]):
                at, text = entries[first].start, text[column:] + " " * column
        self._splice(at, at, text)

    def _is_spaced(self, entries: Sequence[Entry], index: int) -> bool:
        """Whether a blank line stands above the neighbour of a place, or else above the second entry."""
        below = max(index, 1)
        if self._tight or below >= len(entries):
            return False
        above = self._places.next_line(self._places.end(entries[below - 1]))
        return self._is_blank(above, self._places.line(entries[below].start))

    def _is_blank(self, start: int, end: int) -> bool:
        """Whether there is an empty line among lines."""
        return any(not line.strip() for line in self._text[start:end].splitlines())

    def _like(self, entries: Sequence[Entry], index: int) -> yaml.Node | None:
        """What new entries look like: the one above them, if it is a mapping or an item of a list."""
        node = entries[max(index, 0)].node
        return node if isinstance(node, yaml.MappingNode) or entries[0].key is None else None


def _fate(old: Value, new: Value) -> _Fate:
    """What stays of a mapping or list; nothing where they have nothing in common."""
    fate = _Fate()
    if isinstance(old, dict) and isinstance(new, dict):
        indices = {key: index for index, key in enumerate(old)}
        for key, value in new.items():
            if key in indices:
                fate.stays(indices[key], value)
            else:
                fate.comes(key, value)
    elif isinstance(old, list) and isinstance(new, list):
        for index, value in _paired(old, new):
            if index is None:
                fate.comes(None, value)
            else:
                fate.stays(index, value)
    return fate


def _inner(value: Value) -> list[Value]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _paired(old: list[Value], new: list[Value]) -> Iterator[tuple[int | None, Value]]:
    """The new items, each with the index of the old one in whose place it is."""
    before, after = ([json.dumps(each, sort_keys=True) for each in items] for items in (old, new))
    for _, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for offset in range(stop - begin):
            yield (start + offset if start + offset < end else None), new[begin + offset]
