"""How many requests are answered to an address in a minute."""

from collections import Counter
from collections.abc import Callable
from typing import Final

_WINDOW: Final = 60.0
_MOST_ADDRESSES: Final = 10_000


class Rates:
    """Counts by address, anew in each minute. Belongs to one event loop."""

    def __init__(self, monotonic: Callable[[], float], most: int) -> None:
        self._monotonic, self._most = monotonic, most
        self._counts: Counter[str] = Counter()
        self._since = monotonic()

    def count(self, address: str) -> None:
        """Count one more."""
        self._begin_anew()
        # Of more addresses than any shop has visitors, the others share a count.
        known = address in self._counts or len(self._counts) < _MOST_ADDRESSES
        self._counts[address if known else ""] += 1

    def is_full(self, address: str) -> bool:
        """Whether an address has had as many as it may."""
        self._begin_anew()
        shared = (
            self._counts[""] if address not in self._counts and len(self._counts) >= _MOST_ADDRESSES else 0
        )
        return max(self._counts.get(address, 0), shared) >= self._most

    def _begin_anew(self) -> None:
        now = self._monotonic()
        if now >= self._since + _WINDOW:
            self._counts.clear()
            self._since = now
