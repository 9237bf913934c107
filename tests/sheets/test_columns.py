"""Every field of a board file has a column, or is left out on purpose."""

import pytest

from trello_ops.declared.people_shapes import AbsenceShape, PersonShape
from trello_ops.declared.report_shapes import ReportShape
from trello_ops.declared.schema import (
    BoardShape,
    HousekeepingShape,
    LabelShape,
    TaskShape,
    ThemeShape,
    WorkspaceShape,
)
from trello_ops.declared.shape import Shape
from trello_ops.declared.slot_shapes import SlotShape
from trello_ops.render.i18n import LANGUAGES, Translator
from trello_ops.sheets import columns
from trello_ops.sheets.columns import ELSEWHERE, KEY, Table

TABLES = {
    "workspace": columns.WORKSPACE,
    "people": columns.PEOPLE,
    "days off": columns.DAYS_OFF,
    "themes": columns.THEMES,
    "slots": columns.SLOTS,
    "boards": columns.BOARDS,
    "tasks": columns.TASKS,
}
SHAPES = [
    (WorkspaceShape, columns.WORKSPACE, ""),
    (ReportShape, columns.WORKSPACE, "report."),
    (LabelShape, columns.WORKSPACE, "excused_label."),
    (PersonShape, columns.PEOPLE, ""),
    (AbsenceShape, columns.DAYS_OFF, ""),
    (ThemeShape, columns.THEMES, ""),
    (SlotShape, columns.SLOTS, ""),
    (BoardShape, columns.BOARDS, ""),
    (HousekeepingShape, columns.BOARDS, "housekeeping."),
    (TaskShape, columns.TASKS, ""),
]


def named(table: Table) -> dict[str, columns.Column]:
    return {column.name: column for column in table.columns}


@pytest.mark.parametrize(("shape", "table", "group"), SHAPES, ids=lambda each: getattr(each, "__name__", ""))
def test_every_field_has_a_column_or_stands_elsewhere(shape: type[Shape], table: Table, group: str) -> None:
    names, elsewhere = named(table), ELSEWHERE.get(shape, {})
    for name, field in shape.model_fields.items():
        there = group + (field.alias or name)
        spread = any(column.startswith(f"{there}.") for column in names)
        assert [there in names, spread, name in elsewhere].count(True) == 1, there
        if there in names:
            assert (names[there].meaning, bool(names[there].example)) == (field.description, True)
    assert all(elsewhere.values())


@pytest.mark.parametrize("name", TABLES)
def test_what_is_left_out_is_no_field_that_went(name: str) -> None:
    fields = {field for shape in ELSEWHERE for field in shape.model_fields}
    assert {field for left_out in ELSEWHERE.values() for field in left_out} <= fields


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_no_two_columns_of_a_sheet_have_one_heading(name: str, language: str) -> None:
    t = Translator(language)
    headings = [t.gettext(column.heading) for column in TABLES[name].columns]
    if TABLES[name].key is not columns.Key.NONE:
        headings.append(t.gettext(KEY))
    assert len({heading.casefold() for heading in headings}) == len(headings)


def test_usual_columns_come_first() -> None:
    assert [column.name for column in columns.TASKS.columns[: columns.TASKS.usual]] == [
        *("title", "theme", "template", "assign", "on", "slot", "due", "duration", "description")
    ]


def test_a_choice_is_closed_where_nothing_else_is_understood() -> None:
    tasks = named(columns.TASKS)
    assert {name for name, column in tasks.items() if column.only} == {
        *("theme", "template", "slot", "on_day_off", "when_absent")
    }
    assert tasks["on_day_off"].choices == ("keep", "skip", "previous", "next")
    assert tasks["assign"].choices == ("nobody",)
    assert "deuxième mardi" in tasks["on"].choices
    assert tasks["cadence"].choices[0] == "daily"


def test_what_is_required_says_so() -> None:
    assert {column.name for column in columns.TASKS.columns if column.required} == {
        "title",
        "theme",
        "template",
    }
    assert not named(columns.WORKSPACE)["excused_label.title"].required
    assert named(columns.WORKSPACE)["report.to"].required
