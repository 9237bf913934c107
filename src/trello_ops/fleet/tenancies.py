"""Which node has which group in hand, by what the queue in the database says. On a server alone."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text

from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.fleet.queue_words import LEASE, TEND

_THERE: Final = text("SELECT to_regclass('fleet_nodes') IS NOT NULL")
_NODES: Final = text(
    "SELECT id, coalesce(name, id::text) AS name, since, last_heartbeat,"
    " last_heartbeat > now() - make_interval(secs => :lease) AS alive"
    " FROM procrastinate_workers LEFT JOIN fleet_nodes ON worker = id ORDER BY since, id"
)
_GROUPS: Final = text(
    "SELECT lock, max(worker_id) FILTER (WHERE status = 'doing') AS worker FROM procrastinate_jobs"
    " WHERE task_name = :tend AND status IN ('todo', 'doing') GROUP BY lock"
)


@dataclass(frozen=True, slots=True)
class SeenNode:
    """A node: since when it runs, when it last gave a sign of life, and how many groups it has in hand.

    It is `alive` until its groups are others' to take.
    """

    name: str
    since: dt.datetime | None
    seen_at: dt.datetime
    alive: bool
    groups: int


@dataclass(frozen=True, slots=True)
class Tenancies:
    """The nodes, and the name of the one that has each group in hand: none where the group waits."""

    nodes: tuple[SeenNode, ...] = ()
    held: Mapping[str, str | None] = field(default_factory=dict)


def tenancies(database: PostgresDatabase) -> Tenancies:
    """What the queue says now; nothing before the first node was started. Raises `StoreError`."""
    with database.reading() as db:
        if not db.scalar(_THERE):
            return Tenancies()
        workers = db.execute(_NODES, {"lease": LEASE}).all()
        groups = db.execute(_GROUPS, {"tend": TEND}).all()
    names = {worker.id: worker.name for worker in workers if worker.alive}
    counts = Counter(group.worker for group in groups)
    nodes = (SeenNode(w.name, w.since, w.last_heartbeat, w.alive, counts[w.id]) for w in workers)
    return Tenancies(tuple(nodes), {group.lock: names.get(group.worker) for group in groups})
