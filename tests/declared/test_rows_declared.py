"""Rows of a workbook as board files declare them, and what `validate` tells of both."""

from collections.abc import Callable
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told
from row_kit import HEADINGS, save, save_csv

from trello_ops.core.rows import Rows
from trello_ops.declaration_source import check_declaration, with_rows_checked
from trello_ops.declared.load import read
from trello_ops.settings import Settings

ITEM = "{{ Produit }} – {{ Vue }} → {{ Fichier }}"
ROWS = f"""\
    rows:
      file: shooting.xlsx
      date: Date
      item: "{ITEM}"
"""
DAILY = BOARD.replace("cadence: weekly", "cadence: daily")


def settings_of(boards: Path, templates: Path) -> Settings:
    return Settings.model_validate({"TRELLO_OPS_BOARDS_DIR": boards, "TRELLO_OPS_TEMPLATES_DIR": templates})


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., list[str]]:
    """What `validate` tells of a board in the folder `boards`, which is the path's own."""
    boards, templates = tmp_path / "boards", tmp_path / "templates"
    boards.mkdir()
    (templates / "cards").mkdir(parents=True)
    (templates / "cards" / "stock.md").write_text("Ranger.", "utf-8")

    def checked(rows: str = ROWS, board: str = BOARD) -> list[str]:
        (boards / "workspace.yaml").write_text(WORKSPACE, "utf-8")
        (boards / "weekly.yaml").write_text(board + rows, "utf-8")
        settings = settings_of(boards, templates)
        found = with_rows_checked(check_declaration(settings), settings)
        return [str(each).replace(f"{boards}/", "") for each in (*found.problems, *found.warnings)]

    return checked


def test_a_task_has_the_rows_that_its_file_declares(tmp_path: Path) -> None:
    more = ROWS + "      sheet: Vues\n      key: Réf\n      checklist: Vues à prendre\n"
    assert told(tmp_path, BOARD + more) == ([], [])
    found = read(tmp_path, ("stock.md",)).workspace
    assert found
    assert found.boards[0].tasks[0].rows == Rows(
        "shooting.xlsx", "Date", ITEM, "Vues", "Réf", "Vues à prendre"
    )


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("../shooting.xlsx", "should be the name of a file beside the board files"),
        ("/etc/passwd.csv", "should be the name of a file beside the board files"),
        ("'C:\\shooting.xlsx'", "should be the name of a file beside the board files"),
        ("shooting.xls", "`shooting.xls` is not read: save it as .xlsx or .csv"),
        ("shooting", "`shooting` is not read: save it as .xlsx or .csv"),
    ],
)
def test_only_workbooks_beside_the_board_files_may_be_named(tmp_path: Path, file: str, said: str) -> None:
    (problem,), _ = told(tmp_path, BOARD + ROWS.replace("shooting.xlsx", file))
    assert problem.startswith(f"weekly.yaml:10:13 tasks.stock.rows.file: {said}")


def test_what_is_missing_or_unknown_is_told(tmp_path: Path) -> None:
    problems, _ = told(tmp_path, BOARD + "    rows: {file: a.xlsx, colonne: Date}\n")
    assert {problem.split(" ", 2)[1] for problem in problems} == {
        "tasks.stock.rows.colonne:", "tasks.stock.rows.date:", "tasks.stock.rows.item:"
    }  # fmt: skip


# ---- validate ---------------------------------------------------------------------------------------


def test_a_sound_workbook_is_told_nothing_of_and_not_called_a_stray_file(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    save(tmp_path / "boards" / "shooting.xlsx", HEADINGS, ("16/11/2026", "Savon", "face", "a.jpg"))
    assert check() == []
    save(tmp_path / "boards" / "posts.xlsx", HEADINGS)
    (stray,) = check()
    assert stray.startswith("posts.xlsx:1:1: is a spreadsheet, which is not read")


def test_a_workbook_in_a_folder_of_its_own_is_read(check: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "boards" / "lignes").mkdir()
    save_csv(tmp_path / "boards" / "lignes" / "shooting.csv", HEADINGS)
    assert check(ROWS.replace("shooting.xlsx", "lignes/shooting.csv")) == []


def test_a_workbook_that_is_not_there_is_told_where_it_is_named(check: Callable[..., list[str]]) -> None:
    (problem,) = check()
    assert problem.startswith("weekly.yaml:10:13 tasks.stock.rows.file: `shooting.xlsx` is not there: put it")


def test_every_mistake_is_told_at_once_and_in_its_place(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    day = "16/11/2026"
    save(
        tmp_path / "boards" / "shooting.xlsx",
        ("Réf", *HEADINGS),
        ("A1", day, "Savon", "face", "a.jpg"),
        ("A1", day, "Savon", "dos", "b.jpg"),
        ("A1", "23/11/2026", "Savon", "dos", "b.jpg"),  # a week of its own
        ("", day, "Huile", "face", "c.jpg"),
        ("A2", "lundi", "Huile", "dos", "d.jpg"),
        ("A3", day, "#REF!", "dos", "d.jpg"),
    )
    keyed = ROWS + "      key: Réf\n"
    assert check(keyed) == [
        "shooting.xlsx:3:1 Vues!A3: is the key of row 2 already: give the row one of its own",
        "shooting.xlsx:5:1 Vues!A5: is empty: give the row a key of its own, and it comes onto its card",
        "shooting.xlsx:6:2 Vues!B6: is no date: write it like `16/11/2026`, and its row comes onto its card",
        "shooting.xlsx:7:3 Vues!C7: holds an error (#REF!): correct it",
    ]
    columns = "`Réf`, `Date`, `Produit`, `Vue`, `Fichier`"
    assert check(keyed.replace("date: Date", "date: Jour").replace("key: Réf", "key: N°")) == [
        f"weekly.yaml:11:13 tasks.stock.rows.date: shooting.xlsx!Vues has no column `Jour`, but {columns}",
        f"weekly.yaml:13:12 tasks.stock.rows.key: shooting.xlsx!Vues has no column `N°`, but {columns}",
    ]
    (unknown,) = (each for each in check(ROWS.replace("{{ Vue }}", "{{ Angle }}")) if "weekly" in each)
    assert unknown.startswith(
        "weekly.yaml:12:13 tasks.stock.rows.item: shooting.xlsx!Vues has no column `Angle`"
    )


def test_a_key_may_come_again_on_another_day_of_a_daily_board(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    rows = (("16/11/2026", "Savon", "", ""), ("17/11/2026", "Savon", "", ""))
    save(tmp_path / "boards" / "shooting.xlsx", HEADINGS, *rows)
    keyed = ROWS + "      key: Produit\n"
    assert check(keyed, DAILY) == []
    assert len(check(keyed)) == 1


def test_a_broken_workbook_is_no_mistake_of_what_the_files_declare(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "boards" / "shooting.xlsx").write_bytes(b"PK\x03\x04")
    (problem,) = check()
    assert "tasks.stock.rows.file: `shooting.xlsx` is no whole workbook" in problem
    settings = settings_of(tmp_path / "boards", tmp_path / "templates")
    assert check_declaration(settings).problems == ()


# ---- cards of their own -----------------------------------------------------------------------------

CARDS = ROWS + "      key: Réf\n      cards: true\n"


def test_rows_with_cards_are_tasks_in_the_place_of_the_one_that_declares_them(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    boards, day = tmp_path / "boards", "16/11/2026"
    rows = (("A1", day, "Savon", "face", "a.jpg"), ("A2", "23/11/2026", "Huile", "dos", "b.jpg"))
    save(boards / "shooting.xlsx", ("Réf", *HEADINGS), *rows)
    check_up = "  check: {title: Bilan, theme: operations, template: stock.md, covers: [stock]}\n"
    assert check(CARDS + check_up) == []
    workspace = check_declaration(settings_of(boards, tmp_path / "templates")).workspace
    assert workspace
    assert [(task.key, task.title, task.covers) for task in workspace.boards[0].tasks] == [
        ("stock-a1", "Savon – face → a.jpg", ()),
        ("stock-a2", "Huile – dos → b.jpg", ()),
        ("check", "Bilan", ("weekly/stock-a1", "weekly/stock-a2")),
    ]


def test_mistakes_in_such_rows_are_told_and_keep_no_edit_from_being_in_force(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    day = "16/11/2026"
    rows = (
        ("A1", day, "Savon", "face", "a.jpg"),
        ("A1", day, "Huile", "dos", "b.jpg"),
        ("A2", "lundi", "", "", ""),
    )
    save(tmp_path / "boards" / "shooting.xlsx", ("Réf", *HEADINGS), *rows)
    taken = "gives the key `stock-a1`, which another row or task has already: give the row one of its own"
    assert check(CARDS) == [
        f"shooting.xlsx:3:1 Vues!A3: {taken}",
        "shooting.xlsx:4:2 Vues!B4: is no date: write it like `16/11/2026`, and its row comes onto its card",
    ]
    assert check_declaration(settings_of(tmp_path / "boards", tmp_path / "templates")).problems == ()
    assert check(CARDS.replace("key: Réf", "key: N°"))[0].startswith(
        "weekly.yaml:13:12 tasks.stock.rows.key:"
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ROWS + "      cards: true\n",
            "weekly.yaml:13:14 tasks.stock.rows.cards: needs a `key`: the heading",
        ),
        (
            CARDS + "      checklist: Vues\n",
            "weekly.yaml:15:18 tasks.stock.rows.checklist: is for rows that are",
        ),
        (
            CARDS + "    cadence: yearly\n    on: 1\n    month: 3\n",
            "weekly.yaml:14:14 tasks.stock.rows.cards: goes",
        ),
    ],
)
def test_what_does_not_go_with_cards_for_rows_is_told(tmp_path: Path, rows: str, said: str) -> None:
    (problem, *_), _ = told(tmp_path, BOARD + rows)
    assert problem.startswith(said)
