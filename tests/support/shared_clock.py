"""One simulated time for the sandbox and for every process of a test."""

import datetime as dt
import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import requests
from clock_kit import now

_SHAPE = struct.Struct("dd")
_PAUSE = 0.005


class SharedClock:
    """Real time, plus what anybody moved it on by; every process that opens `file` shows the same.

    Implements the Clock port. Whoever sleeps moves it on for all, so that nobody waits for a budget, a pause
    or a claim to settle. It never jumps while a write is under way (`standing`) or still to land: a request
    would seem to take minutes then, which no patience is meant to outlast.
    """

    def __init__(self, file: Path, sandbox_url: str) -> None:
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _SHAPE.size)
        self._lock_file = file
        self._url = f"{sandbox_url}/sandbox"
        self._http = requests.Session()
        self._http.trust_env = False
        self._moving = threading.RLock()
        self._mine = threading.local()

    @classmethod
    def create(cls, file: Path, sandbox_url: str, start: dt.datetime) -> "SharedClock":
        """A new clock that shows `start`, on the sandbox too."""
        file.write_bytes(_SHAPE.pack(start.timestamp() - now().timestamp(), 0.0))
        clock = cls(file, sandbox_url)
        clock.advance(0)
        return clock

    # ---- the port

    def now(self) -> dt.datetime:
        return now() + dt.timedelta(seconds=self._read()[0])

    def monotonic(self) -> float:
        return time.monotonic() + self._read()[1]

    def sleep(self, seconds: float) -> None:
        """A thread that stands for a write lets go of it meanwhile: nothing is under way while it waits."""
        standing: int | None = getattr(self._mine, "standing", None)
        if standing is not None:
            fcntl.flock(standing, fcntl.LOCK_UN)
        try:
            self.advance(seconds)
        finally:
            if standing is not None:
                fcntl.flock(standing, fcntl.LOCK_SH)

    # ---- moving

    def advance(self, seconds: float) -> None:
        with self._moving, self._locked(fcntl.LOCK_EX):
            self._let_land()
            offset, moved = self._read()
            self._shared[:] = _SHAPE.pack(offset + seconds, moved + seconds)
            self._http.post(
                f"{self._url}/clock", json={"now": self.now().isoformat()}, timeout=60
            ).raise_for_status()

    def advance_to(self, moment: dt.datetime) -> None:
        """Move on to an instant; one that has passed leaves the clock as it is."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Nobody moves the clock meanwhile; a process that dies lets go."""
        with self._locked(fcntl.LOCK_SH) as lock:
            self._mine.standing = lock
            try:
                yield
            finally:
                self._mine.standing = None

    def left_alone(self) -> AbstractContextManager[object]:
        """No thread of this process moves the clock meanwhile."""
        return self._moving

    def close(self) -> None:
        self._http.close()
        self._shared.close()

    def _read(self) -> tuple[float, float]:
        offset, moved = _SHAPE.unpack(self._shared[:])
        return offset, moved

    def _let_land(self) -> None:
        """Whatever left before this has arrived once the sandbox answers, and what is late is waited for."""
        while self._http.get(f"{self._url}/underway", timeout=60).json()["landing"]:
            time.sleep(_PAUSE)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[int]:
        descriptor = os.open(self._lock_file, os.O_RDWR)
        try:
            fcntl.flock(descriptor, kind)
            yield descriptor
        finally:
            os.close(descriptor)
