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

    Cards move between boards, so `done_lists` and `excused_lists` are those of every board, and
    `excused_elsewhere` are the excused labels of other boards. `excused_label` is this board's, `None` while
    it lacks one, and `excused_since` is when that was made. `put_away_lists` are those to which housekeeping
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
        """The excused labels of all boards."""
        own = {self.excused_label} if self.excused_label else set()
        return self.excused_elsewhere | own


class Criterion(Protocol):
    """A condition on a card's state, with the two kinds of event that record its beginning and its end."""

    @property
    def rules(self) -> CardRules:
        """The Trello ids by which the condition is tested."""

    @property
    def yes(self) -> EventKind:
        """The kind of event that records that it became true."""

    @property
    def no(self) -> EventKind:
        """The kind of event that records that it became false."""

    def holds(self, state: CardState, at: dt.datetime, /) -> bool:
        """Whether it is true of a state at an instant."""

    def tells_before(self, action: Action) -> bool:
        """Whether an action tells whether it was true just before that action."""

    def source(self, action: Action) -> EventSource:
        """How an action that changed it is recorded."""

    def guessed(self, state: CardState, last: LedgerEvent | None, /) -> EventSource:
        """How a change that no action tells is recorded; `last` is the last known event."""

    def may_end(self, last: LedgerEvent, /) -> bool:
        """Whether it is over when the card no longer shows it and no action tells; `last` made it true."""


@dataclass(frozen=True, slots=True)
class DoneCriterion:
    """Done, by the `complete_when` that was frozen with the occurrence."""

    rule: CompleteWhen
    rules: CardRules
    yes: EventKind = EventKind.DONE
    no: EventKind = EventKind.REOPENED

    def holds(self, state: CardState, at: dt.datetime, /) -> bool:
        """Whether the card's signals at that instant meet the rule."""
        return self.rule.met_by(state.signals(self.rules.done_lists, at))

    def tells_before(self, action: Action) -> bool:
        """Whether it tells the former value of any signal that the rule asks for."""
        told = {
            DoneSignal.TICKED: action.ticked is not None,
            DoneSignal.IN_DONE_LIST: _tells_list_before(action),
            DoneSignal.CHECKLIST_COMPLETE: action.item is not None,
            DoneSignal.ARCHIVED: action.archived is not None,
        }
        return any(told[signal] for signal in self.rule.signals)

    def source(self, action: Action) -> EventSource:
        """What the action changed."""
        if action.ticked:
            return EventSource.TICK
        if action.item:
            return EventSource.CHECKLIST
        return EventSource.ARCHIVE if action.archived else EventSource.LIST

    def guessed(self, _state: CardState, _last: LedgerEvent | None, /) -> EventSource:
        """The card's state alone: which of its signals came first, it does not show."""
        return EventSource.STATE

    def may_end(self, _last: LedgerEvent, /) -> bool:
        """Always: a card that shows nothing done is not done."""
        return True


@dataclass(frozen=True, slots=True)
class ExcusedCriterion:
    """Excused, by the excused label or by lying in a list whose cards are excused."""

    rules: CardRules
    yes: EventKind = EventKind.EXCUSED
    no: EventKind = EventKind.UNEXCUSED

    def holds(self, state: CardState, _at: dt.datetime, /) -> bool:
        """Whether the card bears any board's excused label or lies in an excused list."""
        labelled = not self.rules.excused_labels.isdisjoint(state.labels)
        return labelled or state.list_id in self.rules.excused_lists

    def tells_before(self, action: Action) -> bool:
        """Whether it puts on or takes off an excused label, or tells the list where the card was."""
        named = self.rules.excused_labels & (action.labelled | action.unlabelled)
        return bool(named) or _tells_list_before(action)

    def source(self, action: Action) -> EventSource:
        """The list that it was moved from or to, else the label."""
        return EventSource.LIST if action.moved else EventSource.LABEL

    def guessed(self, state: CardState, last: LedgerEvent | None, /) -> EventSource:
        """What excused it before, else where the card lies now."""
        if last and last.kind is self.yes:
            return last.source
        return EventSource.LIST if state.list_id in self.rules.excused_lists else EventSource.LABEL

    def may_end(self, last: LedgerEvent, /) -> bool:
        """Not where the label that excused it is gone from the whole board."""
        if last.source is not EventSource.LABEL:
            return True
        # A card cannot have lost a label that somebody deleted: people would be charged for that. Nor one
        # older than the board's present label, which took the place of a deleted one.
        since = self.rules.excused_since
        return self.rules.excused_label is not None and not (since and last.at < since)


def _tells_list_before(action: Action) -> bool:
    # A card that comes from another board has `None` there: only that board's log knows its list.
    return action.moved is not None and action.moved.before is not None
