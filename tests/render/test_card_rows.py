"""Rows of a workbook as check items: what `item` makes of them, whatever their cells hold."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from shop_kit import daily_task, workspace_of

from trello_ops.core.rows import Cell, Row, Rows, Table
from trello_ops.errors import InvalidDeclaration
from trello_ops.messages import translated
from trello_ops.ports import CardRenderer, RowTexts
from trello_ops.render.card import InProcess
from trello_ops.render.card_process import CardProcess
from trello_ops.render.card_wire import TOO_LONG, Budget
from trello_ops.render.i18n import Translator

ITEM = "{{ Produit }} – {{ Vue }} → {{ Nom_du_fichier }}"
HEADINGS = ("Date", "Produit", "Vue", "Nom du fichier")
DAY = dt.date(2026, 11, 16)


@pytest.fixture(params=["here", "elsewhere"])
def templates(request: pytest.FixtureRequest) -> Iterator[InProcess | CardProcess]:
    if request.param == "here":
        yield InProcess()
        return
    with closing(CardProcess(Budget(cpu_seconds=0.3, seconds=20))) as process:
        yield process


def renderer(templates: InProcess | CardProcess, item: str) -> CardRenderer:
    task = replace(daily_task("shooting"), rows=Rows("shooting.xlsx", "Date", item))
    return templates.renderer(workspace_of(task), Path("nowhere"), {})


def texts(found: CardRenderer, *rows: tuple[Cell, ...]) -> RowTexts:
    numbered = tuple(Row(number, cells) for number, cells in enumerate(rows, 2))
    return found.row_texts("daily", "shooting", Table("boards/shooting.xlsx", "Vues", HEADINGS, numbered))


def refusal(found: CardRenderer, *rows: tuple[Cell, ...]) -> str:
    with pytest.raises(InvalidDeclaration) as error:
        texts(found, *(rows or ((DAY, "Savon"),)))
    (problem,) = error.value.problems
    assert problem.path == "tasks.shooting.rows.item"
    return str(translated(problem.message, Translator("en")))


def test_a_row_becomes_what_its_task_says(templates: InProcess | CardProcess) -> None:
    found = texts(renderer(templates, ITEM), (DAY, "Savon", "face", "savon.jpg"), (DAY, "Huile", 2.0))
    assert found == RowTexts(("Savon – face → savon.jpg", "Huile – 2 →"))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (DAY, "2026-11-16"),
        (dt.datetime.combine(DAY, dt.time()), "2026-11-16"),
        (dt.datetime.combine(DAY, dt.time(9, 30)), "2026-11-16 09:30"),
        (dt.time(17), "17:00"),
        (12, "12"),
        (12.0, "12"),
        (1234.5, "1\u202f234,5"),
        (True, "oui"),
        (False, "non"),
        (None, ""),
        (" un  mot ", "un  mot"),
    ],
)
def test_a_cell_is_written_as_people_write_it(cell: Cell, written: str) -> None:
    assert texts(renderer(InProcess(), "{{ Vue }}"), (DAY, "", cell)).texts == (written,)


def test_filters_and_conditions_work_as_in_card_templates() -> None:
    item = "{% if Vue %}{{ Date | weekday }} : {{ Produit | upper }}{% endif %}"
    found = texts(renderer(InProcess(), item), (DAY, "Savon", "face"), (DAY, "Huile"))
    assert found == RowTexts(("lundi : SAVON", ""))


HOSTILE = (
    "{{ 7 * 7 }}",
    "{% for x in range(9999) %}{{ x }}{% endfor %}",
    "{{ Produit.__class__ }}",
    '=HYPERLINK("https://evil.example")',
    "`trello-ops:card:zina/daily/shooting/2026-11-16`",
)


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_is_a_value_and_never_obeyed(cell: str) -> None:
    assert texts(renderer(InProcess(), "{{ Produit }}"), (DAY, cell)).texts == (cell,)


def test_a_cell_stays_on_its_line_and_turns_no_writing() -> None:
    found = texts(renderer(InProcess(), "{{ Produit }}."), (DAY, "a\nb\tc\u202e\x1b[31m\x00d"))
    assert found.texts == ("a b c[31md.",)


# ---- what is wrong ----------------------------------------------------------------------------------


def test_an_unknown_column_is_told_with_those_that_there_are(templates: InProcess | CardProcess) -> None:
    message = "shooting.xlsx!Vues has no column `Fichier`, but `Date`, `Produit`, `Vue`, `Nom_du_fichier`"
    assert refusal(renderer(templates, "{{ Produit }}{{ Fichier }}")) == message


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{{ Produit", "is not understood by Jinja"),
        ("{{ Produit | shout }}", "is not understood by Jinja"),
        ("{% include 'stock.md' %}", "brings in another file"),
        ("{{ task.title }}", "has no column `task`"),
    ],
)
def test_a_wrong_item_is_told_before_any_row(item: str, said: str) -> None:
    assert said in refusal(renderer(InProcess(), item))


def test_a_row_that_cannot_be_written_is_told_by_its_number_and_keeps_no_other() -> None:
    found = texts(
        renderer(InProcess(), "{{ Vue | date }}"), (DAY, "", DAY), (DAY, "", "demain"), (DAY, "", DAY)
    )
    assert [bool(text) for text in found.texts] == [True, False, True]
    (problem,) = found.problems
    assert str(problem).startswith("boards/shooting.xlsx:3:1 Vues!A3: 'date' needs a date")


def test_the_failure_of_a_formula_is_told_by_its_cell() -> None:
    found = texts(
        renderer(InProcess(), ITEM), (DAY, "Savon", "#REF!", "a.jpg"), ("#N/A", "Huile", "", "b.jpg")
    )
    assert found.texts == ("", "Huile –  → b.jpg")  # an error that the item does not name is nobody's trouble
    (problem,) = found.problems
    assert str(problem) == "boards/shooting.xlsx:2:3 Vues!C2: holds an error (#REF!): correct it"


def test_a_text_that_trello_would_refuse_is_told() -> None:
    found = texts(renderer(InProcess(), "{{ Produit }}"), (DAY, "x" * 16_384), (DAY, "x" * 16_385))
    assert [len(text) for text in found.texts] == [16_384, 0]
    assert "longer than a check item may be" in str(found.problems[0])


def test_an_item_that_runs_away_is_ended_from_outside() -> None:
    slow = "{% set x = range(9000) | list %}" + "{{ x | sort | join | length }}" * 3000
    with closing(CardProcess(Budget(cpu_seconds=0.3, seconds=20))) as process:
        assert refusal(renderer(process, slow)) == TOO_LONG
        assert texts(renderer(process, "{{ Produit }}"), (DAY, "Savon")).texts == ("Savon",)


def test_messages_are_said_in_french() -> None:
    with pytest.raises(InvalidDeclaration) as error:
        texts(renderer(InProcess(), "{{ Fichier }}"), (DAY, "Savon"))
    said = partial(translated, translator=Translator("fr"))
    assert "n’a pas de colonne `Fichier`" in said(error.value.problems[0].message)
