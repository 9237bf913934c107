"""Workbooks and CSV files as people save them, break them and hide them."""

import datetime as dt
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from row_kit import HEADINGS, save, save_csv

from trello_ops.adapters import row_files
from trello_ops.adapters.row_files import LARGEST, RowFiles
from trello_ops.core.rows import Cell
from trello_ops.folder_files import Folder
from trello_ops.plain_text import Unreadable

MIDNIGHT = dt.datetime.combine(dt.date(2026, 11, 16), dt.time())
ROW = ("16/11/2026", "Savon à l’huile d’argan", "côté", "été.jpg")


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    folder = tmp_path / "boards"
    folder.mkdir()
    return folder


def cells(boards: Path, file: str, sheet: str = "") -> list[tuple[Cell, ...]]:
    return [row.cells for row in RowFiles(Folder(boards)).read(file, sheet).rows]


def why(boards: Path, file: str, sheet: str = "") -> str:
    with pytest.raises(Unreadable) as error:
        RowFiles(Folder(boards)).read(file, sheet)
    return str(error.value)


# ---- what people save -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(boards: Path, encoding: str, delimiter: str) -> None:
    save_csv(boards / "posts.csv", HEADINGS, ROW, ("", 'a "b"', "une\nautre", ""), encoding=encoding)
    table = RowFiles(Folder(boards)).read("posts.csv", "")
    assert (table.headings, table.sheet) == (HEADINGS, "")
    assert [row.cells for row in table.rows] == [ROW, ("", 'a "b"', "une\nautre", "")]


def test_csv_of_an_old_mac_is_not_taken_for_something_else(boards: Path) -> None:
    save_csv(boards / "posts.csv", HEADINGS, ROW, encoding="mac-roman")
    assert "Mac OS Roman" in why(boards, "posts.csv")


def test_cells_come_as_what_they_are(boards: Path) -> None:
    row = (
        MIDNIGHT,
        MIDNIGHT.replace(hour=9, minute=30),
        dt.time(17),
        12,
        12.5,
        True,
        None,
        "x",
    )
    save(boards / "a.xlsx", "abcdefgh", row)
    assert cells(boards, "a.xlsx") == [row]


def test_formulas_count_with_what_they_last_came_to(boards: Path) -> None:
    save(boards / "a.xlsx", ("Date", "Fichier"), ("2026-11-16", "=A2&B1"))
    assert cells(boards, "a.xlsx") == [("2026-11-16",)]  # nobody has worked it out yet


def test_rows_are_found_wherever_a_program_says_that_a_sheet_ends(boards: Path, tmp_path: Path) -> None:
    save(tmp_path / "a.xlsx", HEADINGS, ROW, ROW, ROW)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(boards / "a.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1:A1"'))
    assert cells(boards, "a.xlsx") == [ROW, ROW, ROW]


def test_the_first_sheet_that_is_shown_counts(boards: Path) -> None:
    save(boards / "a.xlsx", HEADINGS, ROW, others=["Posts"])
    book = openpyxl.load_workbook(boards / "a.xlsx")
    book.create_sheet("Listes", 0).sheet_state = "hidden"
    book.save(boards / "a.xlsx")
    assert cells(boards, "a.xlsx") == [ROW]


def test_a_name_with_accents_is_found_however_the_disk_writes_it(boards: Path) -> None:
    save(boards / "e\u0301te\u0301.xlsx", HEADINGS, ROW)
    assert cells(boards, "été.xlsx") == [ROW]


# ---- what is broken ---------------------------------------------------------------------------------


def test_a_workbook_that_is_being_saved_is_told_and_read_once_it_is_whole(boards: Path) -> None:
    save(boards / "a.xlsx", HEADINGS, ROW)
    whole, reader = (boards / "a.xlsx").read_bytes(), RowFiles(Folder(boards))
    for length in range(0, len(whole), 311):
        (boards / "a.xlsx").write_bytes(whole[:length])
        with pytest.raises(Unreadable, match="workbook"):
            reader.read("a.xlsx", "")
    (boards / "a.xlsx").write_bytes(whole)
    assert len(reader.read("a.xlsx", "").rows) == 1


def test_a_workbook_with_damaged_insides_is_told(boards: Path, tmp_path: Path) -> None:
    save(tmp_path / "a.xlsx", HEADINGS, ROW)
    for broken in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"):
        with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(boards / "a.xlsx", "w") as new:
            for name in old.namelist():
                new.writestr(name, b"<broken" if name == broken else old.read(name))
        assert "no workbook that can be read" in why(boards, "a.xlsx")


@pytest.mark.parametrize(
    ("file", "data", "message"),
    [
        ("a.xlsx", b"", "no whole workbook"),
        ("a.xlsx", b"Date;Produit\r\n", "no whole workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel file, or has a password"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\r\n;;\r\n", "is empty"),
        ("a.csv", b"PK\x03\x04" + bytes(60), "is an Excel, Word or ZIP file"),
        ("a.csv", b'Date\r\n"' + b"x" * 200_000, "cannot be taken apart"),
    ],
)
def test_what_is_no_table_is_told(boards: Path, file: str, data: bytes, message: str) -> None:
    (boards / file).write_bytes(data)
    assert message in why(boards, file)


def test_csv_has_no_sheets(boards: Path) -> None:
    save_csv(boards / "a.csv", HEADINGS, ROW)
    assert "leave out `sheet`" in why(boards, "a.csv", "Vues")


def test_a_file_that_changes_while_it_is_read_is_read_again(
    boards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_csv(boards / "a.csv", HEADINGS, ROW)
    reader, whole = RowFiles(Folder(boards)), row_files._of_csv

    def saved_meanwhile(data: bytes, sheet: str):  # type: ignore[no-untyped-def]
        save_csv(boards / "a.csv", HEADINGS, ROW, ROW)
        return whole(data, sheet)

    monkeypatch.setattr(row_files, "_of_csv", saved_meanwhile)
    with pytest.raises(Unreadable, match="was changed while it was read"):
        reader.read("a.csv", "")
    monkeypatch.undo()
    assert len(reader.read("a.csv", "").rows) == 2


def test_a_disk_that_failed_is_asked_again(boards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_csv(boards / "a.csv", HEADINGS, ROW)
    reader = RowFiles(Folder(boards))

    def fails(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("trello_ops.folder_files.limited", fails)
    with pytest.raises(Unreadable, match="cannot be read"):
        reader.read("a.csv", "")
    monkeypatch.undo()
    assert len(reader.read("a.csv", "").rows) == 1


# ---- what is too large ------------------------------------------------------------------------------


def test_a_huge_file_is_not_read(boards: Path) -> None:
    (boards / "a.csv").write_bytes(b"x" * (LARGEST + 1))
    assert "is larger than 10,000,000 bytes" in why(boards, "a.csv")


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(boards: Path) -> None:
    with zipfile.ZipFile(boards / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(50_000_001))
    assert "unpacks to more than" in why(boards, "a.xlsx")


def test_ten_thousand_rows_are_read_and_no_more(boards: Path) -> None:
    save_csv(boards / "a.csv", HEADINGS, *[ROW] * 10_000)
    assert len(cells(boards, "a.csv")) == 10_000
    save_csv(boards / "a.csv", HEADINGS, *[ROW] * 10_001)
    assert "has more than 10,000 rows" in why(boards, "a.csv")


def test_rows_far_below_are_not_waited_for(boards: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["A1048576"] = "Date", "16/11/2026"
    book.save(boards / "a.xlsx")
    assert "has more than 200,000 rows" in why(boards, "a.xlsx")


# ---- what lies elsewhere ----------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["../secret.csv", "sub/../../secret.csv"])
def test_no_path_leads_out_of_the_folder(boards: Path, file: str) -> None:
    save_csv(boards.parent / "secret.csv", HEADINGS, ROW)
    assert "leads out of" in why(boards, file)
    assert "leads out of" in why(boards, str(boards.parent / "secret.csv"))


def test_no_link_leads_out_of_the_folder_but_to_one_that_is_allowed(boards: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    save_csv(shared / "a.csv", HEADINGS, ROW)
    (boards / "a.csv").symlink_to(shared / "a.csv")
    assert "leads out of" in why(boards, "a.csv")
    allowed = RowFiles(Folder(boards, (boards, shared)))
    assert len(allowed.read("a.csv", "").rows) == 1


def test_what_is_no_file_is_not_waited_for(boards: Path) -> None:
    os.mkfifo(boards / "a.csv")
    assert "is no file" in why(boards, "a.csv")
    (boards / "b.csv").mkdir()
    assert "cannot be read" in why(boards, "b.csv")
