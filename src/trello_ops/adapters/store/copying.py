"""Whole stores from one database to another, each row found again before anything is kept."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, func, insert, select

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.sql import is_there, open_database
from trello_ops.errors import StoreError
from trello_ops.messages import say

_SOME: Final = 2_000
"""Rows in memory at once."""

Step = Callable[[str], None]
Progress = Callable[[int], AbstractContextManager[Step]]
"""Given a number of steps, a block within which each step is told by name before it is done."""

_FILLED: Final = (schema.unissued,)
"""What triggers fill as the ledger is written: it is made as it was once all else is there."""


def copy_stores(source: str, target: str, progress: Progress) -> dict[str, int]:
    """Copy every workspace of a database at an SQLAlchemy URL to that at another. Returns rows by table.

    All or nothing; the source stays as it is. Raises `StoreError` where there is no source, where the target
    holds rows of one of the workspaces, and where a row is not found again as it was.
    """
    if not is_there(source):
        raise StoreError(say("there is no store to copy: correct the first address"))
    with closing(open_database(source)) as old, closing(open_database(target)) as new:
        if old.name == new.name:
            raise StoreError(say("both addresses name %(store)s: name another target", store=old.name))
        with old.reading() as reading, new.writing() as writing:
            keys = _workspaces(reading)
            _require_room(new, writing, keys)
            counts = {table.name: _count(reading, table, keys) for table in _in_order()}
            with progress(2 * sum(-(-count // _SOME) for count in counts.values())) as step:
                for table in _in_order():
                    _copy(reading, writing, table, keys, step)
                    # Else each row that refers to this table is looked for among all of its rows.
                    new.filled(writing, table)
                for table in _in_order():
                    _verify(reading, writing, table, keys, step)
    return counts


def _in_order() -> list[Table]:
    """Each table after those that it refers to, and what triggers fill last."""
    others = [table for table in schema.metadata.sorted_tables if table not in _FILLED]
    return [*others, *_FILLED]


def _workspaces(reading: Connection) -> tuple[str, ...]:
    found: set[str] = set()
    for table in schema.metadata.sorted_tables:
        found.update(reading.scalars(select(table.c.workspace).distinct()))
    return tuple(sorted(found))


def _require_room(new: Database, writing: Connection, keys: Sequence[str]) -> None:
    for table in schema.metadata.sorted_tables:
        there = writing.scalar(select(table.c.workspace).where(table.c.workspace.in_(keys)).limit(1))
        if there is not None:
            raise StoreError(
                say(
                    "%(store)s holds %(table)s of %(workspace)s already; nothing was copied. Name an empty"
                    " database",
                    store=new.name,
                    table=table.name,
                    workspace=there,
                )
            )


def _count(reading: Connection, table: Table, keys: Sequence[str]) -> int:
    return reading.scalar(select(func.count()).select_from(table).where(table.c.workspace.in_(keys))) or 0


def _rows(connection: Connection, table: Table, keys: Sequence[str]) -> Iterator[Sequence[Row[Any]]]:
    """Its rows some at a time, in the order of its key."""
    ordered = select(*_columns(table)).where(table.c.workspace.in_(keys)).order_by(*table.primary_key)
    return connection.execution_options(yield_per=_SOME).execute(ordered).partitions(_SOME)


def _columns(table: Table) -> list[Any]:
    # Numbers that a database gives out tell an order alone, and other workspaces may have them there.
    return [column for column in table.c if column.name != "id"]


def _copy(reading: Connection, writing: Connection, table: Table, keys: Sequence[str], step: Step) -> None:
    if table in _FILLED:
        writing.execute(delete(table).where(table.c.workspace.in_(keys)))
    for some in _rows(reading, table, keys):
        step(table.name)
        # To return something, rows go a thousand to a statement; a server would else parse one for each.
        writing.execute(insert(table).returning(table.c.workspace), [row._asdict() for row in some])


def _verify(reading: Connection, writing: Connection, table: Table, keys: Sequence[str], step: Step) -> None:
    old, new = _rows(reading, table, keys), _rows(writing, table, keys)
    for some, same in zip_longest(old, new, fillvalue=()):
        step(table.name)
        if [tuple(row) for row in some] != [tuple(row) for row in same]:
            raise StoreError(
                say(
                    "rows of %(table)s came over changed; nothing was copied. Please report this",
                    table=table.name,
                )
            )
