"""A small declaration as a workbook that somebody edits, and what comes of bringing it back."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

from trello_ops.declared import load
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration
from trello_ops.folder_files import Folder
from trello_ops.sheets.export import workbook
from trello_ops.sheets.incoming import Incoming, incoming

TEMPLATES = ("t.md", "stock-list.md")

FILES = {
    "workspace.yaml": """\
# The shop's own remarks stay.
key: shop
name: The shop
trello_workspace: shop
locale: en
timezone: UTC
working_days: mon-sat
closures:
  - {from: 2027-08-02, to: 2027-08-15}  # as every year
  - {from: 2027-12-24, to: 2027-12-26, reason: Inventory}
holiday_dates: {2027-03-11: Aïd al-Fitr}
people:
  amal: {trello: amal, name: Amal Benali, absences: {from: 2027-01-02, to: 2027-01-03}}
  karim:
    trello: karim
    name: Karim Tazi   # mornings
slots:
  early: {day: monday, from: "09:00", to: "12:00"}
themes:
  office: {title: The office, colour: orange}
  stock: {title: Stock, colour: sky}
report: {to: [a@shop.example, b@shop.example]}
""",
    "daily.yaml": """\
title: Every day
cadence: daily
on: mon-sat
due: "17:00"   # when the carrier comes
tasks:
  pack:
    title: Pack
    theme: stock
    template: t.md
    assign: [amal]   # she has the key

  # ---- afternoon
  count:
    title: Count
    theme: office
    template: t.md
    due: {time: "18:00", offset_days: 1}
    description: |
      What is left.
      And where.
""",
    "weekly.yaml": """\
title: Every week
cadence: weekly
on: friday
tasks:
  plan: {title: Plan, theme: office, template: t.md, assign: karim, requires: [comment, attachment]}
""",
}

Edit = Callable[[openpyxl.Workbook], None]


def written(folder: Path, files: Mapping[str, str] = FILES) -> BoardsFolder:
    """The files in a folder, as they are read."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return load.read(folder, TEMPLATES)


def exported(folder: Path) -> openpyxl.Workbook:
    """The workbook of a folder's files, to be edited."""
    found = load.read(folder, TEMPLATES)
    assert found.problems == ()
    return openpyxl.load_workbook(io.BytesIO(workbook(found, TEMPLATES)))


def brought_back(folder: Path, book: openpyxl.Workbook) -> Incoming:
    """What comes of a workbook."""
    path = folder / "edited.xlsx"
    book.save(path)
    return from_file(folder, path)


def from_file(folder: Path, path: Path) -> Incoming:
    """What comes of a file."""
    return incoming(path, Folder.of(folder), load.read(folder, TEMPLATES), TEMPLATES)


def after(folder: Path, edit: Edit) -> dict[str, str]:
    """The texts of the files that an edit of the workbook changes, by name."""
    book = exported(folder)
    edit(book)
    return texts(brought_back(folder, book))


def texts(found: Incoming) -> dict[str, str]:
    """The texts of the files that change, by name."""
    return {each.path.name: each.after.decode() for each in found.files}


def refused(folder: Path, edit: Edit) -> list[str]:
    """What is said of an edit that has problems."""
    book = exported(folder)
    edit(book)
    try:
        found = brought_back(folder, book)
    except InvalidDeclaration as invalid:
        return [str(problem) for problem in invalid.problems]
    raise AssertionError(f"nothing is wrong with it: {texts(found)}")
