"""What cards were given of rows, in memory."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.rows import RowItem


class MemoryRowItems:
    """`ports.RowStore`, a part of `MemoryStore`, whose lock it takes."""

    _alone: threading.RLock

    def __init__(self) -> None:
        super().__init__()
        self._row_items: dict[OccurrenceKey, dict[str, RowItem]] = {}

    def row_items(self, key: OccurrenceKey) -> tuple[RowItem, ...]:
        """What an occurrence's card was given of rows, in order."""
        with self._alone:
            return tuple(self._row_items.get(key, {}).values())

    def give_rows(self, key: OccurrenceKey, items: Sequence[RowItem]) -> None:
        """Append to what a card was given, leaving rows already there as they are."""
        with self._alone:
            given = self._row_items.setdefault(key, {})
            for item in items:
                given.setdefault(item.row, item)

    def row_written(self, key: OccurrenceKey, row: str, item_id: str) -> None:
        """Note that a row's item is on the card."""
        with self._alone:
            given = self._row_items.get(key, {})
            if row in given:
                given[row] = replace(given[row], item_id=item_id)
