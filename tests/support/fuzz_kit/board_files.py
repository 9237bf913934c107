"""Board files with a value, a key or a byte that does not belong there."""

import json
from pathlib import Path
from random import Random
from typing import Any

import yaml
from live_kit import CHECKOUT

from fuzz_kit import hostile
from fuzz_kit.stage import Stage, fresh_shop

_MARK = "@@HOSTILE{}@@"


def story(stage: Stage, random: Random) -> None:
    """Break a file, then have it read in each way that needs no Trello."""
    fresh_shop(stage.folder)
    # Most stories begin with the small shop, which is quick to read; some with the sample boards.
    if random.random() < 0.1:
        for file in (CHECKOUT / "boards").glob("*.yaml"):
            (stage.folder / "boards" / file.name).write_bytes(file.read_bytes())
    file = random.choice(sorted((stage.folder / "boards").iterdir()))
    file.write_bytes(broken(file, random))
    with stage.untouched("boards", "templates"):
        stage.run("validate")
        others = (("preview", "daily/parcels"), ("status",), ("report",), ("history", "daily/parcels"))
        stage.run(*random.choice(others))


def broken(file: Path, random: Random) -> bytes:
    """The bytes of a sound file, with something wrong in them."""
    if random.random() < 0.25:
        return hostile.broken_bytes(file.read_bytes(), random)
    values: list[str] = []
    document = yaml.safe_load(file.read_text("utf-8"))
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        _break(document, random, values)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000)
    for number, value in enumerate(values):
        text = text.replace(_MARK.format(number), value)
    return text.encode("utf-8", "surrogatepass")


def _break(document: Any, random: Random, values: list[str]) -> None:
    """Put a mark for a hostile value somewhere, or take away, rename or copy what is there."""
    parent, key = random.choice(list(_places(document)))
    act = random.randrange(8)
    if act == 0:
        del parent[key]
    elif act == 1 and isinstance(parent, dict):
        parent[random.choice(("", 1, None, True, "was", "x" * 300, "é", f"{key} "))] = parent.pop(key)
    elif act == 2:
        other, name = random.choice(list(_places(document)))
        parent[key] = json.loads(json.dumps(other[name], default=str))
    else:
        # A mark alone would be quoted by YAML where it begins with an @.
        parent[key] = _Plain(_MARK.format(len(values)))
        values.append(random.choice(hostile.YAML))


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found or [({"": ""}, "")]


class _Plain(str):
    """Written without quotation marks."""

    __slots__ = ()


yaml.SafeDumper.add_representer(
    _Plain, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:int", str(value))
)
