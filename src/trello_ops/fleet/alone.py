"""All shops of a fleet in one process: a database in a file has no other machines."""

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from trello_ops.adapters.store import Database
from trello_ops.fleet.reading import Reading
from trello_ops.fleet.serving import Serving
from trello_ops.fleet.tenant import Fleet
from trello_ops.fleet.tending import Tending, own_name
from trello_ops.fleet.watchdog import machine_time
from trello_ops.settings import Settings
from trello_ops.telemetry import always_tell

log = structlog.get_logger()

_LOOK: Final = 1.0
_DRAIN: Final = 3.0
_DEAD: Final = 30.0
"""Seconds without a look after which the process does not live."""


class Alone:
    """Tends every shop until `stop` is set.

    `settings` are the process's own. `load` reads what is declared.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        load: Callable[[], Fleet],
        stop: threading.Event,
        threads: int,
    ) -> None:
        self._fleet, self._settings, self._stop = Reading(load), settings, stop
        self._tending = Tending(database, threads, own_name())
        self._looked_at = 0.0

    def run(self) -> bool:
        """Block until stopped. Returns whether all that was in hand has ended."""
        tending = self._tending
        always_tell(node=tending.node)
        log.info("node.started")
        self._fleet.read()
        self._looked_at = machine_time()
        Serving(tending, self._settings, self._fleet, self._is_looking, self._stop).start()
        tending.alarms.start()
        tending.report_all(lambda: self._fleet.fleet, self._stop.is_set)
        while not self._stop.is_set():
            self._fleet.read()
            self._keep_in_step()
            self._looked_at = machine_time()
            tending.alarms.notice_jump()
            self._stop.wait(_LOOK)
        tending.alarms.stop()
        ended = self._drained()
        log.info("node.stopped", drained=ended)
        return ended

    def _is_looking(self) -> bool:
        return machine_time() - self._looked_at < _DEAD

    def _keep_in_step(self) -> None:
        """End the terms of groups that were changed or removed, and begin those of new ones."""
        terms, groups = self._tending.terms, self._fleet.groups
        for group, term in list(terms.items()):
            if groups.get(group, ()) != term.tenants:
                self._tending.end(term)  # asked again at the next look, until its jobs have ended
        for group, tenants in groups.items():
            if group not in terms:
                log.info("group.begun", group=group, shops=[each.name for each in tenants])
                self._tending.begin(group, tenants, self._fleet.workspaces, had_before=True)

    def _drained(self) -> bool:
        end = time.monotonic() + _DRAIN
        while terms := list(self._tending.terms.values()):
            if all([self._tending.end(term) for term in terms]):  # noqa: C419 - each of them
                return True
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True
