"""One node of a fleet: has groups of shops given to it, tends them, and lets go of them when told to stop."""

import asyncio
import os
import random
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from procrastinate.exceptions import ConnectorException

from trello_ops.adapters.store.postgres import PostgresDatabase, open_server, plain_address
from trello_ops.core.claims import Holder
from trello_ops.daemon import leave
from trello_ops.errors import TrelloOpsError
from trello_ops.fleet import engine, queue_tables
from trello_ops.fleet.groups import groups
from trello_ops.fleet.share import Share
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.fleet.tending import Tending, Term
from trello_ops.fleet.watchdog import Watchdog, machine_time

log = structlog.get_logger()

_LOOK: Final = 5.0
_READ_AGAIN: Final = 60.0
_READ_LATELY: Final = 1.0
_BEAT: Final = 0.25
_DRAIN: Final = 3.0
_JITTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a node may use: groups in hand, threads for their jobs, and about how long a term lasts."""

    groups: int = 2000
    threads: int = 32
    term_seconds: float = 600.0


class Node:
    """Tends its share of the fleet until `stop` is set. `load` reads what is declared."""

    def __init__(
        self, address: str, load: Callable[[], Fleet], stop: threading.Event, bounds: Bounds
    ) -> None:
        self.name = str(Holder(socket.gethostname(), os.getpid(), uuid.uuid4().hex[:6]))
        self._address, self._stop, self._bounds = address, stop, bounds
        self._fleet = _Fleet(load)
        self._share = Share(bounds.groups)
        self._watchdog = Watchdog(leave)
        self._leaving: dict[str, asyncio.Event] = {}

    def run(self) -> bool:
        """Block until stopped. Returns whether all that was in hand has ended. Raises `StoreError`."""
        database = open_server(self._address)
        queue_tables.prepare(database)
        log.info("node.started", node=self.name)
        try:
            ended = asyncio.run(self._run(database))
        except ConnectorException as error:
            log.warning("node.lost_database", node=self.name, error=str(error.__cause__ or error))
            return False
        log.info("node.stopped", node=self.name, drained=ended)
        return ended

    async def _run(self, database: PostgresDatabase) -> bool:
        self._tending = Tending(database, self._bounds.threads, self.name)
        self._engine = engine.Engine(
            plain_address(self._address),
            engine.Node(
                self.name,
                self._tend,
                self._wanted,
                lambda in_hand: in_hand < self._share.size,
                self._watchdog.alive,
                machine_time,
            ),
            self._bounds.groups,
        )
        async with self._engine.opened():
            self._tending.alarms.start()
            self._watchdog.start()
            beating, looking = asyncio.create_task(self._beat()), asyncio.create_task(self._look_often())
            working = asyncio.create_task(self._engine.run())
            while not (self._stop.is_set() or working.done()):
                await asyncio.sleep(_BEAT)
            looking.cancel()
            await self._let_go(working)
            beating.cancel()
        return not self._tending.terms

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
        tenants = await self._fleet.group(group)
        if not tenants:
            return False
        term = self._tending.begin(group, tenants, self._fleet.neighbours, had_before=after == self.name)
        log.info("group.begun", node=self.name, group=group, shops=[each.name for each in tenants])
        leaving = self._leaving[group] = asyncio.Event()
        if self._stop.is_set():
            leaving.set()
        length = self._bounds.term_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
        with suppress(TimeoutError):
            await asyncio.wait_for(leaving.wait(), length)
        await self._end(term)
        self._leaving.pop(group, None)
        log.info("group.ended", node=self.name, group=group)
        return True

    async def _end(self, term: Term) -> None:
        """Wait until no job of it is in hand; once stopped, for three seconds."""
        waited = 0.0
        while not await asyncio.to_thread(self._tending.end, term) and waited < _DRAIN:
            await asyncio.sleep(0.1)
            waited = waited + 0.1 if self._stop.is_set() else 0.0

    # ---- looking around

    async def _wanted(self) -> Collection[str]:
        await self._fleet.read(0)
        return self._fleet.groups.keys()

    async def _look_often(self) -> None:
        """See how the fleet fares, and what is declared now."""
        while True:
            with suppress(ConnectorException):
                await self._engine.settle()
                excess = self._share.look(await self._engine.seen(), self._engine.in_hand)
                self._leave_to_others(list(self._leaving)[:excess])
            await self._fleet.read(_READ_AGAIN)
            self._leave_to_others(self._changed())
            self._tending.alarms.notice_jump()
            await asyncio.sleep(_LOOK)

    def _changed(self) -> Iterator[str]:
        """The groups in hand whose shops were changed, added or removed since."""
        for group, term in list(self._tending.terms.items()):
            if self._fleet.groups.get(group, ()) != term.tenants:
                yield group

    def _leave_to_others(self, leaving: Collection[str] | Iterator[str]) -> None:
        for group in leaving:
            if group in self._leaving:
                self._leaving[group].set()


@dataclass
class _Fleet:
    """The fleet as it was read last. While it cannot be read, what it was before."""

    load: Callable[[], Fleet]
    groups: dict[str, tuple[Tenant, ...]] = field(default_factory=dict)
    neighbours: Collection[str] = ()
    _read_at: float = float("-inf")
    _problems: dict[str, str] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, older_than: float) -> None:
        """Read it, if the last time was so many seconds ago."""
        async with self._reading:
            if machine_time() - self._read_at <= older_than:
                return
            try:
                fleet = await asyncio.to_thread(self.load)
            except TrelloOpsError as error:
                log.warning("fleet.unreadable", error=error.message)
                return
            self._read_at = machine_time()
            self.groups, self.neighbours = dict(groups(fleet)), fleet.workspaces.values()
            for shop, problem in fleet.problems.items():
                if self._problems.get(shop) != problem:
                    log.warning("shop.not_tended", shop=shop, error=problem)
            self._problems = dict(fleet.problems)

    async def group(self, name: str) -> tuple[Tenant, ...]:
        """The shops of a group: none where there is no such group."""
        await self.read(_READ_AGAIN)
        if name not in self.groups:
            await self.read(_READ_LATELY)
        return self.groups.get(name, ())
