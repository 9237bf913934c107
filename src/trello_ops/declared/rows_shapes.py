"""The shape of rows of a workbook that become check items or cards: part of `schema`."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, Field, WithJsonSchema

from trello_ops.core.declared import Task
from trello_ops.core.row_tasks import FREQUENCIES
from trello_ops.core.rows import Rows
from trello_ops.declared.fields import Text, Title
from trello_ops.declared.shape import Shape
from trello_ops.messages import Message, say
from trello_ops.wording import shown

_SUFFIXES = (".xlsx", ".xlsm", ".csv")
_WHOLE_PATH = re.compile(r"[/\\]|[A-Za-z]:")


def _row_file(text: str) -> str:
    """The path of a workbook or CSV file beside the board files, in whichever form accents were typed."""
    path = PurePosixPath(text)
    if _WHOLE_PATH.match(text) or ".." in path.parts or "\\" in text:
        message = say("should be the name of a file beside the board files, such as `shooting.xlsx`")
        raise ValueError(message)
    if path.suffix.lower() not in _SUFFIXES:
        raise ValueError(say("`%(value)s` is not read: save it as .xlsx or .csv", value=shown(text)))
    return normalize("NFC", text)


RowFile = Annotated[
    Title, AfterValidator(_row_file), WithJsonSchema({"type": "string", "pattern": r"\.(xlsx|xlsm|csv)$"})
]


class RowsShape(Shape):
    """Rows of a workbook that become the check items of a card, or cards."""

    file: RowFile = Field(
        description="A workbook (.xlsx, .xlsm) or CSV file beside the board files.",
        examples=["shooting.xlsx"],
    )
    date: Title = Field(
        description="Heading of the column with each row's date, by which it comes onto a card.",
        examples=["Date"],
    )
    item: Text = Field(
        description="What a row's check item says, as in card templates, with the row's columns by name.",
        examples=["{{ Produit }} – {{ Vue }} → {{ Fichier }}"],
    )
    sheet: Title | None = Field(
        default=None, description="Name of the sheet. Without it: the first one.", examples=["Vues"]
    )
    key: Title | None = Field(
        default=None,
        description=(
            "Heading of a column that names each row for good, so that its other cells may change. Without "
            "it a row is known by its check item."
        ),
        examples=["Réf"],
    )
    checklist: Title | None = Field(
        default=None,
        description="Title of the checklist. Without it: the name of the file.",
        examples=["Vues à prendre"],
    )
    cards: bool = Field(
        default=False,
        description=(
            "`true`: each row has a card of its own, with `item` as its title, and no check item. It needs "
            "`key` then."
        ),
        examples=[True],
    )


def rows_of(shape: RowsShape | None) -> Rows | None:
    """The rows that a task declares, as the core's value."""
    if shape is None:
        return None
    return Rows(
        file=shape.file,
        date=shape.date,
        item=shape.item,
        sheet=shape.sheet or "",
        key=shape.key or "",
        checklist=shape.checklist or "",
        cards=shape.cards,
    )


def flaws_of_cards(task: Task) -> Iterator[tuple[tuple[str, ...], Message]]:
    """What does not go with cards for rows, each with the fields below the task that say it."""
    rows = task.rows
    if rows is None or not rows.cards:
        return
    if not rows.key:
        yield ("rows", "cards"), say("needs a `key`: the heading of a column that names each row for good")
    if rows.checklist:
        yield ("rows", "checklist"), say("is for rows that are check items: delete it, or `cards`")
    if task.cadence.frequency not in FREQUENCIES:
        yield ("rows", "cards"), say("goes with what comes round daily, weekly, fortnightly or monthly")
    for field, said in (("slot", task.slot), ("covers", task.covers), ("assign", task.round)):
        if said:
            yield (field,), say("does not go with `cards` for rows: delete one of the two")
