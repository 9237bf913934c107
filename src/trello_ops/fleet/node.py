"""One node of a fleet: has groups of shops given to it, tends them, and lets go of them when told to stop."""

import asyncio
import random
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Final

import structlog
from procrastinate.exceptions import ConnectorException

from trello_ops.adapters.store.postgres import PostgresDatabase, plain_address
from trello_ops.daemon import leave
from trello_ops.fleet import engine, queue_tables
from trello_ops.fleet.bounds import Bounds
from trello_ops.fleet.reading import Reading
from trello_ops.fleet.serving import Serving
from trello_ops.fleet.share import Share
from trello_ops.fleet.tenant import Fleet
from trello_ops.fleet.tending import Budgets, Tending, Term, own_name
from trello_ops.fleet.watchdog import Watchdog, machine_time
from trello_ops.own_store import store_address
from trello_ops.ports import Clock
from trello_ops.settings import Settings
from trello_ops.telemetry import always_tell

log = structlog.get_logger()

_LOOK: Final = 5.0
_BEAT: Final = 0.25
_DRAIN: Final = 3.0
_JITTER: Final = 0.25


class Node:
    """Tends its share of the fleet until `stop` is set.

    `database` is that of the `settings`, the process's own. `load` reads what is declared. With a `clock`,
    shops live by that one.
    """

    def __init__(
        self,
        database: PostgresDatabase,
        settings: Settings,
        load: Callable[[], Fleet],
        stop: threading.Event,
        bounds: Bounds,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.name = own_name()
        self._database, self._settings, self._stop, self._bounds = database, settings, stop, bounds
        self._clock = clock
        self._fleet = Reading(load)
        self._share = Share(bounds.groups)
        self._watchdog = Watchdog(leave)
        self._leaving: dict[str, asyncio.Event] = {}
        self._astray = False

    def run(self) -> bool:
        """Block until stopped. Returns whether all that was in hand has ended. Raises `StoreError`."""
        always_tell(node=self.name)
        queue_tables.prepare(self._database)
        log.info("node.started")
        try:
            ended = asyncio.run(self._run())
        except ConnectorException as error:
            log.warning("node.lost_database", error=str(error.__cause__ or error))
            return False
        log.info("node.stopped", drained=ended)
        return ended

    async def _run(self) -> bool:
        bounds = self._bounds
        budgets = Budgets(self._database, self._stop, bounds.key_requests)
        self._tending = Tending(self._database, bounds.threads, self.name, budgets, self._clock)
        self._engine = engine.Engine(
            plain_address(store_address(self._settings)),
            engine.Node(
                self.name,
                self._tend,
                self._wanted,
                lambda in_hand: in_hand < self._share.size and not self._astray,
                self._watchdog.alive,
                machine_time,
            ),
            bounds.groups,
        )
        async with self._engine.opened():
            self._tending.alarms.start()
            await asyncio.to_thread(self._fleet.read)
            Serving(self._tending, self._settings, self._fleet, self._is_alive, self._stop).start()
            self._tending.report_all(lambda: self._fleet.fleet, self._stop.is_set)
            self._watchdog.start()
            beating, looking = asyncio.create_task(self._beat()), asyncio.create_task(self._look_often())
            working = asyncio.create_task(self._engine.run())
            while not (self._stop.is_set() or working.done()):
                await asyncio.sleep(_BEAT)
            looking.cancel()
            await self._let_go(working)
            beating.cancel()
        return not self._tending.terms

    def _is_alive(self) -> bool:
        return self._watchdog.is_beating

    async def _let_go(self, working: "asyncio.Task[None]") -> None:
        """Take no more, end all terms, and wait for what is in hand."""
        self._tending.alarms.stop()
        self._stop.set()
        working.cancel()
        for leaving in self._leaving.values():
            leaving.set()
        with suppress(ConnectorException):
            await self._engine.hand_back()
        with suppress(asyncio.CancelledError):
            await working

    async def _beat(self) -> None:
        while True:
            self._watchdog.beat()
            await asyncio.sleep(_BEAT)

    # ---- one term

    async def _tend(self, group: str, after: str) -> bool:
        """Tend a group for a term. Returns whether there is such a group."""
        tenants = await asyncio.to_thread(self._fleet.group, group)
        if not tenants:
            return False
        workspaces, had_before = self._fleet.workspaces, after == self.name
        term = await asyncio.to_thread(self._tending.begin, group, tenants, workspaces, had_before=had_before)
        log.info("group.begun", group=group, shops=[each.name for each in tenants])
        leaving = self._leaving[group] = asyncio.Event()
        if self._stop.is_set():
            leaving.set()
        length = self._bounds.term_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
        with suppress(TimeoutError):
            await asyncio.wait_for(leaving.wait(), length)
        await self._end(term)
        self._leaving.pop(group, None)
        log.info("group.ended", group=group)
        return True

    async def _end(self, term: Term) -> None:
        """Wait until no job of it is in hand; once stopped, for three seconds."""
        waited = 0.0
        while not await asyncio.to_thread(self._tending.end, term) and waited < _DRAIN:
            await asyncio.sleep(0.1)
            waited = waited + 0.1 if self._stop.is_set() else 0.0

    # ---- looking around

    async def _wanted(self) -> Collection[str]:
        await asyncio.to_thread(self._fleet.read, 0)
        return self._fleet.groups.keys()

    async def _look_often(self) -> None:
        """See how the fleet fares, and what is declared now."""
        while True:
            with suppress(ConnectorException):
                await self._engine.settle()
                seen = await self._engine.seen()
                excess = self._share.look(seen, self._engine.in_hand)
                self._look_at_the_clock(others=seen.in_hand - self._engine.in_hand)
                self._leave_to_others(list(self._leaving)[: None if self._astray else excess])
            await asyncio.to_thread(self._fleet.read)
            self._leave_to_others(self._changed())
            self._tending.alarms.notice_jump()
            await asyncio.sleep(_LOOK)

    def _look_at_the_clock(self, others: int) -> None:
        """With a wrong clock nothing is issued, so whatever there is, is left to others for a while.

        But only as long as these have groups in hand: where none of them has, they may all be astray.
        """
        astray = self._tending.is_astray and others > 0
        if astray and not self._astray:
            log.warning("node.wrong_clock")
        self._astray = astray

    def _changed(self) -> Iterator[str]:
        """The groups in hand whose shops were changed, added or removed since."""
        for group, term in list(self._tending.terms.items()):
            if self._fleet.groups.get(group, ()) != term.tenants:
                yield group

    def _leave_to_others(self, leaving: Collection[str] | Iterator[str]) -> None:
        for group in leaving:
            if group in self._leaving:
                self._leaving[group].set()
