"""One board is read by one thread at a time, so that the second begins with what the first has recorded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class BoardLocks:
    """One process's readers, who wait for each other, board by board."""

    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    @contextmanager
    def hold(self, board: str) -> Iterator[None]:
        with self._locks.setdefault(board, threading.Lock()):
            yield
