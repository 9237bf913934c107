"""A store in a PostgreSQL database, which any number of machines share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from trello_ops.adapters.store import postgres_tables
from trello_ops.adapters.store.database import Database, parsed, to_json, unusable
from trello_ops.adapters.store.migrate import REVISION, revision, upgraded, written_by_newer
from trello_ops.errors import StoreError
from trello_ops.messages import say

_PLACES: Final = 20
"""Connections of one process at most; a thread that finds none free waits for one."""

_OURS: Final = 0x7E110
"""The number space of our advisory locks, so that other programs' in the same database are others."""

_PREPARING: Final = "trello-ops tables"

# For one transaction each, as behind a pooler another may be the next on the connection.
_LIMITS: Final = (
    ("lock_timeout", "10s"),
    # A machine that froze in the middle of a transaction holds up the others no longer.
    ("idle_in_transaction_session_timeout", "60s"),
)

_ADVICE: Final = {
    "42501": say("this user may not do that; let the user own the database, or grant it the schema"),
    "25006": say("it is read-only, as a standby is; name the primary"),
    "53100": say("the disk is full; make room, and whatever was cut short goes on by itself"),
    "53300": say("it has no connection left; raise max_connections, or run fewer nodes"),
    "55P03": say("another program keeps it locked; stop that program, or try again later"),
}


class PostgresDatabase(Database):
    """One PostgreSQL database. `name` is its server and name, without user and password."""

    dialect = "postgresql"

    def __init__(self, engine: Engine) -> None:
        url = engine.url
        self.name = f"{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database or ''}"
        self._engine = engine
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._at_once = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads the state of one moment, and makes no writer wait."""
        with self._telling(), self._reader.begin() as connection:
            yield connection

    def looking(self) -> AbstractContextManager[Connection]:
        """A connection for one statement that reads: the server answers once instead of three times."""
        return self.at_once()

    @contextmanager
    def writing(self, workspace: str = "") -> Iterator[Connection]:
        """A transaction that writes, on disk when this returns; others of the workspace wait for its end."""
        with self._telling(), self._engine.begin() as connection:
            limits = [func.set_config(*limit, True) for limit in _LIMITS]
            connection.execute(select(*limits, func.pg_advisory_xact_lock(_OURS, func.hashtext(workspace))))
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own, and waits for no workspace's."""
        with self._telling(), self._at_once.connect() as connection:
            yield connection

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], frozenset[str]]]:
        """A connection of its own, and what waits on it: so many seconds at most, for words on a channel.

        Nothing is heard behind a pooler that gives each transaction another connection.
        """
        with self._telling(), self._at_once.connect() as connection:
            connection.detach()  # what listens is not for others to use
            connection.execute(text(f"LISTEN {connection.dialect.identifier_preparer.quote(channel)}"))
            driven: Any = connection.connection.dbapi_connection

            def heard(seconds: float) -> frozenset[str]:
                try:
                    return frozenset(said.payload for said in driven.notifies(timeout=seconds, stop_after=1))
                except connection.dialect.loaded_dbapi.Error as error:
                    raise StoreError(unusable(self.name, advice(error))) from error

            try:
                yield heard
            finally:
                driven.close()
                connection.invalidate()  # or it would be rolled back

    def prepare(self) -> None:
        """Make the tables, or bring them up to date. Of several that start at once, one does it."""
        with self.reading() as connection:
            if revision(connection) == REVISION:
                return
        with self.writing(_PREPARING) as connection:
            found = revision(connection)
            if found is None:
                postgres_tables.make(connection)
            elif found != REVISION and not upgraded(connection):
                raise written_by_newer(self.name, found)

    def filled(self, connection: Connection, table: Table) -> None:
        """Count a table that has many rows all at once, by which it plans."""
        connection.execute(text(f"ANALYZE {table.name}"))

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(unusable(self.name, advice(error.orig))) from error
        except NoneFree as error:
            raise StoreError(unusable(self.name, _ADVICE["53300"])) from error


def advice(error: Any) -> str:
    """An error of the driver in words: what is wrong, and what to do."""
    state, said = getattr(error, "sqlstate", None) or "", str(error).strip()
    if state in _ADVICE:
        return _ADVICE[state]
    if state[:2] in {"", "08", "57"}:
        # Of a refused log-in too the driver tells in words alone; what it was given is not among them.
        return say(
            "it does not answer as it should (%(error)s); look whether the server runs, and correct"
            " TRELLO_OPS_DATABASE_URL where it is wrong. What was cut short goes on by itself",
            error=said.splitlines()[0] if said else type(error).__name__,
        )
    return say("%(error)s; please report this", error=said)


def open_server(address: str) -> PostgresDatabase:
    """The database at an SQLAlchemy URL, with our tables. Raises `StoreError`."""
    database = PostgresDatabase(_engine(parsed(address)))
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return database


def plain_address(address: str) -> str:
    """An SQLAlchemy URL as PostgreSQL's own library reads it. Raises `StoreError`."""
    return parsed(address).set(drivername="postgresql").render_as_string(hide_password=False)


def has_tables(address: str) -> bool:
    """Whether a database has our tables already. Raises `StoreError`."""
    database = PostgresDatabase(_engine(parsed(address)))
    try:
        with database.reading() as connection:
            return revision(connection) is not None
    finally:
        database.close()


def looked_at(address: str) -> tuple[str, str | None, int]:
    """A database's name, the revision of our tables if it has them, and its bytes. Raises `StoreError`."""
    database = PostgresDatabase(_engine(parsed(address)))
    try:
        with database.reading() as connection:
            size = connection.scalar(select(func.pg_database_size(func.current_database())))
            return database.name, revision(connection), int(size or 0)
    finally:
        database.close()


def _engine(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401 - asked for here, to say what is missing in words
    except ImportError:
        raise StoreError(
            say(
                "PostgreSQL needs more packages: install them with %(command)s",
                command="pip install 'trello-ops[fleet]'",
            )
        ) from None
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=to_json,
        hide_parameters=True,  # an error would else quote the rows, people's names and texts included
        pool_size=_PLACES,
        max_overflow=0,
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={
            "connect_timeout": 10,
            # Of a link that was cut nobody tells: a statement would wait as long as the system likes.
            "keepalives_idle": 5,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "application_name": "trello-ops",
            "prepare_threshold": None,  # a pooler gives each transaction another connection
        },
    )
