"""The ports, and the Services bundle that operations receive.

A port speaks core nouns only. `tests/contracts/` holds one suite per port, run on every implementation.
"""

from dataclasses import dataclass, field

from trello_ops.ports.clock import Clock
from trello_ops.ports.heartbeat import Heartbeat, NoHeartbeat
from trello_ops.ports.mail import Attachment, InlineImage, Mail, Mailer
from trello_ops.ports.notify import NoNotifier, Notifier
from trello_ops.ports.render import (
    CardRenderer,
    CardTemplates,
    Checked,
    ForecastRenderer,
    ReportRenderer,
    RowTexts,
)
from trello_ops.ports.rows import NoRows, RowReader
from trello_ops.ports.store import (
    BindingStore,
    ClaimStore,
    HealthStore,
    LedgerStore,
    ReportStore,
    RowStore,
    Store,
)
from trello_ops.ports.trello import Made, TrelloGateway


@dataclass(frozen=True, slots=True)
class Services:
    """The ports together; without a second channel, watched by nobody, and without workbooks, unless said."""

    trello: TrelloGateway
    store: Store
    clock: Clock
    mailer: Mailer
    notifier: Notifier = field(default_factory=NoNotifier)
    heartbeat: Heartbeat = field(default_factory=NoHeartbeat)
    rows: RowReader = field(default_factory=NoRows)


__all__ = [
    "Attachment",
    "BindingStore",
    "CardRenderer",
    "CardTemplates",
    "Checked",
    "ClaimStore",
    "Clock",
    "ForecastRenderer",
    "HealthStore",
    "Heartbeat",
    "InlineImage",
    "LedgerStore",
    "Made",
    "Mail",
    "Mailer",
    "Notifier",
    "ReportRenderer",
    "ReportStore",
    "RowReader",
    "RowStore",
    "RowTexts",
    "Services",
    "Store",
    "TrelloGateway",
]
