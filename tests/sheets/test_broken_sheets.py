"""Sheets that cannot be brought back: each mistake is named at its cell, and nothing is written."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sheet_kit import FILES, Edit, exported, from_file, refused, written

from trello_ops.errors import InvalidDeclaration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert written(tmp_path).problems == ()
    return tmp_path


def put(**cells: object) -> Edit:
    """Put values into cells, whose names follow that of the sheet: `daily_B3`."""
    titles = {"daily": "Every day", "weekly": "Every week", "off": "Days off", "team": "Team"}

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in cells.items():
            title, _, cell = name.rpartition("_")
            book[titles.get(title, title.capitalize())][cell] = value

    return edit


def copied(book: openpyxl.Workbook) -> None:
    for place, each in enumerate(book["Every day"][2], 1):
        book["Every day"].cell(4, place).value = each.value


def copied_to_another_sheet(book: openpyxl.Workbook) -> None:
    for place, each in enumerate(book["Every day"][2], 1):
        book["Every week"].cell(3, place).value = each.value


def moved_without_its_sheet(book: openpyxl.Workbook) -> None:
    copied_to_another_sheet(book)
    del book["Every day"]


def without_board(book: openpyxl.Workbook) -> None:
    book["Boards"].delete_rows(3)


def merged(book: openpyxl.Workbook) -> None:
    book["Every day"].merge_cells("E2:E3")


def twice(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book["Every day"])


def far(book: openpyxl.Workbook) -> None:
    book["Every day"]["B9000"] = "far below"


def without_keys(title: str) -> Edit:
    """Delete the column of keys, as somebody does who copies the cells that can be seen."""
    return lambda book: book[title].delete_cols(1)


def without_theme(book: openpyxl.Workbook) -> None:
    """A new row where a required column was deleted."""
    book["Every day"]["B9"] = "Water the plants"
    book["Every day"]["D9"] = "t.md"
    book["Every day"].delete_cols(3)


def person_left(book: openpyxl.Workbook) -> None:
    book["People"].delete_rows(3)


NO_HEADING = "is no heading that is known here"
BROKEN: dict[str, tuple[Edit, list[str]]] = {
    "no title": (put(daily_B2=None), ["Every day!B2: is missing: add it"]),
    "unknown theme": (put(daily_C3="Ofice"), ["Every day!C3: there is no theme `Ofice`: did you mean"]),
    "unknown template": (put(weekly_D2="u.md"), ["Every week!D2: there is no template `u.md`"]),
    "unknown person": (put(daily_E2="amal, Karima"), ["Every day!E2: there is no person `Karima`: did"]),
    "no time": (put(daily_H3="25h"), ["Every day!H3: `25h` is not a time of day"]),
    "no day": (put(daily_F2="lundredi"), ["Every day!F2: `lundredi` is not a day"]),
    "no date": (put(off_C2="31/02/2027"), ["Days off!C2: "]),
    "ends before it begins": (put(off_D2="2027-08-01"), ["Days off!D2: "]),
    "open bracket": (put(daily_H2="{time: 17:00"), ["Every day!H2: is not valid YAML: a bracket is"]),
    "formula": (put(daily_H2="=TIME(17,0,0)"), ["Every day!H2: holds a formula: put its value"]),
    "error": (put(daily_E2="#N/A"), ["Every day!E2: holds the error #N/A"]),
    "unknown heading": (put(daily_H1="Échéances"), [f"Every day!H1: {NO_HEADING}: did you mean “Due”?"]),
    "no heading": (put(daily_AZ3="a note"), ["Every day!AZ1: has no heading, but there"]),
    "heading twice": (put(daily_F1="Due"), ["Every day!H1: stands above F1 too: delete one of the two"]),
    "copied row": (copied, ["Every day!A4: has the key of Every day!A2: if this row is a copy, empty A4"]),
    "copied row elsewhere": (copied_to_another_sheet, ["Every week!A3: has the key of Every day!A2"]),
    "moved without its sheet": (moved_without_its_sheet, ["Every week!A3: is a task of the board `daily`"]),
    "no keys of tasks": (without_keys("Every day"), ["Every day!A1: the column of keys is missing"]),
    "no keys of people": (without_keys("People"), ["People!A1: the column of keys is missing"]),
    "required column deleted": (without_theme, ["Every day!A9: Theme: is missing: add it"]),
    "key of nothing": (put(daily_A3="daily/gone"), ["Every day!A3: there is no task `daily/gone` any more"]),
    "bad key": (put(people_A4="Salma B", people_B4="Salma", people_C4="s"), ["People!A4: `Salma B` is not"]),
    "no board": (put(boards_A2="dayly"), ["Boards!A1: the row of `daily` is", "Boards!A2: `dayly` is no"]),
    "board without a row": (without_board, ["Boards!A1: the row of `weekly` is missing: put it back"]),
    "two teams": (put(team_A3="other", team_B3="Other"), ["Team!A3: the team has one row"]),
    "slot without a key": (put(slots_B3="friday", slots_C3="9h", slots_D3="10h"), ["Slots!A3: has no key"]),
    "no kind": (put(off_A2="vacation"), ["Days off!A2: is no kind of days off: "]),
    "nobody's absence": (put(off_B5=None), ["Days off!B5: there is no person ``: use one of `amal`"]),
    "somebody's closure": (put(off_B2="amal"), ["Days off!B2: only an absence is one person's"]),
    "long holiday": (put(off_D4="2027-03-13"), ["Days off!D4: a holiday is one day"]),
    "merged": (merged, ["Every day!E2: is merged with others"]),
    "sheet twice": (twice, ["Every day Copy!A1: is the same sheet as “Every day”"]),
    "far": (far, ["Every day!A1: the sheet goes on beyond 5,000 rows"]),
    "person who left": (person_left, ["Every week!E2: there is no person `karim`"]),
    "no e-mail": (put(team_K2="a@shop.example, nobody"), ["Team!K2: "]),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_each_mistake_is_named_at_its_cell(what: str, folder: Path) -> None:
    edit, expected = BROKEN[what]
    found = refused(folder, edit)
    assert len(found) == len(expected), found
    assert all(told.startswith(beginning) for told, beginning in zip(found, expected, strict=True)), found
    assert {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")} == FILES


def test_all_are_named_at_once_from_sheet_to_sheet(folder: Path) -> None:
    cells = {"weekly_D2": "u.md", "daily_H3": "=1", "daily_C2": "x", "off_A2": "?", "people_C3": "no, no"}
    assert [told.partition(":")[0] for told in refused(folder, put(**cells))] == [
        *("People!C3", "Days off!A2", "Every day!C2", "Every day!H3", "Every week!D2")
    ]


# ---- files that are none ----------------------------------------------------------------------------


def unreadable(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    with pytest.raises(InvalidDeclaration) as refused:
        from_file(folder, folder / name)
    return str(refused.value).partition(name)[2]


def test_what_is_no_workbook_is_told(folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b" " * 51_000_000)
    assert ":1:1: is an old Excel file, or has a password" in unreadable(
        folder, "a.xlsx", b"\xd0\xcf\x11\xe0..."
    )
    assert "is no whole workbook" in unreadable(folder, "b.xlsx", b"PK\x03\x04 no zip at all")
    assert "is no whole workbook" in unreadable(folder, "c.xlsx", b"")
    assert "unpacks to more than 50,000,000 bytes" in unreadable(folder, "d.xlsx", packed.getvalue())
    assert "is larger than 10,000,000 bytes" in unreadable(folder, "e.csv", b"x" * 10_000_001)
    assert "holds more than 5,000 rows" in unreadable(folder, "f.csv", b"a\n" * 5_001)
    assert ":1:1: cannot be taken apart here" in unreadable(folder, "g.csv", b'"' + b"x" * 200_000)
    assert "cannot be taken apart here" in unreadable(folder, "h.csv", b"sep=;;\na;b\n")
    assert "Mac OS Roman as it seems" in unreadable(folder, "i.csv", "Tâche;Théière\n".encode("mac_roman"))


def test_a_file_without_a_sheet_of_ours_is_told(folder: Path) -> None:
    assert "holds no sheet that is known here" in unreadable(folder, "a.csv", b"Date;Amount\n1;2\n")


def test_files_that_are_broken_themselves_are_told_first(folder: Path) -> None:
    book = exported(folder)
    book.save(folder / "a.xlsx")
    (folder / "daily.yaml").write_text("title: 5\n")
    with pytest.raises(InvalidDeclaration, match=r"daily.yaml:1:8 title"):
        from_file(folder, folder / "a.xlsx")
