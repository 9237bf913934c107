"""What the pages say, against what there is: commands, options, exit codes, settings, targets, links."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from openapi_deviations import DEVIATIONS

from trello_ops import errors, reference_pages
from trello_ops.cli import COMMANDS, commands
from trello_ops.errors import TrelloOpsError
from trello_ops.setting_sources import PREFIX
from trello_ops.settings import SECRETS, Settings, name_of

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


# ---- what is made from the program ------------------------------------------------------------------

MADE = reference_pages.made(ROOT)


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_program_is_current(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == MADE[name], "run: python -m trello_ops.reference_pages ."


# ---- commands ---------------------------------------------------------------------------------------


def help_of(command: str) -> str:
    """A command's help as docs/cli.md shows it."""
    arguments = [*command.split(), "--help"]
    shown = CliRunner().invoke(commands, arguments, prog_name="trello-ops", terminal_width=100)
    return f"```text\n{shown.stdout}```\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_shows_each_commands_help(command: str) -> None:
    found = re.search(f"## {command}\n\n<!-- help: {command} -->\n(.*?)<!-- end -->", CLI, re.DOTALL)
    assert found, f"docs/cli.md has no section for {command} with its help between markers"
    assert found[1] == help_of(command)


@pytest.mark.parametrize(
    "command",
    [
        "fleet status",
        "fleet plan",
        "fleet apply",
        "fleet report",
        "fleet run",
        "sheet export",
        "sheet import",
        "service install",
    ],
)
def test_the_page_shows_the_help_of_what_a_group_is_for(command: str) -> None:
    found = re.search(f"<!-- help: {command} -->\n(.*?)<!-- end -->", CLI, re.DOTALL)
    assert found
    assert found[1] == help_of(command)


def test_the_page_has_a_section_for_each_command_in_order_and_no_other() -> None:
    sections = re.findall(r"^## (.+)$", CLI, re.MULTILINE)
    assert sections == ["For all commands", *COMMANDS]


def test_the_page_lists_every_exit_code() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TrelloOpsError)
    ]
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE)}
    assert {kind.exit_code for kind in kinds} | {0, 130} == listed


GROUPS = {command for command in COMMANDS if "COMMAND [ARGS]" in help_of(command)}


def called(page: Path) -> list[tuple[str, set[str]]]:
    """The commands that a page's code calls, each with its options."""
    text = page.read_text("utf-8")
    code = "\n".join([*re.findall(r"```.*?```", text, re.DOTALL), *re.findall(r"`[^`\n]+`", text)])
    calls = re.findall(
        r"(?:^|[`$] ?|bin/|&& |BOARDS_DIR=\S+ )trello-ops ([a-z]+)( [a-z]+)?([^\n`#]*)", code, re.MULTILINE
    )
    return [
        (first + second if first in GROUPS else first, set(re.findall(r"--[a-z-]+", rest)) - {"--help"})
        for first, second, rest in calls
    ]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_calls_commands_with_options_that_they_have(page: Path) -> None:
    wrong = [
        (command, options)
        for command, options in called(page)
        if command.split()[0] not in COMMANDS or options - set(re.findall(r"--[a-z-]+", help_of(command)))
    ]
    assert wrong == []


# ---- settings ---------------------------------------------------------------------------------------


def test_the_example_settings_name_each_setting() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert [name for name in map(name_of, Settings.model_fields) if f"{name}=" not in example] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_names_no_setting_that_does_not_exist(page: Path) -> None:
    known = {name_of(field) for field in Settings.model_fields} | {
        f"{name_of(field)}_FILE" for field in SECRETS
    }
    said = set(re.findall(rf"{PREFIX}[A-Z0-9_]*[A-Z0-9]", page.read_text("utf-8")))
    assert said - known == set()


def test_the_page_of_settings_has_each_once() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / reference_pages.SETTINGS).read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(map(name_of, Settings.model_fields))


# ---- make -------------------------------------------------------------------------------------------

TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_command_of_a_page_is_a_target(page: Path) -> None:
    said = set(re.findall(r"(?:`|^\$ |^)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert said - TARGETS == set()


def test_the_readme_gives_the_two_commands() -> None:
    said = re.findall(r"^\$ make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert said[:2] == ["demo", "test"]


# ---- links ------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """The relative links and pictures of a page, outside of code."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [unquote(link) for link in found if not re.match(r"[a-z]+:", link)]


FACTS = ROOT / "docs" / "trello-behaviour.md"


def test_what_code_refers_to_among_the_facts_about_trello_is_there() -> None:
    files = [path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py")]
    said = {
        name for path in files for name in re.findall(rf"{FACTS.name}#([a-z-]+)", path.read_text("utf-8"))
    }
    said |= {each.fact[1:].split()[0].strip(",") for each in DEVIATIONS if each.fact.startswith("#")}
    assert said
    assert said - anchors(FACTS) == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = Path(os.path.normpath(page.parent / path)) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []
