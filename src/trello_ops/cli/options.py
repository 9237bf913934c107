"""Options that several commands share, and how their values are parsed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Parsed(click.ParamType[Any]):
    """An option's type whose values are parsed by `parse`, which raises ValueError.

    `name` has its article, as in "a date"; `example` shows how to write one.
    """

    def __init__(self, name: str, parse: Callable[[str], Any], example: str) -> None:
        self.name = name
        self._parse = parse
        self._example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse a value. Click also passes defaults, which are parsed already."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError:
            self.fail(f"{value!r} is not {self.name}: write it like {self._example}.", param, ctx)


DATE = Parsed("a date", dt.date.fromisoformat, "2026-11-16")
INSTANT = Parsed("an instant", dt.datetime.fromisoformat, "2026-11-16T07:00 or 2026-11-16T07:00:00Z")


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
    return click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=text)
