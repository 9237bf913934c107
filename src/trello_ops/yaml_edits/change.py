"""Edits made on a text that was taken apart: only the lines that they are about change."""

import re
from dataclasses import dataclass

from trello_ops.located_yaml import Path, Value, parse
from trello_ops.yaml_edits.edits import Add, Edit, Impossible, Move, Remove, Set, place
from trello_ops.yaml_edits.tree import Block, Entry, Flow, Node, Scalar, body, inline, names, taken_apart
from trello_ops.yaml_edits.written import Layout, entry_text, flow_text, key_text

_REMARK = re.compile(r"[ \t]*#[^\n]*")


@dataclass(frozen=True, slots=True)
class _Spot:
    """An entry, and where it stands: its column, or within brackets."""

    entry: Entry
    column: int
    flow: bool

    def inner(self, entry: Entry) -> "_Spot":
        node = self.entry.node
        return _Spot(entry, node.column if isinstance(node, Block) else 0, self.flow or isinstance(node, Flow))


class Changes:
    """Makes edits on a document, one after the other. Those that do not fit raise `Impossible`."""

    def __init__(self, document: Entry, layout: Layout) -> None:
        self._root = _Spot(document, 0, flow=False)
        self._layout = layout

    def make(self, edit: Edit) -> None:
        """Make one edit."""
        match edit:
            case Set():
                self._set(self._spot(edit.path), edit.value)
            case Remove():
                self._remove(self._spot(edit.path[:-1]), edit.path)
            case Add():
                self._add(self._spot(edit.within), edit)
            case Move():
                self._move(self._spot(edit.path[:-1]), edit)

    def _spot(self, path: Path) -> _Spot:
        spot = self._root
        for depth in range(len(path)):
            spot = spot.inner(_collection(spot).entries[_index(spot, path[: depth + 1])])
        return spot

    def _set(self, spot: _Spot, value: Value) -> None:
        node = spot.entry.node
        if repr(_value(node)) == repr(value):
            return
        if isinstance(node, Scalar) or not value or not node.entries:
            self._replace(spot, value)
        elif isinstance(value, dict) and node.mapping and set(value) & set(names(node)):
            self._set_entries(spot, value)
        elif isinstance(value, list) and not node.mapping:
            self._set_items(spot, value)
        else:
            self._replace(spot, value)

    def _set_entries(self, spot: _Spot, value: dict[str, Value]) -> None:
        for index in reversed(range(len(names(_collection(spot))))):
            if names(_collection(spot))[index] not in value:
                self._take(spot, index)
        for index, (key, each) in enumerate(value.items()):
            present = names(_collection(spot))
            if key not in present:
                self._put(spot, index, self._fresh(spot, key, each), before=not index)
                continue
            if present[index] != key:
                self._put(spot, index, self._take(spot, present.index(key)), before=not index)
            self._set(spot.inner(_collection(spot).entries[index]), each)

    def _set_items(self, spot: _Spot, value: list[Value]) -> None:
        """Leave what is the same at both ends alone, and make of what lies between one by one the new items."""
        old = [repr(_value(entry.node)) for entry in _collection(spot).entries]
        new = [repr(each) for each in value]
        most = min(len(old), len(new))
        begin = next((i for i in range(most) if old[i] != new[i]), most)
        end = next((i for i in range(most - begin) if old[-1 - i] != new[-1 - i]), most - begin)
        for index in range(begin, most - end):
            self._set(spot.inner(_collection(spot).entries[index]), value[index])
        for _ in range(len(old) - most):
            self._take(spot, most - end)
        for index in range(most - end, len(new) - end if len(new) > most else 0):
            self._put(spot, index, self._fresh(spot, None, value[index]), before=not index)

    def _remove(self, spot: _Spot, path: Path) -> None:
        index = _index(spot, path)
        node = _collection(spot)
        if len(node.entries) > 1:
            self._take(spot, index)
            return
        rest = node.entries[0].loose + node.end if isinstance(node, Block) else ""
        self._empty(spot, rest, mapping=node.mapping)

    def _empty(self, spot: _Spot, rest: str, *, mapping: bool) -> None:
        entry = spot.entry
        entry.node = Flow(mapping, opening="{" if mapping else "[", closing="}" if mapping else "]")
        if not spot.flow:
            entry.gap = entry.gap or (" " if entry.head else "")
            entry.tail = (entry.tail or self._layout.newline) + rest

    def _add(self, spot: _Spot, edit: Add) -> None:
        node = _collection(spot)
        if node.mapping != isinstance(edit.key, str) or edit.key in names(node):
            raise Impossible(edit.within if edit.key is None else (*edit.within, edit.key))
        index = place(names(node), edit.before, edit.after, edit.within)
        if not node.entries and not spot.flow and spot.entry.head:
            self._replace(spot, [edit.value] if edit.key is None else {edit.key: edit.value})
        else:
            self._put(spot, index, self._fresh(spot, edit.key, edit.value), before=edit.before is not None)

    def _move(self, spot: _Spot, edit: Move) -> None:
        start = _index(spot, edit.path)
        neighbours = [name for name in names(_collection(spot)) if name != edit.path[-1]]
        index = place(neighbours, edit.before, edit.after, edit.path[:-1])
        if index != start:
            self._put(spot, index, self._take(spot, start), before=edit.before is not None)

    def _fresh(self, spot: _Spot, key: str | None, value: Value) -> Entry:
        """A new entry for the mapping or list at a spot."""
        node = _collection(spot)
        siblings = [each.node for each in node.entries if isinstance(each.node, Flow | Block)]
        same = [each for each in siblings if each.mapping and each.entries] if isinstance(value, dict) else []
        head = "-" if key is None else f"{key_text(key)}:"
        if isinstance(node, Flow):
            text = flow_text([value] if key is None else {key: value})
            return _only(taken_apart(f"{text}{self._layout.newline}"))
        text = entry_text(head, value, node.column, self._layout, same[-1] if same else None)
        return _only(taken_apart(" " * node.column + text))

    def _replace(self, spot: _Spot, value: Value) -> None:
        """Write the value anew, and keep the comment behind it."""
        entry, newline = spot.entry, self._layout.newline
        if spot.flow:
            entry.node = _only(taken_apart(f"[{flow_text(value, entry.node)}]{newline}")).node
            if entry.key is not None:
                entry.head = entry.head if entry.head.endswith(":") else f"{entry.head}:"
                entry.gap = entry.gap or " "
            return
        if not entry.head:
            raise Impossible(())
        head = "-" if entry.key is None else "name:"
        new = _only(taken_apart(" " * spot.column + entry_text(head, value, spot.column, self._layout, entry.node)))
        if not new.tail and entry.tail.strip():
            _break_line(new, newline)
        tail = _aligned(entry, new) if entry.tail and new.tail else new.tail
        gap = entry.gap if entry.gap and new.gap and not body(new.node) else new.gap
        entry.node, entry.gap, entry.tail = new.node, gap, tail

    def _take(self, spot: _Spot, index: int) -> Entry:
        """Take an entry out. What stands above it and is about more stays, but no two gaps in a row."""
        node = _collection(spot)
        entry = node.entries.pop(index)
        if isinstance(node, Flow):
            _take_comma(node, index)
            return entry
        above, entry.loose = entry.loose, ""
        if index == len(node.entries):
            node.end = (above if above.strip() else "") + node.end
        else:
            after = node.entries[index]
            after.loose = _joined(above, after.loose, first=index == 0)
        self._settle(spot)
        return entry

    def _put(self, spot: _Spot, index: int, entry: Entry, *, before: bool) -> None:
        """Put an entry in, parted from its neighbours as they are from one another."""
        node = _collection(spot)
        if isinstance(node, Flow):
            _put_comma(node, index)
            node.entries.insert(index, entry)
            return
        blank = self._layout.newline if _is_spaced(node, index) else ""
        entry.loose = blank
        if before and index < len(node.entries):
            after = node.entries[index]
            entry.loose, after.loose = after.loose, blank
        node.entries.insert(index, entry)
        self._settle(spot)

    def _settle(self, spot: _Spot) -> None:
        """See that nothing stands above the first entry where that one begins behind a `-`."""
        node = spot.entry.node
        if not isinstance(node, Block) or not node.compact:
            return
        first = node.entries[0]
        if first.own or first.loose.strip():
            _break_line(spot.entry, self._layout.newline)
        else:
            first.loose = ""


def _collection(spot: _Spot) -> Flow | Block:
    node = spot.entry.node
    if isinstance(node, Scalar):
        raise Impossible(())
    return node


def _index(spot: _Spot, path: Path) -> int:
    present = names(_collection(spot))
    if not path or path[-1] not in present:
        raise Impossible(path)
    return present.index(path[-1])


def _only(document: Entry) -> Entry:
    node = document.node
    if isinstance(node, Scalar):
        raise Impossible(())
    return node.entries[0]


def _value(node: Node) -> Value:
    """The plain value that a part of the text stands for."""
    if isinstance(node, Scalar):
        return node.value if node.style else parse(f"{node.text}\n", "").value
    if node.mapping:
        return {entry.key or "": _value(entry.node) for entry in node.entries}
    return [_value(entry.node) for entry in node.entries]


def _break_line(entry: Entry, newline: str) -> None:
    """Begin the lines of a mapping or list below their `-`, not behind it."""
    if isinstance(entry.node, Block):
        entry.node.compact = False
        entry.gap, entry.tail = " " if entry.node.anchor else "", entry.tail or newline


def _aligned(old: Entry, new: Entry) -> str:
    """The rest of the line, with its comment in the same column if it was set apart."""
    remark = old.tail.lstrip(" ")
    spaces = len(old.tail) - len(remark)
    was, now = old.gap + inline(old.node), old.gap + inline(new.node)
    if spaces < 2 or not remark.startswith("#") or "\n" in was + now:
        return old.tail
    return " " * max(2, spaces + len(was) - len(now)) + remark


def _is_spaced(block: Block, index: int) -> bool:
    """Whether a blank line stands above the neighbours of a place."""
    if len(block.entries) < 2:
        return False
    neighbour = block.entries[index - 1 if index >= 2 else 1]
    return any(not line.strip() for line in neighbour.loose.splitlines())


def _joined(above: str, below: str, *, first: bool) -> str:
    """What stands between two entries once the one between them is gone."""
    if above.strip():
        return above + below if below.strip() else above
    return re.sub(r"\A([ \t]*\r?\n)+", "", below) if first else below


def _take_comma(flow: Flow, index: int) -> None:
    """Take away the comma of an entry that is gone; a comment behind it stays if it is the neighbour's."""
    if index < len(flow.between):
        flow.between.pop(index)
    elif flow.between:
        comma = flow.between.pop()
        if "#" in comma:
            flow.closing = comma + flow.closing.lstrip(",")


def _put_comma(flow: Flow, index: int) -> None:
    if flow.entries:
        comma = _REMARK.sub("", flow.between[-1]) if flow.between else ", "
        flow.between.insert(index, comma)
