"""What a function found, kept for some seconds; nobody waits long for one that hangs."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from trello_ops.web.threads import begun

T = TypeVar("T")


class Look(Generic[T]):
    """Asks `find` again when what it found is `keep` seconds old, one call at a time. Of one event loop.

    Whoever asks waits for `patience` seconds at most.
    """

    def __init__(
        self,
        find: Callable[[], T],
        keep: float,
        patience: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find, self._keep, self._patience, self._monotonic = find, keep, patience, monotonic
        self._latest: Future[T] | None = None
        self._until = 0.0

    async def now(self) -> T:
        """What was found last. Raises what `find` does, and `TimeoutError`."""
        latest = self._latest
        if latest is None or (latest.done() and self._monotonic() >= self._until):
            latest = self._latest = begun(self._find)
            self._until = self._monotonic() + self._keep
        async with asyncio.timeout(self._patience):
            return await asyncio.wrap_future(latest)
