"""What a sheet has columns for: the fields of board files, by the schema that editors and the docs go by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic.fields import FieldInfo

from trello_ops.declared import reference
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
from trello_ops.declared.words import CLOCK_PATTERN, DATE_PATTERN, NOBODY
from trello_ops.messages import N_, Message, say
from trello_ops.sheets import cells

Schema = Mapping[str, Any]


class Names(StrEnum):
    """What is declared in one place and named in others; the kinds of days off are always the same."""

    THEMES = "themes"
    PEOPLE = "people"
    SLOTS = "slots"
    TEMPLATES = "templates"
    KINDS = "kinds"


class Form(StrEnum):
    """What people write in many ways, and files in one."""

    PLAIN = "plain"
    TIME = "time"
    DATE = "date"
    YES_OR_NO = "yes-no"


_NAMING: Final = {
    "theme": Names.THEMES,
    "template": Names.TEMPLATES,
    "slot": Names.SLOTS,
    "assign": Names.PEOPLE,
    "stand_in": Names.PEOPLE,
    "person": Names.PEOPLE,
    "kind": Names.KINDS,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field, or one of a group of fields: `path` is its name in the file, below what its row stands for.

    `choices` are words to choose from, and `names` what the rest of them name. `several`: a list may stand
    there, too; `is_list`: nothing else.
    """

    path: tuple[str, ...]
    heading: str
    meaning: str = ""
    example: str = ""
    required: bool = False
    is_text: bool = True
    choices: tuple[str, ...] = ()
    names: Names | None = None
    form: Form = Form.PLAIN
    several: bool = False
    is_list: bool = False

    @property
    def name(self) -> str:
        """Its name as messages show it."""
        return ".".join(self.path)

    @property
    def only(self) -> bool:
        """Whether nothing but its words may stand there."""
        return self.is_text and bool(self.choices or self.names)


class Key(StrEnum):
    """Where the keys of rows stand, which is always the first column."""

    NONE = "none"
    SHOWN = "shown"  # others name these rows by it
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a sheet, but for that of keys. `usual`: so many of the first are shown, used or not.

    `title` is what the sheet is called, empty where each has its own; `within` is the name of the group in
    the file that its rows are the entries of.
    """

    columns: tuple[Column, ...]
    key: Key
    usual: int
    title: str = ""
    within: str = ""


# ---- headings ---------------------------------------------------------------------------------------

FORMER_HEADINGS: Final = {"requires": ("Preuve",), "trello": ("Identifiant Trello",)}
"""What stood above columns in earlier exports, which go on being understood."""

KEY: Final = N_("Key")
WORDS: Final = N_("Words")
_HEADINGS: Final = {
    "key": KEY,
    "title": N_("Title"),
    "theme": N_("Theme"),
    "template": N_("Card template"),
    "description": N_("Remark"),
    "assign": N_("Assigned to"),
    "cadence": N_("Rhythm"),
    "on": N_("Days"),
    "month": N_("Month"),
    "anchor": N_("A week that counts"),
    "except": N_("Days left out"),
    "due": N_("Due"),
    "release": N_("Card appears"),
    "start": N_("First day"),
    "until": N_("Last day"),
    "on_day_off": N_("On a day off"),
    "pauses": N_("Pauses"),
    "catch_up": N_("Catching up"),
    "timezone": N_("Time zone"),
    "complete_when": N_("What counts as done"),
    "requires": N_("Proof"),
    "when_absent": N_("When somebody is away"),
    "remind": N_("Reminder"),
    "when_open": N_("Former card still open"),
    "nag": N_("Comments while overdue"),
    "slot": N_("Slot"),
    "duration": N_("Duration"),
    "times": N_("Times of day"),
    "covers": N_("Contains"),
    "rows": N_("Rows of a workbook"),
    "was": N_("Former key"),
    "new": N_("New"),
    "working_days": N_("Working days"),
    "closures": N_("Closures"),
    "dates": N_("Named dates"),
    "lists": N_("Lists"),
    "excused_list": N_("List of excused cards"),
    "housekeeping.archive_done_after": N_("Days until done cards are archived"),
    "housekeeping.undone": N_("Undone cards"),
    "withdrawn": N_("Withdrawn cards"),
    "trello": N_("Trello username"),
    "name": N_("Name"),
    "email": N_("E-mail"),
    "language": N_("Language"),
    "locale": N_("Language"),
    "colour": N_("Colour"),
    "day": N_("Weekday"),
    "from": N_("From"),
    "to": N_("To"),
    "trello_workspace": N_("Trello Workspace"),
    "holidays": N_("Holidays"),
    "excused_label.title": N_("Excused label"),
    "excused_label.colour": N_("Colour of that label"),
    "report.to": N_("Report to"),
    "report.closes": N_("Week closes at"),
    "report.target": N_("Target in percent"),
    "report.people": N_("Figures of people"),
    "report.boards": N_("Reports of single boards to"),
    "report.attach": N_("Attached to the report"),
    "report.forecast": N_("Own coming week by mail"),
    "kind": N_("Kind"),
    "person": N_("Person"),
    "reason": N_("Reason"),
    "stand_in": N_("Stand-in"),
}
"""A heading by the path of a column."""

_GROUPS: Final[Mapping[str, type[Shape]]] = {
    "report": ReportShape,
    "excused_label": LabelShape,
    "housekeeping": HousekeepingShape,
}
"""Groups that have a column for each of their fields."""

ELSEWHERE: Final[Mapping[type[Shape], Mapping[str, str]]] = {
    WorkspaceShape: {
        **dict.fromkeys(("people", "themes", "slots"), "own sheets"),
        **dict.fromkeys(("closures", "pauses", "holiday_dates", "not_holidays"), "days off"),
    },
    PersonShape: {"absences": "days off"},
    BoardShape: {"tasks": "own sheet"},
}
"""Fields without a column, by the shape that has them, and where they are."""


# ---- the tables -------------------------------------------------------------------------------------


def _definitions() -> dict[str, Schema]:
    """The schemas of all shapes by name."""
    board, workspace = (reference.schemas()[f"schema/{name}.schema.json"] for name in ("board", "workspace"))
    return {**board["$defs"], **workspace["$defs"], "BoardShape": board, "WorkspaceShape": workspace}


_SCHEMAS: Final = _definitions()


def _columns(shape: type[Shape], *first: str) -> tuple[Column, ...]:
    """The columns of a shape, some of them first."""
    order = {name: place for place, name in enumerate(first)}
    return tuple(sorted(_fields(shape), key=lambda column: order.get(column.name, len(order))))


def _fields(shape: type[Shape], group: tuple[str, ...] = (), *, in_need: bool = True) -> Iterator[Column]:
    """A column for each field; `in_need`: the group that it belongs to has to be there."""
    for name, field in shape.model_fields.items():
        path, required = (*group, field.alias or name), in_need and field.is_required()
        if not group and name in _GROUPS:
            yield from _fields(_GROUPS[name], path, in_need=required)
        elif name not in ELSEWHERE.get(shape, {}):
            yield _column(path, field, _SCHEMAS[shape.__name__]["properties"][path[-1]], required=required)


def _column(path: tuple[str, ...], field: FieldInfo, schema: Schema, *, required: bool) -> Column:
    (example,) = field.examples or [""]
    return Column(
        path,
        _HEADINGS[".".join(path)],
        field.description or "",
        cells.written(example),
        required,
        schema.get("type") == "string",
        (*((NOBODY,) if path == ("assign",) else ()), *dict.fromkeys(_words(schema))),
        _NAMING.get(path[-1]),
        _form(schema),
        any(form.get("type") == "array" for form in (schema, *schema.get("anyOf", ()))),
        schema.get("type") == "array",
    )


def _form(schema: Schema) -> Form:
    if schema.get("type") == "boolean":
        return Form.YES_OR_NO
    patterns = set(_patterns(schema))
    if f"^{CLOCK_PATTERN}$" in patterns:
        return Form.TIME
    return Form.DATE if f"^{DATE_PATTERN}$" in patterns else Form.PLAIN


def _patterns(schema: Schema) -> Iterator[str]:
    """The forms that a text may have, alone or within lists and groups."""
    if "pattern" in schema:
        yield schema["pattern"]
    within = schema.get("properties", {}).values()
    for form in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")]), *within):
        yield from _patterns(_named(form))


def _named(schema: Schema) -> Schema:
    """The schema that a reference names."""
    return _SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _words(schema: Schema) -> Iterator[str]:
    """The words among which a field offers a choice."""
    if schema.get("type") == "boolean":
        yield from ("true", "false")
    yield from (str(word) for word in schema.get("enum", ()))
    if "const" in schema:
        yield str(schema["const"])
    for form in schema.get("anyOf", ()):
        yield from _words(_named(form))


class Off(StrEnum):
    """A kind of days off: the name of its field in workspace.yaml, or of people's in that."""

    HOLIDAY = "holiday_dates"
    NO_HOLIDAY = "not_holidays"
    CLOSURE = "closures"
    PAUSE = "pauses"
    ABSENCE = "absences"


OFF: Final[Mapping[Off, Message]] = {
    Off.HOLIDAY: say("holiday"),
    Off.NO_HOLIDAY: say("no holiday"),
    Off.CLOSURE: say("closure"),
    Off.PAUSE: say("pause"),
    Off.ABSENCE: say("absence"),
}
"""What a row of the days off calls its kind."""


KIND: Final = ("kind",)
WHOSE: Final = ("person",)
"""The paths of the columns that tell which kind of days off a row is about, and whose."""


def _days_off() -> tuple[Column, ...]:
    kind = Column(KIND, _HEADINGS["kind"], required=True, names=Names.KINDS)
    person = Column(WHOSE, _HEADINGS["person"], names=Names.PEOPLE)
    return (kind, person, *_columns(AbsenceShape, "from", "to", "reason", "stand_in"))


WORKSPACE: Final = Table(_columns(WorkspaceShape, "key", "name"), Key.NONE, 2, say("Team"))
PEOPLE: Final = Table(_columns(PersonShape, "name", "trello", "email"), Key.SHOWN, 3, say("People"), "people")
THEMES: Final = Table(_columns(ThemeShape, "title", "colour"), Key.SHOWN, 2, say("Themes"), "themes")
SLOTS: Final = Table(_columns(SlotShape, "day", "from", "to"), Key.SHOWN, 3, say("Slots"), "slots")
DAYS_OFF: Final = Table(_days_off(), Key.NONE, 6, say("Days off"))
BOARDS: Final = Table(
    _columns(BoardShape, "title", "cadence", "on", "due", "release", "lists"), Key.SHOWN, 6, say("Boards")
)
TASKS: Final = Table(
    _columns(
        TaskShape,
        *("title", "theme", "template", "assign", "on", "slot", "due", "duration", "description"),
    ),
    Key.HIDDEN,
    9,
    within="tasks",
)
