"""What any database is to the store: transactions that read, transactions that write, errors in words."""

import json
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from functools import partial
from typing import ClassVar, Final, Literal

from sqlalchemy import URL, Connection, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from trello_ops.errors import StoreError
from trello_ops.messages import say

EXAMPLE: Final = "sqlite:////var/lib/trello-ops/trello-ops.sqlite3"

to_json = partial(json.dumps, ensure_ascii=False)


class Database(ABC):
    """One database, for any number of threads; every error of the driver becomes a `StoreError`.

    `name` is what messages call it; it holds no password.
    """

    dialect: ClassVar[Literal["sqlite", "postgresql"]]
    name: str

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that reads a consistent state, and makes no writer wait."""

    def looking(self) -> AbstractContextManager[Connection]:
        """A connection for one statement that reads, where a transaction of its own may cost less."""
        return self.reading()

    @abstractmethod
    def writing(self, workspace: str = "") -> AbstractContextManager[Connection]:
        """A transaction that writes, on disk when this returns; one workspace's come one after another."""

    @abstractmethod
    def prepare(self) -> None:
        """Bring the tables up to date. Raises `StoreError` for a database that cannot be used."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection. Closing twice is fine."""

    @abstractmethod
    def filled(self, connection: Connection, table: Table) -> None:
        """Let it know that a table has many rows all at once. No-op where it does not plan by how many."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that may say what becomes of rows that are there already."""
        return postgresql.insert(table) if self.dialect == "postgresql" else sqlite.insert(table)


def unusable(name: str, why: str) -> str:
    """That a database cannot be used, and why."""
    return say("the database %(file)s cannot be used: %(why)s", file=name, why=why)


def parsed(address: str) -> URL:
    """An SQLAlchemy URL. It may hold a password, so no message shows it. Raises `StoreError`."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(
            say(
                "TRELLO_OPS_DATABASE_URL is not the address of a database; write it like %(example)s",
                example=EXAMPLE,
            )
        ) from None
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}:
        raise StoreError(
            say(
                "TRELLO_OPS_DATABASE_URL names a %(kind)s database, neither SQLite nor PostgreSQL; write it"
                " like %(example)s",
                kind=url.get_backend_name(),
                example=EXAMPLE,
            )
        )
    return url
