"""The JSON of each command, against the tables of docs/cli.md."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_sandbox.server import Handle

Invoke = Callable[..., Result]

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")


def documented(command: str) -> set[str]:
    """The keys that the table of a command's section explains."""
    section = PAGE.partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", section.partition("| Key | Value |")[2], re.MULTILINE)
    return {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("command", ["validate", "preview parcels", "plan", "status"])
def test_the_page_explains_every_key(invoke: Invoke, sandbox: Handle, command: str) -> None:
    printed = invoke(*command.split(), "--format", "json").stdout
    assert set(json.loads(printed)) == documented(command.split(maxsplit=1)[0])
