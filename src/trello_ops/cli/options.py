"""Options that several commands share, and how their values are parsed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.starter import PACKS, SHOP

F = TypeVar("F", bound=Callable[..., Any])


class Parsed(click.ParamType[Any]):
    """An option's type whose values are parsed by `parse`, which raises ValueError.

    `name` has its article, as in "a date"; `example` shows how to write one. `day` tells on which day a value
    lies, which has to be one that the program deals with.
    """

    def __init__(
        self, name: str, parse: Callable[[str], Any], example: str, day: Callable[[Any], dt.date]
    ) -> None:
        self.name = name
        self._parse = parse
        self._example = example
        self._day = day

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse a value. Click also passes defaults, which are parsed already."""
        if not isinstance(value, str):
            return value
        try:
            found = self._parse(value)
        except ValueError:
            self.fail(f"{value!r} is not {self.name}: write it like {self._example}.", param, ctx)
        if not FIRST_DATE <= self._day(found) <= LAST_DATE:
            self.fail(f"{value!r} is not {self.name} between {FIRST_DATE} and {LAST_DATE}.", param, ctx)
        return found


DATE = Parsed("a date", dt.date.fromisoformat, "2026-11-16", lambda date: date)
INSTANT = Parsed(
    "an instant", dt.datetime.fromisoformat, "2026-11-16T07:00 or 2026-11-16T07:00:00Z", dt.datetime.date
)


class PathType(click.Path):
    """A path, and no empty text, which would stand for the current folder."""

    def __init__(self, **options: Any) -> None:
        super().__init__(path_type=Path, **options)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty text."""
        if value == "":
            self.fail("it is empty: name a file or folder.", param, ctx)
        return super().convert(value, param, ctx)


class Packs(click.ParamType[Any]):
    """Names of packs with commas between them, each once."""

    name = "packs"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The names as a tuple. Click also passes defaults, which are tuples already."""
        if not isinstance(value, str):
            return value
        names = tuple(dict.fromkeys(each.strip() for each in value.split(",")))
        if unknown := [each for each in names if each not in PACKS]:
            self.fail(f"{unknown[0]!r} is not a pack: choose among {', '.join(PACKS)}.", param, ctx)
        return names


def pack_option(command: F) -> F:
    """`--pack NAME[,NAME]`, by default the shop's."""
    return click.option(
        "--pack", "packs", type=Packs(), default=(SHOP,), metavar="NAME[,NAME]",
        help=f"Which ready-made boards: {', '.join(PACKS)}. Without: {SHOP}.",
    )(command)  # fmt: skip


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, with the first of `formats` as default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True,
        help="What to write.",
    )  # fmt: skip


def new_store_option(command: F) -> F:
    """`--new-store`."""
    return click.option(
        "--new-store", is_flag=True, help="Begin with an empty store where the one that was here is gone."
    )(command)


def out_option(text: str) -> Callable[[F], F]:
    """`--out FILE`, with its help text."""
    return click.option("--out", type=PathType(dir_okay=False), metavar="FILE", help=text)
