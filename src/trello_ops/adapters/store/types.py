"""The column types of instants and of words."""

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

_TEXT = "%(year)04d-%(month)02d-%(day)02dT%(hour)02d:%(minute)02d:%(second)02d.%(microsecond)06dZ"


class NaiveInstantError(ValueError, DontWrapMixin):
    """A datetime without time zone names no instant."""


class Instant(TypeDecorator[dt.datetime]):
    """An instant: aware in, UTC in the database, aware UTC out; a naive datetime is refused.

    SQLite keeps no zone, so there it is text of one width, `2026-11-16T07:00:00.000000Z`: it sorts, compares,
    indexes and aggregates as the instants do, SQLite's own date functions read it, and so do people.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, the database's own type elsewhere."""
        if dialect.name == "sqlite":
            text: TypeEngine[Any] = sqlite.DATETIME(storage_format=_TEXT)  # type: ignore[no-untyped-call]
            return dialect.type_descriptor(text)
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """To UTC. Raises `NaiveInstantError`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(f"{value.isoformat()} has no time zone; instants must be aware")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """As aware UTC."""
        return None if value is None else value.astimezone(dt.UTC)


class Words(TypeDecorator[str]):
    """Text, which sorts by its bytes wherever it is kept, as Python's strings do.

    PostgreSQL keeps no NUL, so there U+FFFD takes its place: a name from Trello may hold anything.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With the order of bytes, which SQLite has anyway."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To what the database takes."""
        return value.replace("\0", "\ufffd") if value and dialect.name == "postgresql" else value
