"""`trello-ops sheet`: a workbook of the files, which replaces nobody's edits unasked."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
from click.testing import Result

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
