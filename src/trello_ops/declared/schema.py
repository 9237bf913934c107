"""The shape of board files: the one source of validation, of the JSON Schemas and of the reference page.

Shapes are what the files say, checked field by field; `load` turns them into core values.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.core.declared import (
    COLOURS,
    DONE,
    LAST,
    TODO,
    CatchUp,
    CatchUpMode,
    CompleteWhen,
    DoneSignal,
    Frequency,
    Proof,
    Undone,
)
from trello_ops.wording import choose, near, shown

NOBODY = "nobody"
"""In `assign`: on purpose, no one."""

NOTHING = "nothing"
"""In `requires`: on purpose, no proof."""

NEVER = "never"
"""In `archive_done_after`: done cards stay."""

LONGEST_TEXT = 16_384
"""Trello's limit for names and descriptions (trello-behaviour.md#lengths-and-time-outs)."""

KEY_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_CLOCK_PATTERN = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
_DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_EMAIL_PATTERN = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_WORD_PATTERN = r"[A-Za-z0-9_]+"

_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lun mar mer jeu ven sam dim",
)
_T = TypeVar("_T", bound=str)

WEEKDAYS = {name: number for names in _WEEKDAYS for number, name in enumerate(names.split(), 1)}
"""ISO weekday by its English or French name."""


@dataclass(frozen=True, slots=True)
class References:
    """The names that a board file may refer to; `None` where they could not be read, so anything goes."""

    themes: Collection[str] | None
    people: Collection[str] | None
    templates: Collection[str]


@dataclass(frozen=True, slots=True)
class Days:
    """One entry of `on`: ISO weekdays, or a day of the month."""

    of_week: bool
    numbers: tuple[int, ...]


# ---- Fields that need more than a type --------------------------------------------------------------


def _form(pattern: str, complaint: str) -> AfterValidator:
    """Text of a given form."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"`{shown(text)}` {complaint}")
        return text

    return AfterValidator(check)


def _shown_form(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def _referring_to(kind: str, noun: str) -> AfterValidator:
    """The name of something that is declared elsewhere."""

    def check(name: str, info: ValidationInfo) -> str:
        known = getattr(info.context, kind, None)
        if known is not None and name not in known:
            raise ValueError(f"there is no {noun} `{shown(name)}`: {choose(name, known)}")
        return name

    return AfterValidator(check)


def _one_line(text: str) -> str:
    """A title that the file breaks over several lines."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _colour(name: str) -> str:
    if name not in COLOURS:
        raise ValueError(
            f"`{shown(name)}` is not one of Trello's {len(COLOURS)} colours: {choose(name, COLOURS)}"
        )
    return name


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        advice = (
            near(str(name), available_timezones()) or "write it like `Africa/Casablanca` or `Europe/Paris`"
        )
        raise ValueError(f"there is no time zone `{shown(name)}`: {advice}") from None


def _clock(text: object) -> dt.time:
    if not isinstance(text, str) or not re.fullmatch(_CLOCK_PATTERN, text.strip()):
        raise ValueError(f'`{shown(text)}` is not a time of day: write it like "17:00", up to "23:59"')
    hour, minute = text.split(":")
    return dt.time(int(hour), int(minute))


def _date(text: object) -> dt.date:
    try:
        if isinstance(text, str) and re.fullmatch(_DATE_PATTERN, text):
            return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no such day as {text}: correct the month or the day") from None
    raise ValueError(f"`{shown(text)}` is not a date: write it like 2026-11-01")


def _spelled_out(value: object) -> object:
    """`"17:00"` is short for `{time: "17:00"}`."""
    return value if isinstance(value, dict) else {"time": value}


def _days(value: object) -> Days:
    """A weekday, a range of them, a day of the month, or `last`."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 31:
            raise ValueError(f"no month has a day {value}: use 1 to 31, or `last`")
        return Days(of_week=False, numbers=(value,))
    word = shown(value).lower()
    if word == "last":
        return Days(of_week=False, numbers=(LAST,))
    first, dash, last = (part.strip() for part in word.partition("-"))
    begin, end = _weekday(first), _weekday(last if dash else first)
    return Days(of_week=True, numbers=tuple((begin - 1 + n) % 7 + 1 for n in range((end - begin) % 7 + 1)))


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        advice = "write a weekday such as `friday`, a range such as `mon-sat`, a number, or `last`"
        raise ValueError(f"`{shown(name)}` is not a day: {near(name, WEEKDAYS) or advice}")
    return WEEKDAYS[name]


def _several(value: object) -> object:
    """One is short for a list of one."""
    if value == []:
        raise ValueError("is an empty list: name at least one, or delete the line")
    return tuple(value) if isinstance(value, list) else (value,)


def _assignees(value: object) -> object:
    return () if value == NOBODY else _several(value)


def _people_once(names: tuple[str, ...]) -> tuple[str, ...]:
    return _once(names, "everybody")


def _each_once(names: tuple[_T, ...]) -> tuple[_T, ...]:
    return _once(names, "each")


def _once(names: tuple[_T, ...], whom: str) -> tuple[_T, ...]:
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"names `{shown(twice)}` twice: name {whom} once")
    return names


def _catch_up(value: object) -> CatchUp:
    if isinstance(value, str) and value in set(CatchUpMode):
        return CatchUp(CatchUpMode(value))
    if isinstance(value, dict) and set(value) == {"all"} and value["all"] in range(1, 1001):
        return CatchUp(CatchUpMode.ALL, int(value["all"]))
    raise ValueError(f"is `{shown(value)}`: use `latest`, `none`, `all`, or `{{all: 10}}` for the newest ten")


def _complete_when(value: object) -> CompleteWhen:
    """One sign, a list of which any is enough, or `{all: [...]}`."""
    require_all = isinstance(value, dict) and set(value) == {"all"}
    named = value["all"] if isinstance(value, dict) and require_all else value
    signals = named if isinstance(named, list) else [named]
    if not signals:
        raise ValueError("is an empty list: name at least one, or delete the line")
    return CompleteWhen(_each_once(tuple(map(_signal, signals))), require_all)


def _signal(said: object) -> DoneSignal:
    if isinstance(said, str) and said in set(DoneSignal):
        return DoneSignal(said)
    advice = (
        choose(said, list(DoneSignal))
        if isinstance(said, str)
        else "write a list such as `[ticked, archived]`, or `{all: [ticked, archived]}` where all are needed"
    )
    raise ValueError(f"there is no sign `{shown(said)}` of being done: {advice}")


def _proofs(value: object) -> object:
    return () if value == NOTHING else _several(value)


def _proof(value: object) -> Proof:
    if isinstance(value, str) and value in set(Proof):
        return Proof(value)
    raise ValueError(f"there is no proof `{shown(value)}`: {choose(str(value), list(Proof))}")


def _days_until_archived(value: object) -> int | None:
    if value == NEVER:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value in range(1, 366):
        return value
    raise ValueError(f"is `{shown(value)}`: use a number of days from 1 to 365, or `{NEVER}`")


def _undone(value: object) -> tuple[Undone, str]:
    """What to do, and the key of the list where that is to move."""
    if value in (Undone.KEEP, Undone.ARCHIVE):
        return Undone(str(value)), ""
    if isinstance(value, dict) and set(value) == {"move_to"} and isinstance(value["move_to"], str):
        return Undone.MOVE, value["move_to"]
    raise ValueError(
        f"is `{shown(value)}`: use `keep`, `archive`, or `{{move_to: doing}}` for one of the lists"
    )


def _columns(lists: dict[str, str]) -> dict[str, str]:
    for needed in (TODO, DONE):
        if needed not in lists:
            raise ValueError(f"the list `{needed}` is missing: add it, such as `{needed}: {_LISTS[needed]}`")
    titles = [title.casefold() for title in lists.values()]
    if twice := next((title for title in lists.values() if titles.count(title.casefold()) > 1), None):
        raise ValueError(f"two lists are titled “{shown(twice)}”: give each its own title")
    return lists


_LISTS = {TODO: "À faire", "doing": "En cours", DONE: "Terminé"}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
Title = Annotated[Text, AfterValidator(_one_line)]
Key = Annotated[
    str,
    _form(KEY_PATTERN, "is not a key: use lower-case letters, digits and hyphens, such as `link-test`"),
    _shown_form(KEY_PATTERN),
]
Email = Annotated[
    str,
    _form(_EMAIL_PATTERN, "is not an e-mail address: write it like `name@example.com`"),
    _shown_form(_EMAIL_PATTERN),
]
Username = Annotated[
    str,
    _form(_WORD_PATTERN, "is not a Trello username: write what follows the @ in the person's profile"),
    _shown_form(_WORD_PATTERN),
]
WorkspaceName = Annotated[
    str,
    _form(
        _WORD_PATTERN, "is no Workspace's short name: copy what follows `/w/` in its address on trello.com"
    ),
    _shown_form(_WORD_PATTERN),
]
ThemeKey = Annotated[str, _referring_to("themes", "theme")]
PersonKey = Annotated[str, _referring_to("people", "person")]
TemplateName = Annotated[str, _referring_to("templates", "template")]
Colour = Annotated[str, AfterValidator(_colour), WithJsonSchema({"type": "string", "enum": list(COLOURS)})]
Zone = Annotated[ZoneInfo, PlainValidator(_zone, json_schema_input_type=str)]
_ClockText = Annotated[str, Field(pattern=f"^{_CLOCK_PATTERN}$")]
LocalTime = Annotated[dt.time, PlainValidator(_clock, json_schema_input_type=_ClockText)]
LocalDate = Annotated[
    dt.date, PlainValidator(_date, json_schema_input_type=Annotated[str, Field(pattern=f"^{_DATE_PATTERN}$")])
]
_Day = Annotated[Days, PlainValidator(_days)]
_DayInput = str | Annotated[int, Field(ge=1, le=31)]
On = Annotated[
    tuple[_Day, ...],
    BeforeValidator(_several, json_schema_input_type=_DayInput | list[_DayInput]),
]
Assign = Annotated[
    tuple[PersonKey, ...],
    AfterValidator(_people_once),
    BeforeValidator(_assignees, json_schema_input_type=str | list[str]),
]
_SignName = Literal["ticked", "in_done_list", "checklist_complete", "archived"]
_ProofName = Literal["checklist", "attachment", "comment"]
Proofs = Annotated[
    tuple[Annotated[Proof, PlainValidator(_proof)], ...],
    AfterValidator(_each_once),
    BeforeValidator(_proofs, json_schema_input_type=_ProofName | Literal["nothing"] | list[_ProofName]),
]
Columns = Annotated[dict[Key, Title], AfterValidator(_columns)]


# ---- The files --------------------------------------------------------------------------------------


class Shape(BaseModel):
    """A group of named fields. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DayTimeShape(Shape):
    """A time of day, some days after the day it is counted from."""

    time: LocalTime = Field(description="Local time of day, in quotes.", examples=["17:00"])
    offset_days: Annotated[int, Field(ge=-LONGEST_OFFSET.days, le=LONGEST_OFFSET.days)] = Field(
        default=0, description="Days after that day; less than zero is before it.", examples=[1]
    )


Moment = Annotated[
    DayTimeShape, BeforeValidator(_spelled_out, json_schema_input_type=_ClockText | DayTimeShape)
]


class CatchUpShape(Shape):
    all: int = Field(ge=1, le=1000)


CatchUpPolicy = Annotated[
    CatchUp, PlainValidator(_catch_up, json_schema_input_type=Literal["latest", "none", "all"] | CatchUpShape)
]


class AllSignsShape(Shape):
    all: Annotated[list[_SignName], Field(min_length=1)]


CompleteRule = Annotated[
    CompleteWhen,
    PlainValidator(_complete_when, json_schema_input_type=_SignName | list[_SignName] | AllSignsShape),
]


class MoveShape(Shape):
    move_to: Key


UndonePolicy = Annotated[
    tuple[Undone, str],
    PlainValidator(_undone, json_schema_input_type=Literal["keep", "archive"] | MoveShape),
]
DaysUntilArchived = Annotated[
    int | None,
    PlainValidator(
        _days_until_archived, json_schema_input_type=Annotated[int, Field(ge=1, le=365)] | Literal["never"]
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


class _Rhythm(Shape):
    """What a board says for all its tasks, and a task may say otherwise."""

    on: On | None = Field(
        default=None,
        description=(
            "The days it falls on. Daily and weekly boards: weekdays in English or French, a list, a range. "
            "Monthly boards: days 1 to 31, or `last`; a month that is too short takes its last day. "
            "Without it: every day, `friday`, or `last`."
        ),
        examples=["mon-sat"],
    )
    due: Moment | None = Field(
        default=None,
        description=(
            "When it must be done: a time on the day it falls on, or a later day's with `offset_days`. "
            'Without it: "18:00".'
        ),
        examples=["17:00"],
    )
    release: Moment | None = Field(
        default=None,
        description=(
            "When its card appears, counted from the day, the week's Monday or the month's first (from the "
            'day itself where it falls on several days). Without it: "00:00". Must be before `due`.'
        ),
        examples=["06:00"],
    )
    start: LocalDate | None = Field(
        default=None,
        description="The first day that counts; nothing is owed before.",
        examples=["2026-11-01"],
    )
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
    assign: Assign | None = Field(
        default=None,
        description="Who does it: a person's key, a list of them, or `nobody`.",
        examples=["amal"],
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


class TaskShape(_Rhythm):
    """A recurring duty."""

    title: Title = Field(description="What is to be done, as reports name it.", examples=["Ranger le stock"])
    theme: ThemeKey = Field(description="Key of a theme in workspace.yaml.", examples=["operations"])
    template: TemplateName = Field(
        description="Card template: a file name in templates/cards.", examples=["stock.md"]
    )
    description: Text | None = Field(
        default=None, description="A remark that the card template may use.", examples=["Réserve du fond"]
    )


class BoardShape(_Rhythm):
    """One board. The file's name without `.yaml` is the board's key, its identity: do not rename it."""

    title: Title = Field(description="The board's title on Trello.", examples=["Suivi hebdomadaire"])
    cadence: Literal["daily", "weekly", "monthly"] = Field(
        description=f"The board's rhythm: {', '.join(f'`{each}`' for each in Frequency)}.",
        examples=["weekly"],
    )
    lists: Columns | None = Field(
        default=None,
        description=(
            f"The board's lists from left to right, key and title. `{TODO}` (new cards) and `{DONE}` (cards "
            "moved there count as done) must be among them. Without it: to do, doing and done in the "
            "workspace's language."
        ),
        examples=[_LISTS],
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
    tasks: dict[Key, TaskShape] = Field(
        description="The duties by key. A key is its task's identity: do not change it.",
        examples=[{"stock": {"title": "Ranger le stock", "theme": "operations", "template": "stock.md"}}],
    )


class PersonShape(Shape):
    """Somebody who can be assigned."""

    trello: Username = Field(description="Trello username, without the @.", examples=["amal_zina"])
    name: Title = Field(description="Name, as reports show it.", examples=["Amal Benali"])


class ThemeShape(Shape):
    """A label that every board has."""

    title: Title = Field(description="The label's title.", examples=["Opérationnel"])
    colour: Colour = Field(
        description="One of Trello's 30 label colours; each of ten also as `…_light` and `…_dark`.",
        examples=["orange"],
    )


class ReportShape(Shape):
    """The weekly report."""

    to: list[Email] = Field(
        min_length=1, description="E-mail addresses it is sent to.", examples=[["gerante@zinaobeldi.example"]]
    )
    closes: LocalTime = Field(
        default=dt.time(7, 0),
        description='Local time on Monday at which the week before closes. Without it: "07:00".',
        examples=["07:00"],
    )


class WorkspaceShape(Shape):
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
    excused_label: ThemeShape | None = Field(
        default=None,
        description=(
            "The label by which a card counts as excused. Without it: `Excusé` (`Excused` in English), "
            "`black_light`."
        ),
        examples=[{"title": "Excusé", "colour": "black_light"}],
    )
    report: ReportShape = Field(
        description="Who gets the weekly report, and when.", examples=[{"to": ["gerante@zinaobeldi.example"]}]
    )
