"""Simulated time for many threads: one runs at a time, and whoever sleeps hands over to who wakes first."""

import datetime as dt
import heapq
import threading
from collections.abc import Callable, Iterable
from itertools import count


class TurnClock:
    """Implements the Clock port for the threads that `run` starts; the same actors make the same history."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._order = count()
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._lock = threading.Lock()
        self._raised: list[BaseException] = []

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._now, dt.UTC)

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        turn = threading.Event()
        with self._lock:
            heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), turn))
            self._hand_over()
        turn.wait()

    def run(self, actors: Iterable[Callable[[], None]]) -> None:
        """Run all actors to their ends; raises what the first to fail raised."""
        threads = [self._thread(actor) for actor in actors]
        for thread in threads:
            thread.start()
        with self._lock:
            self._hand_over()
        for thread in threads:
            thread.join()
        if self._raised:
            raise self._raised[0]

    def _thread(self, actor: Callable[[], None]) -> threading.Thread:
        turn = threading.Event()
        heapq.heappush(self._sleepers, (self._now, next(self._order), turn))
        return threading.Thread(target=self._act, args=(actor, turn), daemon=True)

    def _act(self, actor: Callable[[], None], turn: threading.Event) -> None:
        turn.wait()
        try:
            actor()
        except BaseException as error:  # noqa: BLE001 - `run` raises it
            self._raised.append(error)
        with self._lock:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._sleepers:
            wakes, _, turn = heapq.heappop(self._sleepers)
            self._now = max(self._now, wakes)
            turn.set()
