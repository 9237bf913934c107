"""The shape of what becomes of cards around their due: reminders, and undone ones. Part of `schema`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from trello_ops.core.declared import Undone
from trello_ops.declared import overdue_words, words
from trello_ops.declared.fields import Key
from trello_ops.declared.shape import Shape

# Some of these shapes have no docstrings: the JSON Schema would show them in place of what the field says.


class MoveShape(Shape):
    move_to: Key


UndonePolicy = Annotated[
    tuple[Undone, str],
    PlainValidator(words.undone, json_schema_input_type=Literal["keep", "archive"] | MoveShape),
]

_Remind = Annotated[
    int | None,
    PlainValidator(
        overdue_words.remind,
        json_schema_input_type=Annotated[
            str | int,
            WithJsonSchema(
                {
                    "anyOf": [
                        {"enum": [0, "5 min", "10 min", "15 min", "1h", "2h", "1 day", "2 days", "never"]},
                        {"type": "string"},
                    ]
                }
            ),
        ],
    ),
]


class NagShape(Shape):
    """Comments that remind people of a card while it is overdue."""

    after: Annotated[int, PlainValidator(overdue_words.after, json_schema_input_type=str)] | None = Field(
        default=None,
        description="How long after the due the first one comes: `30 min`, `2h`. Without it: `2h`.",
        examples=["2h"],
    )
    every: (
        Annotated[tuple[int, int], PlainValidator(overdue_words.every, json_schema_input_type=str)] | None
    ) = Field(
        default=None,
        description=(
            "How long after that the next ones come: `4h`, `1 day`, or so many working days, such as "
            "`1 working day` or `2 jours ouvrés`, which need `working_days`. Without it: `1 day`."
        ),
        examples=["1 day"],
    )
    most: int = Field(
        default=3, ge=1, le=10, description="How many come at most, 1 to 10. Without it: 3.", examples=[3]
    )


class OverdueShape(Shape):
    """What a board says of reminders and undone cards of all its tasks, and a task may say otherwise."""

    remind: _Remind | None = Field(
        default=None,
        description=(
            "How long before the due Trello reminds those on the card: `0`, `5 min`, `10 min`, `15 min`, "
            "`1h`, `2h`, `1 day`, `2 days`, or `never`. Without it: `1h` where it is daily, else `1 day`."
        ),
        examples=["2h"],
    )
    when_open: UndonePolicy | None = Field(
        default=None,
        description=(
            "What becomes of its former card, if that is still undone when the next one comes: `keep` it (so "
            "it is without this), `archive` it, or `{move_to: KEY}` for one of the board's lists."
        ),
        examples=["archive"],
    )
    nag: (
        Annotated[
            NagShape | None,
            BeforeValidator(overdue_words.nag, json_schema_input_type=NagShape | Literal["never"]),
        ]
        | None
    ) = Field(
        default=None,
        description=(
            "Comments that mention people while a card is overdue and undone, each in its person's language; "
            "or `never`, as it is without this."
        ),
        examples=[{"after": "2h", "every": "1 day", "most": 3}],
    )
