"""The shape of people in board files, and of who does what: part of `schema`."""

from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PlainValidator, Tag

from trello_ops.core.people import TurnBy
from trello_ops.declared import people_words, words
from trello_ops.declared.calendar_shapes import SpanShape, WorkingDays
from trello_ops.declared.fields import Assign, Email, Key, LocalDate, PersonKey, Title, Username
from trello_ops.declared.shape import Shape

# ---- People -----------------------------------------------------------------------------------------


class AbsenceShape(SpanShape):
    """Days on which somebody is away."""

    reason: Title | None = Field(
        default=None, description="Why, as reports tell it.", examples=["Arrêt maladie"]
    )
    stand_in: PersonKey | None = Field(
        default=None,
        description="Who gets the cards meanwhile, by key. Rounds need none: the next one takes the turn.",
        examples=["karim"],
    )


Absences = Annotated[
    tuple[AbsenceShape, ...],
    BeforeValidator(words.one_or_several, json_schema_input_type=AbsenceShape | list[AbsenceShape]),
]


class PersonShape(Shape):
    """Somebody who can be assigned."""

    trello: Username = Field(description="Trello username, without the @.", examples=["amal_zina"])
    name: Title = Field(description="Name, as reports show it.", examples=["Amal Benali"])
    email: Email | None = Field(
        default=None, description="E-mail address.", examples=["amal@zinaobeldi.example"]
    )
    language: Literal["fr", "en"] | None = Field(
        default=None,
        description="Language of what is written to this person. Without it: the workspace's.",
        examples=["fr"],
    )
    working_days: WorkingDays | None = Field(
        default=None,
        description="The weekdays that this person works; absent on others. Without it: all.",
        examples=["mon-thu"],
    )
    absences: Absences | None = Field(
        default=None,
        description="When this person is away, and who stands in; one, or a list.",
        examples=[
            [{"from": "2027-08-02", "to": "2027-08-15", "stand_in": "karim", "reason": "Congés d’été"}]
        ],
    )
    was: Key | None = Field(default=None, description="The key before it was renamed.", examples=["amal"])


# ---- Who does it ------------------------------------------------------------------------------------

_InTurn = Annotated[str, AfterValidator(people_words.in_turn)]
_InTurns = Annotated[
    tuple[_InTurn, ...],
    AfterValidator(people_words.at_least_two),
    AfterValidator(partial(words.each_once, whom=words.EVERYBODY)),
    BeforeValidator(words.assignees, json_schema_input_type=list[str]),
]
_TurnBy = Annotated[
    TurnBy,
    PlainValidator(
        people_words.turn_by, json_schema_input_type=Literal["occurrence", "week", "month", "semaine", "mois"]
    ),
]


class TurnsShape(Shape):
    """People who take turns, in this order; whoever is away is passed over."""

    people: _InTurns = Field(
        description="Their keys, in the order of the turns; two or more.", examples=[["amal", "karim"]]
    )
    by: _TurnBy | None = Field(
        default=None,
        description="How long a turn lasts: `occurrence`, `week` or `month`. Without it: `occurrence`.",
        examples=["week"],
    )
    since: LocalDate | None = Field(
        default=None,
        description="The day on which the first turn begins. Without it: the `start` of task or board.",
        examples=["2026-11-02"],
    )


# Without docstring: the JSON Schema would show it in place of what the field itself says.
class RoundShape(Shape):
    rotate: Annotated[
        TurnsShape, BeforeValidator(people_words.turns, json_schema_input_type=list[str] | TurnsShape)
    ]


Assignment = Annotated[
    Annotated[RoundShape, Tag("round")] | Annotated[Assign, Tag("named")],
    Discriminator(people_words.kind_of_assignment),
    BeforeValidator(people_words.no_group_in_list, json_schema_input_type=str | list[str] | RoundShape),
]


class StaffShape(Shape):
    """What a board says of the people of all its tasks, and a task may say otherwise."""

    assign: Assignment | None = Field(
        default=None,
        description=(
            "Who does it: a person's key, a list of them, `nobody`, or people who take turns: "
            "`{rotate: [amal, karim]}`."
        ),
        examples=["amal"],
    )
    when_absent: Literal["flag", "excuse"] | None = Field(
        default=None,
        description=(
            "What becomes of it while whoever does it is away and nobody stands in: `flag` makes the card "
            "all the same, nobody's, and points it out (so it is without this); `excuse` makes none."
        ),
        examples=["excuse"],
    )
