"""Changes of each risk, for tests of plans."""

import datetime as dt

from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning.changes import (
    ArchiveCard,
    ArchiveTemplateCard,
    CreateCard,
    CreateList,
    CreateTemplateCard,
    EditLabel,
)

TEXT = CardText(
    "Colis", "Préparer.\n\ntrello-ops:template:zina/daily/parcels", (Checklist("Faire", ("a", "b")),)
)
LIST = CreateList(board="daily", key="todo", title="À faire", position=16384.0)
LABEL = EditLabel(board="daily", key="operations", title="Opérationnel", colour="green")
CARD = CreateCard(
    board="daily",
    key=OccurrenceKey("daily", "parcels", dt.date(2026, 11, 16)),
    theme="operations",
    assignees=("amina",),
    text=TEXT,
    start=dt.datetime(2026, 11, 15, 23, tzinfo=dt.UTC),
    due=dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC),
    copy_checklists=True,
)


def archive(number: int, board: str = "daily") -> ArchiveTemplateCard:
    return ArchiveTemplateCard(board=board, task=f"t{number}", card_id=f"c{number}")


def copy_of(number: int) -> ArchiveCard:
    return ArchiveCard(board="daily", key=CARD.key, card_id=f"c{number}", url="https://trello.com/c/1")


def template(number: int, board: str = "daily") -> CreateTemplateCard:
    return CreateTemplateCard(board=board, key=f"t{number}", theme="operations", text=TEXT)
