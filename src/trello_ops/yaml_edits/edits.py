"""What can be changed in a board file or in workspace.yaml, and what each change does to the plain values."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final, TypeAlias

from trello_ops.located_yaml import Path, Value

ORDER: Final = (
    *("key", "title", "trello", "name", "email", "language", "trello_workspace", "locale", "colour"),
    *("theme", "template", "description", "assign", "when_absent", "rotate", "cadence", "timezone"),
    *("dates", "working_days", "holidays", "holiday_dates", "not_holidays", "closures", "slot"),
    *("duration", "day", "on", "before", "after", "month", "anchor", "except", "release", "due"),
    *("times", "time", "offset_days", "from", "to", "stand_in", "reason", "start", "until"),
    *("on_day_off", "pauses", "absences", "catch_up", "covers", "complete_when", "requires", "rows"),
    *("remind", "when_open", "nag", "lists", "excused_list", "housekeeping", "slots", "people", "by"),
    *("since", "themes", "excused_label", "withdrawn", "report", "was", "new", "tasks"),
)
"""The order in which people write the fields of tasks, people, slots and the like."""


@dataclass(frozen=True, slots=True)
class Set:
    """Give the entry at `path` a value; one that is absent is made, a field at its place in `ORDER`.

    Of mappings and lists only what differs is written anew. Mappings on the way that are absent are made.
    """

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Add:
    """Put a new entry at `path`, behind its neighbour of the name `after`; without that at the end.

    Fields are written in the order of `ORDER`. Mappings on the way that are absent are made.
    """

    path: Path
    value: Value
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the entry at `path` away, with the comments that belong to it.

    Those are: behind it, directly above it in its own column, and below it if they are indented deeper than
    it. A ruled heading (`# ---- Monday`) stays, and so does what a blank line parts from it.
    """

    path: Path


Edit: TypeAlias = Set | Add | Remove
"""A change. All names of a path are those of mappings' entries: of a list, all of it is set."""


class Impossible(Exception):
    """An edit that does not fit what is there; `path` says where."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)


def applied(value: Value, edits: Sequence[Edit]) -> Value:
    """The value with the edits made one after the other, each as the one before left it.

    Raises `Impossible` where something to be removed, or the neighbour of something new, is not there; where
    something new is there already; and where a path leads through what is no mapping.
    """
    result = deepcopy(value)
    for edit in edits:
        _apply(result, edit)
    return result


def _apply(value: Value, edit: Edit) -> None:
    mapping = _mapping_at(value, edit.path, made=not isinstance(edit, Remove))
    key = str(edit.path[-1])
    if isinstance(edit, Remove):
        if key not in mapping:
            raise Impossible(edit.path)
        del mapping[key]
    elif isinstance(edit, Set):
        _put(mapping, key, edit.value, _place(list(mapping), key))
    elif key in mapping:
        raise Impossible(edit.path)
    elif edit.after is not None and edit.after not in mapping:
        raise Impossible((*edit.path[:-1], edit.after))
    else:
        names = list(mapping)
        _put(mapping, key, edit.value, len(names) if edit.after is None else names.index(edit.after) + 1)


def _mapping_at(value: Value, path: Path, *, made: bool) -> dict[str, Value]:
    """The mapping that holds the entry at a path; those that are absent on the way are `made`, or none is."""
    for depth in range(len(path)):
        if not isinstance(value, dict):
            raise Impossible(path[:depth])
        if depth == len(path) - 1:
            return value
        step = str(path[depth])
        if step not in value and made:
            _put(value, step, {}, _place(list(value), step))
        value = value.get(step)
    raise Impossible(path)


def _put(mapping: dict[str, Value], key: str, value: Value, index: int) -> None:
    """Give an entry a value; one that is new comes to stand at the index."""
    if key not in mapping:
        later = {name: mapping.pop(name) for name in list(mapping)[index:]}
        mapping[key] = _in_order(value)
        mapping.update(later)
    else:
        mapping[key] = _in_order(value)


def _place(names: Sequence[str], key: str) -> int:
    """Behind the last field that is written before this one; at the end, if the key is no field's."""
    if key not in ORDER:
        return len(names)
    before = [index for index, name in enumerate(names) if name in ORDER[: ORDER.index(key)]]
    return before[-1] + 1 if before else 0


def _in_order(value: Value) -> Value:
    """A copy whose fields stand in their order. A mapping of other names is left as it is."""
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=ORDER.index) if set(value) <= set(ORDER) else list(value)
    return {name: _in_order(value[name]) for name in names}
