"""What can be changed in a YAML text, and what each change does to the plain values."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias

from trello_ops.located_yaml import Path, Value

Step: TypeAlias = str | int
"""The name of a mapping's entry, or the index of a list's item."""


@dataclass(frozen=True, slots=True)
class Set:
    """Give what stands at `path` another value. Of mappings and lists only what differs is written anew."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the entry or item at `path` away, and what belongs to it.

    That is the comment behind it, comment lines directly above it, and those below it that are indented
    deeper than what follows. A ruled heading (`# ---- Monday`), and comments that a blank line parts from
    it, stay: they are about more than this one. So do comments above a file's first entry.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class Add:
    """Put a new entry into the mapping, or a new item into the list, at `within`.

    `key` names a mapping's entry, and is `None` for a list's item. It stands directly `before` or `after`
    the neighbour of that name or index, without either at the end. Directly before means below a heading
    that the neighbour stands under.
    """

    within: Path
    value: Value
    key: str | None = None
    before: Step | None = None
    after: Step | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Put the entry or item at `path`, and what belongs to it, elsewhere in its mapping or list.

    `before` and `after` are as in `Add`; an index counts as the items stood before the move.
    """

    path: Path
    before: Step | None = None
    after: Step | None = None


Edit: TypeAlias = Set | Remove | Add | Move


class Impossible(Exception):
    """An edit that does not fit what stands in the text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)


def place(names: Sequence[Step], before: Step | None, after: Step | None, path: Path) -> int:
    """The index at which something comes to stand among entries of these names. Raises `Impossible`."""
    neighbour = after if before is None else before
    if neighbour is None:
        return len(names)
    if neighbour not in names:
        raise Impossible((*path, neighbour))
    return names.index(neighbour) + (before is None)


def applied(value: Value, edits: Sequence[Edit]) -> Value:
    """The value with the edits made one after the other, each as the one before left it.

    Raises `Impossible`.
    """
    holder: list[Value] = [deepcopy(value)]
    for edit in edits:
        _apply(holder, edit)
    return holder[0]


def _apply(holder: list[Value], edit: Edit) -> None:
    if isinstance(edit, Add):
        _add(_at(holder, edit.within), edit)
        return
    if not edit.path and not isinstance(edit, Set):
        raise Impossible(())
    within = _at(holder, edit.path[:-1]) if edit.path else holder
    step = edit.path[-1] if edit.path else 0
    entries = _entries(within, edit.path[:-1])
    names = [name for name, _ in entries]
    if step not in names:
        raise Impossible(edit.path)
    if isinstance(edit, Set):
        entries[names.index(step)] = (step, deepcopy(edit.value))
    else:
        entry = entries.pop(names.index(step))
        if isinstance(edit, Move):
            neighbours = [name for name in names if name != step]
            entries.insert(place(neighbours, edit.before, edit.after, edit.path[:-1]), entry)
    _refill(within, entries)


def _add(within: Value, edit: Add) -> None:
    entries = _entries(within, edit.within)
    names = [name for name, _ in entries]
    if isinstance(within, dict) != isinstance(edit.key, str) or edit.key in names:
        raise Impossible(edit.within if edit.key is None else (*edit.within, edit.key))
    index = place(names, edit.before, edit.after, edit.within)
    entries.insert(index, (edit.key or "", deepcopy(edit.value)))
    _refill(within, entries)


def _at(holder: list[Value], path: Path) -> Value:
    value: Value = holder[0]
    for depth, step in enumerate(path, 1):
        found = [each for name, each in _entries(value, path[: depth - 1]) if name == step]
        if not found:
            raise Impossible(path[:depth])
        value = found[0]
    return value


def _entries(value: Value, path: Path) -> list[tuple[Step, Value]]:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return list(enumerate(value))
    raise Impossible(path)


def _refill(within: Value, entries: list[tuple[Step, Value]]) -> None:
    if isinstance(within, dict):
        within.clear()
        within.update({str(name): value for name, value in entries})
    elif isinstance(within, list):
        within[:] = [value for _, value in entries]
