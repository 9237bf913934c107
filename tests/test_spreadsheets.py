"""What is opened as a spreadsheet, and what is told of all else."""

import io

import openpyxl
import pytest

from trello_ops import spreadsheets
from trello_ops.plain_text import Unreadable
from trello_ops.spreadsheets import csv_rows, csv_text, likely_delimiter, shown, workbook


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("values", [False, True])
def test_what_goes_wrong_while_rows_are_read_is_the_workbooks_fault(values: bool) -> None:
    with (
        pytest.raises(Unreadable, match="is no workbook that can be read"),
        workbook(saved(openpyxl.Workbook()), values=values),
    ):
        raise KeyError("damaged")


def test_the_bound_is_on_what_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "LARGEST_UNPACKED", 5_000)
    data = saved(openpyxl.Workbook())
    with pytest.raises(Unreadable, match=r"unpacks to more than 5,000 bytes"), workbook(data):
        pass


def test_hidden_sheets_are_not_shown_unless_there_is_no_other() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].sheet_state = "hidden"
    assert shown(book) == book.worksheets
    seen = book.create_sheet("Seen")
    assert shown(book) == [seen]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a;b,c\n1;2,3\n", [["a", "b,c"], ["1", "2,3"]]),
        (b"\na,b\n", [[], ["a", "b"]]),
        (b"a\tb\n", [["a", "b"]]),
        (b"sep=,\r\na;b,c\r\n", [["a;b", "c"]]),
        (b"SEP=\na;b\n", [["a", "b"]]),
        ("é;b".encode("cp1252"), [["é", "b"]]),
        ("é;b".encode("utf-16"), [["é", "b"]]),
    ],
)
def test_csv_is_taken_apart_as_excel_does(data: bytes, rows: list[list[str]]) -> None:
    text, told = csv_text(data)
    assert list(csv_rows(text, told or likely_delimiter(text))) == rows


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"%PDF-1.7 \xe9", b"{\\rtf1 \xe9"])
def test_a_file_of_another_kind_is_no_table(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"with another name|not plain text"):
        csv_text(data)


@pytest.mark.parametrize("delimiter", ["", ";;"])
def test_a_delimiter_that_can_be_none_is_told(delimiter: str) -> None:
    with pytest.raises(Unreadable, match="cannot be taken apart"):
        next(csv_rows("a;b", delimiter))


def test_a_cell_without_end_is_told_at_its_line() -> None:
    with pytest.raises(Unreadable, match="cannot be taken apart") as error:
        list(csv_rows('a\n"' + "x" * 200_000, ";"))
    assert error.value.line == 2
