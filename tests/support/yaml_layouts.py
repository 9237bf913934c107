"""Board-like files as no two people lay them out, with comments wherever one may stand."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

from trello_ops.located_yaml import Path, Value, parse
from trello_ops.yaml_edits.edits import ORDER

_TEXTS = (
    *(
        "08:00",
        "12:30",
        "on",
        "no",
        "1_000",
        "2026-11-01",
        "*a",
        "&a",
        "@a",
        "- a",
        "a: b",
        "a #b",
        "#b",
        "",
        "~",
    ),
    *(
        "deux\nlignes",
        "deux\nlignes\n",
        "une\n\ntrois\n",
        " en retrait\nnon",
        "fin\n\n",
        "é : « là »\n- x",
        "\n",
    ),
    *(
        "amal",
        "Ranger le stock",
        "operations",
        "lun-ven",
        "1h30",
        "l’été\u202f!",
        "😀",
        "it's",
        'say "no"',
        "a\\b",
    ),
)
_SIGNS = "ab :#-,[]{}'\"\\\n\t&*!|>%@=?é"
_KEYS = ("amal", "stock", "inès", "no", "12", "a b", "lundi-matin", "x: y", *ORDER)


def scalar(dice: Random) -> Value:
    """Text mostly, and what YAML may take for something else."""
    if dice.random() < 0.2:
        return dice.choice([None, True, False, 1.5, 0, -3, 40])
    if dice.random() < 0.2:
        return "".join(dice.choices(_SIGNS, k=dice.randrange(9)))
    return dice.choice(_TEXTS)


def key(dice: Random) -> str:
    """The name of an entry."""
    return dice.choice(_KEYS)


def value(dice: Random, depth: int = 2) -> Value:
    """Anything that a field may hold."""
    kind = dice.randrange(5 if depth else 3)
    if kind < 3:
        return scalar(dice)
    size = dice.randrange(4)
    if kind == 3:
        return [value(dice, depth - 1) for _ in range(size)]
    return {key(dice): value(dice, depth - 1) for _ in range(size)}


def declaration(dice: Random) -> dict[str, Value]:
    """Something like a board, or like a workspace."""
    tasks = {key(dice): fields(dice) for _ in range(dice.randint(1, 4))}
    others = {dice.choice(ORDER[5:-1]): value(dice, 3) for _ in range(dice.randrange(5))}
    return {"title": scalar(dice), **others, "tasks": tasks}


def fields(dice: Random) -> Value:
    """A task, or something else with names."""
    return {dice.choice(ORDER): value(dice, 2) for _ in range(dice.randint(1, 5))}


@dataclass
class Layout:
    """A text, and what of it belongs to what."""

    text: str = ""
    chunks: dict[Path, str] = field(default_factory=dict)
    """The lines of each entry that stands in lines, with its comments."""
    comments: dict[str, Path] = field(default_factory=dict)
    """Each comment, and the entry it belongs to, or the mapping or list between whose entries it stands."""

    @property
    def value(self) -> Any:
        """What it says."""
        return parse(self.text.removeprefix("\ufeff"), "").value


def layout(dice: Random) -> Layout:
    """A file that `parse` has no problem with."""
    while parse((found := _layout(dice)).text.removeprefix("\ufeff"), "").problems:
        pass
    return found


def _layout(dice: Random) -> Layout:
    pen = _Pen(dice)
    pen.mapping(declaration(dice), 0, ())
    beginning = dice.choice(["", "", "# what this is\n\n", "---\n", "# é\n# è\n"])
    text = beginning + pen.layout.text + dice.choice(["", "", "\n", "# the end\n", "...\n"])
    newline = dice.choice(["\n", "\n", "\r\n"])
    found = pen.layout
    found.text = dice.choice(["", "\ufeff"]) + text.replace("\n", newline)
    found.chunks = {path: chunk.replace("\n", newline) for path, chunk in found.chunks.items()}
    if dice.random() < 0.3 and "|" not in text and ">" not in text:
        found.text = found.text.removesuffix(newline)
    return found


class _Pen:
    """Writes values, choosing at every place one of the ways to write them."""

    def __init__(self, dice: Random) -> None:
        self.layout = Layout()
        self._dice = dice
        self._step = dice.choice([2, 2, 3, 4])
        self._share = dice.choice([0, 0.1, 0.3, 0.6])
        """How often it does what people seldom do."""

    def _seldom(self) -> bool:
        return self._dice.random() < self._share

    def _one_of(self, *ways: Any) -> Any:
        return self._dice.choice(ways)

    def _comment(self, owner: Path) -> str:
        text = f"# {len(self.layout.comments)}{self._one_of('', ': x', ' - y', ' {')}."
        self.layout.comments[text] = owner
        return text

    def _between(self, column: int, owner: Path) -> None:
        """Lines above an entry that are about more than it."""
        if self._seldom():
            self.layout.text += f"{' ' * column}#--- {self._comment(owner)}\n"
        elif self._seldom():
            self.layout.text += f"{' ' * column}{self._comment(owner)}\n\n"

    def mapping(self, value: Mapping[str, Value], column: int, path: Path, *, spaced: bool = False) -> None:
        """The entries, each in lines of its own."""
        spaced = spaced or not path or self._seldom()
        for index, (name, each) in enumerate(value.items()):
            if index:
                self.layout.text += "\n" * spaced
                self._between(column, path)
            self._entry(f"{_written(name)}:", each, column, (*path, name), own=bool(index))

    def _list(self, value: list[Value], column: int, path: Path) -> None:
        for index, each in enumerate(value):
            self._entry("-", each, column, (*path, index), own=bool(index))

    def _entry(self, head: str, value: Value, column: int, path: Path, *, own: bool) -> None:
        start = len(self.layout.text)
        if own and self._seldom():
            self.layout.text += f"{' ' * column}{self._comment(path)}\n"
        self.layout.text += f"{' ' * column}{head}"
        self._value(value, column, path)
        if self._seldom() and not self.layout.text.endswith("\n\n"):
            # Deeper than everything in it, so that it is nothing else's.
            self.layout.text += f"{' ' * (column + 1)}{self._comment(path)}\n" if _is_flat(value) else ""
        self.layout.chunks[path] = self.layout.text[start:]

    def _value(self, value: Value, column: int, path: Path) -> None:
        rest = f"{self._one_of(' ', '    ')}{self._comment(path)}\n" if self._seldom() else "\n"
        if isinstance(value, str) and self._seldom() and (block := self._block(value, column)):
            header, lines = block
            self.layout.text += f" {header}{rest}{lines}"
        elif not isinstance(value, dict | list) or not value or self._dice.random() < 0.4:
            text = self._flow(value, column + self._step)
            self.layout.text += f"{self._one_of(' ', ' ', '   ') if text else ''}{text}{rest}"
        else:
            self._lines(value, column, path, rest)

    def _lines(self, value: Any, column: int, path: Path, rest: str) -> None:
        in_list = isinstance(path[-1], int)
        inner = column + (2 if in_list else self._step)
        if isinstance(value, list) and not in_list:
            inner = column + self._one_of(0, self._step)
        start = len(self.layout.text)
        self.layout.text += rest
        write = self._list if isinstance(value, list) else self.mapping
        write(value, inner, path)
        if in_list and rest == "\n" and self.layout.text[start + 1 :].startswith(" " * inner):
            # The first entry begins behind the dash.
            self.layout.text = f"{self.layout.text[:start]} {self.layout.text[start + 1 + inner :]}"

    def _block(self, text: str, column: int) -> tuple[str, str] | None:
        header = self._one_of("|", "|-", "|+", ">", ">-")
        indent = " " * (column + self._step)
        lines = "".join(f"{indent if line else ''}{line}\n" for line in text.removesuffix("\n").split("\n"))
        if text[:1] in ("", " ", "\n", "\t", "#") or parse(f"- {header}\n{lines}", "").problems:
            return None
        return (header, lines) if parse(f"x:\n{' ' * column}y: {header}\n{lines}", "").value else None

    def _flow(self, value: Value, column: int) -> str:
        if not isinstance(value, dict | list):
            return self._scalar(value)
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        texts = list(self._flow_entries(value, column))
        if len(texts) > 1 and self._seldom():
            return (
                f"{opening}\n{' ' * column}"
                + f",\n{' ' * column}".join(texts)
                + f",\n{' ' * column}{closing}"
            )
        space = self._one_of("", "", " ")
        return opening + space + self._one_of(", ", ", ", ",  ").join(texts) + space + closing

    def _flow_entries(self, value: Any, column: int) -> Iterator[str]:
        if isinstance(value, list):
            yield from (self._flow(each, column) or "null" for each in value)
            return
        for name, each in value.items():
            text = self._flow(each, column)
            yield f"{_written(name)}: {text}" if text else f"{_written(name)}{self._one_of('', ':')}"

    def _scalar(self, value: Value) -> str:
        if not isinstance(value, str):
            return self._one_of("", "null", "~") if value is None else json.dumps(value)
        ways = [value, "'" + value.replace("'", "''") + "'", json.dumps(value, ensure_ascii=False)]
        sound = [way for way in ways if "\n" not in way and _reads_as(way, value)]
        return self._one_of(sound[0], *sound) if sound else '""'


def _written(name: str) -> str:
    return name if _reads_as(name, name) else json.dumps(name, ensure_ascii=False)


@lru_cache(maxsize=10_000)
def _reads_as(text: str, meant: str) -> bool:
    document = parse(f"- {text}\n- [{text}, {{x: {text}}}]\n- {{{text}: 1}}\n- {text}: 1\n", "")
    return not document.problems and document.value == [meant, [meant, {"x": meant}], {meant: 1}, {meant: 1}]


def _is_flat(meant: Value) -> bool:
    return not isinstance(meant, dict | list | str)
