"""What a card is at an instant, so far as it can count as done or excused, and how actions change that.

The log tells changes, a card tells what it is now. So the state before the log is walked back to from what
the card shows, and then followed action by action. Every field of an action is absolute: it does not matter
whether an action that the log tells came before the card was read or after.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.objectid import created_at
from trello_ops.core.trello import Action, Card, FieldChange

NOWHERE = ""
"""The list of a card that is on none of our boards, or not made yet."""

_SOME_ITEMS = "0" * 24
"""Stands for all check items of a card of which only the counts are known."""

_MOVE = dt.timedelta(seconds=5)
"""Far more than lies between the two entries that a move between boards makes, one in the log of each."""

_LEAVES, _ARRIVES = "moveCardFromBoard", "moveCardToBoard"


@dataclass(frozen=True, slots=True)
class CardState:
    """`items` are the check items by id, complete or not; one counts from the second in which it was made.

    Who adds an item, and when one is deleted, no log tells (trello-behaviour.md#action-log).
    """

    ticked: bool = False
    list_id: str = NOWHERE
    archived: bool = False
    items: Mapping[str, bool] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()

    def signals(self, done_lists: Collection[str], at: dt.datetime) -> frozenset[DoneSignal]:
        """What it shows at an instant that can make it count as done."""
        state_of = {
            DoneSignal.TICKED: self.ticked,
            DoneSignal.IN_DONE_LIST: self.list_id in done_lists,
            DoneSignal.CHECKLIST_COMPLETE: self._is_complete(at),
            DoneSignal.ARCHIVED: self.archived,
        }
        return frozenset(signal for signal, there in state_of.items() if there)

    def _is_complete(self, at: dt.datetime) -> bool:
        there = [complete for item, complete in self.items.items() if created_at(item) <= at]
        return bool(there) and all(there)

    def after(self, action: Action) -> "CardState":
        item = action.item
        return CardState(
            ticked=bool(action.ticked.after) if action.ticked else self.ticked,
            list_id=str(action.moved.after or NOWHERE) if action.moved else self.list_id,
            archived=bool(action.archived.after) if action.archived else self.archived,
            items={**self.items, item.id: item.complete} if item else self.items,
            labels=(self.labels | action.labelled) - action.unlabelled,
        )

    def without(self, item_id: str) -> "CardState":
        return replace(self, items={key: each for key, each in self.items.items() if key != item_id})

    def before(self, action: Action) -> "CardState":
        item = action.item
        return CardState(
            ticked=bool(action.ticked.before) if action.ticked else self.ticked,
            list_id=str(action.moved.before or NOWHERE) if action.moved else self.list_id,
            archived=bool(action.archived.before) if action.archived else self.archived,
            items={**self.items, item.id: not item.complete} if item else self.items,
            labels=(self.labels - action.labelled) | action.unlabelled,
        )


def state_of(card: Card) -> CardState:
    return CardState(card.ticked, card.list_id, card.closed, _items(card), frozenset(card.label_ids))


def _items(card: Card) -> dict[str, bool]:
    if card.checklists is not None:
        return {item.id: item.complete for checklist in card.checklists for item in checklist.items}
    return {_SOME_ITEMS: card.checked_count == card.item_count} if card.item_count else {}


def shows_done(card: Card, rule: CompleteWhen, done_lists: Collection[str], at: dt.datetime) -> bool:
    """Whether a card looks done, whatever the ledger knows."""
    return rule.met_by(state_of(card).signals(done_lists, at))


# ---- the log ----------------------------------------------------------------------------------------


class Step(NamedTuple):
    """An action, and what it made of the card."""

    action: Action
    before: CardState
    after: CardState


def steps(state: CardState, actions: Sequence[Action], gone: Collection[str] = ()) -> Iterator[Step]:
    """What each action did, oldest first, `state` being what is known apart from them.

    `gone` are items that nobody finds any more. When one was deleted no log tells: where the log leaves it
    open, it is taken to be gone at once, so that nobody is late for it.
    """
    joined = list(_joined(actions))
    last = {action.item.id: action.id for action in joined if action.item}
    for action in reversed(joined):
        state = state.before(action)
    for action in joined:
        before, state = state, state.after(action)
        item = action.item
        if item and item.id in gone and not item.complete and last[item.id] == action.id:
            state = state.without(item.id)
        yield Step(action, before, state)


def gone_items(card: Card | None, actions: Sequence[Action]) -> frozenset[str]:
    """The items that the log tells of and the card has no more, where it was read with its items."""
    if card is None or card.checklists is None:
        return frozenset()
    return frozenset(action.item.id for action in actions if action.item) - frozenset(_items(card))


def _joined(actions: Sequence[Action]) -> Iterator[Action]:
    """A card that changes boards leaves one and arrives on another: one step, where both boards tell it."""
    left: Action | None = None
    for action in actions:
        if left and _is_one_move(left, action):
            yield _arrived_from(left, action)
            left = None
            continue
        if left:
            yield left
        left = action if action.type == _LEAVES else None
        if left is None:
            yield action
    if left:
        yield left


def _is_one_move(left: Action, action: Action) -> bool:
    """Each half names the board that logged the other: only a card that was away comes from where it went."""
    at_once = action.type == _ARRIVES and action.at - left.at < _MOVE
    return at_once and (left.other_board is None or left.other_board != action.other_board)


def _arrived_from(left: Action, arrived: Action) -> Action:
    before = left.moved.before if left.moved else None
    after = arrived.moved.after if arrived.moved else None
    return replace(arrived, moved=FieldChange(before, after))
