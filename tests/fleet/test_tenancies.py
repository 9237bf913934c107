"""Who tends what, by a queue on a real server."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from metrics_kit import metrics_in
from pydantic import SecretStr
from sqlalchemy import text
from store_kit import NOW

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store.key_budget import KeyBudget, digest
from trello_ops.adapters.store.postgres import PostgresDatabase, open_server
from trello_ops.demo.postgres import Server
from trello_ops.fleet import queue_tables
from trello_ops.fleet.groups import group_of
from trello_ops.fleet.metrics import exposition
from trello_ops.fleet.overview import overview
from trello_ops.fleet.tenancies import Tenancies, tenancies
from trello_ops.fleet.tenant import ApiKey, Fleet, Tenant
from trello_ops.settings import load

pytestmark = pytest.mark.slow


@pytest.fixture
def database(postgres: Server) -> Iterator[PostgresDatabase]:
    with closing(open_server(postgres.create(f"tenancies_{uuid4().hex}"))) as opened:
        yield opened


def fleet(*names: str) -> Fleet:
    tenants = {
        name: Tenant(name, "first", load({"TRELLO_OPS_TRELLO_TOKEN": f"{name:a<64}"}, None)) for name in names
    }
    keys = {"first": ApiKey("first", SecretStr("a key"))}
    return Fleet(tenants, keys, workspaces={name: name for name in names})


def worker(database: PostgresDatabase, name: str, seconds_ago: int, *groups: str) -> None:
    """A node that gave a sign of life so long ago, with groups in hand."""
    with database.writing() as db:
        number = db.scalar(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => :ago)) RETURNING id"
            ),
            {"ago": seconds_ago},
        )
        db.execute(text("INSERT INTO fleet_nodes VALUES (:id, :name, now())"), {"id": number, "name": name})
        job = text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id)"
            " VALUES ('q', 'trello-ops:tend', :lock, 'doing', :id)"
        )
        for group in groups:
            db.execute(job, {"lock": group, "id": number})


def test_before_the_first_node_there_is_nothing(database: PostgresDatabase) -> None:
    assert tenancies(database) == Tenancies()
    found = overview(fleet("zina"), database, NOW)
    assert found.nodes
    assert found.nodes.of_shops == {"zina": None}


def test_nodes_what_they_have_in_hand_and_what_waits(database: PostgresDatabase) -> None:
    shops = fleet("casa", "fes", "zina", "new")
    group = {name: group_of(tenant) for name, tenant in shops.tenants.items()}
    queue_tables.prepare(database)
    worker(database, "alive", 1, group["casa"], group["fes"])
    worker(database, "dead", 60, group["zina"])
    limit = KeyBudget(database, digest("a key"), SystemClock(), places=300)
    limit._seconds_to_wait()  # makes the places, which are taken for the first ten seconds
    found = overview(shops, database, NOW)
    assert found.nodes
    assert [(node.name, node.alive, node.groups) for node in found.nodes.nodes] == [
        ("alive", True, 2), ("dead", False, 1),
    ]  # fmt: skip
    assert found.nodes.of_shops == {"casa": "alive", "fes": "alive", "zina": None, "new": None}
    assert found.keys["first"].requests == 300
    said = metrics_in(exposition(replace(found, shops=())))
    assert said["trello_ops_groups", "waiting"] == 2
    assert said["trello_ops_node_groups", "alive"] == 2
    assert said["trello_ops_key_requests", "first"] == 300
    assert said["trello_ops_nodes",] == 1
