"""What the shapes say, for editors (JSON Schema) and for people (the tables of the pages on board files)."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from trello_ops.declared.calendar_shapes import DueShape, HolidaysShape, SpanShape
from trello_ops.declared.overdue_shapes import NagShape
from trello_ops.declared.people_shapes import AbsenceShape, PersonShape, TurnsShape
from trello_ops.declared.report_shapes import ReportShape
from trello_ops.declared.rows_shapes import RowsShape
from trello_ops.declared.schema import (
    BoardShape,
    HousekeepingShape,
    TaskShape,
    ThemeShape,
    WorkspaceShape,
)
from trello_ops.declared.shape import Shape
from trello_ops.declared.slot_shapes import SlotShape
from trello_ops.messages import N_

_FILES: Mapping[str, type[Shape]] = {"workspace": WorkspaceShape, "board": BoardShape}
_TABLES: Mapping[str, type[Shape]] = {
    "workspace": WorkspaceShape,
    "person": PersonShape,
    "absence": AbsenceShape,
    "theme": ThemeShape,
    "report": ReportShape,
    "board": BoardShape,
    "task": TaskShape,
    "time": DueShape,
    "slot": SlotShape,
    "span": SpanShape,
    "holidays": HolidaysShape,
    "rotate": TurnsShape,
    "nag": NagShape,
    "rows": RowsShape,
    "housekeeping": HousekeepingShape,
}
_SAID_BY: Mapping[str, type[Shape]] = {"task": BoardShape}
"""A table leaves out the fields that this shape's table explains in the same words."""
_HEADS = (N_("Name"), N_("Required"), N_("Meaning"), N_("Example"))
_MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


class _Generator(GenerateJsonSchema):
    """Leaves `null` out: an absent value has no line in the file, and empty values are refused."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def encode_default(self, dft: Any) -> Any:
        return f"{dft:%H:%M}" if hasattr(dft, "hour") else super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = super().default_schema(schema)
        # 0 stands for a field without default: only a default of `None` is left out.
        if inner.get("default", 0) is None:
            inner.pop("default")
        return inner

    def get_title_from_name(self, name: str) -> str:
        return name


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas by their path within the project."""
    return {
        f"schema/{name}.schema.json": {
            **shape.model_json_schema(schema_generator=_Generator),
            "$schema": GenerateJsonSchema.schema_dialect,
            "title": f"trello-ops {name} file",
        }
        for name, shape in _FILES.items()
    }


def with_tables(page: str, said: Callable[[str], str] = str) -> str:
    """A reference page, with each table between its markers made anew, `said` in its language."""
    return _MARKED.sub(lambda found: found[1] + _table(found[2], said) + found[3], page)


def meanings() -> set[str]:
    """What the tables say of all fields, for translators."""
    return {field.description or "" for shape in _TABLES.values() for field in shape.model_fields.values()}


def _table(name: str, said: Callable[[str], str]) -> str:
    """A Markdown table of a shape's fields, the required ones first."""
    told = {other: field.description for other, field in _SAID_BY.get(name, Shape).model_fields.items()}
    fields = (
        (n, field) for n, field in _TABLES[name].model_fields.items() if told.get(n) != field.description
    )
    rows = [f"| {' | '.join(map(said, _HEADS))} |", "|---|---|---|---|"]
    for field_name, field in sorted(fields, key=lambda item: not item[1].is_required()):
        (example,) = field.examples or [""]
        required = said("yes") if field.is_required() else ""
        name_in_file = field.alias or field_name
        shown = f"`{name_in_file}: {_yaml(example)}`"
        rows.append(f"| `{name_in_file}` | {required} | {said(field.description or '')} | {shown} |")
    return "\n".join((*rows, ""))


def _yaml(value: Any) -> str:
    """A value as one would write it on one line; times, and texts for Jinja, in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_yaml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if re.search("[:{]", str(value)) else str(value)


def text(schema: Mapping[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
