"""The workbook holds what the files say, cell by cell, and spreadsheets take it as it is."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from trello_ops import starter
from trello_ops.declared import load
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration
from trello_ops.located_yaml import Value
from trello_ops.render import card_files
from trello_ops.sheets import cells, columns
from trello_ops.sheets.columns import Table
from trello_ops.sheets.export import workbook

Cells = dict[str, str]


def read(pack: str, folder: Path) -> tuple[BoardsFolder, list[str]]:
    starter.copy([pack], folder / "boards", folder / "templates")
    templates = sorted(card_files.available(folder / "templates"))
    return load.read(folder / "boards", templates), templates


def exported(found: BoardsFolder, templates: list[str]) -> openpyxl.Workbook:
    assert found.problems == ()
    return openpyxl.load_workbook(io.BytesIO(workbook(found, templates)))


def rows(sheet: Worksheet, table: Table) -> list[Cells]:
    """The filled cells of each row by the names of their columns, with that of the key as `""`."""
    names = [column.name for column in table.columns]
    if table.key is not columns.Key.NONE:
        names.insert(0, "")
    assert sheet.max_column == len(names)
    lines = sheet.iter_rows(min_row=2, values_only=True)
    return [{n: c for n, c in zip(names, line, strict=True) if c is not None} for line in lines]


def said(table: Table, entry: Mapping[str, Value]) -> Cells:
    """What an entry's cells should hold, worked out from its values."""
    found: Cells = {}
    for column in table.columns:
        value: Value = dict(entry)
        for step in column.path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            text = column.is_text and isinstance(value, str)
            found[column.name] = value.strip() if text else cells.written(value)  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize("pack", starter.PACKS)
def test_every_cell_is_what_the_files_say(pack: str, tmp_path: Path) -> None:
    found, templates = read(pack, tmp_path)
    book = exported(found, templates)
    team, *_ = rows(book.worksheets[1], columns.WORKSPACE)
    assert team == said(columns.WORKSPACE, found.document.entries)
    for place, (name, table) in {
        2: ("people", columns.PEOPLE),
        4: ("themes", columns.THEMES),
        5: ("slots", columns.SLOTS),
    }.items():
        entries = found.document.entries.get(name, {})
        assert isinstance(entries, dict)
        wanted = [{"": key, **said(table, entry)} for key, entry in entries.items()]  # type: ignore[arg-type]
        assert rows(book.worksheets[place], table) == wanted
    assert rows(book.worksheets[6], columns.BOARDS) == [
        {"": key, **said(columns.BOARDS, file.entries)} for key, file in found.boards.items()
    ]
    for place, (key, file) in enumerate(found.boards.items(), 7):
        sheet, tasks = book.worksheets[place], file.entries["tasks"]
        assert isinstance(tasks, dict)
        assert sheet.title == file.entries["title"]
        assert rows(sheet, columns.TASKS) == [
            {"": f"{key}/{task}", **said(columns.TASKS, entry)}  # type: ignore[arg-type]
            for task, entry in tasks.items()
        ]


def test_days_off_stand_together(tmp_path: Path) -> None:
    book = exported(*read("planned-week", tmp_path))
    assert [list(line) for line in book["Jours de repos"].iter_rows(values_only=True)] == [
        ["Nature", "Personne", "Du", "Au", "Motif", "Remplaçant"],
        ["fermeture", None, "2026-12-28", "2027-01-01", "Fermeture de fin d’année", None],
        ["absence", "youssef", "2026-11-09", "2026-11-11", "Arrêt maladie", None],
        ["absence", "salma", "2026-11-16", "2026-11-20", "Congé annuel", "nadia"],
    ]


# ---- a folder of one's own --------------------------------------------------------------------------

TEAM = """\
key: shop
name: The shop
trello_workspace: shop
locale: en
timezone: UTC
working_days: mon-fri
holidays: [{country: FR, subdivision: 57}, {country: MA}]
holiday_dates: {2027-03-11: Aïd al-Fitr}
not_holidays: 2027-05-01
closures: {from: 2027-08-02, to: 2027-08-15}
pauses:
  - {from: 2027-09-02, to: 2027-09-05, reason: "Moving, again: now"}
  - {from: 2027-10-02, to: 2027-10-05}
people:
  amal: {trello: amal, name: Amal, absences: {from: 2027-01-02, to: 2027-01-03}}
themes:
  office: {title: Office, colour: orange}
report: {to: [a@shop.example, b@shop.example], target: 85, people: true}
"""
BOARD = """\
title: "Tâches: [été/hiver] de toute la boutique"
cadence: daily
tasks:
  %s
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "workspace.yaml").write_text(TEAM, "utf-8")
    return tmp_path


def book_of(folder: Path, *tasks: str, board: str = BOARD) -> openpyxl.Workbook:
    (folder / "daily.yaml").write_text(board % "\n  ".join(tasks), "utf-8")
    return exported(load.read(folder, ["t.md"]), ["t.md"])


TASK = "{title: Pack, theme: office, template: t.md}"


def test_every_kind_of_days_off_has_its_rows(folder: Path) -> None:
    sheet = book_of(folder, f"pack: {TASK}")["Days off"]
    assert [list(line) for line in sheet.iter_rows(min_row=2, max_col=5, values_only=True)] == [
        ["closure", None, "2027-08-02", "2027-08-15", None],
        ["pause", None, "2027-09-02", "2027-09-05", "Moving, again: now"],
        ["pause", None, "2027-10-02", "2027-10-05", None],
        ["holiday", None, "2027-03-11", None, "Aïd al-Fitr"],
        ["no holiday", None, "2027-05-01", None, None],
        ["absence", "amal", "2027-01-02", "2027-01-03", None],
    ]


def test_groups_have_a_column_for_each_field(folder: Path) -> None:
    (team,) = rows(book_of(folder, f"pack: {TASK}")["Team"], columns.WORKSPACE)
    assert team["report.to"] == "a@shop.example, b@shop.example"
    assert (team["report.target"], team["report.people"]) == ("85", "true")
    assert team["holidays"] == "{country: FR, subdivision: 57}, {country: MA}"


HOSTILE = [
    "=1+1",
    "+33 6",
    "-2",
    "@SUM(A1)",
    "＝cmd",
    '=HYPERLINK("http://evil")',
    "'quoted",
    "{=1}",
    "3/4",
    "08:00",
]


def test_text_is_never_a_formula_or_anything_but_text(folder: Path) -> None:
    tasks = [
        f"t{n}: {{title: '{t.replace(chr(39), chr(39) * 2)}', theme: office, template: t.md}}"
        for n, t in enumerate(HOSTILE)
    ]
    sheet = book_of(folder, *tasks).worksheets[-1]
    assert [cell.value for cell in sheet["B"][1:]] == HOSTILE
    for row in sheet.iter_rows(min_row=2):
        assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
        assert {cell.number_format for cell in row} <= {"@", "General"}


def test_cells_that_somebody_will_fill_are_text_too(folder: Path) -> None:
    raw = zipfile.ZipFile(io.BytesIO(workbook(load.read(_with_task(folder), ["t.md"]), ["t.md"])))
    sheet = raw.read("xl/worksheets/sheet8.xml").decode()
    assert sheet.count("<col ") > 1
    assert 'style="' in sheet.partition("<cols>")[2].partition("</cols>")[0]
    assert not [name for name in raw.namelist() if "vbaProject" in name or "externalLink" in name]


def _with_task(folder: Path) -> Path:
    (folder / "daily.yaml").write_text(BOARD % f"pack: {TASK}", "utf-8")
    return folder


def test_a_title_makes_a_name_that_a_sheet_may_have(folder: Path) -> None:
    (folder / "team.yaml").write_text("title: TEAM\ncadence: daily\ntasks: {}\n", "utf-8")
    assert book_of(folder, f"pack: {TASK}").sheetnames[-2:] == [
        "Tâches   été hiver  de toute la",
        "TEAM (2)",
    ]


def test_what_no_cell_holds_is_refused_with_its_place(folder: Path) -> None:
    spans = ", ".join(f"{{from: 2027-01-02, to: 2027-01-03, reason: {'x' * 900}{n}}}" for n in range(40))
    (folder / "daily.yaml").write_text(BOARD % f"pack: {TASK[:-1]}, pauses: [{spans}]}}", "utf-8")
    with pytest.raises(InvalidDeclaration, match=r"daily.yaml:4:\d+ tasks.pack.pauses: .* 32,767 characters"):
        workbook(load.read(folder, ["t.md"]), ["t.md"])


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    found = load.read(_with_task(folder), ["t.md"])
    assert workbook(found, ["t.md"]) == workbook(found, ["t.md"])


def only(ranges: Iterable[CellRange]) -> CellRange:
    """The one range that a choice is offered in."""
    (found,) = ranges
    return found


# ---- help for who edits -----------------------------------------------------------------------------


def test_choices_come_by_range_from_a_hidden_sheet(tmp_path: Path) -> None:
    found, templates = read(starter.SHOP, tmp_path)
    book = exported(found, templates)
    words = book.worksheets[0]
    assert words.sheet_state == "hidden"
    offered = {}
    for choice in book.worksheets[7].data_validations.dataValidation:
        assert choice.formula1.startswith("Mots!")
        assert len(choice.error) < 255
        first, last = choice.formula1.removeprefix("Mots!").replace("$", "").split(":")
        column = columns.TASKS.columns[only(choice.sqref.ranges).min_col - 2].name
        offered[column] = [cell.value for (cell,) in words[f"{first}:{last}"]]
        assert only(choice.sqref.ranges).max_row > 1_000
    assert offered["theme"] == list(found.document.entries["themes"])  # type: ignore[call-overload]
    assert offered["template"] == templates
    assert offered["assign"] == ["nobody", "amal", "youssef", "salma", "karim", "nadia"]
    assert offered["on_day_off"] == ["keep", "skip", "previous", "next"]
    assert {"lundi", "lun-sam", "deuxième mardi", "dernier jour ouvré"} <= set(offered["on"])
    assert not {"monday", "mon-sat", "second tuesday", "last working day"} & set(offered["on"])


def test_a_list_of_days_is_no_mistake_but_an_unknown_theme_is(tmp_path: Path) -> None:
    sheet = exported(*read(starter.SHOP, tmp_path)).worksheets[7]
    strict = {
        columns.TASKS.columns[only(each.sqref.ranges).min_col - 2].name: each.showErrorMessage
        for each in sheet.data_validations.dataValidation
    }
    assert (strict["theme"], strict["on"], strict["assign"]) == (True, False, False)


def test_a_heading_tells_what_its_column_means(tmp_path: Path) -> None:
    sheet = exported(*read(starter.SHOP, tmp_path)).worksheets[7]
    assert [cell.value for cell in sheet[1]][:4] == ["daily/", "Titre", "Thème", "Modèle de carte"]
    assert sheet["B1"].comment is not None
    assert "Exemple\u00a0: Ranger le stock" in sheet["B1"].comment.text
    assert "Obligatoire." in sheet["B1"].comment.text


def test_a_sheet_is_ready_to_be_read_and_printed(tmp_path: Path) -> None:
    sheet = exported(*read(starter.SHOP, tmp_path)).worksheets[7]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:AF8"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    hidden = {letter for letter, column in sheet.column_dimensions.items() if column.hidden}
    assert "A" in hidden  # the keys
    assert not hidden & {"B", "C", "D", "E", "F", "G", "H"}
    assert all(9 <= column.width <= 49 for column in sheet.column_dimensions.values() if not column.hidden)
