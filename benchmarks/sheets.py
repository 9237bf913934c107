"""A board of 1,000 tasks as a workbook to edit, and back into its file.

    python benchmarks/sheets.py [TASKS]

The peer writes and reads the same cells by openpyxl alone, without notes, choices and widths: what is above
it is the price of those, and of comparing, of checking what comes of it, and of leaving every other byte of
the file as it is. Every tenth task is edited. What each takes are seconds of the processor, in a process of
its own.
"""

import io
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from trello_ops.declared import load
from trello_ops.folder_files import Folder
from trello_ops.sheets.export import workbook
from trello_ops.sheets.incoming import incoming

TEMPLATES = ("stock.md",)
TEAM = """\
key: shop
name: The shop
trello_workspace: shop
locale: fr
timezone: UTC
working_days: mon-sat
people: {amal: {trello: amal, name: Amal Benali}, karim: {trello: karim, name: Karim Tazi}}
themes: {office: {title: Bureau, colour: orange}}
report: {to: a@shop.example}
"""
TASK = """\
  task-{n}:   # remark {n}
    title: "Ranger l’étagère {n} : tout"
    theme: office
    template: stock.md
    assign: [amal, karim]
    on: thu
    due: "{hour}:30"
"""


def files(folder: Path, count: int) -> Folder:
    """The files of a team with so many tasks on one board."""
    tasks = "\n".join(TASK.format(n=n, hour=8 + n % 10) for n in range(count))
    (folder / "workspace.yaml").write_text(TEAM, "utf-8")
    (folder / "daily.yaml").write_text(f"title: Jour\ncadence: weekly\ntasks:\n{tasks}", "utf-8")
    return Folder.of(folder)


def edited(data: bytes) -> bytes:
    """A workbook in which every tenth task has another title and due."""
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    sheet = book["Jour"]
    for row in range(2, sheet.max_row + 1, 10):
        sheet.cell(row, 2).value = f"Une autre étagère {row}"
        sheet.cell(row, 8).value = "17h15"
    book.save(out)
    return out.getvalue()


def export(folder: Path) -> object:
    """The workbook of the files."""
    return workbook(load.read(folder, TEMPLATES), TEMPLATES)


def import_same(folder: Path) -> object:
    """What comes of the workbook as it was exported."""
    return _imported(folder, "same.xlsx")


def import_edited(folder: Path) -> object:
    """What comes of the workbook that was edited."""
    return _imported(folder, "edited.xlsx")


def _imported(folder: Path, name: str) -> object:
    found = load.read(folder, TEMPLATES)
    return incoming(folder / name, Folder.of(folder), found, TEMPLATES)


def write_plain(folder: Path) -> object:
    """The same cells by openpyxl alone."""
    book = openpyxl.Workbook()
    for rows in _cells(folder):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(out := io.BytesIO())
    return out


def read_plain(folder: Path) -> object:
    """All cells by openpyxl alone."""
    return _cells(folder)


def _cells(folder: Path) -> list[list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(folder / "edited.xlsx")
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


WAYS: dict[str, Callable[[Path], object]] = {
    "export": export,
    "cells read and written by openpyxl": write_plain,
    "import, nothing edited": import_same,
    "import, every tenth task edited": import_edited,
    "cells read by openpyxl": read_plain,
}


def measured(way: str, folder: Path) -> float:
    """Seconds of the processor that a way takes."""
    begun = time.process_time()
    WAYS[way](folder)
    return time.process_time() - begun


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files(folder, count)
        data = workbook(load.read(folder, TEMPLATES), TEMPLATES)
        (folder / "same.xlsx").write_bytes(data)
        (folder / "edited.xlsx").write_bytes(edited(data))
        found = incoming(folder / "edited.xlsx", Folder.of(folder), load.read(folder, TEMPLATES), TEMPLATES)
        lines = sum(
            before != after
            for each in found.files
            for before, after in zip(each.before.splitlines(), each.after.splitlines(), strict=True)
        )
        print(f"{count:,} tasks, a workbook of {len(data) // 1000:,} kB; {lines} lines edited")
        context = multiprocessing.get_context("spawn")
        for way in WAYS:
            with context.Pool(1) as pool:
                print(f"{way:36} {pool.apply(measured, (way, folder)):6.2f} s")


if __name__ == "__main__":
    main()
