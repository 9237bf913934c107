"""A copy of the database file, made while others write to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from trello_ops.adapters.store.database import parsed
from trello_ops.adapters.store.sqlite import advice, file_of, require_not_gone
from trello_ops.adapters.store.trace import leave_trace
from trello_ops.errors import StoreError
from trello_ops.messages import reason, say
from trello_ops.private_files import atomic_file

_BUSY_SECONDS = 10.0


def back_up(address: str, target: Path) -> None:
    """Copy the database at an SQLAlchemy URL to a new file, and check the copy.

    The copy is a consistent state with every workspace, readable by this user alone. It appears under its
    name only once it is complete and on disk. Nothing is migrated. Raises `StoreError`.
    """
    if parsed(address).get_backend_name() != "sqlite":
        raise StoreError(
            say("the store is a PostgreSQL database, which PostgreSQL's own means save: use `pg_dump`")
        )
    # Not by `open_database`: it would migrate what is perhaps saved because of an upgrade.
    source = file_of(address)
    require_not_gone(source)
    if not source.is_file():
        raise StoreError(
            say("there is no database %(file)s to back up; correct TRELLO_OPS_DATABASE_URL", file=source)
        )
    try:
        if target.exists():
            raise StoreError(
                say(
                    "%(file)s exists already and is left as it is; name another file for the backup",
                    file=target,
                )
            )
        with atomic_file(target) as unfinished:
            _copy(source, unfinished)
            _check(source, unfinished)
            _to_disk(unfinished)
        leave_trace(target)
        _to_disk(target.parent)  # a new name is on disk only once its folder is
    except OSError as error:
        raise StoreError(
            say("the backup %(file)s cannot be written: %(why)s", file=target, why=reason(error))
        ) from error


def _copy(source: Path, target: Path) -> None:
    """VACUUM INTO reads in one transaction, and writers do not wait for it."""
    try:
        with closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as database:
            database.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise StoreError(
            say("the database %(file)s cannot be backed up: %(why)s", file=source, why=advice(error))
        ) from error


def _check(source: Path, copy: Path) -> None:
    # Else a failing disk would be noticed on the day on which the backup is needed.
    with closing(sqlite3.connect(copy)) as database:
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise StoreError(
            say(
                "the backup of %(file)s is not sound and was thrown away (%(found)s): check the disk, and the"
                " database by `sqlite3 FILE 'PRAGMA integrity_check'`",
                file=source,
                found=found,
            )
        )


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
