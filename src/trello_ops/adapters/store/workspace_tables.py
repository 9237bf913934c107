"""What the parts of `SqlStore` share: one workspace's rows, read and written in SQLAlchemy Core."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    Select,
    Table,
    and_,
    delete,
    select,
    true,
)

from trello_ops.adapters.store.database import Database

_ANY: Final = true()


class WorkspaceTables:
    """One workspace's rows. Each public method of a subclass is one transaction."""

    def __init__(self, database: Database, workspace: str) -> None:
        self._database = database
        self._workspace = workspace

    def _mine(self, table: Table, **equal: object) -> ColumnElement[bool]:
        wanted = {"workspace": self._workspace, **equal}
        return and_(*(table.c[name] == value for name, value in wanted.items()))

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        with self._database.looking() as db:
            return db.execute(statement).mappings().all()

    def _all(self, table: Table, *order: str, where: ColumnElement[bool] = _ANY) -> Sequence[RowMapping]:
        """Every row, or those that meet `where`, without the column `workspace`."""
        columns = [column for column in table.c if column.name != "workspace"]
        mine = select(*columns).where(self._mine(table), where)
        return self._rows(mine.order_by(*(table.c[name] for name in order)))

    def _add(self, db: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
        """Insert the rows that break no unique key, and count them; the others change nothing."""
        if not rows:
            return 0
        statement = self._database.insert(table).on_conflict_do_nothing().returning(table.c.workspace)
        return len(db.execute(statement, [{"workspace": self._workspace, **row} for row in rows]).all())

    def _put(
        self, table: Table, row: Mapping[str, object], again: Mapping[str, object] | None = None
    ) -> None:
        """Insert a row; where its primary key exists, change that row as `again` says, or else wholly."""
        with self._database.writing(self._workspace) as db:
            db.execute(self._upsert(table, row, again))

    def _upsert(
        self, table: Table, row: Mapping[str, object], again: Mapping[str, object] | None = None
    ) -> Executable:
        statement = self._database.insert(table).values({"workspace": self._workspace, **row})
        wholly = {
            column.name: statement.excluded[column.name] for column in table.c if not column.primary_key
        }
        return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=again or wholly)

    def _delete(self, table: Table, **equal: object) -> None:
        with self._database.writing(self._workspace) as db:
            db.execute(delete(table).where(self._mine(table, **equal)))


def same(table: Table, other: Table, *names: str) -> ColumnElement[bool]:
    """That rows of two tables agree in these columns, and belong to one workspace."""
    return and_(*(table.c[name] == other.c[name] for name in ("workspace", *names)))


def new_version() -> str:
    """A claim's version, unlike any other."""
    return uuid4().hex
