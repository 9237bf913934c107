"""The two criteria that a card meets or not, and that the ledger follows: done and excused."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent
from trello_ops.core.tracking.card_state import CardState
from trello_ops.core.trello import Action


@dataclass(frozen=True, slots=True)
class CardRules:
    """The Trello ids that give a card its meaning.

    `done_lists` and `excused_lists` are those of every board, since cards move between boards, and so
    `excused_elsewhere` are the excused labels of others.
    `excused_label` is `None` while the board lacks it; `excused_since` is when it was made: a card cannot
    have lost a label that somebody deleted from the board. `put_away_lists` are those to which housekeeping
    moves undone cards.
    """

    done_lists: frozenset[str]
    excused_label: str | None
    excused_since: dt.datetime | None = None
    put_away_lists: frozenset[str] = frozenset()
    excused_lists: frozenset[str] = frozenset()
    excused_elsewhere: frozenset[str] = frozenset()

    @property
    def excused_labels(self) -> frozenset[str]:
        own = {self.excused_label} if self.excused_label else set()
        return self.excused_elsewhere | own


class Criterion(Protocol):
    """Something that holds of a card's state or does not, and the two kinds of event that say since when."""

    @property
    def rules(self) -> CardRules: ...

    @property
    def yes(self) -> EventKind: ...

    @property
    def no(self) -> EventKind: ...

    def holds(self, state: CardState, at: dt.datetime, /) -> bool: ...

    def tells_before(self, action: Action) -> bool:
        """Whether an action tells whether this held before it."""

    def source(self, action: Action) -> EventSource:
        """By what an action that changes it is recognised."""

    def guessed(self, state: CardState, last: LedgerEvent | None, /) -> EventSource:
        """By what it shows, or showed until now, where no action tells; `last` is its last known event."""

    def may_end(self, last: LedgerEvent, /) -> bool:
        """Whether it is over when the card shows it no longer and no action tells; `last` made it true."""


@dataclass(frozen=True, slots=True)
class DoneCriterion:
    """As the occurrence's `complete_when` has it."""

    rule: CompleteWhen
    rules: CardRules
    yes: EventKind = EventKind.DONE
    no: EventKind = EventKind.REOPENED

    def holds(self, state: CardState, at: dt.datetime, /) -> bool:
        return self.rule.met_by(state.signals(self.rules.done_lists, at))

    def tells_before(self, action: Action) -> bool:
        return any(self._told(action, signal) for signal in self.rule.signals)

    def _told(self, action: Action, signal: DoneSignal) -> bool:
        if signal is DoneSignal.IN_DONE_LIST:
            return _tells_list_before(action)
        told = {
            DoneSignal.TICKED: action.ticked,
            DoneSignal.CHECKLIST_COMPLETE: action.item,
            DoneSignal.ARCHIVED: action.archived,
        }
        return told[signal] is not None

    def source(self, action: Action) -> EventSource:
        if action.ticked:
            return EventSource.TICK
        if action.item:
            return EventSource.CHECKLIST
        return EventSource.ARCHIVE if action.archived else EventSource.LIST

    def guessed(self, _state: CardState, _last: LedgerEvent | None, /) -> EventSource:
        return EventSource.STATE

    def may_end(self, _last: LedgerEvent, /) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class ExcusedCriterion:
    """By the excused label, or by lying in a list whose cards are excused."""

    rules: CardRules
    yes: EventKind = EventKind.EXCUSED
    no: EventKind = EventKind.UNEXCUSED

    def holds(self, state: CardState, _at: dt.datetime, /) -> bool:
        labelled = not self.rules.excused_labels.isdisjoint(state.labels)
        return labelled or state.list_id in self.rules.excused_lists

    def tells_before(self, action: Action) -> bool:
        named = self.rules.excused_labels & (action.labelled | action.unlabelled)
        return bool(named) or _tells_list_before(action)

    def source(self, action: Action) -> EventSource:
        return EventSource.LIST if action.moved else EventSource.LABEL

    def guessed(self, state: CardState, last: LedgerEvent | None, /) -> EventSource:
        if last and last.kind is self.yes:
            return last.source
        return EventSource.LIST if state.list_id in self.rules.excused_lists else EventSource.LABEL

    def may_end(self, last: LedgerEvent, /) -> bool:
        """Not where the label that excused it is gone from the whole board."""
        if last.source is not EventSource.LABEL:
            return True
        since = self.rules.excused_since
        return self.rules.excused_label is not None and not (since and last.at < since)


def _tells_list_before(action: Action) -> bool:
    return action.moved is not None and action.moved.before is not None
