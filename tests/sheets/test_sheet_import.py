"""What somebody edits in the workbook comes into the files, and nothing else does."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sheet_kit import FILES, Edit, after, brought_back, exported, from_file, texts, written

from trello_ops import starter
from trello_ops.declared import load
from trello_ops.folder_files import Folder
from trello_ops.render import card_files
from trello_ops.sheets.export import workbook
from trello_ops.sheets.incoming import incoming


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert written(tmp_path).problems == ()
    return tmp_path


def cell(sheet: Worksheet, row: int, heading: str) -> str:
    """The name of the cell of a row below a heading."""
    (found,) = [each for each in sheet[1] if each.value == heading]
    return f"{found.column_letter}{row}"


def setting(title: str, row: int, **values: object) -> Edit:
    """Type values below headings, which are written with `_` for spaces."""

    def edit(book: openpyxl.Workbook) -> None:
        for heading, value in values.items():
            sheet = book[title]
            sheet[cell(sheet, row, heading.replace("_", " "))] = value

    return edit


def daily(old: str, new: str) -> dict[str, str]:
    """The edited file of the daily board, in which one text stands for another."""
    assert FILES["daily.yaml"].count(old) == 1
    return {"daily.yaml": FILES["daily.yaml"].replace(old, new)}


@pytest.mark.parametrize("pack", starter.PACKS)
def test_a_sheet_that_nobody_edited_changes_nothing(pack: str, tmp_path: Path) -> None:
    starter.copy([pack], tmp_path / "boards", tmp_path / "templates")
    boards, templates = tmp_path / "boards", card_files.available(tmp_path / "templates")
    found = load.read(boards, templates)
    (tmp_path / "same.xlsx").write_bytes(workbook(found, templates))
    same = incoming(tmp_path / "same.xlsx", Folder.of(boards), found, templates)
    assert (same.files, same.remarks) == ((), ())


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"Title": "Pack it"}, "title: Pack", "title: Pack it"),
        ({"Assigned_to": "Karim Tazi"}, "[amal]", "[karim]"),
        ({"Assigned_to": "amal; Karim"}, "[amal]", "[amal, karim]"),
        ({"Assigned_to": "amal et karim"}, "[amal]", "[amal, karim]"),
        ({"Assigned_to": "nobody"}, "[amal]", "nobody"),
        (
            {"Assigned_to": "{rotate: {people: [amal, karim], since: 2026-11-02}}"},
            " [amal]   # she has the key\n",
            '   # she has the key\n      rotate: {people: [amal, karim], since: "2026-11-02"}\n',
        ),
        ({"Theme": "The Office"}, "theme: stock", "theme: office"),
        (
            {"Card_template": "stock-list"},
            "template: t.md\n    assign",
            "template: stock-list.md\n    assign",
        ),
        ({"Days": "lun, jeu"}, "assign: [amal]   # she has the key\n", None),
    ],
)
def test_a_cell_is_an_edit_of_its_line(
    values: dict[str, str], old: str, new: str | None, folder: Path
) -> None:
    new = new or f"{old}    on: [lun, jeu]\n"
    assert after(folder, setting("Every day", 2, **values)) == daily(old, new)


@pytest.mark.parametrize("due", ["18h30", "18:30", dt.time(18, 30), dt.time(18, 29, 59, 999_000), 0.0])
def test_a_time_may_be_typed_in_many_ways(due: object, folder: Path) -> None:
    if due == 0.0:
        due = dt.timedelta(hours=18, minutes=30)
    found = after(folder, setting("Boards", 2, Due=due))
    assert found == daily('due: "17:00"', 'due: "18:30"')


@pytest.mark.parametrize("day", ["2027-08-16", "16/08/2027", "16 août 2027", dt.date(2027, 8, 16)])
def test_a_date_may_be_typed_in_many_ways(day: object, folder: Path) -> None:
    found = after(folder, setting("Days off", 2, To=day))
    assert found == {"workspace.yaml": FILES["workspace.yaml"].replace("2027-08-15", "2027-08-16")}


def test_other_words_for_the_same_change_nothing(folder: Path) -> None:
    book = exported(folder)
    setting("Every day", 2, Assigned_to="Amal Benali")(book)
    setting("Boards", 2, Due=dt.time(17))(book)
    assert brought_back(folder, book).files == ()


def test_an_emptied_cell_takes_its_line_away(folder: Path) -> None:
    found = after(folder, setting("Every day", 2, Assigned_to=None))
    assert found == daily("    assign: [amal]   # she has the key\n", "")


def test_a_group_goes_when_nothing_is_left_of_it(folder: Path) -> None:
    book = exported(folder)
    setting("Boards", 2, Undone_cards="archive")(book)
    (text,) = texts(brought_back(folder, book)).values()
    assert "\nhousekeeping: {undone: archive}\n" in text
    (folder / "daily.yaml").write_text(text, "utf-8")
    assert "housekeeping" not in after(folder, setting("Boards", 2, Undone_cards=None))["daily.yaml"]


# ---- rows -------------------------------------------------------------------------------------------


def test_a_new_row_becomes_a_task_below_the_row_above_it(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Every day"]
        sheet.insert_rows(3)
        setting("Every day", 3, Title="Œufs : trier !", Theme="Stock", Card_template="t", Due="9h")(book)

    found = after(folder, edit)
    added = '  oeufs-trier:\n    title: "Œufs : trier !"\n    theme: stock\n    template: t.md\n'
    added += '    due: "09:00"\n'
    above, below = found["daily.yaml"].split(added)
    assert above.endswith("she has the key\n\n")
    assert below.startswith("\n  # ---- afternoon\n  count:")


def test_a_key_is_no_other_tasks_nor_one_that_left(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Every day"]
        sheet.delete_rows(2)
        for row in (3, 4):
            setting("Every day", row, Title="Pack", Theme="Stock", Card_template="t.md")(book)

    (text,) = after(folder, edit).values()
    assert "pack-2:" in text
    assert "pack-3:" in text
    assert "pack:" not in text


@pytest.mark.parametrize("way", ["deleted", "emptied"])
def test_a_row_that_goes_withdraws_its_task(way: str, folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Every day"]
        if way == "deleted":
            sheet.delete_rows(3)
        else:
            for each in sheet[3][1:]:
                each.value = None

    (text,) = after(folder, edit).values()
    assert text == FILES["daily.yaml"].partition("  count:")[0].rstrip("\n") + "\n"


def test_a_row_that_moves_to_another_sheet_keeps_its_history(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        source, target = book["Every day"], book["Every week"]
        for place, each in enumerate(source[3], 1):
            target.cell(3, place).value = each.value
        target["B3"] = "Count all"
        source.delete_rows(3)

    found = after(folder, edit)
    assert "count" not in found["daily.yaml"]
    (folder / "daily.yaml").write_text(found["daily.yaml"], "utf-8")
    (folder / "weekly.yaml").write_text(found["weekly.yaml"], "utf-8")
    workspace = load.read(folder, ["t.md"]).workspace
    assert workspace is not None
    _, task = workspace.task_now("weekly", "count") or (None, None)
    assert task is not None
    assert (task.title, task.was, task.description) == (
        "Count all",
        ("daily/count",),
        "What is left.\nAnd where.",
    )


def test_sorted_rows_change_nothing(folder: Path) -> None:
    book = exported(folder)
    for title in ("Every day", "Days off", "People", "Boards"):
        sheet = book[title]
        rows = [[each.value for each in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), 2):
            for place, value in enumerate(row, 1):
                sheet.cell(number, place).value = value
    assert brought_back(folder, book).files == ()


def test_somebody_new_is_named_at_once(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        setting("People", 4, Name="Salma Berrada", Trello_username="salma_b")(book)
        setting("Every day", 2, Assigned_to="Salma")(book)

    found = after(folder, edit)
    assert "  salma-berrada:\n    trello: salma_b\n    name: Salma Berrada\n" in found["workspace.yaml"]
    assert found["daily.yaml"] == daily("[amal]", "[salma-berrada]")["daily.yaml"]


# ---- days off ---------------------------------------------------------------------------------------


def test_days_off_are_lists_in_their_place(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        setting("Days off", 3, Reason="Stocktaking")(book)
        setting("Days off", 6, Kind="Absence", Person="Karim", From="1/2/2027", To="3/2/2027")(book)
        setting("Days off", 7, Kind="jour férié", From="2027-05-20", Reason="Aïd al-Adha")(book)
        setting("Days off", 8, Kind="pause", From="2027-06-01", To="2027-06-02")(book)

    (text,) = after(folder, edit).values()
    assert "  - {from: 2027-08-02, to: 2027-08-15}  # as every year\n" in text
    assert "  - {from: 2027-12-24, to: 2027-12-26, reason: Stocktaking}\n" in text
    assert "holiday_dates: {2027-03-11: Aïd al-Fitr, 2027-05-20: Aïd al-Adha}\n" in text
    (folder / "workspace.yaml").write_text(text, "utf-8")
    workspace = load.read(folder, ["t.md"]).workspace
    assert workspace is not None
    karim, amal = workspace.person("karim"), workspace.person("amal")
    assert karim is not None
    assert amal is not None
    assert [str(each.first) for each in karim.absences] == ["2027-02-01"]
    assert len(amal.absences) == 1


def test_a_list_goes_with_its_last_row(folder: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Days off"].delete_rows(4)

    (text,) = after(folder, edit).values()
    assert text == FILES["workspace.yaml"].replace("holiday_dates: {2027-03-11: Aïd al-Fitr}\n", "")


# ---- other forms ------------------------------------------------------------------------------------


def test_columns_may_stand_in_any_order_and_language(folder: Path) -> None:
    book = exported(folder)
    for sheet in book.worksheets[1:]:
        sheet.move_range("A1:B9", cols=sheet.max_column)
    weekly = book["Every week"]
    weekly[cell(weekly, 1, "Assigned to")] = "CONFIÉE À"
    weekly[cell(weekly, 1, "Proof")] = "requires"
    weekly[cell(weekly, 2, "CONFIÉE À")] = "amal"
    assert texts(brought_back(folder, book)) == {
        "weekly.yaml": FILES["weekly.yaml"].replace("assign: karim", "assign: amal")
    }


def test_a_column_that_is_deleted_changes_nothing(folder: Path) -> None:
    book = exported(folder)
    book["Every day"].delete_cols(5, 20)
    book["Days off"].delete_cols(5, 2)
    assert brought_back(folder, book).files == ()


def test_sheets_of_others_are_named_and_left(folder: Path) -> None:
    book = exported(folder)
    del book["People"]
    book.create_sheet("Notes")["A1"] = "=1+1"
    found = brought_back(folder, book)
    assert (found.files, found.remarks) == (
        (),
        ("The sheet “Notes” is none that is known here, and is not read.",),
    )


def test_a_sheet_that_is_older_than_an_edit_of_the_files_says_so(folder: Path) -> None:
    book = exported(folder)
    (folder / "daily.yaml").write_text(FILES["daily.yaml"].replace("title: Pack", "title: Pack all"), "utf-8")
    found = brought_back(folder, book)
    assert texts(found) == {"daily.yaml": FILES["daily.yaml"]}
    (remark,) = found.remarks
    assert remark.startswith("The files have changed since the sheet “Every day” was exported: see whether")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_one_sheet_may_come_as_csv(encoding: str, delimiter: str, folder: Path) -> None:
    rows = [
        ["Titre", "daily/", "Thème", "Modèle de carte", "Échéance"],
        ["Emballer à l’été", "daily/pack", "stock", "t.md", ""],
        ["Count", "daily/count", "office", "t.md", '"{time: ""18:00"", offset_days: 1}"'],
        ["", "", "", "", ""],
    ]
    path = folder / "Every day.csv"
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert texts(from_file(folder, path)) == daily("title: Pack", "title: Emballer à l’été")


def test_an_export_from_before_a_heading_was_reworded_is_understood(folder: Path) -> None:
    path = folder / "Personnes.csv"
    path.write_text("Clé;Nom;Identifiant Trello\namal;Amal B.;amal\nkarim;Karim Tazi;karim\n", "utf-8")
    found = texts(from_file(folder, path))
    assert found == {"workspace.yaml": FILES["workspace.yaml"].replace("Amal Benali", "Amal B.")}


def test_a_csv_may_be_known_by_its_headings(folder: Path) -> None:
    path = folder / "export (2).csv"
    path.write_text("sep=;\nKey;Name;Trello username\namal;Amal B.;amal\nkarim;Karim Tazi;karim\n", "utf-8")
    found = texts(from_file(folder, path))
    assert found == {"workspace.yaml": FILES["workspace.yaml"].replace("Amal Benali", "Amal B.")}
