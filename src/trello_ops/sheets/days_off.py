"""Rows of the days off: those of each kind, and of each person, are a list in workspace.yaml."""

from collections.abc import Collection, Sequence

from trello_ops.located_yaml import Path, Value
from trello_ops.messages import joined, say
from trello_ops.sheets import columns
from trello_ops.sheets.columns import KIND, OFF, WHOSE, Off
from trello_ops.sheets.content import Row
from trello_ops.sheets.entries import Pair
from trello_ops.sheets.filled import Line
from trello_ops.sheets.wanted import Wanted, value_at
from trello_ops.wording import choose
from trello_ops.yaml_edits import Remove, Set

_COLUMNS = {column.path: column for column in columns.DAYS_OFF.columns}
_FIELDS = tuple(column for path, column in _COLUMNS.items() if path not in (KIND, WHOSE))

Item = tuple[Value, Line]
"""What a list has, or will have, and the row that says so. Of a holiday the value is date and name."""


def want_days_off(wanted: Wanted, pair: Pair, people: Collection[str]) -> None:
    """Have the lists edited whose rows say otherwise; `people` are the keys of those who stay."""
    lines, before = dict[Path, list[Line]](), dict[Path, list[Row]]()
    for line in pair.filled.lines:
        if target := _target(wanted, line, people):
            lines.setdefault(target, []).append(line)
    for row in pair.sheet.rows:
        before.setdefault(row.path[: 3 if row.path[0] == "people" else 1], []).append(row)
    for target in dict.fromkeys((*before, *lines)):
        if target[0] != "people" or target[1] in people:
            _want_list(wanted, pair, target, lines.get(target, []), before.get(target, []))


def _target(wanted: Wanted, line: Line, people: Collection[str]) -> Path:
    """Where the file has the days off of a row; empty for a mistake, which is a problem."""
    kind, person = (wanted.value(_COLUMNS[path], line) for path in (KIND, WHOSE))
    if kind not in list(Off):
        names = joined(OFF.values())
        wanted.complain(line.at(*KIND), say("is no kind of days off: use one of %(names)s", names=names))
    elif kind != Off.ABSENCE and person:
        message = say("only an absence is one person's: empty this cell, or call it an absence")
        wanted.complain(line.at(*WHOSE), message)
    elif kind == Off.ABSENCE and person not in people:
        advice = choose(str(person or ""), people)
        message = say("there is no person `%(name)s`: %(advice)s", name=str(person or ""), advice=advice)
        wanted.complain(line.at(*WHOSE), message)
    else:
        return ("people", str(person), Off.ABSENCE) if person else (str(kind),)
    return ()


# ---- one list ---------------------------------------------------------------------------------------


def _want_list(
    wanted: Wanted, pair: Pair, target: Path, lines: Sequence[Line], before: Sequence[Row]
) -> None:
    old = value_at(pair.file.value, target)
    items = _items(target, old)
    found = _in_place(wanted, target, lines, before, items)
    new = _formed(target, old, [value for value, _ in found])
    for place, (value, line) in enumerate(found):
        _note(wanted, pair, (*target, *_steps(target, new, place, value)), line)
    if not found and old is not None:
        wanted.edit(pair.file, Remove(target))
    elif new != old:
        wanted.edit(pair.file, Set(target, new))


def _in_place(
    wanted: Wanted, target: Path, lines: Sequence[Line], before: Sequence[Row], items: Sequence[Value]
) -> list[Item]:
    """What the list will have: rows that say what an item says keep its place, others fill what is left."""
    places: list[Item | None] = [None] * len(before)
    fresh = list[Item]()
    for line in lines:
        same = (n for n, row in enumerate(before) if places[n] is None and _is_same(line, row))
        if (place := next(same, None)) is None:
            fresh.append((_item(wanted, target, line), line))
        else:
            places[place] = (items[place], line)
    for place, item in enumerate(places):
        if item is None and fresh:
            places[place] = fresh.pop(0)
    return [*(item for item in places if item is not None), *fresh]


def _is_same(line: Line, row: Row) -> bool:
    texts = zip(columns.DAYS_OFF.columns, row.cells, strict=True)
    fields = ((column, text) for column, text in texts if column in _FIELDS)
    return all(line.cells.get(column.name, text) == text.strip() for column, text in fields)


def _items(target: Path, old: Value) -> list[Value]:
    """What a list has; of a list of one, its item may stand alone. Holidays are pairs of date and name."""
    if isinstance(old, dict) and target == (Off.HOLIDAY,):
        return [[date, name] for date, name in old.items()]
    if isinstance(old, list):
        return old
    return [] if old is None else [old]


def _formed(target: Path, old: Value, items: list[Value]) -> Value:
    """The items as the file has them."""
    if target == (Off.HOLIDAY,):
        return {str(item[0]): item[1] for item in items if isinstance(item, list)}
    alone = len(items) == 1 and not isinstance(old, list | None)
    return items[0] if alone else items


def _steps(target: Path, new: Value, place: int, item: Value) -> Path:
    """Where an item stands in its list."""
    if target == (Off.HOLIDAY,) and isinstance(item, list):
        return (str(item[0]),)
    return (place,) if isinstance(new, list) else ()


def _item(wanted: Wanted, target: Path, line: Line) -> Value:
    """What a row says, as an item."""
    values = {column.name: wanted.value(column, line) for column in _FIELDS}
    if target[0] in (Off.HOLIDAY, Off.NO_HOLIDAY):
        if values["to"] not in (None, values["from"]):
            wanted.complain(line.at("to"), say("a holiday is one day: give each day a row of its own"))
        date = values["from"] or ""
        return [date, values["reason"] or ""] if target[0] == Off.HOLIDAY else date
    return {name: value for name, value in values.items() if value is not None}


def _note(wanted: Wanted, pair: Pair, path: Path, line: Line) -> None:
    """Remember where an item comes from, and its fields."""
    wanted.note(pair.file, path, line.at("from"))
    for column in _FIELDS:
        wanted.note(pair.file, (*path, *column.path), line.at(column.name))
