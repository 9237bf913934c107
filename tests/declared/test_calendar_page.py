"""The worked examples of docs/calendar.md are valid, beside the shop's own files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from trello_ops import starter
from trello_ops.declared.load import read

PAGE = (Path(__file__).parents[2] / "docs" / "calendar.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n# boards/(\w+)\.yaml\n(.*?)```", PAGE, re.DOTALL)


def _with(base: Any, added: Any) -> Any:
    """Two mappings as one, the second's values before the first's."""
    if not (isinstance(base, dict) and isinstance(added, dict)):
        return added
    return base | {key: _with(base.get(key), value) for key, value in added.items()}


def _loaded(text: str) -> Any:
    """What a file says; PyYAML takes the name `on` for a truth value."""
    return yaml.safe_load(re.sub(r"^( *)on:", r'\1"on":', text, flags=re.MULTILINE))


def _templates(added: Any) -> Iterator[str]:
    yield from (path.name for path in (starter.find().templates / "cards").glob("*.md"))
    yield from (task["template"] for task in added.get("tasks", {}).values())


def test_the_page_has_examples_of_every_file() -> None:
    assert {file for file, _ in EXAMPLES} == {"workspace", "daily", "weekly", "monthly"}


@pytest.mark.parametrize(("file", "text"), EXAMPLES)
def test_each_example_is_valid(tmp_path: Path, file: str, text: str) -> None:
    added = _loaded(text)
    for path in starter.find().boards.glob("*.yaml"):
        shop = _loaded(path.read_text("utf-8"))
        whole = _with(shop, added) if path.stem == file else shop
        (tmp_path / path.name).write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    declaration = read(tmp_path, tuple(_templates(added)))
    assert declaration.problems == ()
    assert declaration.warnings == ()
