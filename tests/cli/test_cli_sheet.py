"""`trello-ops sheet`: a workbook of the files, which replaces nobody's edits unasked; and the way back."""

import errno
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result

from trello_ops.cli import sheet

Invoke = Callable[..., Result]


def test_the_files_are_written_as_a_workbook(invoke: Invoke, folder: Path) -> None:
    found = invoke("sheet", "export")
    assert (found.exit_code, found.stdout) == (0, "Wrote shop.xlsx: 1 board, 1 task.\n")
    assert openpyxl.load_workbook(folder / "shop.xlsx")["Every day"]["B2"].value == "Send the parcels"


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(invoke: Invoke, folder: Path) -> None:
    (folder / "mine.xlsx").write_bytes(b"edited")
    found = invoke("sheet", "export", "mine.xlsx")
    assert found.exit_code == 2
    assert "mine.xlsx is there already" in found.stderr
    assert (folder / "mine.xlsx").read_bytes() == b"edited"
    assert invoke("sheet", "export", "--replace", "mine.xlsx").exit_code == 0
    assert (folder / "mine.xlsx").read_bytes()[:2] == b"PK"


def test_another_ending_is_refused(invoke: Invoke, folder: Path) -> None:
    found = invoke("sheet", "export", "boards.csv")
    assert found.exit_code == 2
    assert "let its name end in .xlsx" in found.stderr
    assert not (folder / "boards.csv").exists()


def test_a_folder_that_is_not_there_is_told(invoke: Invoke) -> None:
    found = invoke("sheet", "export", "no/such.xlsx")
    assert found.exit_code == 2
    assert "cannot be written" in found.stderr
    assert "FILE.xlsx" in found.stderr


def test_broken_files_make_no_workbook(invoke: Invoke, folder: Path) -> None:
    (folder / "boards" / "daily.yaml").write_text("title: 5\n")
    found = invoke("sheet", "export")
    assert found.exit_code == 2
    assert "daily.yaml:1:8 title" in found.stderr
    assert not list(folder.glob("*.xlsx"))


# ---- bringing it back -------------------------------------------------------------------------------


def edit(folder: Path, **cells: object) -> None:
    book = openpyxl.load_workbook(folder / "shop.xlsx")
    for cell, value in cells.items():
        book["Every day"][cell] = value
    book.save(folder / "shop.xlsx")


def edit_column(folder: Path, heading: str) -> str:
    """The name of the first cell below a heading."""
    sheet = openpyxl.load_workbook(folder / "shop.xlsx")["Every day"]
    return next(f"{each.column_letter}2" for each in sheet[1] if each.value == heading)


def test_an_edit_is_shown_and_written_only_where_that_is_said(invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    before = board.read_text("utf-8")
    invoke("sheet", "export")
    edit(folder, H2="17h30")
    shown = invoke("sheet", "import", "shop.xlsx")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[:5] == [
        "--- boards/daily.yaml",
        "+++ boards/daily.yaml",
        "@@ -8,3 +8,4 @@",
        "     theme: operations",
        "     template: parcels.md",
    ]
    assert '+    due: "17:30"\n' in shown.stdout
    assert "In the next four weeks:\n  28 move:\n" in shown.stdout
    assert (
        "    Wed 2026-12-02 23:59 UTC -> Wed 2026-12-02 17:30 UTC  Send the parcels (Every day),"
        " and 27 times more\n"
        "Nothing is written yet: --write does so.\n" in shown.stdout
    )
    assert board.read_text("utf-8") == before
    done = invoke("sheet", "import", "shop.xlsx", "--write")
    assert done.stdout.endswith("1 file is edited; `trello-ops plan` shows what that changes on Trello.\n")
    assert board.read_text("utf-8") == before + '    due: "17:30"\n'
    again = invoke("sheet", "import", "shop.xlsx", "--write")
    assert again.stdout == "The sheets say what the files say: there is nothing to change.\n"


def test_what_comes_and_goes_is_told(invoke: Invoke, folder: Path) -> None:
    invoke("sheet", "export")
    new = edit_column(folder, "New")
    edit(folder, A2=None, B2="Send the letters", F2="friday", **{new: "yes"})
    shown = invoke("sheet", "import", "shop.xlsx").stdout
    assert (
        "  4 more are to be done:\n"
        "    + Fri 2026-12-04 23:59 UTC  Send the letters (Every day), and 3 times more\n"
        "  28 are no longer to be done:\n"
        "    - Wed 2026-12-02 23:59 UTC  Send the parcels (Every day), and 27 times more\n"
    ) in shown


def test_what_may_be_another_name_is_asked_at_its_cell(invoke: Invoke, folder: Path) -> None:
    invoke("sheet", "export")
    edit(folder, A2=None, B2="Send the letters")
    shown = invoke("sheet", "import", "shop.xlsx").stdout
    assert "warning: Every day!B2: `daily/send-the-letters` looks like `daily/parcels` renamed" in shown


def test_an_edit_that_changes_no_day_says_so(invoke: Invoke, folder: Path) -> None:
    invoke("sheet", "export")
    edit(folder, B2="Send all parcels")
    assert (
        "In the next four weeks the same comes as before.\n" in invoke("sheet", "import", "shop.xlsx").stdout
    )


def test_mistakes_are_named_by_cell_and_nothing_is_written(invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    before = board.read_bytes()
    invoke("sheet", "export")
    edit(folder, B2="Another title", C2="nothing", E2="nobody knows")
    found = invoke("sheet", "import", "shop.xlsx", "--write")
    assert (found.exit_code, found.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in found.stderr.splitlines()] == ["Every day!C2", "Every day!E2"]
    assert board.read_bytes() == before


def test_sheets_that_are_not_read_are_named(invoke: Invoke, folder: Path) -> None:
    invoke("sheet", "export")
    book = openpyxl.load_workbook(folder / "shop.xlsx")
    book.create_sheet("Notes")["A1"] = "mine"
    book.save(folder / "shop.xlsx")
    found = invoke("sheet", "import", "shop.xlsx")
    assert found.stderr == "The sheet “Notes” is none that is known here, and is not read.\n"


def test_a_folder_that_may_not_be_written_to_is_told(
    invoke: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoke("sheet", "export")
    edit(folder, B2="Another title")

    def refuse(_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "boards/daily.yaml")

    monkeypatch.setattr(sheet, "write_all", refuse)
    found = invoke("sheet", "import", "shop.xlsx", "--write")
    assert found.exit_code == 1
    assert "boards/daily.yaml cannot be written: Permission denied. No file was changed." in found.stderr


def test_what_is_in_force_is_compared_too(invoke: Invoke, folder: Path, sandbox: object) -> None:
    assert invoke("apply", "--force").exit_code == 0
    invoke("sheet", "export")
    edit(folder, H2="17h30")
    shown = invoke("sheet", "import", "shop.xlsx").stdout
    assert "“Send the parcels” (`daily/parcels`) has other days or times from now on" in shown
