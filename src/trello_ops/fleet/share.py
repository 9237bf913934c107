"""How many groups a node takes, so that nodes have about the same number and no group waits in vain."""

from math import ceil

from trello_ops.fleet.engine import Seen


class Share:
    """A node's share, of `most` groups at most. All that it goes by is what was seen last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._nodes = 1
        self._waited = False
        self.size = 0

    def look(self, seen: Seen, in_hand: int) -> int:
        """Reckon the share anew. Returns how many groups to leave to nodes that have just come."""
        fair = ceil(seen.groups / max(1, seen.nodes))
        # Others may be full: what nobody took since the last look is taken beyond one's share.
        beyond = in_hand + seen.waiting if seen.waiting and self._waited else 0
        self.size = min(self._most, max(fair, beyond))
        leave = max(0, in_hand - fair) if seen.nodes > self._nodes else 0
        self._nodes, self._waited = seen.nodes, bool(seen.waiting)
        return leave
