"""The documents say what there is: the tree, the sandbox's switches and routes, and one another."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.control import routes
from trello_sandbox.faults import Fault
from trello_sandbox.instance import Sandbox
from trello_sandbox.switches import Switches

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
PACKAGES = ("trello_ops", "trello_sandbox")
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def drawn_tree() -> Iterator[str]:
    """The paths of the trees in architecture.md, below src, folders with a slash at the end."""
    for package in PACKAGES:
        _, _, rest = page("architecture.md").partition(f"```\nsrc/{package}/\n")
        folders: list[str] = []
        for line in rest.partition("```")[0].splitlines():
            depth = (len(line) - len(line.lstrip())) // 2
            for name in re.split(r" {2,}", line.strip())[0].split(", "):
                yield "".join((f"{package}/", *folders[: depth - 1], name))
                folders[depth - 1 :] = [name]


def test_the_trees_name_only_what_exists_and_each_once() -> None:
    drawn = list(drawn_tree())
    assert len(drawn) == len(set(drawn))
    wrong = [
        path
        for path in drawn
        if not ((SOURCE / path).is_dir() if path.endswith("/") else (SOURCE / path).is_file())
    ]
    assert wrong == []


def test_the_trees_name_every_module() -> None:
    modules = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")}
    assert {path for path in modules if not path.endswith("__init__.py")} - set(drawn_tree()) == set()


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, its head left out."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def default_of(setting: object) -> str:
    return {True: "on", False: "off"}[setting] if isinstance(setting, bool) else str(setting)


def test_every_switch_of_the_sandbox_is_explained_with_its_default() -> None:
    told = {row[0].strip("`"): row[1] for row in table(page("sandbox.md"), "Switches")}
    assert told == {each.name: default_of(each.default) for each in fields(Switches)}


def test_every_fault_of_the_sandbox_is_explained() -> None:
    told = {name for row in table(page("sandbox.md"), "Faults") for name in re.findall(r"`(\w+)`", row[0])}
    assert told == {each.name for each in fields(Fault)}


def test_every_control_route_of_the_sandbox_is_explained() -> None:
    there = {
        f"{method} {route.path}"
        for route in routes(Sandbox(shop_sandbox()))
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert {row[0].strip("`") for row in table(page("sandbox.md"), "Control routes")} == there


def test_the_index_names_every_page_once() -> None:
    named = re.findall(r"^- \[([\w./-]+)\]\(\1\)", page("README.md"), re.MULTILINE)
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert sorted(named) == sorted(there - {"README.md"})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    local = [link.partition("#")[0] for link in links if not re.match(r"https?:|mailto:|#", link)]
    assert [link for link in local if not (path.parent / link).exists()] == []
