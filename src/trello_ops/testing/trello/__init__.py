"""A Trello in memory, at the level of core values: people act on it, and it fails on demand."""

from trello_ops.testing.trello.fake import Call, FakeTrello, any_change
from trello_ops.testing.trello.world import ROBOT

__all__ = ["ROBOT", "Call", "FakeTrello", "any_change"]
