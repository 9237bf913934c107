"""The worked examples of pages are valid, beside the shop's own files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from trello_ops import starter
from trello_ops.declared.load import BoardsFolder, read

DOCS = Path(__file__).parents[2] / "docs"
FRENCH = sorted((DOCS / "fr").glob("*.md"))
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
HEAD = re.compile(r"# boards/([\w-]+)\.yaml\n")


def examples() -> Iterator[Any]:
    for page in (DOCS / "calendar.md", *FRENCH):
        for text in BLOCK.findall(page.read_text("utf-8")):
            found = HEAD.match(text)
            name = found[1] if found else ""
            yield pytest.param(name, text, id=f"{page.stem}: {text.splitlines()[1].strip(' :')}")


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
    yield from (task["template"] for task in added.get("tasks", {}).values() if "template" in task)


def declared(folder: Path, file: str, added: Any) -> BoardsFolder:
    """The shop's files, with what the example adds to one of them, or as one more, less what it renamed."""
    shop: dict[str, Any] = {file: {}}
    shop |= {path.stem: _loaded(path.read_text("utf-8")) for path in starter.find().boards.glob("*.yaml")}
    for task in added.get("tasks", {}).values():
        *board, key = task.get("was", "").split("/")
        shop[board[0] if board else file].get("tasks", {}).pop(key, None)
    for name, content in (shop | {file: _with(shop[file], added)}).items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return read(folder, tuple(_templates(added)))


def test_the_pages_have_examples_of_every_file() -> None:
    for pages in ([DOCS / "calendar.md"], FRENCH):
        found = {name for page in pages for name in HEAD.findall(page.read_text("utf-8"))}
        assert {"workspace", "daily", "weekly", "monthly"} <= found


@pytest.mark.parametrize(("file", "text"), list(examples()))
def test_each_example_is_valid(tmp_path: Path, file: str, text: str) -> None:
    assert file, "an example begins with the name of its file, such as # boards/weekly.yaml"
    declaration = declared(tmp_path, file, _loaded(text))
    assert declaration.problems == ()
    assert declaration.warnings == ()


# ---- the table of days ------------------------------------------------------------------------------


def days() -> Iterator[tuple[str, str]]:
    """What the French page says one may write, and on which boards."""
    page = (DOCS / "fr" / "fichiers-de-tableaux.md").read_text("utf-8")
    rows = re.findall(r"^\| (`on: .*) \| (.*) \| .* \|$", page, re.MULTILINE)
    for written, rhythms in rows:
        together = " et " in written
        said = re.findall(r"`([a-z]+: [^`]*)`", written)
        for rhythm in rhythms.split(", "):
            yield from ((rhythm, line) for line in (["\n".join(said)] if together else said))


@pytest.mark.parametrize(("rhythm", "lines"), list(days()))
def test_days_are_understood_as_the_french_page_writes_them(tmp_path: Path, rhythm: str, lines: str) -> None:
    task = {"title": "Ranger", "theme": "operations", "template": "stock.md", "assign": "karim"}
    board = {
        "title": "Jours",
        "cadence": rhythm,
        "dates": {"go_live": "2027-03-01"},
        "tasks": {"ranger": task},
    }
    needed = board if "go_live" in lines else {k: v for k, v in board.items() if k != "dates"}
    declaration = declared(tmp_path, "jours", needed | _loaded(lines))
    assert declaration.problems == ()
