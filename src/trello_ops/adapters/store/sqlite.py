"""A store in an SQLite file: opened, configured, migrated; its errors in words that help."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, delete, event, false
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from trello_ops.adapters.store.database import EXAMPLE, Database, parsed, to_json, unusable
from trello_ops.adapters.store.migrate import REVISION, revision, upgraded, written_by_newer
from trello_ops.adapters.store.schema import claims
from trello_ops.adapters.store.trace import is_gone, is_there, leave_trace
from trello_ops.errors import StoreError
from trello_ops.messages import say
from trello_ops.private_files import private_file

_BUSY_SECONDS: Final = "10"
"""How long a statement waits for another process's transaction, unless the address says `?timeout=`."""

_PATIENCE: Final = 5.0
"""For how many seconds we retry what SQLite's own time-out does not cover."""

_CHECKED_WHOLE: Final = 64 * 2**20
"""Files of up to so many bytes are checked from end to end at every start; it takes a tenth of a second."""

_PRAGMAS: Final = (
    "journal_mode=WAL",  # readers and the one writer do not wait for each other
    "synchronous=FULL",  # a claim outlives a power cut: its request may have left; NORMAL may forget it
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that INSERT OR REPLACE meets the ledger's triggers too
)

DAMAGED: Final = say(
    "it is damaged; put back a backup. Where there is none, move it away and run `trello-ops recover`, which"
    " rebuilds it from Trello"
)

_LOCKED: Final = say("another program keeps it locked; stop that program, or try again later")

_ADVICE: Final = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: say("it is read-only; let this user write to the file and to its folder"),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: say(
        "it is no SQLite database; correct TRELLO_OPS_DATABASE_URL, or put back a backup"
    ),
    sqlite3.SQLITE_CANTOPEN: say("it cannot be opened; let this user read and write the file and its folder"),
    sqlite3.SQLITE_FULL: say("the disk is full; make room, and whatever was cut short goes on by itself"),
    sqlite3.SQLITE_IOERR: say("the disk failed to read or write it; check the disk"),
}


class SqliteDatabase(Database):
    """One database file. `name` is its path."""

    dialect = "sqlite"

    def __init__(self, engine: Engine, file: Path) -> None:
        self.name = str(file)
        self._file = file
        self._opened: tuple[int, int] | None = None  # device and inode, once the file is prepared
        self._reader = engine
        self._writer = engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads a consistent state, and makes no writer wait."""
        with self._telling(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, workspace: str = "") -> Iterator[Connection]:  # noqa: ARG002 - the whole file waits
        """A transaction that writes, on disk when this returns. It takes the file's one write lock at once.

        One that read first and wrote later would fail instead of waiting when another process writes in
        between.
        """
        with self._telling(), self._writer.begin() as connection:
            self._require_in_place()
            yield connection

    def prepare(self) -> None:
        """Refuse a damaged file; bring the tables up to date.

        Of a large file only what SQLite itself looks at is checked: its head, and whether its end is missing.
        `back_up` reads all of it. Of two processes that start at once, the second waits for the write lock
        and finds the tables up to date.
        """
        with self.reading() as connection:
            if not _sound(connection):
                raise StoreError(unusable(self.name, DAMAGED))
        with self.writing() as connection:
            found = revision(connection)
            if found == REVISION:
                # SQLite refuses a read-only file only at the first write: at this one, which changes nothing.
                connection.execute(delete(claims).where(false()))
            elif not upgraded(connection):
                raise written_by_newer(self.name, found)
        self._opened = _identity(self._file)

    def filled(self, connection: Connection, table: Table) -> None:
        """Nothing: it looks rows up by their keys, however many there are."""

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._reader.dispose()

    def _require_in_place(self) -> None:
        """SQLite would keep writing to a file that was moved or deleted, where no other process sees it."""
        if self._opened and _identity(self._file) != self._opened:
            raise StoreError(
                say(
                    "the database %(file)s was moved, deleted or replaced while in use: nothing is done any"
                    " more. Put it back if it was not meant, and restart trello-ops",
                    file=self.name,
                )
            )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            self._require_in_place()
            raise StoreError(unusable(self.name, advice(error.orig))) from error


def _identity(file: Path) -> tuple[int, int] | None:
    """Equal for two names of one file; different for another file while this one is open."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino


def advice(error: BaseException | None) -> str:
    """An error of the driver in words: what is wrong, and what to do."""
    # SQLite keeps the primary code in the low byte of its extended ones.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _ADVICE.get(code) or say("%(error)s; please report this", error=str(error))


def require_not_gone(file: Path) -> None:
    """Raise `StoreError` where there was a store that is not there any more."""
    if is_gone(file):
        raise StoreError(
            say(
                "the store %(file)s is gone: put it back, or a backup of it; without one, `trello-ops"
                " recover` rebuilds it from Trello. To begin with an empty one, `trello-ops apply"
                " --new-store`, or `trello-ops run --new-store`",
                file=file.absolute(),
            )
        )


def open_file(address: str, *, new: bool = False) -> SqliteDatabase:
    """The SQLite file at an SQLAlchemy URL, with our tables. Raises `StoreError`.

    Where there was one, another is made with `new` alone.
    """
    url, file = _parsed(address), file_of(address)
    if not new:
        require_not_gone(file)
    engine = create_engine(
        url.update_query_dict({"timeout": _BUSY_SECONDS, **url.query}),
        json_serializer=to_json,
        hide_parameters=True,  # an error would else quote the rows, people's names and texts included
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    if url.query.get("mode", "rwc") == "rwc":
        with suppress(OSError):  # SQLite meets the same and says it better
            private_file(file)  # SQLite gives a file's companions the mode of the file
    database = SqliteDatabase(engine, file)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    if is_there(file):  # not for one in memory
        leave_trace(file)
    return database


def file_of(address: str) -> Path:
    """The file that an SQLAlchemy URL names. Raises `StoreError`."""
    return Path(str(_parsed(address).database).removeprefix("file:").partition("?")[0])


def _parsed(address: str) -> URL:
    url = parsed(address)
    if url.database in {None, "", ":memory:", "file:", "file::memory:"}:
        raise StoreError(
            say("TRELLO_OPS_DATABASE_URL names no file; write it like %(example)s", example=EXAMPLE)
        )
    if "uri" in url.query:
        return url
    path = Path(str(url.database)).absolute()
    if not path.parent.is_dir():
        raise StoreError(
            say(
                "there is no folder %(folder)s for the database; make it, or correct TRELLO_OPS_DATABASE_URL",
                folder=path.parent,
            )
        )
    if path.is_dir():
        raise StoreError(
            say(
                "the database %(file)s cannot be opened: it is a folder; name a file in"
                " TRELLO_OPS_DATABASE_URL",
                file=path,
            )
        )
    return url.set(database=str(path))


def _configure(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Prepare a new connection; transactions are begun by `_begin`, not by the driver."""
    # The driver would begin one before INSERT, UPDATE and DELETE only: neither for reads nor for DDL.
    connection.isolation_level = None
    try:
        with closing(connection.cursor()) as cursor:
            for pragma in _PRAGMAS:
                _patiently(partial(cursor.execute, f"PRAGMA {pragma}"))
    except sqlite3.Error:
        connection.close()
        raise


def _patiently(execute: Callable[[], object]) -> None:
    """Switching a new file to WAL fails at once, time-out or not, while another process does so."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            execute()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _sound(connection: Connection) -> bool:
    """Otherwise damage would show only when a query meets it, perhaps after weeks of backing it up."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    if pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one() > _CHECKED_WHOLE:
        return True
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
