"""The four ports, and the Services bundle that operations receive.

A port speaks core nouns only. `tests/contracts/` holds one suite per port, run on every implementation.
"""

from dataclasses import dataclass

from trello_ops.ports.clock import Clock
from trello_ops.ports.mail import Attachment, InlineImage, Mail, Mailer
from trello_ops.ports.render import CardRenderer, CardTemplates, Checked, ReportRenderer
from trello_ops.ports.store import BindingStore, ClaimStore, HealthStore, LedgerStore, ReportStore, Store
from trello_ops.ports.trello import Made, TrelloGateway


@dataclass(frozen=True, slots=True)
class Services:
    """The four ports together."""

    trello: TrelloGateway
    store: Store
    clock: Clock
    mailer: Mailer


__all__ = [
    "Attachment",
    "BindingStore",
    "CardRenderer",
    "CardTemplates",
    "Checked",
    "ClaimStore",
    "Clock",
    "HealthStore",
    "InlineImage",
    "LedgerStore",
    "Made",
    "Mail",
    "Mailer",
    "ReportRenderer",
    "ReportStore",
    "Services",
    "Store",
    "TrelloGateway",
]
