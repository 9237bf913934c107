"""The shape of the weekly report in board files: part of `schema`."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from trello_ops.core.declared import AttachedForm
from trello_ops.declared import report_words, words
from trello_ops.declared.fields import Email, Key, LocalTime
from trello_ops.declared.shape import Shape

_Percent = Annotated[
    int,
    PlainValidator(
        report_words.target,
        json_schema_input_type=Annotated[int, Field(ge=1, le=100)]
        | Annotated[str, Field(pattern=f"^{report_words.PERCENT_PATTERN}$")],
    ),
]
_FormName = Literal["xlsx", "csv", "json"]
_Forms = Annotated[
    tuple[Annotated[AttachedForm, PlainValidator(report_words.attached_form)], ...],
    AfterValidator(words.each_once),
    BeforeValidator(report_words.attach, json_schema_input_type=_FormName | list[_FormName]),
]
Recipients = Annotated[
    tuple[Email, ...],
    BeforeValidator(report_words.addresses, json_schema_input_type=Email | list[Email]),
]


class ReportShape(Shape):
    """The weekly report."""

    to: Recipients = Field(
        description="E-mail addresses it is sent to.", examples=[["gerante@zinaobeldi.example"]]
    )
    closes: LocalTime = Field(
        default=dt.time(7, 0),
        description='Local time on Monday at which the week before closes. Without it: "07:00".',
        examples=["07:00"],
    )
    target: _Percent = Field(
        default=90,
        description=(
            "How many percent are to be done on time; the report says whether that can be expected. Without "
            "it: 90."
        ),
        examples=[90],
    )
    people: bool = Field(
        default=False,
        description="`true` where it tells each person's own figures. Without it: nobody's.",
        examples=[True],
    )
    boards: dict[Key, Recipients] | None = Field(
        default=None,
        description="Who gets the report of one board alone: addresses by the board's key.",
        examples=[{"daily": ["responsable@zinaobeldi.example"]}],
    )
    attach: _Forms | None = Field(
        default=None,
        description="What is attached to it: `xlsx` (a workbook), `csv`, `json`, or a list of them.",
        examples=[["xlsx"]],
    )
    forecast: bool = Field(
        default=False,
        description=(
            "`true` where everybody with an `email` gets their own coming week on Monday, once the week "
            "before has closed."
        ),
        examples=[True],
    )
