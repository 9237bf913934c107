"""The shape of slots, durations, and several times a day: part of `schema`."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from trello_ops.declared import slot_words
from trello_ops.declared.fields import ClockText, Key, LocalTime, SlotKey
from trello_ops.declared.shape import Shape
from trello_ops.declared.words import WEEKDAYS

_Weekday = Annotated[
    int,
    PlainValidator(slot_words.weekday),
    WithJsonSchema({"anyOf": [{"enum": list(WEEKDAYS)}, {"type": "string"}]}),
]
Duration = Annotated[int, PlainValidator(slot_words.duration, json_schema_input_type=str)]
Times = Annotated[
    tuple[dt.time, ...],
    PlainValidator(slot_words.times, json_schema_input_type=Annotated[list[ClockText], Field(min_length=2)]),
]


class SlotShape(Shape):
    """A stretch of a weekday in which work of one kind is done in a batch."""

    day: _Weekday = Field(description="Its weekday, in English or French.", examples=["monday"])
    begins: LocalTime = Field(alias="from", description="When it begins.", examples=["09:00"])
    ends: Annotated[LocalTime, AfterValidator(slot_words.after_its_beginning)] = Field(
        alias="to", description="When it ends, on the same day.", examples=["12:30"]
    )


class SlotsShape(Shape):
    """The slots of a team."""

    slots: dict[Key, SlotShape] | None = Field(
        default=None,
        description="Stretches of the week in which tasks are done in a batch, by key.",
        examples=[{"lundi-matin": {"day": "monday", "from": "09:00", "to": "12:30"}}],
    )


class SlottedShape(Shape):
    """When within a day a task is done."""

    slot: SlotKey | None = Field(
        default=None,
        description=(
            "Key of a slot in workspace.yaml. Its weekday stands for `on`, its beginning is the card's "
            "start, and its end the due, unless the task itself says `due`."
        ),
        examples=["lundi-matin"],
    )
    duration: Duration | None = Field(
        default=None,
        description="How long it takes, from 5 minutes to 12 hours: `30 min`, `1h`, `1h30`.",
        examples=["1h30"],
    )
    times: Times | None = Field(
        default=None,
        description=(
            "Several times a day: short for a task for each time, with that due, and the time after its key "
            "and title."
        ),
        examples=[["10:00", "14:00", "18:00"]],
    )
