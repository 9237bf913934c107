"""`SqlStore` on a PostgreSQL server: made once, guarded there, shared between processes, its errors in words.

What it promises as a store is in `tests/contracts/test_store_contract.py`.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import count

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from store_kit import NOW, fill, occurrence

from trello_ops.adapters.store import (
    SqlStore,
    examine,
    fleet_tables,
    is_there,
    open_database,
    open_store,
    schema,
    workspaces,
)
from trello_ops.core.people import Person
from trello_ops.demo.postgres import Server
from trello_ops.errors import StoreError

pytestmark = pytest.mark.slow

NAMES = count(1)
GUARDED = [table.name for table in (*schema.LEDGER, schema.declarations)]


@pytest.fixture
def url(postgres: Server) -> str:
    """An empty database."""
    return postgres.create(f"store_{next(NAMES)}")


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with closing(open_store(url, "zina")) as store:
        yield store


def test_its_tables_are_those_of_the_schema(store: SqlStore, url: str) -> None:
    with closing(open_database(url)) as database, database.reading() as connection:
        every = [schema.metadata, fleet_tables.metadata]
        found = compare_metadata(MigrationContext.configure(connection), every)
        # The one index that SQLite has no use for.
        assert [(what, index.name) for what, index in found] == [("remove_index", "bindings_by_trello_id")]
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == schema.REVISION


def test_it_is_there_once_it_was_made(url: str) -> None:
    assert not is_there(url)
    open_store(url, "zina").close()
    assert is_there(url)
    assert workspaces(url) == ()


def test_processes_that_start_at_once_share_the_work(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        for store in pool.map(lambda number: open_store(url, f"shop-{number}"), range(6)):
            with closing(store):
                assert store.jobs() == {}


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("change", ["UPDATE {} SET workspace = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_a_bug_rewrites_the_ledger(store: SqlStore, url: str, table: str, change: str) -> None:
    fill(store)
    refused = pytest.raises(StoreError, match="is append-only")
    with closing(open_database(url)) as database, refused, database.writing("zina") as connection:
        connection.execute(text(change.format(table)))
    assert len(store.due_between(NOW, NOW + dt.timedelta(days=1))) == 1


def test_of_many_that_claim_at_once_one_gets_it(url: str) -> None:
    stores = [open_store(url, "zina") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda store: store.claim("daily/tills/2026-01-01", "one", NOW), stores))
    for store in stores:
        store.close()
    assert sum(claim is not None for claim in claims) == 1


def test_writers_of_one_workspace_come_one_after_another_and_others_do_not_wait(url: str) -> None:
    with closing(open_database(url)) as database, database.writing("zina") as first:
        first.execute(text("SELECT 1"))
        with closing(open_store(url, "fes")) as other:
            other.record([occurrence()], NOW)
        ahead = text("SELECT pg_try_advisory_xact_lock(:ours, hashtext('zina'))")
        with database.reading() as second:
            assert second.scalar(ahead, {"ours": 0x7E110}) is False


def test_what_is_read_is_of_one_moment(store: SqlStore, url: str) -> None:
    with closing(open_database(url)) as database, database.reading() as connection:
        asked = text("SELECT count(*) FROM occurrences")
        assert connection.scalar(asked) == 0
        fill(store, days=3)
        assert connection.scalar(asked) == 0


def test_it_goes_on_after_the_server_was_restarted(postgres: Server, store: SqlStore) -> None:
    fill(store)
    postgres.stop("immediate")
    with pytest.raises(StoreError, match="does not answer as it should"):
        store.jobs()
    postgres.start()
    store.job_done("issue", NOW)
    assert store.jobs() == {"issue": NOW}
    assert len(store.due_between(NOW, NOW + dt.timedelta(days=1))) == 1


def test_when_no_connection_is_free_it_says_so(url: str) -> None:
    with closing(open_database(url)) as database, ExitStack() as taken:
        database._engine.pool._timeout = 0.1
        for _ in range(20):
            taken.enter_context(database.reading())
        refused = pytest.raises(StoreError, match="no connection left")
        with refused, database.reading():
            pass


def test_it_is_examined_without_being_changed(url: str) -> None:
    found = examine(url, 1)
    assert found
    assert (found.current, found.free) == (False, None)
    assert not is_there(url)
    open_store(url, "zina").close()
    found = examine(url, 1)
    assert found
    assert found.current
    assert found.size > 1_000_000
    assert "password" not in found.name


def test_a_database_of_a_newer_program_is_refused(store: SqlStore, url: str) -> None:
    with closing(open_database(url)) as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"written by a newer trello-ops \(revision 9999"):
        examine(url, 1)
    with pytest.raises(StoreError, match=r"written by a newer trello-ops \(revision 9999"):
        open_store(url, "zina")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda url: url.replace("/store_", "/no_such_"), "does not exist"),
        (lambda url: url.replace("trello_ops@", "nobody:hunter2@"), "role"),
        (lambda url: url.replace("127.0.0.1", "127.0.0.9"), "does not answer as it should"),
    ],
)
def test_why_it_cannot_be_used_is_said_without_the_password(url: str, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoreError, match=said) as refused:
        open_store(spoil(url), "zina")
    assert "hunter2" not in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_a_nul_in_a_name_holds_nothing_up(store: SqlStore) -> None:
    store.note_problem("job:issue", "half\0told", NOW)
    assert [problem.subject for problem in store.problems()] == ["job:issue"]
    amina = Person("amina", "amina", "Ami\0na")
    store.record([replace(occurrence(), people=(amina,), title="Til\0ls")], NOW)
    (entry,) = store.due_between(NOW, NOW + dt.timedelta(days=1))
    assert (entry.occurrence.title, entry.occurrence.people) == ("Til\ufffdls", (amina,))
