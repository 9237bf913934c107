"""The packs that `init` starts a folder from: each is sound, alone and with any other."""

import datetime as dt
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import Result

from trello_ops import starter
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.declared import Proof, Workspace
from trello_ops.declaration_source import check_declaration, read_declaration
from trello_ops.settings import Settings, load, name_of

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]

DAY = dt.date(2026, 12, 3)
ASKED = {"fr": "En commentaire", "en": "As a comment"}


def settings_of(folder: Path) -> Settings:
    values = {"boards_dir": str(folder / "boards"), "templates_dir": str(folder / "templates")}
    return load({name_of(name): value for name, value in values.items()}, env_file=None)


def sound(folder: Path) -> Workspace:
    """What was declared, without a problem or a warning, every card of which can be made."""
    found = check_declaration(settings_of(folder), DAY)
    assert [each.located for each in (*found.problems, *found.warnings)] == []
    assert found.workspace
    return found.workspace


def tasks(workspace: Workspace) -> set[str]:
    return {f"{board.key}/{task.key}" for board in workspace.boards for task in board.tasks}


@pytest.mark.parametrize("language", starter.LANGUAGES)
@pytest.mark.parametrize("pack", starter.PACKS)
def test_each_pack_is_sound_and_makes_its_cards(
    invoke: Invoke, folder: Path, pack: str, language: str
) -> None:
    assert invoke("init", "new", "--pack", pack, "--lang", language).exit_code == 0
    workspace = sound(folder / "new")
    assert workspace.locale == language
    cards = read_declaration(settings_of(folder / "new")).cards
    for board in workspace.boards:
        for task in board.tasks:
            occurrence = next_occurrence(workspace, board, task, DAY)
            assert occurrence
            card = cards.card(occurrence)
            assert card.title
            assert len(card.description) > 200
            # The demo's team goes by these words.
            assert (Proof.COMMENT not in task.requires) or ASKED[language] in card.description
    used = {task.template for board in workspace.boards for task in board.tasks}
    lying = {path.name for path in starter.find(pack).templates.glob("cards/[!_]*.md")}
    assert used == lying


@pytest.mark.parametrize(("one", "other"), [*combinations(starter.PACKS, 2)])
def test_any_two_packs_lie_side_by_side(invoke: Invoke, folder: Path, one: str, other: str) -> None:
    held = []
    for name in (one, other, f"{one},{other}"):
        assert invoke("init", f"new/{name}", "--pack", name).exit_code == 0
        held.append(tasks(sound(folder / "new" / name)))
    assert held[0] | held[1] == held[2]
    assert not held[0] & held[1]


def test_files_of_packs_have_names_of_their_own() -> None:
    lying = [
        path.name
        for found in map(starter.find, starter.PACKS)
        for folder in (found.boards, found.templates)
        for path in folder.rglob("*.*")
        if path.name != "workspace.yaml"
    ]
    assert len(lying) == len(set(lying))


def test_at_most_one_pack_brings_another_team_than_the_shop_s() -> None:
    """With two of them, that of the pack that is named first would be lost without a word."""
    others = [name for name in starter.PACKS if name != starter.SHOP]
    assert sum((starter.find(name).boards / "workspace.yaml").is_file() for name in others) <= 1


def test_editors_find_the_schema_from_each_file() -> None:
    for pack in starter.PACKS:
        for path in starter.find(pack).boards.iterdir():
            name = "workspace" if path.stem == "workspace" else "board"
            first = path.read_text("utf-8").splitlines()[0]
            assert first == f"# yaml-language-server: $schema=../schema/{name}.schema.json"
            assert (path.parent / f"../schema/{name}.schema.json").is_file()


def test_a_pack_with_slots_brings_its_workspace_whichever_is_named_first(
    invoke: Invoke, folder: Path
) -> None:
    for name in ("shop,planned-week", "planned-week,shop"):
        assert invoke("init", name, "--pack", name).exit_code == 0
        assert "slots:" in (folder / name / "boards" / "workspace.yaml").read_text("utf-8")


def test_figures_are_answered_in_writing(invoke: Invoke, folder: Path) -> None:
    assert invoke("init", "new", "--pack", "kpi").exit_code == 0
    declared = [task for board in sound(folder / "new").boards for task in board.tasks]
    assert {task.requires for task in declared} == {(Proof.COMMENT,)}


def test_the_list_tells_of_each_pack_and_writes_nothing(invoke: Invoke, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    result = invoke("init", "--list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(starter.PACKS)
    assert [line.endswith(what) for line, what in zip(lines, starter.PACKS.values(), strict=True)]
    assert lines[0].split()[1:3] == ["29", "tasks"]
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pack", "shop,helth"), "'helth' is not a pack: choose among shop, planned-week"),
        (("--pack", "shop,"), "'' is not a pack"),
        (("--lang", "de"), "'de' is not one of 'fr', 'en'"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_written(
    invoke: Invoke, folder: Path, options: tuple[str, ...], said: str
) -> None:
    result = invoke("init", "new", *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert not (folder / "new").exists()


def test_a_pack_named_twice_is_taken_once(invoke: Invoke, folder: Path) -> None:
    assert invoke("init", "new", "--pack", "shop, shop").exit_code == 0
    assert len(tasks(sound(folder / "new"))) == 29
