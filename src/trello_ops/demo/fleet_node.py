"""One node of the demo's fleet, as a process of its own: its shops live in simulated time."""

import datetime as dt
import os
import struct
import sys
import threading
from pathlib import Path
from typing import Final

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store.postgres import open_server
from trello_ops.daemon import stop_on_signals
from trello_ops.demo.fleet_shops import read
from trello_ops.fleet.bounds import Bounds
from trello_ops.fleet.node import Node
from trello_ops.settings import load
from trello_ops.telemetry import configure_logging, redactor

_SHAPE: Final = struct.Struct("d")
_BOUNDS: Final = Bounds(threads=8, key_requests=3_000)
"""The local Trello is told to have no limits, so that two weeks do not take hours."""


class FileClock(SystemClock):
    """Real time, plus what `jump` moved it on by; every process that opens the file shows the same."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._file).st_size == 0:
            self._move_on_by(0.0)

    def now(self) -> dt.datetime:
        """Aware UTC, in simulated time."""
        (seconds,) = _SHAPE.unpack(os.pread(self._file, _SHAPE.size, 0))
        return super().now() + dt.timedelta(seconds=seconds)

    def jump(self, moment: dt.datetime) -> None:
        """Have it show a moment now, and run on from there."""
        self._move_on_by((moment - super().now()).total_seconds())

    def _move_on_by(self, seconds: float) -> None:
        os.pwrite(self._file, _SHAPE.pack(seconds), 0)


def main(folder: Path, clock: Path) -> None:
    """Be a node of the fleet in a folder until told to stop."""
    fleet = read(folder)
    configure_logging(
        "info", "json", redactor(each for t in fleet.tenants.values() for each in t.settings.secrets())
    )
    stop = threading.Event()
    stop_on_signals(stop)
    settings = load({}, folder / ".env", elsewhere=("trello_secret",))
    database = open_server(settings.database_url.get_secret_value())
    node = Node(database, settings, lambda: read(folder), stop, _BOUNDS, clock=FileClock(clock))
    node.run()
    os._exit(0)  # a request in hand would keep the process alive


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
