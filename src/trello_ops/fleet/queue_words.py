"""By what a node and its groups are known in the queue, also to those who only look at it."""

from typing import Final

LEASE: Final = 15.0
"""Seconds without a sign of life after which a node's groups are others' to take."""

TEND: Final = "trello-ops:tend"
"""The task of a group in hand."""
