"""Trello's calls about a fleet's boards: whichever process gets one, the one that tends the shop reads."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import structlog

from trello_ops.adapters.store import SqlStore
from trello_ops.adapters.store.fleet_hints import CHANNEL, note_hint, take_hints
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.core.bindings import Kind
from trello_ops.errors import StoreError
from trello_ops.fleet.tending import Tending
from trello_ops.web.hints import Hints

log = structlog.get_logger()

_LOOK: Final = 1.0
"""Seconds between looks for hints that nobody told of, and at whether to stop."""


def hearing(tending: Tending, stop: threading.Event) -> Callable[[str], None]:
    """What is to hear of each board of a call, by its Trello id: threads read it soon, until `stop`."""
    calls: _Here | _Anywhere
    if isinstance(tending.database, PostgresDatabase):
        calls = _Anywhere(tending, tending.database)
    else:
        calls = _Here(tending)
    for name, look in calls.looks().items():
        threading.Thread(target=_again, args=[look, stop], name=name, daemon=True).start()
    return calls.hear


def _again(look: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Look again and again until `stop`; what goes wrong is logged, and polls see what was lost."""
    while not stop.is_set():
        try:
            look(stop)
        except StoreError as error:
            log.warning("hints.lost", error=str(error))
            stop.wait(_LOOK)
        except Exception:
            log.exception("hints.crashed")
            stop.wait(_LOOK)


class _Here:
    """Of a fleet in one process: boards wait in memory, and are read."""

    def __init__(self, tending: Tending) -> None:
        self._tending = tending
        self._hints = Hints[str](time.monotonic)
        self.hear = self._hints.add

    def looks(self) -> dict[str, Callable[[threading.Event], None]]:
        """What is to be called again and again, by a name."""
        return {"hints": self._read}

    def _read(self, _stop: threading.Event) -> None:
        boards = self._hints.take(_LOOK)
        for workspace in self._tending.open_workspaces() if boards else ():
            its = SqlStore(self._tending.database, workspace).bindings().of_kind(Kind.BOARD)
            self._tending.read_soon(workspace, boards.intersection(board.trello_id for board in its))


class _Anywhere:
    """Of a fleet of many nodes: through the database, to the node that tends the shop."""

    def __init__(self, tending: Tending, database: PostgresDatabase) -> None:
        self._tending, self._database = tending, database
        self._told = Hints[str](time.monotonic, quiet=0)  # who reads waits until it is quiet
        self._hints = Hints[tuple[str, str]](time.monotonic)
        self.hear = self._told.add

    def looks(self) -> dict[str, Callable[[threading.Event], None]]:
        """What is to be called again and again, by a name."""
        return {"notes": self._note, "ears": self._listen, "hints": self._read}

    def _note(self, _stop: threading.Event) -> None:
        for board in self._told.take(_LOOK):
            note_hint(self._database, board)

    def _listen(self, stop: threading.Event) -> None:
        with self._database.listening(CHANNEL) as heard:
            looked = 0.0
            told = frozenset[str]()
            while not stop.is_set():
                ours = self._tending.open_workspaces()
                # Of what it was not told of, as behind a pooler, it learns by looking.
                if not told.isdisjoint(ours) or time.monotonic() >= looked + _LOOK:
                    looked = time.monotonic()
                    for hint in take_hints(self._database, ours):
                        self._hints.add(hint)
                told = heard(_LOOK)

    def _read(self, _stop: threading.Event) -> None:
        boards = defaultdict[str, set[str]](set)
        for workspace, board in self._hints.take(_LOOK):
            boards[workspace].add(board)
        for workspace, its in boards.items():
            self._tending.read_soon(workspace, its)
