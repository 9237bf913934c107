"""Options that several commands share, and what their values are read as."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Parsed(click.ParamType[Any]):
    """A value read by `parse`, which raises ValueError; `example` shows how to write one."""

    def __init__(self, name: str, parse: Callable[[str], Any], example: str) -> None:
        self.name = name
        self._parse = parse
        self._example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError:
            self.fail(f"{value!r} is not {self.name}: write it like {self._example}.", param, ctx)


DATE = Parsed("a date", dt.date.fromisoformat, "2026-11-16")
INSTANT = Parsed("an instant", dt.datetime.fromisoformat, "2026-11-16T07:00 or 2026-11-16T07:00:00Z")


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, the first of the formats being the default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True,
        help="What to write.",
    )  # fmt: skip


def out_option(text: str) -> Callable[[F], F]:
    return click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=text)
