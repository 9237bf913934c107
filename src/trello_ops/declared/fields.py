"""The fields of board files: types for pydantic, each with its check and its form in the JSON Schema."""

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from trello_ops.core.declared import COLOURS, Proof
from trello_ops.declared import words
from trello_ops.messages import Message, say
from trello_ops.suggestions import folded
from trello_ops.wording import choose, near, shown

LONGEST_TEXT = 16_384
"""Characters in a name or a description (trello-behaviour.md#lengths-and-time-outs)."""

KEY_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_EMAIL_PATTERN = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_WORD_PATTERN = r"[A-Za-z0-9_]+"


@dataclass(frozen=True, slots=True)
class References:
    """The names that a board file may refer to; `None` where they could not be read, so anything goes."""

    themes: Collection[str] | None
    people: Collection[str] | None
    templates: Collection[str]
    slots: Collection[str] | None = None


def _form(pattern: str, complaint: str) -> AfterValidator:
    """Text of a given form."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(
                Message("`%(value)s` %(complaint)s", {"value": shown(text), "complaint": complaint})
            )
        return text

    return AfterValidator(check)


def _key(text: str) -> str:
    """A key, or what would do for one: `lundi-matin` for `Lundi matin`."""
    if not re.fullmatch(KEY_PATTERN, text):
        meant = re.sub("[^a-z0-9]+", "-", folded(shown(text))).strip("-")
        raise ValueError(
            say(
                "`%(value)s` is not a key: use lower-case letters, digits and hyphens, such as `%(key)s`",
                value=shown(text),
                key=meant or "link-test",
            )
        )
    return text


def _shown_form(pattern: str) -> WithJsonSchema:
    """The same form for editors: JSON Schema's patterns match anywhere unless they are anchored."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def _referring_to(kind: str, complaint: Callable[[str, str], str]) -> AfterValidator:
    """The name of something that is declared elsewhere; `kind` is its field of `References`.

    `complaint` makes a message of a name that is unknown and of some advice.
    """

    def check(name: str, info: ValidationInfo) -> str:
        # `None` also where the context lacks: the names could not be read, and that is a problem already.
        known = getattr(info.context, kind, None)
        if known is not None and name not in known:
            raise ValueError(partial(complain, name, known))
        return name

    def complain(name: str, known: Collection[str]) -> str:
        # People are called by their names too: `Inès Rami` for `ines`.
        first = name.partition(" ")[0]
        meant = near(name, [words.NOBODY]) or near(first, known) if kind == "people" else ""
        return complaint(shown(name), meant or choose(name, known))

    return AfterValidator(check)


# ---- Names ------------------------------------------------------------------------------------------

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
Title = Annotated[Text, AfterValidator(words.one_line)]
Key = Annotated[
    str,
    AfterValidator(_key),
    _shown_form(KEY_PATTERN),
]
_DATE_NAME_PATTERN = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
DateName = Annotated[
    str,
    _form(
        _DATE_NAME_PATTERN,
        say("is no name of a date: use lower-case letters, digits, hyphens and underscores"),
    ),
    _shown_form(_DATE_NAME_PATTERN),
]
_TASK_KEY_PATTERN = f"(?:{KEY_PATTERN}/)?{KEY_PATTERN}"
TaskKey = Annotated[
    str,
    _form(_TASK_KEY_PATTERN, say("is not a task's key: write it like `caisse`, or `daily/caisse`")),
    _shown_form(_TASK_KEY_PATTERN),
]
Email = Annotated[
    str,
    _form(_EMAIL_PATTERN, say("is not an e-mail address: write it like `name@example.com`")),
    _shown_form(_EMAIL_PATTERN),
]
Username = Annotated[
    str,
    _form(_WORD_PATTERN, say("is not a Trello username: write what follows the @ in the person's profile")),
    _shown_form(_WORD_PATTERN),
]
WorkspaceName = Annotated[
    str,
    _form(
        _WORD_PATTERN,
        say("is no Workspace's short name: copy what follows `/w/` in its address on trello.com"),
    ),
    _shown_form(_WORD_PATTERN),
]
ThemeKey = Annotated[
    str,
    _referring_to(
        "themes",
        lambda name, advice: say("there is no theme `%(name)s`: %(advice)s", name=name, advice=advice),
    ),
]
PersonKey = Annotated[
    str,
    _referring_to(
        "people",
        lambda name, advice: say("there is no person `%(name)s`: %(advice)s", name=name, advice=advice),
    ),
]
SlotKey = Annotated[
    str,
    _referring_to(
        "slots",
        lambda name, advice: say(
            "workspace.yaml has no slot `%(name)s`: %(advice)s", name=name, advice=advice
        ),
    ),
]
TemplateName = Annotated[
    # A Mac writes accents in file names apart from their letters, and keyboards do not.
    str,
    AfterValidator(partial(normalize, "NFC")),
    _referring_to(
        "templates",
        lambda name, advice: say("there is no template `%(name)s`: %(advice)s", name=name, advice=advice),
    ),
]
Colour = Annotated[
    str, AfterValidator(words.colour), WithJsonSchema({"type": "string", "enum": list(COLOURS)})
]

# ---- Days and times ---------------------------------------------------------------------------------

Zone = Annotated[ZoneInfo, PlainValidator(words.time_zone, json_schema_input_type=str)]
ClockText = Annotated[str, Field(pattern=f"^{words.CLOCK_PATTERN}$")]
LocalTime = Annotated[dt.time, PlainValidator(words.time_of_day, json_schema_input_type=ClockText)]
LocalDate = Annotated[
    dt.date,
    PlainValidator(
        words.date, json_schema_input_type=Annotated[str, Field(pattern=f"^{words.DATE_PATTERN}$")]
    ),
]

# ---- Who and what -----------------------------------------------------------------------------------

Assign = Annotated[
    tuple[PersonKey, ...],
    AfterValidator(partial(words.each_once, whom=words.EVERYBODY)),
    BeforeValidator(words.assignees, json_schema_input_type=str | list[str]),
]
_ProofName = Literal["checklist", "attachment", "comment"]
Proofs = Annotated[
    tuple[Annotated[Proof, PlainValidator(words.proof)], ...],
    AfterValidator(words.each_once),
    BeforeValidator(words.proofs, json_schema_input_type=_ProofName | Literal["nothing"] | list[_ProofName]),
]
Columns = Annotated[dict[Key, Title], AfterValidator(words.lists)]
