"""The schemas and the reference page say what the shapes say."""

from pathlib import Path

import pytest

from trello_ops.core.declared import COLOURS
from trello_ops.declared.calendar_shapes import DueShape, HolidaysShape, SpanShape
from trello_ops.declared.overdue_shapes import NagShape
from trello_ops.declared.people_shapes import AbsenceShape, PersonShape, TurnsShape
from trello_ops.declared.reference import schemas, text, with_tables
from trello_ops.declared.report_shapes import ReportShape
from trello_ops.declared.schema import (
    BoardShape,
    HousekeepingShape,
    TaskShape,
    ThemeShape,
    WorkspaceShape,
)
from trello_ops.declared.shape import Shape

PAGE = Path(__file__).parents[2] / "docs" / "board-file.md"
SHAPES = (
    BoardShape,
    TaskShape,
    DueShape,
    SpanShape,
    HolidaysShape,
    WorkspaceShape,
    PersonShape,
    AbsenceShape,
    TurnsShape,
    NagShape,
    ThemeShape,
    ReportShape,
    HousekeepingShape,
)


def test_a_table_is_made_anew_between_its_markers_in_the_language_that_is_asked_for() -> None:
    before = "# Page\n<!-- table: time -->\nold\n<!-- end -->\nrest\n"
    page = with_tables(before)
    assert "old" not in page
    assert '| `time` | yes | Local time of day, in quotes. | `time: "17:00"` |' in page
    assert page.endswith("<!-- end -->\nrest\n")
    assert '| `time` | YES | LOCAL TIME OF DAY, IN QUOTES. | `time: "17:00"` |' in with_tables(
        page, str.upper
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_every_field_is_explained_by_an_example_that_holds(shape: type[Shape]) -> None:
    examples = {}
    for name, field in shape.model_fields.items():
        assert field.description, name
        assert field.examples, name
        (examples[field.alias or name],) = field.examples
    shape.model_validate(examples)


def test_the_page_has_a_table_for_every_shape() -> None:
    page = PAGE.read_text("utf-8")
    for shape in SHAPES:
        for name, field in shape.model_fields.items():
            assert f"| `{field.alias or name}` |" in page


def test_editors_know_short_forms_colours_and_that_nothing_may_be_empty() -> None:
    board, workspace = schemas()["schema/board.schema.json"], schemas()["schema/workspace.schema.json"]
    due = board["properties"]["due"]
    assert [form.get("type", "object") for form in due["anyOf"]] == ["string", "object"]
    assert "default" not in due
    assert board["additionalProperties"] is False
    assert workspace["$defs"]["ThemeShape"]["properties"]["colour"]["enum"] == list(COLOURS)
    assert workspace["$defs"]["ReportShape"]["properties"]["closes"]["default"] == "07:00"
    assert '"null"' not in text(board) + text(workspace)


def test_yes_is_written_as_in_a_board_file() -> None:
    page = PAGE.read_text("utf-8")
    assert "`people: true`" in page
    assert ": True`" not in page
