"""The shape of rhythms and days off in board files: part of `schema`."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    RootModel,
    Tag,
    WithJsonSchema,
    model_validator,
)

from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.declared import day_off_words, rhythm_words, words
from trello_ops.declared.date_words import MONTHS
from trello_ops.declared.day_off_words import LeftOut
from trello_ops.declared.fields import ClockText, DateName, LocalDate, LocalTime, TaskKey, Text, Title
from trello_ops.declared.rhythm_names import CADENCES, ON_WORDS, WEEKDAY_WORDS
from trello_ops.declared.rhythm_words import Days, Month, Rhythm
from trello_ops.declared.rule_words import LONGEST_RULE
from trello_ops.declared.shape import Shape


def _some_of(*options: str) -> WithJsonSchema:
    """Words that editors offer; others may be understood as well."""
    return WithJsonSchema({"anyOf": [{"enum": list(options)}, {"type": "string"}]})


# ---- Times ------------------------------------------------------------------------------------------


class DayTimeShape(Shape):
    """A time of day, some days after the day it is counted from."""

    time: LocalTime = Field(description="Local time of day, in quotes.", examples=["17:00"])
    offset_days: Annotated[int, Field(ge=-LONGEST_OFFSET.days, le=LONGEST_OFFSET.days)] = Field(
        default=0, description="Days after that day; less than zero is before it.", examples=[1]
    )


class DueShape(DayTimeShape):
    """When something is due."""

    working_days: Annotated[int, Field(ge=0, le=LONGEST_OFFSET.days)] = Field(
        default=0,
        description="Of `due` alone: working days after that day, counted from the `offset_days` on.",
        examples=[2],
    )


Moment = Annotated[
    DayTimeShape, BeforeValidator(words.spelled_out, json_schema_input_type=ClockText | DayTimeShape)
]
DueMoment = Annotated[
    DueShape, BeforeValidator(words.spelled_out, json_schema_input_type=ClockText | DueShape)
]


# ---- Rhythm -----------------------------------------------------------------------------------------

# Some of these shapes have no docstrings: the JSON Schema would show them in place of what the field says.


class RuleShape(Shape):
    rule: Annotated[str, Field(max_length=LONGEST_RULE)]


# Other words are mistakes, but for case, accents and hyphens.
_CADENCE_NAMES = WithJsonSchema({"enum": [word for words in CADENCES.values() for word in words]})


class CadenceName(RootModel[Annotated[str, _CADENCE_NAMES]]):
    pass


CadenceWord = Annotated[
    Rhythm, PlainValidator(rhythm_words.cadence, json_schema_input_type=CadenceName | RuleShape)
]


class DayWord(RootModel[Annotated[str, _some_of(*ON_WORDS)]]):
    pass


_Count = Annotated[int, Field(ge=0, le=rhythm_words.MOST_COUNTED)]


class BeforeShape(Shape):
    before: DateName
    days: _Count = 0


class AfterShape(Shape):
    after: DateName
    days: _Count = 0


_Day = Annotated[Days, PlainValidator(rhythm_words.days)]
_DayInput = DayWord | Annotated[int, Field(ge=1, le=31)] | BeforeShape | AfterShape
On = Annotated[
    tuple[_Day, ...],
    BeforeValidator(words.one_or_several, json_schema_input_type=_DayInput | list[_DayInput]),
]


class MonthName(RootModel[Annotated[str, _some_of(*MONTHS)]]):
    pass


MonthWord = Annotated[
    Month,
    PlainValidator(rhythm_words.month, json_schema_input_type=MonthName | Annotated[int, Field(ge=1, le=12)]),
]


class WeekdayWord(RootModel[Annotated[str, _some_of(*WEEKDAY_WORDS)]]):
    pass


class PeriodShape(Shape):
    """Days from one to another, both included."""

    first: LocalDate = Field(alias="from", description="The first day.", examples=["2027-08-02"])
    last: Annotated[LocalDate, AfterValidator(day_off_words.not_before_its_beginning)] = Field(
        alias="to", description="The last day, included.", examples=["2027-08-15"]
    )
    _in_a_group = model_validator(mode="before")(day_off_words.in_a_group)


class SpanShape(PeriodShape):
    """Days from one to another, and why they stand out."""

    reason: Title | None = Field(
        default=None, description="Why, as reports tell it.", examples=["Inventaire annuel"]
    )


_LeftOut = Annotated[LeftOut, PlainValidator(day_off_words.left_out)]
_Exception = Annotated[
    Annotated[_LeftOut, Tag("word")] | Annotated[PeriodShape, Tag("period")],
    Discriminator(lambda value: "period" if isinstance(value, dict | PeriodShape) else "word"),
]
_ExceptionInput = WeekdayWord | PeriodShape
Except = Annotated[
    tuple[_Exception, ...],
    BeforeValidator(words.one_or_several, json_schema_input_type=_ExceptionInput | list[_ExceptionInput]),
]
Spans = Annotated[
    tuple[SpanShape, ...],
    BeforeValidator(words.one_or_several, json_schema_input_type=SpanShape | list[SpanShape]),
]
Covers = Annotated[
    tuple[TaskKey, ...],
    AfterValidator(words.each_once),
    BeforeValidator(words.one_or_several, json_schema_input_type=str | list[str]),
]
DayOffPolicy = Literal["keep", "skip", "previous", "next"]

# ---- Days off ---------------------------------------------------------------------------------------

_Weekdays = Annotated[tuple[int, ...], PlainValidator(day_off_words.weekdays)]
WorkingDays = Annotated[
    tuple[_Weekdays, ...],
    BeforeValidator(words.one_or_several, json_schema_input_type=WeekdayWord | list[WeekdayWord]),
]
_DateInput = Annotated[str, Field(pattern=f"^{words.DATE_PATTERN}$")]
Dates = Annotated[
    tuple[LocalDate, ...],
    AfterValidator(day_off_words.each_date_once),
    BeforeValidator(words.one_or_several, json_schema_input_type=_DateInput | list[_DateInput]),
]


_Names = Annotated[
    tuple[Text, ...],
    AfterValidator(words.each_once),
    BeforeValidator(words.one_or_several, json_schema_input_type=str | list[str]),
]


class HolidaysShape(Shape):
    """Whose holidays."""

    country: Text = Field(description="The country's code of two letters.", examples=["MA"])
    subdivision: Annotated[Text, BeforeValidator(day_off_words.text_of_number)] | None = Field(
        default=None,
        description="One of its subdivisions, where that has holidays of its own.",
        examples=["57"],
    )
    categories: _Names | None = Field(
        default=None, description="Kinds of holidays. Without it: `[public]`.", examples=[["public"]]
    )


HolidaySources = Annotated[
    tuple[HolidaysShape, ...],
    BeforeValidator(day_off_words.sources, json_schema_input_type=HolidaysShape | list[HolidaysShape]),
]


class RhythmShape(Shape):
    """What a board says of the rhythm of all its tasks, and a task may say otherwise."""

    on: On | None = Field(
        default=None,
        description=(
            "The days it falls on, in English or French; alone, a list, or a range of weekdays. Daily, "
            "weekly, biweekly: weekdays. Rarer: days 1 to 31 (a month that is too short takes its last day), "
            "`last`, `first monday`, `last working day` and their like. Once: dates, or a day that is "
            "counted from one of the board's `dates`. "
            "Without it: every day, `friday`, or `last`."
        ),
        examples=["mon-sat"],
    )
    month: MonthWord | None = Field(
        default=None,
        description=(
            "Yearly: the month by its name. Quarterly and half-yearly: its number in that, from 1. "
            "Without it: the last one."
        ),
        examples=["january"],
    )
    anchor: LocalDate | None = Field(
        default=None,
        description=(
            "Biweekly, which needs it: a day of a week that counts. The fortnight is that week and the next."
        ),
        examples=["2026-11-02"],
    )
    exceptions: Except | None = Field(
        default=None,
        alias="except",
        description="Days that are left out: weekdays, dates, `{from: …, to: …}`, or a list of them.",
        examples=["monday"],
    )
    due: DueMoment | None = Field(
        default=None,
        description=(
            "When it must be done: a time on the day it falls on, or a later day's with `offset_days` or "
            '`working_days`. Without it: "18:00".'
        ),
        examples=["17:00"],
    )
    release: Moment | None = Field(
        default=None,
        description=(
            "When its card appears, counted from the day, the week's Monday or the month's first (from the "
            "day itself where it falls on several days, once, or by a rule). "
            'Without it: "00:00". Must be before `due`.'
        ),
        examples=["06:00"],
    )
    start: LocalDate | None = Field(
        default=None,
        description="The first day that counts; nothing is owed before. A rule needs it, and begins there.",
        examples=["2026-11-01"],
    )
    until: LocalDate | None = Field(
        default=None,
        description="The last day that counts; nothing is owed after.",
        examples=["2027-06-30"],
    )
    on_day_off: DayOffPolicy | None = Field(
        default=None,
        description=(
            "What becomes of it on a day off: `keep` it, `skip` it (it is excused), or move it to the "
            "`previous` or `next` working day. Without it: `skip` where it is daily, else `previous`; `keep` "
            "while no days off are declared."
        ),
        examples=["next"],
    )
    pauses: Spans | None = Field(
        default=None,
        description=(
            "Days on which it is excused, with a reason. They add to those of workspace, theme and board."
        ),
        examples=[[{"from": "2027-08-02", "to": "2027-08-15", "reason": "Congés d’été"}]],
    )


class TeamDaysOffShape(Shape):
    """The days off of the whole team."""

    working_days: WorkingDays | None = Field(
        default=None,
        description=(
            "The weekdays that are worked. Needed once holidays are declared, or a word or `on_day_off` "
            "speaks of working days."
        ),
        examples=["mon-sat"],
    )
    holidays: HolidaySources | None = Field(
        default=None,
        description="Whose holidays are days off: `{country, subdivision, categories}`, or a list of such.",
        examples=[{"country": "MA"}],
    )
    holiday_dates: dict[LocalDate, Title] | None = Field(
        default=None,
        description="More holidays, or where estimated ones really fall: names by date.",
        examples=[{"2027-03-11": "Aïd al-Fitr"}],
    )
    not_holidays: Dates | None = Field(
        default=None,
        description="Dates that are no holidays after all.",
        examples=[["2027-03-09"]],
    )
    closures: Spans | None = Field(
        default=None,
        description="Days off of the whole team, with a reason.",
        examples=[[{"from": "2027-08-02", "to": "2027-08-15", "reason": "Fermeture d’été"}]],
    )
    pauses: Spans | None = Field(
        default=None,
        description="Days on which every task is excused, with a reason.",
        examples=[[{"from": "2027-08-02", "to": "2027-08-15", "reason": "Déménagement"}]],
    )
