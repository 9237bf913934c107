"""The nodes of the demo's fleet: started, killed, waited for, and what each of them did by its own log."""

import datetime as dt
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from trello_ops.demo.fleet_node import FileClock
from trello_ops.ports import Store

_PATIENCE: Final = 300.0
_LOOK: Final = 0.25
_JOBS: Final = ("issue", "observe", "report")


class Nodes:
    """So many nodes as processes, over the fleet in a folder; ended with the block."""

    def __init__(self, folder: Path, clock: FileClock, stores: Mapping[str, Store], count: int) -> None:
        self._folder, self._clock, self._stores = folder, clock, stores
        self._logs = [folder / f"node-{number}.log" for number in range(1, count + 1)]
        self._processes: list[subprocess.Popen[bytes]] = []
        self._killed = ""

    def __enter__(self) -> Self:
        for log in self._logs:
            with log.open("wb") as file:
                command = [
                    sys.executable, "-m", "trello_ops.demo.fleet_node", str(self._folder),
                    str(self._folder / "clock"),
                ]  # fmt: skip
                self._processes.append(subprocess.Popen(command, stdout=file, stderr=file))  # noqa: S603
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def serve(self, moment: dt.datetime) -> None:
        """Wait until every shop was served since a moment. Raises `LookupError` after five minutes."""
        # Twice: what ended since then may have begun before.
        for _ in range(2):
            _until(partial(self._all_served, moment), self._logs)
            moment = self._clock.now()

    def _all_served(self, moment: dt.datetime) -> bool:
        return all(_served(store, moment) for store in self._stores.values())

    def report(self, weeks: int, agency: Store) -> None:
        """Wait until so many weeks are reported of every shop, and then of all, and nobody is owed them."""
        stores = (*self._stores.values(), agency)
        _until(lambda: all(len(store.frozen_weeks()) >= weeks for store in stores), self._logs)
        _until(lambda: not agency.unsent(), self._logs)

    def kill_one(self, cards: Callable[[], Sequence[object]]) -> None:
        """Kill the last node as soon as more cards are made."""
        before = len(cards())
        _until(lambda: len(cards()) > before, self._logs)
        self._processes[-1].kill()
        self._killed = f"{self._clock.now():%A %d %B, %H:%M:%S}"

    def told(self) -> Iterator[str]:
        """What each node did, a line each."""
        for number, log in enumerate(self._logs, 1):
            events = Counter(line["event"] for line in _lines(log))
            shops = {shop for line in _lines(log) for shop in line.get("shops", ())}
            end = f"; killed on {self._killed} of the shops' time" if number == len(self._logs) else ""
            yield (
                f"  node {number}: {len(shops)} shops in {events['group.begun']} terms, "
                f"{events['card.issued']} cards made, {events['card.adopted']} found made{end}"
            )


def _served(store: Store, moment: dt.datetime) -> bool:
    jobs = store.jobs()
    served = all(name in jobs and jobs[name] >= moment for name in _JOBS)
    return served and not store.unissued() and not store.claims()


def _until(true: Callable[[], bool], logs: Sequence[Path]) -> None:
    end = time.monotonic() + _PATIENCE
    while not true():
        if time.monotonic() > end:
            tail = "\n".join(log.read_text("utf-8")[-2_000:] for log in logs)
            raise LookupError(f"The shops were not served within {_PATIENCE:.0f} seconds.\n{tail}")
        time.sleep(_LOOK)


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text("utf-8").splitlines():
        if line.startswith("{"):
            yield json.loads(line)
