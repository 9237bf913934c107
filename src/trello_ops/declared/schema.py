"""The shape of board files: the one source of validation, of the JSON Schemas and of the reference page.

Shapes are what the files say, checked field by field (`fields`, `words`); `build` makes core values of them.
"""

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from trello_ops.core.cadence import CatchUp
from trello_ops.core.declared import DONE, TODO, CompleteWhen
from trello_ops.declared import words
from trello_ops.declared.calendar_shapes import (
    CadenceWord,
    Covers,
    RhythmShape,
    Spans,
    TeamDaysOffShape,
    WorkingDays,
)
from trello_ops.declared.fields import (
    Colour,
    Columns,
    DateName,
    Key,
    LocalDate,
    Proofs,
    TaskKey,
    TemplateName,
    Text,
    ThemeKey,
    Title,
    WorkspaceName,
    Zone,
)
from trello_ops.declared.overdue_shapes import OverdueShape, UndonePolicy
from trello_ops.declared.people_shapes import PersonShape, StaffShape
from trello_ops.declared.report_shapes import ReportShape
from trello_ops.declared.rows_shapes import RowsShape
from trello_ops.declared.shape import Shape
from trello_ops.declared.slot_shapes import SlotsShape, SlottedShape

_SignName = Literal["ticked", "in_done_list", "checklist_complete", "archived"]


# These shapes have no docstrings: the JSON Schema would show them in place of what the field itself says.


class CatchUpShape(Shape):
    all: int = Field(ge=1, le=1000)


CatchUpPolicy = Annotated[
    CatchUp,
    PlainValidator(words.catch_up, json_schema_input_type=Literal["latest", "none", "all"] | CatchUpShape),
]


class AllSignsShape(Shape):
    all: Annotated[list[_SignName], Field(min_length=1)]


CompleteRule = Annotated[
    CompleteWhen,
    PlainValidator(words.complete_when, json_schema_input_type=_SignName | list[_SignName] | AllSignsShape),
]


DaysUntilArchived = Annotated[
    int | None,
    PlainValidator(
        words.days_until_archived,
        json_schema_input_type=Annotated[int, Field(ge=1, le=365)] | Literal["never"],
    ),
]


class HousekeepingShape(Shape):
    """Which cards the daemon puts away by itself."""

    archive_done_after: DaysUntilArchived = Field(
        default=14,
        description=(
            "Days after which a done card is archived, counted from when it was last done; or `never`. "
            "Without it: 14."
        ),
        examples=[30],
    )
    undone: UndonePolicy | None = Field(
        default=None,
        description=(
            "What becomes of a card that is not done once its week's report is frozen: `keep` it (so it is "
            "without this), `archive` it, or `{move_to: KEY}` for one of the board's lists."
        ),
        examples=["archive"],
    )


class _Rhythm(RhythmShape):
    """What a board says for all its tasks, and a task may say otherwise."""

    catch_up: CatchUpPolicy | None = Field(
        default=None,
        description=(
            "What to do about cards that could not be made in time: make the `latest` one (so it is "
            "without this), `none`, or `all` (the newest 20; `{all: 10}` sets another number)."
        ),
        examples=["latest"],
    )
    timezone: Zone | None = Field(
        default=None, description="Its time zone, where it is not the workspace's.", examples=["Europe/Paris"]
    )
    complete_when: CompleteRule | None = Field(
        default=None,
        description=(
            "What counts as done: `ticked`, `in_done_list`, `checklist_complete`, `archived`, any of a list, "
            "or `{all: [...]}` of it. Without it: `[ticked, in_done_list]`."
        ),
        examples=[{"all": ["ticked", "checklist_complete"]}],
    )
    requires: Proofs | None = Field(
        default=None,
        description=(
            "Proof that a done card should hold: `checklist` (wholly ticked), `attachment`, `comment`, a "
            "list of them, or `nothing`. Without it the card counts all the same, and the report says so."
        ),
        examples=["attachment"],
    )


_NEW = Field(
    default=False,
    description="`true` where this is none of those that left, though it looks like one.",
    examples=[True],
)
_WITHDRAWN = Field(
    default=None,
    description=(
        "What `apply` does with open cards that the files no longer name: `keep` them (so it is without "
        "this) or `archive` them. They are excused either way."
    ),
    examples=["archive"],
)


class TaskShape(SlottedShape, OverdueShape, StaffShape, _Rhythm):
    """A recurring duty."""

    title: Title = Field(description="What is to be done, as reports name it.", examples=["Ranger le stock"])
    theme: ThemeKey = Field(description="Key of a theme in workspace.yaml.", examples=["operations"])
    template: TemplateName = Field(
        description="Card template: a file name in templates/cards.", examples=["stock.md"]
    )
    description: Text | None = Field(
        default=None, description="A remark that the card template may use.", examples=["Réserve du fond"]
    )
    cadence: CadenceWord | None = Field(
        default=None,
        description=(
            "A rhythm of its own, no more frequent than the board's (a rule may be). Then the board's `on`, "
            "`month`, `anchor` and `except` do not hold for it."
        ),
        examples=["fortnightly"],
    )
    covers: Covers | None = Field(
        default=None,
        description=(
            "Tasks that this one contains, as `board/key`: while one of its days lies in their period, they "
            "are excused."
        ),
        examples=[["weekly/links"]],
    )
    rows: RowsShape | None = Field(
        default=None,
        description="Rows of a workbook: those whose date lies in a card's period become its check items.",
        examples=[
            {
                "file": "shooting.xlsx",
                "date": "Date",
                "item": "{{ Produit }} – {{ Vue }} → {{ Fichier }}",
            }
        ],
    )
    was: TaskKey | None = Field(
        default=None,
        description="The task's key before it was renamed; `board/key` where it was on another board.",
        examples=["caisse"],
    )
    new: bool = _NEW


class BoardShape(OverdueShape, StaffShape, _Rhythm):
    """One board. The file's name without `.yaml` is the board's key and identity: renamed, it needs `was`."""

    title: Title = Field(description="The board's title on Trello.", examples=["Suivi hebdomadaire"])
    cadence: CadenceWord = Field(
        description=(
            "The board's rhythm: `daily`, `weekly`, `biweekly` (or `fortnightly`), `monthly`, `quarterly`, "
            '`half_yearly`, `yearly`, `once`, the same in French, or `{rule: "FREQ=…"}` (RFC 5545).'
        ),
        examples=["weekly"],
    )
    dates: dict[DateName, LocalDate] | None = Field(
        default=None,
        description=(
            "Dates by name, from which tasks that come once count: `on: {before: go_live, days: 60}` or "
            "`{after: …}`. Moved here, open cards follow, and done ones stay."
        ),
        examples=[{"go_live": "2027-03-01"}],
    )
    working_days: WorkingDays | None = Field(
        default=None,
        description="The weekdays that are worked, where they are not the workspace's.",
        examples=["mon-fri"],
    )
    closures: Spans | None = Field(
        default=None,
        description="Days off of this board, with a reason. They add to the workspace's.",
        examples=[[{"from": "2027-08-02", "to": "2027-08-15", "reason": "Fermeture d’été"}]],
    )
    lists: Columns | None = Field(
        default=None,
        description=(
            f"The board's lists from left to right, key and title. `{TODO}` (new cards) and `{DONE}` (cards "
            "moved there count as done) must be among them. Without it: to do, doing and done in the "
            "workspace's language."
        ),
        examples=[words.SAMPLE_LISTS],
    )
    excused_list: Key | None = Field(
        default=None,
        description="Key of the list whose cards are excused. Without it: only the excused label excuses.",
        examples=["excused"],
    )
    housekeeping: HousekeepingShape | None = Field(
        default=None,
        description=(
            "Which cards the daemon puts away. Without it: done cards are archived after 14 days, and undone "
            "ones are kept."
        ),
        examples=[{"archive_done_after": 30, "undone": {"move_to": "doing"}}],
    )
    was: Key | None = Field(
        default=None, description="The board's key before its file was renamed.", examples=["daily"]
    )
    new: bool = _NEW
    withdrawn: Literal["keep", "archive"] | None = _WITHDRAWN
    tasks: dict[Key, TaskShape] = Field(
        description="The duties by key. A key is its task's identity: renamed, it needs `was`.",
        examples=[{"stock": {"title": "Ranger le stock", "theme": "operations", "template": "stock.md"}}],
    )


class LabelShape(Shape):
    """A label that every board has."""

    title: Title = Field(description="The label's title.", examples=["Opérationnel"])
    colour: Colour = Field(
        description="One of Trello's 30 label colours; each of ten also as `…_light` and `…_dark`.",
        examples=["orange"],
    )


class ThemeShape(LabelShape):
    """A theme: a label that every board has."""

    pauses: Spans | None = Field(
        default=None,
        description="Days on which all its tasks are excused, with a reason.",
        examples=[[{"from": "2027-08-02", "to": "2027-08-15", "reason": "Travaux"}]],
    )
    was: Key | None = Field(default=None, description="The key before it was renamed.", examples=["stock"])


class WorkspaceShape(SlotsShape, TeamDaysOffShape):
    """One team: who they are, where their boards are, and who gets the report."""

    key: Key = Field(description="Identity of the team: never change it.", examples=["zina"])
    name: Title = Field(description="The team's name, as reports show it.", examples=["Zina ô Beldi"])
    trello_workspace: WorkspaceName = Field(
        description="The Trello Workspace's short name (what follows `/w/` in its address) or its id.",
        examples=["zinaobeldi"],
    )
    locale: Literal["fr", "en"] = Field(description="Language of cards and reports.", examples=["fr"])
    timezone: Zone = Field(
        description="Time zone that all times are meant in.", examples=["Africa/Casablanca"]
    )
    people: dict[Key, PersonShape] = Field(
        description="Who can be assigned, by key.",
        examples=[{"amal": {"trello": "amal_zina", "name": "Amal Benali"}}],
    )
    themes: dict[Key, ThemeShape] = Field(
        description="The themes by key; each becomes a label on every board.",
        examples=[{"operations": {"title": "Opérationnel", "colour": "orange"}}],
    )
    excused_label: LabelShape | None = Field(
        default=None,
        description=(
            "The label by which a card counts as excused. Without it: `Excusé` (`Excused` in English), "
            "`black_light`."
        ),
        examples=[{"title": "Excusé", "colour": "black_light"}],
    )
    withdrawn: Literal["keep", "archive"] | None = _WITHDRAWN
    report: ReportShape = Field(
        description="Who gets the weekly report, and when.", examples=[{"to": ["gerante@zinaobeldi.example"]}]
    )
