"""One board is read by one thread at a time, so that the second begins with what the first has recorded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class BoardLocks:
    """A lock for each board, shared by one process's threads."""

    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    @contextmanager
    def hold(self, board: str) -> Iterator[None]:
        """Wait until no other thread reads the board of this key, and keep others waiting meanwhile."""
        with self._locks.setdefault(board, threading.Lock()):
            yield
