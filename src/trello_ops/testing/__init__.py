"""Fakes of the ports, shipped with the product: for its own tests, for yours, for rehearsals."""

from trello_ops.testing.clock import FixedClock
from trello_ops.testing.mail import Outbox
from trello_ops.testing.rows import SheetsInMemory
from trello_ops.testing.store import MemoryStore
from trello_ops.testing.trello import FakeTrello

__all__ = ["FakeTrello", "FixedClock", "MemoryStore", "Outbox", "SheetsInMemory"]
