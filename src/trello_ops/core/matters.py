"""The two things that are true of a card or not, and that the ledger follows: that it is done, or excused."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from trello_ops.core.card_state import CardState
from trello_ops.core.model import Action, CompleteWhen, Completion, Fact, Seen, Sign


@dataclass(frozen=True, slots=True)
class Rules:
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


class Matter(Protocol):
    """Something that holds of a card's state or does not, and the two facts that say since when."""

    @property
    def rules(self) -> Rules: ...

    @property
    def yes(self) -> Fact: ...

    @property
    def no(self) -> Fact: ...

    def holds(self, state: CardState, at: dt.datetime, /) -> bool: ...

    def tells_before(self, action: Action) -> bool:
        """Whether an action tells what of this matter was true before it."""

    def seen(self, action: Action) -> Seen:
        """How an action that turns it shows."""

    def guessed(self, state: CardState, last: Completion | None, /) -> Seen:
        """How it shows, or showed until now, where no action tells; `last` is its last known turn."""

    def may_end(self, last: Completion, /) -> bool:
        """Whether it is over when the card shows it no longer and no action tells; `last` made it true."""


@dataclass(frozen=True, slots=True)
class Done:
    """As the occurrence's `complete_when` has it."""

    rule: CompleteWhen
    rules: Rules
    yes: Fact = Fact.DONE
    no: Fact = Fact.REOPENED

    def holds(self, state: CardState, at: dt.datetime, /) -> bool:
        return self.rule.met_by(state.signs(self.rules.done_lists, at))

    def tells_before(self, action: Action) -> bool:
        return any(self._told(action, sign) for sign in self.rule.signs)

    def _told(self, action: Action, sign: Sign) -> bool:
        if sign is Sign.IN_DONE_LIST:
            return _tells_list_before(action)
        told = {
            Sign.TICKED: action.ticked,
            Sign.CHECKLIST_COMPLETE: action.item,
            Sign.ARCHIVED: action.archived,
        }
        return told[sign] is not None

    def seen(self, action: Action) -> Seen:
        if action.ticked:
            return Seen.TICK
        if action.item:
            return Seen.CHECKLIST
        return Seen.ARCHIVE if action.archived else Seen.LIST

    def guessed(self, _state: CardState, _last: Completion | None, /) -> Seen:
        return Seen.STATE

    def may_end(self, _last: Completion, /) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Excused:
    """By the excused label, or by lying in a list whose cards are excused."""

    rules: Rules
    yes: Fact = Fact.EXCUSED
    no: Fact = Fact.UNEXCUSED

    def holds(self, state: CardState, _at: dt.datetime, /) -> bool:
        labelled = not self.rules.excused_labels.isdisjoint(state.labels)
        return labelled or state.list_id in self.rules.excused_lists

    def tells_before(self, action: Action) -> bool:
        named = self.rules.excused_labels & (action.labelled | action.unlabelled)
        return bool(named) or _tells_list_before(action)

    def seen(self, action: Action) -> Seen:
        return Seen.LIST if action.moved else Seen.LABEL

    def guessed(self, state: CardState, last: Completion | None, /) -> Seen:
        if last and last.fact is self.yes:
            return last.seen
        return Seen.LIST if state.list_id in self.rules.excused_lists else Seen.LABEL

    def may_end(self, last: Completion, /) -> bool:
        """Not where the label that excused it is gone from the whole board."""
        if last.seen is not Seen.LABEL:
            return True
        since = self.rules.excused_since
        return self.rules.excused_label is not None and not (since and last.at < since)


def _tells_list_before(action: Action) -> bool:
    return action.moved is not None and action.moved.before is not None
