"""The file in which the processes of one machine count their requests together.

It is an SQLite file, because SQLite locks between processes on every system, frees the locks of dead
processes, and rolls back what they left half written. Nothing in it matters for longer than a minute, so we
do not wait for the disk, and make the file anew where it is damaged, was removed, or stays locked by a
process that was stopped in the middle of a step.
"""

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from trello_ops.errors import StoreError
from trello_ops.messages import say
from trello_ops.private_files import private_file, private_folder

LOCK_SECONDS = 11.0
"""Seconds for which another process may keep the file locked; a step takes a millisecond.

Longer than Trello's window: while nobody could write, nobody got a permission, and all that were answered
have lapsed by then. So little is lost with the file.
"""

_TABLE = """
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    budget TEXT NOT NULL,
    state TEXT NOT NULL,
    reads INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
)
"""
_FIRST_NUMBER = """
INSERT INTO sqlite_sequence (name, seq)
SELECT 'request', abs(random() % 1000000000000) WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence)
"""
"""Numbers start at random, so that no number of a lost file means another request in the new one."""

_BEYOND_REPAIR = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,  # a table of other columns
        sqlite3.SQLITE_READONLY_DBMOVED,  # another process made it anew
    }
)
_T = TypeVar("_T")


class BudgetFile:
    """Runs steps one at a time across threads and processes. Without a path it is this process's alone.

    Raises `StoreError` when the file cannot be used, and making it anew does not help.
    """

    def __init__(self, path: Path | None, lock_seconds: float = LOCK_SECONDS) -> None:
        self._path = path
        self._lock_seconds = lock_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        if path:
            with _spoken_of(path):
                _require_own(path.parent)
        self.run(lambda _: None)

    def run(self, step: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run a step in one transaction, and return its result."""
        with self._lock, _spoken_of(self._path):
            try:
                return self._run(step)
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", 0) not in _BEYOND_REPAIR:
                    raise
            # Remove the file, unless another process was faster and this is its new one.
            ours = self._opened in (None, self._found())
            self._close()
            if self._path and ours:
                self._path.unlink(missing_ok=True)
                self._path.with_name(self._path.name + "-journal").unlink(missing_ok=True)
            return self._run(step)

    def close(self) -> None:
        """Close the file. A later step opens it again."""
        with self._lock:
            self._close()

    def _run(self, step: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._opened != self._found():
            self._close()
        if self._connection is None:
            if self._path:
                private_file(self._path)
            self._connection = sqlite3.connect(
                self._path or ":memory:",
                timeout=self._lock_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("PRAGMA synchronous = OFF")  # no power cut matters: time begins anew
            self._connection.execute(_TABLE)
            self._connection.execute(_FIRST_NUMBER)
            self._opened = self._found()
        connection = self._connection
        # Exclusive from the start: with a read lock first, two processes could each wait for the other.
        connection.execute("BEGIN EXCLUSIVE")
        with connection:  # commits, or takes all back
            return step(connection)

    def _found(self) -> tuple[int, int] | None:
        """Device and inode of the file now at the path: ours may have been cleared away and made anew."""
        try:
            found = self._path.stat() if self._path else None
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found else None

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = self._opened = None


def _require_own(folder: Path) -> None:
    """Make the folder, and refuse one that is not this user's alone."""
    # In a shared temporary folder, another user may have put a folder or a link there before us.
    private_folder(folder)
    if sys.platform == "win32":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise StoreError(
            say(
                "%(folder)s: the request budget is not kept there, for it is a link, or another user's, or"
                " others may write to it. Remove it, or set TMPDIR to a folder that is yours alone.",
                folder=folder,
            )
        )


@contextmanager
def _spoken_of(path: Path | None) -> Iterator[None]:
    """Turn errors of SQLite and the file system into a `StoreError` that names the file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            say(
                "%(file)s: the request budget kept there cannot be used (%(error)s). Make room on the disk"
                " and let this user write there, or set TMPDIR to another folder.",
                file=path,
                error=str(error),
            )
        ) from error
