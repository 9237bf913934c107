"""What people type is understood as it would be by whoever reads it."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from trello_ops.located_yaml import Value
from trello_ops.sheets import columns
from trello_ops.sheets.columns import Names
from trello_ops.sheets.grids import opened
from trello_ops.sheets.typed import NotAValue, first_names, key_from, typed, words

PEOPLE = {"amal": "Amal Benali", "karim": "Karim Tazi", "karim-2": "Karim Alami"}
VOCABULARY = {
    Names.PEOPLE: {**first_names(PEOPLE), **words(PEOPLE)},
    Names.THEMES: words({"service": "Service client"}),
    Names.TEMPLATES: words({"stock.md": "stock"}),
}
TASKS = {column.name: column for column in columns.TASKS.columns}
TEAM = {column.name: column for column in columns.WORKSPACE.columns}


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("title", "17h00", "17h00"),
        ("title", '"Promo"', '"Promo"'),
        ("description", "24", "24"),
        ("due", "17h", "17:00"),
        ("due", "5 pm", "17:00"),
        ("due", "17:00:00", "17:00"),
        ("due", "25h", "25h"),
        ("times", "10h, 14h30 et 18h", ["10:00", "14:30", "18:00"]),
        ("times", "10h", ["10:00"]),
        ("start", "15/08/2027", "2027-08-15"),
        ("start", "soon", "soon"),
        ("on", "1", 1),
        ("on", "1, 15", [1, 15]),
        ("on", "1 et 15", [1, 15]),
        ("on", "lun-sam", "lun-sam"),
        ("on", "mar\njeu", ["mar", "jeu"]),
        ("assign", "AMAL", "amal"),
        ("assign", "amal benali et Karim Alami", ["amal", "karim-2"]),
        ("assign", "Karim", "karim"),
        ("assign", "[Amal]", "amal"),
        ("assign", "{rotate: [amal, karim]}", {"rotate": ["amal", "karim"]}),
        ("assign", "nobody", "nobody"),
        ("theme", "service client", "service"),
        ("template", "Stock", "stock.md"),
        ("on_day_off", "SKIP", "skip"),
        ("new", "oui", True),
        ("new", "Non", False),
        ("new", "true", True),
        ("new", "perhaps", "perhaps"),
        ("covers", "weekly/links; weekly/b", ["weekly/links", "weekly/b"]),
        ("requires", "comment", "comment"),
        ("remind", "0", 0),
    ],
)
def test_a_cell_of_a_task(column: str, text: str, value: Value) -> None:
    found = typed(TASKS[column], text, VOCABULARY)
    assert (found, type(found)) == (value, type(value))


def test_addresses_keep_their_signs() -> None:
    assert typed(TEAM["report.to"], "a+b@x.example, c&d@x.example", {}) == ["a+b@x.example", "c&d@x.example"]


@pytest.mark.parametrize("text", ["{a", "[a", "a, b]", "a: *b"])
def test_what_is_no_value_is_told(text: str) -> None:
    with pytest.raises(NotAValue):
        typed(TASKS["assign"], text, VOCABULARY)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Ranger le stock", "ranger-le-stock"),
        ("Œufs : l’été !", "oeufs-l-ete"),
        ("جرد", "task"),
        ("x" * 99, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
        ("Taken", "taken-3"),
    ],
)
def test_a_key_is_made_of_a_title(title: str, key: str) -> None:
    assert key_from(title, {"taken", "taken-2"}, "task") == key


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("  a\r\nb ", "@", "a\nb"),
        (7, "General", "7"),
        (7.0, "General", "7"),
        (0.9, "0%", "90%"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "true"),
        (dt.date(2027, 8, 15), "dd/mm/yyyy", "2027-08-15"),
        (dt.datetime(2027, 8, 15, 17, 30), "yyyy-mm-dd hh:mm", "2027-08-15 17:30"),  # noqa: DTZ001 (as Excel has it)
        (dt.time(17, 29, 59), "hh:mm", "17:30"),
        (dt.timedelta(hours=17, minutes=30), "[h]:mm", "17:30"),
    ],
)
def test_a_cell_of_a_workbook_is_what_somebody_sees(
    value: object, form: str, text: str, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = value
    book.worksheets[0]["A1"].number_format = form
    book.save(tmp_path / "a.xlsx")
    (grid,) = opened(tmp_path / "a.xlsx")
    assert (grid.rows, grid.problems) == (((text,),), ())
