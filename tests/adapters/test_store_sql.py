"""`SqlStore` as a file: made, migrated, refused, shared between processes, never rewritten."""

import contextlib
import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from store_kit import NOW, fill, occurrence

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.sql import SqlStore, open_database, open_store
from trello_ops.adapters.store.sqlite import _patiently
from trello_ops.core.bindings import Bindings
from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent
from trello_ops.errors import StoreError

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

LEDGER = [table.name for table in schema.LEDGER]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trello-ops.sqlite3"


@pytest.fixture
def opened(file: Path) -> Iterator[Callable[..., SqlStore]]:
    """Opens stores on the file, and closes them in the end."""
    stores: list[SqlStore] = []

    def one_more(workspace: str = "zina") -> SqlStore:
        stores.append(open_store(f"sqlite:///{file}", workspace))
        return stores[-1]

    yield one_more
    for store in stores:
        store.close()


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}")
    yield database
    database.close()


def query(file: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement).fetchall()


# ---- migrations


def migrations() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "trello_ops.adapters.store:migrations")
    return ScriptDirectory.from_config(config)


def test_the_revision_that_the_program_knows_is_the_newest_migration() -> None:
    assert migrations().get_heads() == [schema.REVISION]


def test_a_new_file_is_made_at_that_revision(opened: Callable[..., SqlStore], file: Path) -> None:
    opened()
    assert query(file, "SELECT version_num FROM alembic_version") == [(schema.REVISION,)]


def test_the_migrations_lead_to_the_tables_of_the_schema(opened: Callable[..., SqlStore], file: Path) -> None:
    opened()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_nothing_is_migrated_twice(file: Path) -> None:
    """A start with nothing to do is quick because it does not even import Alembic."""
    program = (
        "import sys; from trello_ops.adapters.store.sql import open_store\n"
        "open_store(sys.argv[1], 'zina').close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-W", "error", "-c", program, f"sqlite:///{file}"]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(2)]
    assert [run.stdout.strip() for run in runs] == ["True", "False"]


def test_a_failed_migration_leaves_nothing_behind(opened: Callable[..., SqlStore], file: Path) -> None:
    query(file, "CREATE TABLE reports (their_own TEXT)")
    with pytest.raises(StoreError, match="table reports already exists"):
        opened()
    assert query(file, "SELECT name FROM sqlite_master") == [("reports",)]


# ---- the file


def test_the_file_is_set_up_for_several_processes_and_for_power_cuts(database: Database) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    with database.reading() as connection:
        for name, value in pragmas.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value, name


def test_a_writing_transaction_takes_the_lock_at_once(database: Database, file: Path) -> None:
    locked = pytest.raises(sqlite3.OperationalError, match="locked")
    with database.writing(), closing(sqlite3.connect(file, timeout=0)) as other, locked:
        other.execute("BEGIN IMMEDIATE")


def test_what_was_stored_is_there_after_reopening(opened: Callable[..., SqlStore]) -> None:
    first = opened()
    fill(first)
    claim = first.claim("key", "one", NOW)
    entry = first.entry(occurrence().key)
    first.close()
    again = opened()
    assert again.entry(occurrence().key) == entry
    assert again.claims() == (claim,)


def test_instants_read_well_and_sort_as_text(opened: Callable[..., SqlStore], file: Path) -> None:
    opened().record([occurrence()], NOW)
    (row,) = query(file, "SELECT due, date, title, unixepoch(due), typeof(due) FROM occurrences")
    seconds = int(NOW.timestamp())
    assert row == ("2026-11-16T07:00:00.000000Z", "2026-01-01", "Compter les caisses", seconds, "text")


def test_a_store_may_be_closed_twice(opened: Callable[..., SqlStore]) -> None:
    store = opened()
    store.close()
    store.close()


# ---- refusals


def test_a_database_of_a_newer_program_is_refused(opened: Callable[..., SqlStore], file: Path) -> None:
    opened()
    query(file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer trello-ops .*9999.*install that version"):
        opened()


def test_a_file_that_is_no_database_is_refused_and_kept(opened: Callable[..., SqlStore], file: Path) -> None:
    file.write_text("Dear diary, today I counted the tills. " * 50)
    with pytest.raises(StoreError, match=r"trello-ops\.sqlite3 .*is no SQLite database"):
        opened()
    assert file.read_text().startswith("Dear diary")


def test_a_damaged_database_is_refused(opened: Callable[..., SqlStore], file: Path) -> None:
    store = opened()
    fill(store, 200)
    store.close()
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="is damaged; put back a backup"):
        opened().due_between(NOW, NOW + dt.timedelta(days=300))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no folder .*/nowhere .*make it"):
        open_store(f"sqlite:///{tmp_path}/nowhere/trello-ops.sqlite3", "zina")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}", "zina")


def test_a_read_only_file_is_refused_at_once(opened: Callable[..., SqlStore], file: Path) -> None:
    opened().close()
    with pytest.raises(StoreError, match="is read-only; let this user write"):
        open_store(f"sqlite:///file:{file}?mode=ro&uri=true", "zina")


def test_a_locked_file_is_refused_after_a_while(opened: Callable[..., SqlStore], file: Path) -> None:
    opened()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program keeps it locked"):
            open_store(f"sqlite:///{file}?timeout=0.05", "zina")


def test_reading_does_not_wait_for_a_writer(opened: Callable[..., SqlStore], file: Path) -> None:
    store = opened()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO jobs VALUES ('zina', 'issue', '2026-11-16T07:00:00.000000Z')")
        assert store.jobs() == {}
        other.execute("COMMIT")
    assert store.jobs() == {"issue": NOW}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://zina:hunter2@db/ops", "names a mysql database, neither SQLite nor PostgreSQL"),
        ("hunter2", "is not the address of a database"),
        ("postgresql://zina:hunter2@db:port/ops", "is not the address of a database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_will_not_do_is_refused_and_not_shown(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=f"TRELLO_OPS_DATABASE_URL {message}") as refused:
        open_store(url, "zina")
    assert "hunter2" not in str(refused.value)


# ---- the ledger is append-only


@pytest.mark.parametrize("table", LEDGER)
def test_not_even_a_bug_rewrites_the_ledger(table: str, opened: Callable[..., SqlStore], file: Path) -> None:
    fill(opened())
    query(file, "INSERT INTO reports VALUES ('zina', '2026-W47', '{}')")
    query(file, "INSERT INTO mails_owed VALUES ('zina', '2026-W47', 'a@example.org', 'whole')")
    query(file, "INSERT INTO outages VALUES ('zina', 'weekly', '2026-11-03', '2026-11-13')")
    query(file, "INSERT INTO board_sights VALUES ('zina', 'weekly', '5f01', '2026-11-03', 0)")
    before = query(file, f"SELECT * FROM {table}")  # noqa: S608
    for statement in (f"UPDATE {table} SET workspace = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            query(file, statement)
    assert before
    assert query(file, f"SELECT * FROM {table}") == before  # noqa: S608


@pytest.mark.parametrize("column", ["nominal", "moved", "start", "turn", "absent"])
@pytest.mark.parametrize("table", ["occurrences", "amendments"])
def test_nor_the_columns_that_came_later(
    table: str, column: str, opened: Callable[..., SqlStore], file: Path
) -> None:
    fill(opened())
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
        query(file, f"UPDATE {table} SET {column} = ''")  # noqa: S608


def test_replacing_is_no_way_round(opened: Callable[..., SqlStore], database: Database) -> None:
    fill(opened())
    replacing = "INSERT OR REPLACE INTO cards SELECT * FROM cards"
    with pytest.raises(StoreError, match="cards is append-only"), database.writing() as connection:
        connection.exec_driver_sql(replacing)


def test_a_completion_of_nothing_is_refused_by_the_database_too(opened: Callable[..., SqlStore]) -> None:
    with pytest.raises(StoreError, match="the ledger does not hold"):
        opened().append([LedgerEvent(occurrence().key, EventKind.DONE, NOW, EventSource.STATE)], NOW)


# ---- several workspaces


def test_workspaces_in_one_database_do_not_see_each_other(opened: Callable[..., SqlStore]) -> None:
    zina, other = opened("zina"), opened("other")
    fill(zina)
    zina.claim("key", "one", NOW)
    zina.note_problem("daily", "closed", NOW)
    zina.job_done("issue", NOW)
    assert other.due_between(NOW, NOW + dt.timedelta(days=1)) == ()
    assert other.completed_between(NOW, NOW + dt.timedelta(days=1)) == ()
    assert other.with_cards(["c0"]) == ()
    assert other.first_due() is None
    assert other.claims() == ()
    assert other.problems() == ()
    assert other.jobs() == {}
    assert other.bindings() == Bindings()


def test_workspaces_may_use_the_same_keys(opened: Callable[..., SqlStore]) -> None:
    zina, other = opened("zina"), opened("other")
    fill(zina)
    fill(other)
    other.record([occurrence(1)], NOW)
    assert zina.claim("key", "one", NOW)
    assert other.claim("key", "two", NOW)
    assert zina.entry(occurrence(1).key) is None
    assert other.unissued() == (occurrence(1),)


# ---- several processes

RACER = """
import datetime as dt, sys
from trello_ops.adapters.store.sql import open_store

print("ready", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1], "zina")
now = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
print(*(n for n in range(50) if store.claim(f"key-{n}", sys.argv[2], now)))
store.close()
"""


def test_processes_that_start_at_once_on_a_new_file_share_the_work(file: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", RACER, f"sqlite:///{file}", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two", "three")
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [int(number) for racer in racers for number in racer.communicate(timeout=30)[0].split()]
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert sorted(won) == list(range(50))


def test_threads_may_open_different_new_files_at_once(tmp_path: Path) -> None:
    def start(number: int) -> list[str]:
        store = open_store(f"sqlite:///{tmp_path}/{number}.sqlite3", "zina")
        store.job_done("issue", NOW)
        jobs = list(store.jobs())
        store.close()
        return jobs

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(start, range(8))) == [["issue"]] * 8


# ---- speed


class listening:  # noqa: N801
    """Collects every statement sent to any database meanwhile."""

    def __init__(self, statements: list[str]) -> None:
        self._statements = statements

    def __enter__(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._note)

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._statements.append(statement)


READS: dict[str, Callable[[SqlStore], tuple[LedgerEntry, ...]]] = {
    "due_between": lambda store: store.due_between(NOW, NOW + dt.timedelta(days=1000)),
    "issued_since": lambda store: store.issued_since("daily", NOW),
    "with_cards": lambda store: store.with_cards([f"c{number}" for number in range(300)]),
    "completed_between": lambda store: store.completed_between(NOW, NOW + dt.timedelta(days=1000)),
}


@pytest.mark.parametrize("read", READS)
def test_any_number_of_entries_is_read_in_a_few_queries(read: str, opened: Callable[..., SqlStore]) -> None:
    store = opened()
    fill(store, 100)
    asked: list[str] = []
    with listening(asked):
        entries = READS[read](store)
    assert len(entries) == 100
    assert all(entry.card and entry.events for entry in entries)
    transaction = ["BEGIN", "SELECT", "SELECT", "SELECT"]
    assert [statement.split()[0] for statement in asked] in (transaction, transaction * 2)


@pytest.mark.parametrize("read", READS)
def test_no_read_of_entries_scans_a_table(read: str, opened: Callable[..., SqlStore], file: Path) -> None:
    """Every step of every plan is a search in an index."""
    store = opened()
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    READS[read](store)
    event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(file)) as connection:
        steps = [
            row[3] for each in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {each[0]}", each[1])
        ]
    assert any(step.startswith("SEARCH") for step in steps)
    assert not [step for step in steps if step.startswith("SCAN")]


@pytest.mark.parametrize(("code", "tries"), [(sqlite3.SQLITE_BUSY, 3), (sqlite3.SQLITE_READONLY, 1)])
def test_what_sqlite_gives_up_at_once_is_tried_again_while_another_process_has_it(
    code: int, tries: int
) -> None:
    tried = []

    def execute() -> None:
        tried.append(code)
        if len(tried) < 3:
            error = sqlite3.OperationalError("refused")
            error.sqlite_errorcode = code
            raise error

    with contextlib.suppress(sqlite3.OperationalError):
        _patiently(execute)
    assert len(tried) == tries
