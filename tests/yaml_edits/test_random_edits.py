"""Whatever is edited, in whatever layout: the text says just that, and all else stands as it stood."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest
import yaml_layouts
from effort import examples
from yaml_layouts import Layout

from trello_ops.located_yaml import Path, parse
from trello_ops.yaml_edits import Add, Edit, Remove, Set, applied, edited
from trello_ops.yaml_edits.spliced import same


def some_edits(dice: Random, value: Any) -> list[Edit]:
    """Some edits that fit a declaration, one after the other; `title` and `tasks` always stay."""
    made: list[Edit] = []
    for _ in range(dice.randint(1, 4)):
        made.append(_edit(dice, value))
        value = applied(value, made[-1:])
    return made


def _edit(dice: Random, value: Any) -> Edit:
    paths = [path for path in _paths(value) if path not in (("title",), ("tasks",))]
    within = dice.choice([path for path in [(), *_paths(value)] if isinstance(_at(value, path), dict)])
    fresh = (*within, yaml_layouts.key(dice))
    there = fresh[-1] in _at(value, within)
    kind = dice.choice([Set, Set, Add, Remove])
    if kind is Remove and paths:
        return Remove(dice.choice(paths))
    new = yaml_layouts.fields(dice) if within == ("tasks",) else yaml_layouts.value(dice)
    if kind is Add and not there:
        return Add(fresh, new, dice.choice([None, *_at(value, within)]))
    return Set(dice.choice([*paths, fresh]) if fresh != ("tasks",) else ("title",), new)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    for key, each in value.items() if isinstance(value, dict) else ():
        yield (*path, key)
        yield from _paths(each, (*path, key))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _plainly(value: Any, made: list[Edit]) -> Any:
    """The same edits, as one would make them on a dictionary."""
    for edit in made:
        within = _at(value, edit.path[:-1])
        if isinstance(edit, Remove):
            del within[edit.path[-1]]
        else:
            within[edit.path[-1]] = deepcopy(edit.value)
    return value


def _touched(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """The smallest values that differ."""
    if same(old, new):
        return
    common = old.keys() & new.keys() if isinstance(old, dict) and isinstance(new, dict) else ()
    if not common:
        yield path
        return
    yield from ((*path, key) for key in old.keys() ^ new.keys())
    for key in common:
        yield from _touched(old[key], new[key], (*path, key))


def _back(old: Any, new: Any, path: Path = ()) -> Iterator[Edit]:
    """Edits that make the new value old again."""
    for key in new.keys() | old.keys():
        here = (*path, key)
        if key not in old:
            yield Remove(here)
        elif key not in new:
            yield Add(here, old[key])
        elif isinstance(old[key], dict) and isinstance(new[key], dict):
            yield from _back(old[key], new[key], here)
        else:
            yield Set(here, old[key])


@pytest.mark.parametrize("seed", range(examples(20)))
def test_edits_change_what_they_are_about_and_nothing_else(seed: int) -> None:
    for number in range(30):
        _try(Random(f"{seed}/{number}"))  # noqa: S311


def _try(dice: Random) -> None:
    layout = yaml_layouts.layout(dice)
    made = some_edits(dice, layout.value)
    result = edited(layout.text, made)
    after = parse(result.removeprefix("\ufeff"), "").value
    assert same(after, _plainly(layout.value, made))
    assert list(after) == list(applied(layout.value, made))
    _see_that_all_else_stays(layout, after, result)
    back = edited(result, list(_back(layout.value, after)))
    assert same(parse(back.removeprefix("\ufeff"), "").value, layout.value)
    assert (
        edited(layout.text, [])
        == edited(layout.text, [Set(("title",), layout.value["title"])])
        == layout.text
    )


def _see_that_all_else_stays(layout: Layout, after: Any, result: str) -> None:
    touched = list(_touched(layout.value, after))
    for comment, owner in layout.comments.items():
        if not any(owner[: len(path)] == path for path in touched):
            assert comment in result, f"{comment} of {owner} is gone"
    for path, chunk in layout.chunks.items():
        if not any(path[: len(other)] == other or other[: len(path)] == path for other in touched):
            assert chunk.strip() in result, f"{path} is changed"
