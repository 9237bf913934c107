"""A spreadsheet program opens the workbook and saves it again: nothing is lost on the way."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sheet_kit import FILES, TEMPLATES, exported, from_file, texts, written

from trello_ops import starter
from trello_ops.declared import load
from trello_ops.folder_files import Folder
from trello_ops.located_yaml import parse
from trello_ops.render import card_files
from trello_ops.sheets.export import workbook
from trello_ops.sheets.incoming import incoming

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Calc (soffice)"),
]

SEMICOLON_CP1252 = "csv:Text - txt - csv (StarCalc):59,34,1"
HOSTILE = (
    *("=1+1", "+33 6 12", "-2", "@SUM(A1)", "'quoted", '"quoted"', "3/4", "08:00", "007", "1e3", "true"),
    *("_x0041_", "a  b", "été « à » l’œuf", "🧺", "http://example.com", r'"a\nb"', "٣", "#N/A", "{=1}"),
)


def saved_again(file: Path, form: str = "xlsx") -> Path:
    """The file as LibreOffice saves it."""
    folder = file.parent / "again"
    profile = (file.parent / "profile").as_uri()
    command = [
        "--headless",
        f"-env:UserInstallation={profile}",
        "--convert-to",
        form,
        "--outdir",
        str(folder),
    ]
    subprocess.run([str(SOFFICE), *command, str(file)], check=True, capture_output=True, timeout=180)
    (found,) = folder.iterdir()
    return found


@pytest.mark.parametrize("pack", starter.PACKS)
def test_nothing_of_a_pack_is_lost(pack: str, tmp_path: Path) -> None:
    starter.copy([pack], tmp_path / "boards", tmp_path / "templates")
    boards, templates = tmp_path / "boards", card_files.available(tmp_path / "templates")
    found = load.read(boards, templates)
    (tmp_path / "shop.xlsx").write_bytes(workbook(found, templates))
    again = incoming(saved_again(tmp_path / "shop.xlsx"), Folder.of(boards), found, templates)
    assert (again.files, again.remarks) == ((), ())


def with_hostile_titles(folder: Path) -> None:
    board: Any = parse(FILES["daily.yaml"], "").value
    rest = {"theme": "office", "template": "t.md"}
    board["tasks"] = {f"t{n}": {"title": title, **rest} for n, title in enumerate(HOSTILE)}
    board["tasks"]["t0"]["description"] = "one\ntwo\n\n  three"
    board["tasks"]["t1"]["title"] = "tab\tand bell"
    assert written(folder, {**FILES, "daily.yaml": json.dumps(board, ensure_ascii=False)}).problems == ()


def test_text_stays_as_it_is(tmp_path: Path) -> None:
    with_hostile_titles(tmp_path)
    (tmp_path / "shop.xlsx").write_bytes(workbook(load.read(tmp_path, TEMPLATES), TEMPLATES))
    assert from_file(tmp_path, saved_again(tmp_path / "shop.xlsx")).files == ()


def test_choices_notes_and_hidden_columns_are_there_after(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "shop.xlsx").write_bytes(workbook(load.read(tmp_path, TEMPLATES), TEMPLATES))
    book = openpyxl.load_workbook(saved_again(tmp_path / "shop.xlsx"))
    sheet = book["Every day"]
    assert book.worksheets[0].sheet_state == "hidden"
    assert sheet.column_dimensions["A"].hidden
    assert len(sheet.data_validations.dataValidation) > 5
    assert sheet["B1"].comment is not None
    widths = sheet.column_dimensions
    due = next(each for each in widths.values() if each.min <= 8 <= each.max)
    assert due.number_format == "@"


def test_an_edit_that_is_saved_as_csv_comes_back(tmp_path: Path) -> None:
    written(tmp_path)
    book = exported(tmp_path)
    for title in book.sheetnames:
        if title not in ("Words", "Every day"):
            del book[title]
    book["Every day"]["B2"] = "Emballer à l’été"
    book["Every day"]["H2"] = "17h30"
    del book["Words"]
    book.save(tmp_path / "shop.xlsx")
    csv = saved_again(tmp_path / "shop.xlsx", SEMICOLON_CP1252)
    assert b"\xe9t\xe9" in csv.read_bytes()
    (text,) = texts(from_file(tmp_path, csv)).values()
    expected = FILES["daily.yaml"].replace("title: Pack", "title: Emballer à l’été")
    assert text == expected.replace("# she has the key\n", '# she has the key\n    due: "17:30"\n')
