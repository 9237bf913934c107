"""The state of a card that decides whether it is done or excused, and how actions change it.

The log tells changes; the card shows only its present state. So the log is undone on that state, newest
action first, and then followed action by action. Every action gives a field's value before and after, so it
does not matter whether the card was read before the action or after it.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.objectid import created_at
from trello_ops.core.trello import Action, Card, FieldChange

NOWHERE = ""
"""The list of a card that is on none of our boards, or not yet made."""

_SOME_ITEMS = "0" * 24
"""Stands for all check items of a card where only their counts are known; its id dates it to 1970."""

_MOVE = dt.timedelta(seconds=5)
"""Far more than lies between the two log entries of a move between boards, one on each board."""

_LEAVES, _ARRIVES = "moveCardFromBoard", "moveCardToBoard"


@dataclass(frozen=True, slots=True)
class CardState:
    """What of a card decides whether it is done or excused.

    `items` are the check items by id, complete or not. No log tells when an item is added or deleted
    (trello-behaviour.md#action-log), so each counts from the second of creation in its id.
    """

    ticked: bool = False
    list_id: str = NOWHERE
    archived: bool = False
    items: Mapping[str, bool] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()

    def signals(self, done_lists: Collection[str], at: dt.datetime) -> frozenset[DoneSignal]:
        """Everything that it shows at an instant and that may make it count as done."""
        # `all` of nothing is true: without items there is no checklist that could be complete.
        items = [complete for item, complete in self.items.items() if created_at(item) <= at]
        shown = {
            DoneSignal.TICKED: self.ticked,
            DoneSignal.IN_DONE_LIST: self.list_id in done_lists,
            DoneSignal.CHECKLIST_COMPLETE: bool(items) and all(items),
            DoneSignal.ARCHIVED: self.archived,
        }
        return frozenset(signal for signal, there in shown.items() if there)

    def after(self, action: Action) -> "CardState":
        """The state that an action leads to."""
        item = action.item
        return CardState(
            ticked=bool(action.ticked.after) if action.ticked else self.ticked,
            list_id=str(action.moved.after or NOWHERE) if action.moved else self.list_id,
            archived=bool(action.archived.after) if action.archived else self.archived,
            items={**self.items, item.id: item.complete} if item else self.items,
            labels=(self.labels | action.labelled) - action.unlabelled,
        )

    def without(self, item_id: str) -> "CardState":
        """The state after a check item was deleted."""
        return replace(self, items={key: each for key, each in self.items.items() if key != item_id})

    def before(self, action: Action) -> "CardState":
        """The state that an action came from."""
        item = action.item
        return CardState(
            ticked=bool(action.ticked.before) if action.ticked else self.ticked,
            list_id=str(action.moved.before or NOWHERE) if action.moved else self.list_id,
            archived=bool(action.archived.before) if action.archived else self.archived,
            items={**self.items, item.id: not item.complete} if item else self.items,
            labels=(self.labels - action.labelled) | action.unlabelled,
        )


def state_of(card: Card) -> CardState:
    """What a card shows now."""
    return CardState(card.ticked, card.list_id, card.closed, _items(card), frozenset(card.label_ids))


def _items(card: Card) -> dict[str, bool]:
    if card.checklists is not None:
        return {item.id: item.complete for checklist in card.checklists for item in checklist.items}
    return {_SOME_ITEMS: card.checked_count == card.item_count} if card.item_count else {}


def shows_done(card: Card, rule: CompleteWhen, done_lists: Collection[str], at: dt.datetime) -> bool:
    """Whether a card looks done at an instant, the ledger left aside."""
    return rule.met_by(state_of(card).signals(done_lists, at))


# ---- the log ----------------------------------------------------------------------------------------


class Step(NamedTuple):
    """An action, and what it made of the card."""

    action: Action
    before: CardState
    after: CardState


def steps(state: CardState, actions: Sequence[Action], gone: Collection[str] = ()) -> Iterator[Step]:
    """What each action did, oldest first. `state` is the present one, as far as it is known without them.

    `gone` are items that have been deleted since.
    """
    joined = list(_joined(actions))
    last = {action.item.id: action.id for action in joined if action.item}
    for action in reversed(joined):
        state = state.before(action)
    for action in joined:
        before, state = state, state.after(action)
        item = action.item
        # No log tells when an item was deleted. One that was last seen open is taken to be gone at once, so
        # that nobody is late because of it.
        if item and item.id in gone and not item.complete and last[item.id] == action.id:
            state = state.without(item.id)
        yield Step(action, before, state)


def gone_items(card: Card | None, actions: Sequence[Action]) -> frozenset[str]:
    """The items of the log that the card no longer has; none where it was read without its items."""
    if card is None or card.checklists is None:
        return frozenset()
    return frozenset(action.item.id for action in actions if action.item) - frozenset(_items(card))


def _joined(actions: Sequence[Action]) -> Iterator[Action]:
    """The actions, with the two halves of a move between boards, one from each board's log, made into one."""
    left: Action | None = None
    for action in actions:
        if left and _is_one_move(left, action):
            before = left.moved.before if left.moved else None
            after = action.moved.after if action.moved else None
            yield replace(action, moved=FieldChange(before, after))
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
    """Whether a departure and an arrival are halves of the same move."""
    # Each half names the board that logged the other. A card that comes back from where it went names the
    # same board twice: those are two moves.
    at_once = action.type == _ARRIVES and action.at - left.at < _MOVE
    return at_once and (left.other_board is None or left.other_board != action.other_board)
