"""What edits do to plain values."""

from typing import Any

import pytest

from trello_ops.declared.people_shapes import AbsenceShape, PersonShape, TurnsShape
from trello_ops.declared.schema import BoardShape, TaskShape, ThemeShape, WorkspaceShape
from trello_ops.declared.slot_shapes import SlotShape
from trello_ops.yaml_edits import Add, Edit, Remove, Set, applied
from trello_ops.yaml_edits.edits import ORDER, Impossible

BOARD: Any = {
    "title": "B",
    "due": "18:00",
    "tasks": {"a": {"title": "A", "assign": "x"}, "b": {"title": "B"}},
}


def listed(value: Any) -> Any:
    """Mappings as lists of pairs, whose order counts."""
    return [(key, listed(each)) for key, each in value.items()] if isinstance(value, dict) else value


@pytest.mark.parametrize(
    "shape",
    [BoardShape, TaskShape, ThemeShape, WorkspaceShape, PersonShape, AbsenceShape, TurnsShape, SlotShape],
)
def test_every_declared_field_has_its_place(shape: Any) -> None:
    names = {field.alias or name for name, field in shape.model_fields.items()}
    assert names - set(ORDER) == set(), "give it a place in ORDER"
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize(
    ("edit", "tasks"),
    [
        (Set(("tasks", "b", "title"), 1), {"a": BOARD["tasks"]["a"], "b": {"title": 1}}),
        (
            Set(("tasks", "a", "theme"), "t"),
            {"a": {"title": "A", "theme": "t", "assign": "x"}, "b": {"title": "B"}},
        ),
        (Set(("tasks", "b", "mine"), 1), {"a": BOARD["tasks"]["a"], "b": {"title": "B", "mine": 1}}),
        (Remove(("tasks", "a")), {"b": {"title": "B"}}),
        (Add(("tasks", "c"), {}, after="a"), {"a": BOARD["tasks"]["a"], "c": {}, "b": {"title": "B"}}),
        (
            Add(("tasks", "c"), {"due": 1, "absences": [{"to": 2, "from": 1}], "title": {"z": 1, "a": 2}}),
            {
                **BOARD["tasks"],
                "c": {"title": {"z": 1, "a": 2}, "due": 1, "absences": [{"from": 1, "to": 2}]},
            },
        ),
    ],
)
def test_an_edit_changes_a_copy_at_its_place(edit: Edit, tasks: Any) -> None:
    before = listed(BOARD)
    assert listed(applied(BOARD, [edit])) == listed({**BOARD, "tasks": tasks})
    assert listed(BOARD) == before


def test_mappings_on_the_way_are_made_at_their_place() -> None:
    value = applied(
        {"title": "B", "tasks": {}}, [Set(("lists", "todo"), "À faire"), Add(("tasks", "a", "b"), 1)]
    )
    assert listed(value) == listed({"title": "B", "lists": {"todo": "À faire"}, "tasks": {"a": {"b": 1}}})


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (Remove(("tasks", "c")), ("tasks", "c")),
        (Remove(("nowhere", "c")), ("nowhere",)),
        (Set(("title", "c"), 1), ("title",)),
        (Add(("tasks", "a"), 1), ("tasks", "a")),
        (Add(("tasks", "c"), 1, after="d"), ("tasks", "d")),
        (Set((), 1), ()),
    ],
)
def test_an_edit_that_does_not_fit_says_where(edit: Edit, path: tuple[str, ...]) -> None:
    with pytest.raises(Impossible) as caught:
        applied(BOARD, [edit])
    assert caught.value.path == path
