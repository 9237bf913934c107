"""What cards were given of rows of workbooks, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select, update

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.rows import RowItem

_table = schema.row_items
_COLUMNS = (_table.c.row, _table.c.text, _table.c.scheme, _table.c.item_id)


class SqlRowItems(WorkspaceTables):
    """`ports.RowStore`."""

    def row_items(self, key: OccurrenceKey) -> tuple[RowItem, ...]:
        """What an occurrence's card was given of rows, in order."""
        mine = select(*_COLUMNS).where(self._mine(_table, **asdict(key))).order_by(_table.c.number)
        return tuple(RowItem(**row) for row in self._rows(mine))

    def give_rows(self, key: OccurrenceKey, items: Sequence[RowItem]) -> None:
        """Append to what a card was given, leaving rows already there as they are."""
        if not items:
            return
        with self._database.writing(self._workspace) as db:
            newest = select(func.max(_table.c.number)).where(self._mine(_table, **asdict(key)))
            last = db.scalar(newest) or 0
            rows = [
                {**asdict(key), **asdict(item), "number": last + place} for place, item in enumerate(items, 1)
            ]
            self._add(db, _table, rows)

    def row_written(self, key: OccurrenceKey, row: str, item_id: str) -> None:
        """Note that a row's item is on the card."""
        with self._database.writing(self._workspace) as db:
            this = self._mine(_table, **asdict(key), row=row)
            db.execute(update(_table).where(this).values(item_id=item_id))
