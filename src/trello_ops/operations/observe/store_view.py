"""What the store held when a pass began."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.sights import BoardSight, ReadCursor
from trello_ops.core.tracking.rule_book import RuleBook
from trello_ops.operations.context import Context


@dataclass(frozen=True, slots=True)
class StoreView:
    """Read once in a pass, however many boards the pass reads.

    `watched` are the bindings of the boards that are read: those declared, and retired ones as long as
    something on them is not settled. The weeks before `unsettled_since` are frozen.
    """

    bindings: Bindings
    cursors: Mapping[str, ReadCursor]
    rules: RuleBook
    unsettled_since: dt.datetime
    watched: tuple[Binding, ...]
    sights: tuple[BoardSight, ...]

    @classmethod
    def read(cls, context: Context) -> "StoreView":
        """What the store holds now."""
        store, workspace = context.store, context.workspace
        bindings, unsettled = store.bindings(), unsettled_since(context)
        declared = {board.key for board in workspace.boards}
        watched = (
            binding
            for binding in bindings
            if binding.kind is Kind.BOARD
            and (binding.board in declared or store.issued_since(binding.board, unsettled))
        )
        rules = RuleBook.of(workspace, bindings)
        return cls(bindings, store.read_cursors(), rules, unsettled, tuple(watched), store.board_sights())

    def boards(self) -> Iterator[Binding]:
        """Every board that is bound, retired ones included."""
        return (binding for binding in self.bindings if binding.kind is Kind.BOARD)

    def retired_boards(self) -> Iterator[Binding]:
        """The boards that are read no more and were read in a week that is not settled.

        Not all that ever were: boards come and go, year after year.
        """
        for board in self.boards():
            cursor = self.cursors.get(board.board)
            if board not in self.watched and cursor and cursor.read_at >= self.unsettled_since:
                yield board


def unsettled_since(context: Context) -> dt.datetime:
    """The beginning of the earliest week that is not frozen: what fell due since may still change."""
    store, zone = context.store, context.workspace.timezone
    weeks = store.frozen_weeks()
    if weeks:
        return weeks[-1].next().begins_at(zone)
    first = store.first_due() or context.clock.now()
    return IsoWeek.at(first, zone).begins_at(zone)
