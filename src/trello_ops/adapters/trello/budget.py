"""How fast a token may ask Trello: a sliding window of ten seconds, and a pause after a 429."""

import datetime as dt
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import cast

from pyrate_limiter import InMemoryBucket, Rate, RateItem, SQLiteBucket

from trello_ops.errors import NotSent, StoreError
from trello_ops.ports import Clock

WINDOW = dt.timedelta(seconds=10)
"""The window in which Trello counts the requests of a token (facts sheet §1.1)."""

_WINDOW_MS = WINDOW // dt.timedelta(milliseconds=1)


class Budget:
    """Permission to send, shared by all threads; `shared` shares it between processes too.

    Time is the clock's `monotonic()`, which the processes of one machine have in common.
    """

    def __init__(
        self,
        bucket: InMemoryBucket | SQLiteBucket,
        clock: Clock,
        exclusively: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._bucket = bucket
        self._clock = clock
        self._exclusively = exclusively
        self._lock = threading.Lock()
        self._quiet_until = float("-inf")

    @classmethod
    def private(cls, requests_per_10s: int, clock: Clock) -> "Budget":
        """A budget of this process alone."""
        return cls(InMemoryBucket([Rate(requests_per_10s, _WINDOW_MS)]), clock)

    @classmethod
    def shared(cls, requests_per_10s: int, clock: Clock, file: Path, token: str) -> "Budget":
        """A budget of every process that opens `file` with this token. Raises `StoreError`."""
        table = "sent_" + hashlib.sha256(token.encode()).hexdigest()[:16]
        with _spoken_of(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")  # of the file, for good
            bucket = SQLiteBucket.init_from_file([Rate(requests_per_10s, _WINDOW_MS)], table, str(file))
            bucket.conn.execute("PRAGMA busy_timeout = 30000")
            bucket.conn.execute("PRAGMA synchronous = NORMAL")
            newest = bucket.peek(0)
            if newest and newest.timestamp > _milliseconds(clock):
                bucket.flush()  # written before the machine was started again

        @contextmanager
        def exclusively() -> Iterator[None]:
            with _spoken_of(file):
                bucket.conn.execute("BEGIN IMMEDIATE")
                try:
                    yield
                finally:
                    bucket.conn.rollback()  # what was admitted is committed by now

        return cls(bucket, clock, exclusively)

    def wait(self, send_before: float | None) -> None:
        """Return when a request may leave; raise `NotSent` when that would be too late."""
        while wait := self._take():
            self._raise_if_late(send_before, wait)
            self._clock.sleep(wait)
        self._raise_if_late(send_before, 0)

    def pause(self, seconds: float) -> None:
        """Keep every thread quiet for so long."""
        with self._lock:
            self._quiet_until = max(self._quiet_until, self._clock.monotonic() + seconds)

    def close(self) -> None:
        self._bucket.close()

    def _take(self) -> float:
        """Take a permission and return zero, or the seconds after which to ask again."""
        with self._lock:
            quiet = self._quiet_until - self._clock.monotonic()
            if quiet > 0:
                return quiet
            item = RateItem("request", _milliseconds(self._clock))
            with self._exclusively():
                wait = 0 if self._bucket.put(item) else self._waiting(item)
            with self._exclusively():
                self._bucket.leak(item.timestamp)
        return wait / 1000

    def _waiting(self, item: RateItem) -> int:
        waiting = cast("int", self._bucket.waiting(item))  # awaitable in buckets that we do not use
        return max(waiting, 1)

    def _raise_if_late(self, send_before: float | None, wait: float) -> None:
        if send_before is not None and self._clock.monotonic() + wait >= send_before:
            raise NotSent(
                "The request was held back: the claim it serves would have run out. It is due again."
            )


def _milliseconds(clock: Clock) -> int:
    return int(clock.monotonic() * 1000)


@contextmanager
def _spoken_of(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{file}: the request budget kept there cannot be used ({error}). "
            "Check the folder's rights; if the file is damaged, delete it: it is made anew."
        ) from error
