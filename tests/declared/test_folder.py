"""What lies in the folders beside what is read, and what lies there twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trello_ops.declaration_source import check_declaration
from trello_ops.declared.load import BoardsFolder
from trello_ops.settings import Settings

WORKSPACE = """\
key: zina
name: Zina ô Beldi
trello_workspace: zinaobeldi
locale: fr
timezone: Africa/Casablanca
people:
  amal: {trello: amal_zina, name: Amal Benali}
themes:
  operations: {title: Opérationnel, colour: orange}
report:
  to: [gerante@zinaobeldi.example]
"""
BOARD = """\
title: Centre
cadence: weekly
assign: amal
tasks:
  stock:
    title: Ranger
    theme: operations
    template: stock.md
"""
GARE = BOARD.replace("Centre", "Gare")


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    cards = tmp_path / "templates" / "cards"
    cards.mkdir(parents=True)
    (cards / "stock.md").write_text("Ranger.")
    folder = tmp_path / "boards"
    folder.mkdir()
    for name, text in (("workspace", WORKSPACE), ("centre", BOARD), ("gare", GARE)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def check(boards: Path) -> BoardsFolder:
    templates = boards.parent / "templates"
    return check_declaration(Settings(TRELLO_OPS_BOARDS_DIR=boards, TRELLO_OPS_TEMPLATES_DIR=templates))


def told(boards: Path) -> tuple[list[str], list[str]]:
    """Problems and warnings, with files as seen from the folder of both."""
    found = check(boards)
    return tuple(
        [str(each).replace(f"{boards.parent}/", "") for each in list_]
        for list_ in (found.problems, found.warnings)
    )


def board_keys(boards: Path) -> list[str]:
    workspace = check(boards).workspace
    assert workspace
    return [board.key for board in workspace.boards]


# ---- What is not read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gare.yaml.txt", "is not read, as its name does not end in `.yaml`: rename it to `gare.yaml`"),
        ("gare.txt", "is not read, as its name does not end in `.yaml`: rename it to `gare.yaml`"),
        ("gare", "is not read, as its name does not end in `.yaml`: rename it to `gare.yaml`"),
        ("gare.yaml ", "is not read, as its name does not end in `.yaml`: rename it to `gare.yaml`"),
        ("gare.yaml.bak", "is not read, as its name does not end in `.yaml`: rename it to `gare.yaml`"),
        ("gare.csv", "is a spreadsheet, which is not read: write what counts into `gare.yaml`"),
        ("gare.XLSX", "is a spreadsheet, which is not read: write what counts into `gare.yaml`"),
        ("gare.docx", "is a document, which is not read: save its text alone as `gare.yaml`"),
        ("anciens/gare.yaml", "the folder is not read: move what counts into"),
    ],
)
def test_a_board_file_that_is_read_no_more_is_pointed_out(boards: Path, name: str, said: str) -> None:
    target = boards / name
    target.parent.mkdir(exist_ok=True)
    (boards / "gare.yaml").rename(target)
    problems, (warning,) = told(boards)
    assert problems == []
    assert warning.startswith(f"boards/{name.partition('/')[0]}:1:1: {said}")
    assert board_keys(boards) == ["centre"]


def test_an_ending_in_capitals_is_read_and_pointed_out(boards: Path) -> None:
    (boards / "gare.yaml").rename(boards / "gare.YAML")
    problems, (warning,) = told(boards)
    assert problems == []
    assert warning.startswith("boards/gare.YAML:1:1: is read as `gare.yaml`: rename it so")
    assert board_keys(boards) == ["centre", "gare"]


def test_a_name_in_capitals_is_a_problem(boards: Path) -> None:
    (boards / "gare.yaml").rename(boards / "GARE.YAML")
    (problem,), _ = told(boards)
    assert problem.startswith("boards/GARE.YAML:1:1: `GARE` cannot be a board's key")


def test_a_file_beside_the_one_that_is_read_is_pointed_out(boards: Path) -> None:
    (boards / "gare.yaml.txt").write_text(GARE)
    problems, (warning,) = told(boards)
    assert problems == []
    assert warning.startswith("boards/gare.yaml.txt:1:1: is not read, while `gare.yaml` beside it is: delete")


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "README.md", "LISEZMOI.txt", "gare.yaml~", "#gare.yaml#", ".gare.yaml.swp", "~$gare.xlsx",
     "Thumbs.db", "desktop.ini", "._gare.yaml", ".git/gare.yaml"],
)  # fmt: skip
def test_files_of_editors_and_systems_are_passed_over(boards: Path, name: str) -> None:
    (boards / name).parent.mkdir(exist_ok=True)
    (boards / name).write_text("x")
    assert told(boards) == ([], [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stock.md", "is not read here: move it into `{cards}`, or elsewhere"),
        ("modeles/caisse.md", "the folder is not read: move what counts into `{cards}` itself"),
        ("cards/caisse.md.txt", "is not read, as its name does not end in `.md`: rename it to `caisse.md`"),
        ("cards/soir/caisse.txt", "is not read, as its name does not end in `.md`: rename it to `caisse.md`"),
        ("cards/caisse.docx", "is a document, which is not read: save its text alone as `caisse.md`"),
    ],
)
def test_what_is_not_read_of_the_templates_is_pointed_out(boards: Path, name: str, said: str) -> None:
    templates = boards.parent / "templates"
    (templates / name).parent.mkdir(exist_ok=True)
    (templates / name).write_text("Compter.")
    problems, (warning,) = told(boards)
    assert problems == []
    shown = name.partition("/")[0] if name.startswith("modeles") else name
    assert warning.startswith(f"templates/{shown}:1:1: {said.format(cards='templates/cards')}")


def test_a_template_in_a_folder_of_the_cards_is_read(boards: Path) -> None:
    templates = boards.parent / "templates" / "cards"
    (templates / "soir").mkdir()
    (templates / "stock.md").rename(templates / "soir" / "stock.md")
    (boards / "gare.yaml").write_text(GARE.replace("stock.md", "soir/stock.md"), "utf-8")
    (boards / "centre.yaml").write_text(BOARD.replace("stock.md", "soir/stock.md"), "utf-8")
    assert told(boards) == ([], [])


# ---- What is there twice ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["centre-copie", "centre2", "centre (1)", "Copie de centre", "centre - Copie"]
)
def test_a_copied_board_is_a_problem(boards: Path, name: str) -> None:
    (boards / f"{name}.yaml").write_text(f"# copie\n{BOARD}", "utf-8")
    (problem,), _ = told(boards)
    assert problem.startswith(f"boards/{name}.yaml:1:1: is a copy of centre.yaml: change at least its title")


@pytest.mark.parametrize("title", ["Centre", "centre", " CENTRE "])
def test_two_boards_of_one_title_are_a_problem(boards: Path, title: str) -> None:
    board = BOARD.replace("Centre", f'"{title}"').replace("Ranger", "Balayer")
    (boards / "quartier.yaml").write_text(board, "utf-8")
    (problem,), _ = told(boards)
    assert problem == (
        "boards/quartier.yaml:1:8 title: is the title of the board of centre.yaml already: give each its own"
    )


@pytest.mark.parametrize(
    "change", [str, lambda text: text.replace("Amal", "Salma"), lambda text: text.partition("report")[0]]
)
@pytest.mark.parametrize("name", ["workspace-copie", "workspace - Copie", "workspace (2)", "sauvegarde"])
def test_a_copied_workspace_says_that_it_is_one(
    boards: Path, name: str, change: Callable[[str], str]
) -> None:
    (boards / f"{name}.yaml").write_text(change(WORKSPACE), "utf-8")
    problems, _ = told(boards)
    assert problems == [
        f"boards/{name}.yaml:1:1: is a copy of workspace.yaml, not a board: move it out of this folder"
    ]


# ---- What is no text --------------------------------------------------------------------------------


def test_a_spreadsheet_with_a_board_files_name_says_so(boards: Path) -> None:
    (boards / "gare.yaml").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00")
    (problem,), _ = told(boards)
    assert problem.startswith("boards/gare.yaml:1:1: is an Excel, Word or ZIP file with another name")


def test_latin_1_is_told_where_it_begins(boards: Path) -> None:
    (boards / "gare.yaml").write_bytes(GARE.replace("Ranger", "Réserve").encode("latin-1"))
    (problem,), _ = told(boards)
    assert problem.startswith("boards/gare.yaml:6:13: is not UTF-8 text, but Latin-1 / Windows-1252")
