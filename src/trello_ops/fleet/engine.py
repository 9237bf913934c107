"""The queue that says which node tends which group of shops: procrastinate, in the fleet's database.

A group in hand is a job that runs for a term. The node then puts it back at the end of the queue, and whoever
has room takes it. A node that is silent for `LEASE` seconds has lost its groups. Nothing of this has to be
right: of two nodes that tend one shop, claims let one make each card.
"""

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import structlog
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg import AsyncConnection

from trello_ops.fleet.queue_words import LEASE, TEND

log = structlog.get_logger()

_BEAT: Final = 4.0
_POLL: Final = 1.0
_CARE_PLACES: Final = 4
_TENDING, _CARE = "trello-ops-tending", "trello-ops-care"
_ENSURE, _STALLED = "trello-ops:ensure", "trello-ops:stalled"
_EACH_MINUTE, _EACH_FIVE_SECONDS = "* * * * *", "* * * * * */5"  # its seconds come last
_URGENT: Final = 100
_AT_ONCE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""By any node's clock, which may be wrong."""

_SEEN: Final = f"""
SELECT
  (SELECT count(*) FROM procrastinate_workers
   WHERE last_heartbeat > now() - interval '{LEASE} s') AS nodes,
  count(DISTINCT lock) AS groups,
  count(DISTINCT lock) - count(*) FILTER (WHERE status = 'doing') AS waiting
FROM procrastinate_jobs WHERE task_name = '{TEND}' AND status IN ('todo', 'doing')
"""  # noqa: S608 - of constants alone
_FORGET: Final = "DELETE FROM fleet_nodes WHERE worker NOT IN (SELECT id FROM procrastinate_workers)"
_NAME: Final = "INSERT INTO fleet_nodes (worker, name, since) VALUES (%(worker)s, %(name)s, now())"
_KNOWN: Final = f"SELECT DISTINCT lock FROM procrastinate_jobs WHERE task_name = '{TEND}' AND status = "  # noqa: S608

_CONNECTION: Final[dict[str, Any]] = {
    "prepare_threshold": None,  # a pooler gives each transaction another connection
    "application_name": "trello-ops fleet",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,
}


async def _configure(connection: AsyncConnection[Any]) -> None:
    # Each statement is a transaction of its own: a node that freezes leaves none open.
    await connection.set_autocommit(True)


@dataclass(frozen=True, slots=True)
class Seen:
    """How the fleet fares: nodes alive, groups, and how many of these no node has in hand."""

    nodes: int
    groups: int
    waiting: int

    @property
    def in_hand(self) -> int:
        """How many groups some node has in hand."""
        return self.groups - self.waiting


@dataclass(frozen=True, slots=True)
class Node:
    """What the engine asks of the node that it runs in.

    `tend` looks after a group until its term ends, given the name of the node that had it before, if any;
    it returns whether there is such a group. `groups` are those that there should be. `has_room` says
    whether it may be given one more. `alive` hears each sign of life that the database has taken, at the
    instant when it was sent.
    """

    name: str
    tend: Callable[[str, str], Awaitable[bool]]
    groups: Callable[[], Awaitable[Collection[str]]]
    has_room: Callable[[int], bool]
    alive: Callable[[float], None]
    now: Callable[[], float]


class Engine:
    """One node's part in the queue. `most` is how many groups it may have in hand."""

    def __init__(self, address: str, node: Node, most: int) -> None:
        logging.getLogger("procrastinate").setLevel(logging.ERROR)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        self._node, self._most = node, most
        self._app = App(
            connector=PsycopgConnector(
                conninfo=address,
                kwargs=_CONNECTION,
                configure=_configure,
                min_size=1,
                max_size=4,
                timeout=5.0,
            )
        )
        self._jobs = self._app.job_manager = _Jobs(self._app.connector, node)
        self._unknown = frozenset[int]()
        self._handed_back = False
        self._tend = self._app.task(name=TEND, queue=_TENDING)(_telling(self._tend_group))
        for name, cron, call in (
            (_ENSURE, _EACH_MINUTE, self._ensure),
            (_STALLED, _EACH_FIVE_SECONDS, self._take_from_the_dead),
        ):
            task = self._app.task(name=name, queue=_CARE, priority=_URGENT, queueing_lock=name)(
                _telling(call)
            )
            self._app.periodic(cron=cron)(task)

    def opened(self) -> AbstractAsyncContextManager[object]:
        """The engine with its connections, until the block ends."""
        return self._app.open_async()

    async def run(self) -> None:
        """Take groups and have them tended until cancelled, and all that were in hand have ended."""
        await self._app.run_worker_async(
            concurrency=self._most + _CARE_PLACES,
            fetch_job_polling_interval=_POLL,
            listen_notify=False,  # a second's comfort, which a pooler would deny
            abort_job_polling_interval=600.0,  # nobody aborts
            update_heartbeat_interval=_BEAT,
            stalled_worker_timeout=LEASE,
            shutdown_graceful_timeout=3.5,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    @property
    def in_hand(self) -> int:
        """How many groups this node has."""
        return len(self._jobs.groups())

    async def seen(self) -> Seen:
        """How the fleet fares. Raises `ConnectorException`."""
        (row,) = await self._app.connector.execute_query_all_async(_SEEN)
        return Seen(**row)

    async def hand_back(self) -> None:
        """Put every group in hand back into the queue, for whoever comes when this node has let go."""
        self._handed_back = True
        await self._defer(self._jobs.groups())

    async def settle(self) -> None:
        """Give back jobs of ours that we do not know: a connection broke as they were given or ended.

        To be called from time to time. Raises `ConnectorException`.
        """
        ours = await self._jobs.list_jobs_async(worker_id=self._jobs.worker, status=Status.DOING.value)
        strange = {job.id: job for job in ours if job.id and job.id not in self._jobs.in_hand}
        for number in self._unknown & strange.keys():  # one of only this look may be on its way
            await self._jobs.put_back(strange[number])
        self._unknown = frozenset(strange)

    async def _tend_group(self, group: str, after: str = "") -> None:
        if await self._node.tend(group, after) and not self._handed_back:
            await self._defer({group})

    async def _ensure(self, timestamp: int) -> None:  # noqa: ARG002 - procrastinate gives it
        wanted = await self._node.groups()
        known = await self._locks("ANY(ARRAY['todo', 'doing']::procrastinate_job_status[])")
        await self._defer(set(wanted) - known, "")
        # Else fetching takes a tenth of a second as soon as many wait.
        await self._app.connector.execute_query_async("ANALYZE procrastinate_jobs")

    async def _take_from_the_dead(self, timestamp: int) -> None:  # noqa: ARG002
        for job in await self._jobs.get_stalled_jobs(seconds_since_heartbeat=LEASE):
            await self._jobs.put_back(job)

    async def _defer(self, groups: Iterable[str], after: str | None = None) -> None:
        """Put groups at the end of the queue, but for those that wait in it."""
        name = self._node.name if after is None else after
        wanted = set(groups)
        for _ in range(5):
            jobs = [
                self._tend.configure(
                    lock=each, queueing_lock=each, task_kwargs={"group": each, "after": name}
                ).job
                for each in sorted(wanted)
            ]
            try:
                if jobs:
                    await self._jobs.batch_defer_jobs_async(jobs)
            except exceptions.AlreadyEnqueued:
                wanted -= await self._locks("'todo'")
            else:
                return

    async def _locks(self, status: str) -> set[str]:
        found = await self._app.connector.execute_query_all_async(_KNOWN + status)
        return {row["lock"] for row in found}


def _telling(call: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same, but what goes wrong is in our log. It is tried again at the next `ensure` or sooner."""

    @wraps(call)
    async def tried(**arguments: Any) -> None:
        try:
            await call(**arguments)
        except exceptions.ConnectorException as error:
            log.warning("fleet.database", error=str(error.__cause__ or error))
        except Exception:
            log.exception("fleet.crashed")

    return tried


class _Jobs(JobManager):
    """Survives lost connections, and gives a node no more groups than it has room for.

    When the database stays away, no sign of life gets through, and the node ends by that.
    """

    def __init__(self, connector: Any, node: Node) -> None:
        super().__init__(connector)
        self._node = node
        self.in_hand: dict[int, Job] = {}
        self.worker: int | None = None

    def groups(self) -> list[str]:
        """Those in hand."""
        return [job.lock for job in self.in_hand.values() if job.task_name == TEND and job.lock]

    async def register_worker(self) -> int:
        sent = self._node.now()
        self.worker = await super().register_worker()
        with suppress(exceptions.ConnectorException):  # a name is a comfort
            await self.connector.execute_query_async(_FORGET)
            await self.connector.execute_query_async(_NAME, worker=self.worker, name=self._node.name)
        self._node.alive(sent)
        return self.worker

    async def update_heartbeat(self, worker_id: int) -> None:
        sent = self._node.now()
        with suppress(exceptions.ConnectorException):
            await super().update_heartbeat(worker_id)
            self._node.alive(sent)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        if not self._node.has_room(len(self.groups())):
            queues = [_CARE]  # of those there are always a few, and nobody else may have a place for them
        job = None
        with suppress(exceptions.ConnectorException):
            job = await super().fetch_job(queues, worker_id)
        if job and job.id:
            self.in_hand[job.id] = job
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            with suppress(exceptions.ConnectorException):
                await super().finish_job(job, status, delete_job)
        finally:
            self.in_hand.pop(job.id or 0, None)

    async def put_back(self, job: Job) -> None:
        """Have a job wait in the queue that nobody runs any more; one that waits there already is enough."""
        with suppress(exceptions.ConnectorException):  # another node was first
            try:
                if job.task_name == TEND:
                    await self.retry_job(job, retry_at=_AT_ONCE)
                    return
            except exceptions.UniqueViolation:
                pass
            await self.finish_job(job, Status.FAILED, delete_job=True)

    async def defer_periodic_job(self, job: Job, periodic_id: str, defer_timestamp: int) -> int | None:
        with suppress(exceptions.ConnectorException):
            return await super().defer_periodic_job(job, periodic_id, defer_timestamp)
        return None
