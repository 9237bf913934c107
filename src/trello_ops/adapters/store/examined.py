"""What there is of a database, without changing it: opening a store may make it, or bring it up to date."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trello_ops.adapters.store.database import parsed, unusable
from trello_ops.adapters.store.migrate import REVISION, written_by_newer
from trello_ops.adapters.store.sqlite import DAMAGED, advice, file_of, require_not_gone
from trello_ops.adapters.store.trace import is_there
from trello_ops.errors import StoreError

_STEPS: Final = 100_000  # of SQLite's machine between two looks at the clock


@dataclass(frozen=True, slots=True)
class Examined:
    """A database with `size` bytes; `free` are those of its disk, `None` where that is a server's.

    `current`: its tables are those of this program, not of an older one, nor missing. `whole`: all of it was
    read and found sound in the time that there was.
    """

    name: str
    current: bool
    size: int
    free: int | None
    whole: bool


def examine(url: str, seconds: float) -> Examined | None:
    """What is at an SQLAlchemy URL, read for so many seconds; `None` where there is nothing yet.

    Raises `StoreError` where it is gone or cannot be used, or a newer program made it.
    """
    if parsed(url).get_backend_name() == "sqlite":
        return _of_file(file_of(url), seconds)
    from trello_ops.adapters.store import postgres

    name, found, size = postgres.looked_at(url)
    return Examined(name, _is_current(name, found), size, None, whole=True)


def _of_file(file: Path, seconds: float) -> Examined | None:
    require_not_gone(file)
    if not is_there(file):
        return None
    with _told(file), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        whole = _is_whole(database, file, seconds)
        current = _is_current(str(file), _revision(database))
    companion = file.with_name(f"{file.name}-wal")
    size = sum(each.stat().st_size for each in (file, companion) if each.exists())
    return Examined(str(file), current, size, shutil.disk_usage(file.absolute().parent).free, whole)


def _is_whole(database: sqlite3.Connection, file: Path, seconds: float) -> bool:
    """Whether there was time to read all of it. Raises `StoreError` where it is damaged."""
    end = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    finally:
        database.set_progress_handler(None, 0)
    if said != "ok":
        raise StoreError(unusable(str(file), DAMAGED))
    return True


def _revision(database: sqlite3.Connection) -> str | None:
    with suppress(sqlite3.OperationalError):  # there is no such table
        row = database.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    return None


def _is_current(name: str, revision: str | None) -> bool:
    if revision is not None and revision > REVISION:
        raise written_by_newer(name, revision)
    return revision == REVISION


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(unusable(str(file), advice(error))) from error
