"""What this process saw when it last looked at boards for cards of ours.

A store can be put back only while no process has it open. So whatever stood on a board when this process
looked is known from then on, and whatever came later was made with this store.
"""

import datetime as dt
import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from trello_ops.core.ledger import OccurrenceKey


@dataclass(frozen=True, slots=True)
class _Look:
    """How far back a board was read, and which markers there were of cards that the ledger did not hold."""

    since: dt.datetime
    strangers: frozenset[OccurrenceKey]


@dataclass(frozen=True, slots=True)
class BoardLooks:
    """The last look of this process at each board, by its Trello id. Several threads may use it."""

    _looks: dict[str, _Look] = field(default_factory=dict)
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def note(self, board_id: str, since: dt.datetime, strangers: Collection[OccurrenceKey]) -> None:
        """Remember a look at the cards made since then; one that went further back stays as well."""
        with self._alone:
            before = self._looks.get(board_id)
            if before and before.since < since:
                since, strangers = before.since, {*before.strangers, *strangers}
            self._looks[board_id] = _Look(since, frozenset(strangers))

    def rule_out(self, board_id: str, key: OccurrenceKey, possible_since: dt.datetime) -> bool:
        """Whether the board has no card of an occurrence, made then or later, that the ledger lacks."""
        with self._alone:
            look = self._looks.get(board_id)
        return look is not None and look.since <= possible_since and key not in look.strangers
