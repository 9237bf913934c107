"""Every reader of workbooks finds the same rows in the same sheets, or says why there are none."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from row_kit import save

from trello_ops.adapters.row_files import RowFiles
from trello_ops.core.rows import Cell
from trello_ops.folder_files import Folder
from trello_ops.plain_text import Unreadable
from trello_ops.ports import RowReader
from trello_ops.ports.rows import NoRows
from trello_ops.testing import SheetsInMemory

DAY = dt.date(2026, 11, 16)


@dataclass
class Subject:
    """A reader, and how people save a workbook of one sheet and delete it."""

    reader: RowReader
    save: Callable[..., None]
    delete: Callable[[str], None]


@pytest.fixture(params=["memory", "files"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    if request.param == "files":
        return Subject(
            RowFiles(Folder(tmp_path)),
            lambda file, sheet, *rows: save(tmp_path / file, *rows, sheet=sheet),
            lambda file: (tmp_path / file).unlink(),
        )
    memory = SheetsInMemory()
    return Subject(memory, memory.write, memory.delete)


def rows(subject: Subject, sheet: str = "") -> dict[int, tuple[Cell, ...]]:
    return {row.number: row.cells for row in subject.reader.read("shooting.xlsx", sheet).rows}


def test_a_sheet_has_its_headings_and_its_rows_by_number(subject: Subject) -> None:
    day = dt.datetime.combine(DAY, dt.time())  # as workbooks hold days
    subject.save("shooting.xlsx", "Vues", ("Date", " Produit "), (day, "Savon"), (), (None, "Huile"))
    found = subject.reader.read("shooting.xlsx", "")
    assert (found.sheet, found.headings) == ("Vues", ("Date", "Produit"))
    assert rows(subject) == {2: (day, "Savon"), 4: (None, "Huile")}


@pytest.mark.parametrize("name", ["", "Vues", "vues"])
def test_a_sheet_is_found_by_its_name(subject: Subject, name: str) -> None:
    subject.save("shooting.xlsx", "Vues", ("Date",), ("2026-11-16",))
    assert rows(subject, name) == {2: ("2026-11-16",)}


def test_what_is_saved_again_is_read_again(subject: Subject) -> None:
    subject.save("shooting.xlsx", "Vues", ("Date",), ("2026-11-16",))
    before = subject.reader.read("shooting.xlsx", "")
    assert subject.reader.read("shooting.xlsx", "") is before
    subject.save("shooting.xlsx", "Vues", ("Date",), ("2026-11-16",), ("2026-11-17",))
    assert len(rows(subject)) == 2


def test_a_file_that_is_not_there_is_told_and_found_once_it_is(subject: Subject) -> None:
    with pytest.raises(Unreadable, match="is not there"):
        subject.reader.read("shooting.xlsx", "")
    subject.save("shooting.xlsx", "Vues", ("Date",))
    assert rows(subject) == {}
    subject.delete("shooting.xlsx")
    with pytest.raises(Unreadable, match="is not there"):
        subject.reader.read("shooting.xlsx", "")


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(subject: Subject) -> None:
    subject.save("shooting.xlsx", "Vues", ("Date",))
    with pytest.raises(Unreadable, match="has no sheet `Posts`: use `Vues`"):
        subject.reader.read("shooting.xlsx", "Posts")


def test_without_a_folder_no_file_is_there() -> None:
    with pytest.raises(Unreadable, match="is not there"):
        NoRows().read("shooting.xlsx", "")
