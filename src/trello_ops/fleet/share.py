"""How many groups a node takes, so that nodes have about the same number and no group waits in vain."""

from math import ceil
from typing import Final

from trello_ops.fleet.engine import Seen

_IN_VAIN: Final = 3
"""Looks in a row at which groups waited: each node has had its turn to take its share of them."""


class Share:
    """A node's share, of `most` groups at most. All that it goes by is what was seen last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._nodes = 1
        self._waited = 0
        self.size = 0

    def look(self, seen: Seen, in_hand: int) -> int:
        """Reckon the share anew. Returns how many groups to leave to nodes that have just come."""
        fair = ceil(seen.groups / max(1, seen.nodes))
        self._waited = self._waited + 1 if seen.waiting else 0
        # Some nodes may be full: then each that is not takes its part of what waits, beyond its share.
        beyond = in_hand + ceil(seen.waiting / max(1, seen.nodes)) if self._waited >= _IN_VAIN else 0
        self.size = min(self._most, max(fair, beyond))
        leave = max(0, in_hand - fair) if seen.nodes > self._nodes else 0
        self._nodes = seen.nodes
        return leave
