"""A store on a disk that is full, by SQLite's own limit of pages: it fails as a real one does."""

import sqlite3
from contextlib import closing
from pathlib import Path

from trello_ops.adapters.store.sql import SqlStore
from trello_ops.adapters.store.sqlite import open_file

_ROWS = {
    "claims": "INSERT INTO claims VALUES ('junk', :n || :text, '', '', '2026', 1, 0)",
    "cards": (
        "INSERT INTO cards VALUES ('junk', :n, :text, '2026-01-01', 'junk' || :n, '', '2026', '2026', NULL)"
    ),
}


class FullDisk:
    """`store` is to be used by one thread: the limit is that of its connection."""

    def __init__(self, file: Path, workspace: str = "zina") -> None:
        self._file = file
        self._database = open_file(f"sqlite:///{file}")
        self.store = SqlStore(self._database, workspace)

    def fill(self, *tables: str) -> None:
        """Leave no room for one more row of these tables, and no new page for anything."""
        with closing(sqlite3.connect(self._file)) as junk:
            (pages,) = junk.execute("PRAGMA page_count").fetchone()
            junk.execute(f"PRAGMA max_page_count = {pages}")
            for table in tables:
                for size in (1000, 200, 40, 0):
                    self._insert_until_full(junk, _ROWS[table], size)
        self._limit(pages)

    def make_room(self) -> None:
        self._limit(1_000_000)

    def close(self) -> None:
        self._database.close()

    def _insert_until_full(self, junk: sqlite3.Connection, insert: str, size: int) -> None:
        for number in range(10_000):
            try:
                with junk:
                    junk.execute(insert, {"n": f"{size}-{number}", "text": "x" * size})
            except sqlite3.OperationalError:
                return
        raise AssertionError("the disk does not fill up")

    def _limit(self, pages: int) -> None:
        with self._database.reading() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
