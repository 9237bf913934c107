"""What files lose or hold without anybody seeing it."""

import datetime as dt
import unicodedata
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told

from trello_ops.declaration_source import check_declaration
from trello_ops.declared.load import read
from trello_ops.settings import Settings

LOST = "is lost, as a `#` after a space begins a remark: put the text in quotes"


@pytest.mark.parametrize(
    ("board", "warning"),
    [
        (
            BOARD.replace("Ranger", "Relever #1 les températures"),
            "6:12 tasks.stock.title: `#1 les températures`",
        ),
        (BOARD.replace("Hebdo", "Hebdo #2"), "1:8 title: `#2`"),
        (f"{BOARD}    description: Voir #stock\n", "9:18 tasks.stock.description: `#stock`"),
        (f"lists:\n  todo: À faire #1\n  done: Fini\n{BOARD}", "2:9 lists.todo: `#1`"),
    ],
)
def test_text_that_a_remark_takes_away_is_pointed_out(board: str, warning: str, tmp_path: Path) -> None:
    assert told(tmp_path, board) == ([], [f"weekly.yaml:{warning} {LOST}"])


def test_of_names_and_of_check_items_too(tmp_path: Path) -> None:
    _, (warning,) = told(tmp_path, workspace=WORKSPACE.replace("name: Zina ô Beldi", "name: Zina #1"))
    assert warning == f"workspace.yaml:2:7 name: `#1` {LOST}"
    cards = tmp_path / "templates" / "cards"
    cards.mkdir(parents=True)
    (cards / "stock.md").write_text(
        "---\nchecklists:\n  - title: Liste\n    items:\n      - Caisse #1\n---\nx"
    )
    boards = tmp_path / "boards"
    boards.mkdir()
    told(boards)
    settings = Settings(TRELLO_OPS_BOARDS_DIR=boards, TRELLO_OPS_TEMPLATES_DIR=tmp_path / "templates")
    found = check_declaration(settings)
    assert [str(each).removeprefix(f"{cards}/") for each in found.warnings] == [
        f"stock.md:5:9 checklists[0].items[0]: `#1` {LOST}"
    ]


def test_a_value_that_is_all_remark_says_so(tmp_path: Path) -> None:
    (problem,), warnings = told(tmp_path, BOARD.replace("Ranger", "#1 des ventes"))
    assert problem == f"weekly.yaml:6:11 tasks.stock.title: `#1 des ventes` {LOST}"
    assert warnings == []


def test_remarks_are_no_loss(tmp_path: Path) -> None:
    board = BOARD.replace("Ranger", "Ranger # le vendredi").replace("stock.md", "stock.md #1")
    assert told(tmp_path, board) == ([], [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("due: “17:00”", "due: holds typographic quotation marks (“ ”): type straight ones, or none"),
        ("on: «lundi»", "on: holds typographic quotation marks (« »): type straight ones, or none"),
        ("requires: comment\u00a0", "requires: holds a no-break space (U+00A0), which cannot be seen"),
        ("assign: ines\u200b", "assign: holds a zero-width space (U+200B), which cannot be seen"),
        ("requires: ‘comment’", "requires: holds typographic quotation marks (‘ ’)"),
        ("“due”: '17:00'", "“due”: holds typographic quotation marks (“ ”)"),
    ],
)
def test_a_wrong_value_that_looks_right_says_why(line: str, said: str, tmp_path: Path) -> None:
    (problem,), _ = told(tmp_path, f"{BOARD}    {line}\n")
    assert problem.partition(" tasks.stock.")[2].startswith(said), problem


def test_a_template_is_found_however_its_accents_are_written(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "réassort.md")
    for written in ("réassort.md", decomposed):
        (tmp_path / "workspace.yaml").write_text(WORKSPACE, "utf-8")
        (tmp_path / "weekly.yaml").write_text(BOARD.replace("stock.md", written), "utf-8")
        found = read(tmp_path, ("réassort.md",))
        assert found.problems == ()
        assert found.workspace
        assert found.workspace.boards[0].tasks[0].template == "réassort.md"


# ---- Days on which clocks change --------------------------------------------------------------------

NIGHT = 'release: "02:30"\ndue: "03:10"\n'
WINTER = dt.date(2026, 12, 1)


def paris(board: str, folder: Path, today: dt.date = WINTER) -> list[str]:
    problems, warnings = told(folder, board, WORKSPACE.replace("Africa/Casablanca", "Europe/Paris"), today)
    assert problems == []
    return warnings


def test_a_release_that_gives_way_to_a_clock_change_is_told(tmp_path: Path) -> None:
    daily = BOARD.replace("weekly", "daily")
    said = "on 2027-03-28 the clocks skip 02:30: the card appears at 01:30, before its due"
    assert paris(NIGHT + daily, tmp_path) == [f"weekly.yaml:1:10 release: {said}"]
    in_task = daily + "".join(f"    {line}\n" for line in NIGHT.splitlines())
    assert paris(in_task, tmp_path) == [f"weekly.yaml:9:14 tasks.stock.release: {said}"]


def test_releases_that_no_coming_change_moves_are_not(tmp_path: Path) -> None:
    daily = BOARD.replace("weekly", "daily")
    assert paris(NIGHT + BOARD, tmp_path) == []  # on Fridays
    assert paris(NIGHT.replace("03:10", "12:00") + daily, tmp_path) == []
    assert paris(NIGHT + f"start: 2028-01-01\n{daily}", tmp_path) == []


def test_a_default_release_at_midnight_gives_way_too(tmp_path: Path) -> None:
    board = 'due: "01:00"\ntimezone: Africa/Cairo\n' + BOARD.replace("weekly", "daily")
    (warning,) = paris(board, tmp_path)
    assert warning == (
        "weekly.yaml:7:3 tasks.stock.release: on 2027-04-30 the clocks skip 00:00: the card appears at 23:00 "
        "(2027-04-29), before its due"
    )
