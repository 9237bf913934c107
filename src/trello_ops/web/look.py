"""What a function found, kept for some seconds; nobody waits long for one that hangs."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

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
            latest = self._latest = self._begun()
            self._until = self._monotonic() + self._keep
        async with asyncio.timeout(self._patience):
            return await asyncio.wrap_future(latest)

    def _begun(self) -> Future[T]:
        found = Future[T]()
        found.set_running_or_notify_cancel()  # from now on, nobody's impatience cancels it for others
        # In a thread that holds up no end of the process, as those of a pool would.
        threading.Thread(target=self._fill, args=[found], name="look", daemon=True).start()
        return found

    def _fill(self, found: Future[T]) -> None:
        try:
            found.set_result(self._find())
        except BaseException as error:  # noqa: BLE001 - whoever asks gets it
            found.set_exception(error)
