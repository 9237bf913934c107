"""What of a card's log may make its completion doubtful: events that are recorded, and judged by the report.

Each is recorded once, however often the log is read.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent
from trello_ops.core.trello import Action, Card

_FEWEST_ITEMS = 3
"""Fewer may well be ticked in one breath."""

_AT_ONCE = dt.timedelta(seconds=10)


_TOUCHES = frozenset({
    EventKind.TOUCHED, EventKind.DONE, EventKind.REOPENED, EventKind.EXCUSED, EventKind.UNEXCUSED,
    EventKind.KEPT, EventKind.DUE_MOVED,
})  # fmt: skip
"""What people alone do. The robot assigns people as well."""


def first_touch(events: Iterable[LedgerEvent]) -> dt.datetime | None:
    """When somebody other than the robot did something on the card for the first time, as far as is known."""
    known = (event.at for event in events if event.kind in _TOUCHES and not event.approximate)
    return min(known, default=None)


def new_touch(
    entry: LedgerEntry, told: Sequence[LedgerEvent], actions: Iterable[Action], robots: Collection[str]
) -> Iterator[LedgerEvent]:
    """The first action of somebody other than the robot, where no event known or just `told` tells of it.

    `actions` come oldest first, `robots` are the robot's accounts. Where they are not known, nobody can tell
    it from people, and nothing is recorded.
    """
    people = (action for action in actions if action.by is None or action.by.id not in robots)
    first = next(people, None) if robots else None
    known = first_touch((*entry.events, *told))
    if first and (known is None or first.at < known) and not _of_kind(entry, EventKind.TOUCHED):
        yield _event(entry, EventKind.TOUCHED, EventSource.LOG, first)


def new_at_once(entry: LedgerEntry, card: Card | None, actions: Iterable[Action]) -> Iterator[LedgerEvent]:
    """The ticks by which all items of a card, at least three, came to be ticked within ten seconds.

    Of a `card` that is not seen any more nobody knows how many items it had: then nothing is recorded.
    """
    if card is None or card.item_count < _FEWEST_ITEMS:
        return
    there = _item_ids(card)
    ticked: dict[str, Action] = {}
    for action in actions:
        item = action.item
        if item is None or (there and item.id not in there):
            continue
        ticked.pop(item.id, None)
        if not item.complete:
            continue
        ticked[item.id] = action
        recent = [each for each in ticked.values() if action.at - each.at <= _AT_ONCE]
        if len(recent) >= card.item_count and not _is_known(entry, EventKind.AT_ONCE, action):
            yield _event(entry, EventKind.AT_ONCE, EventSource.CHECKLIST, action)


def new_automated(
    entry: LedgerEntry, told: Sequence[LedgerEvent], actions: Iterable[Action]
) -> Iterator[LedgerEvent]:
    """Which completions, of those known and those just `told`, a program or an agent brought about."""
    done = {event.action_id: event for event in (*entry.events, *told) if event.kind is EventKind.DONE}
    for action in actions:
        if action.automated and action.id in done and not _is_known(entry, EventKind.AUTOMATED, action):
            yield _event(entry, EventKind.AUTOMATED, done[action.id].source, action)


def _item_ids(card: Card) -> frozenset[str]:
    """The items of a card; none where it was read without its checklists."""
    return frozenset(item.id for checklist in card.checklists or () for item in checklist.items)


def _event(entry: LedgerEntry, kind: EventKind, source: EventSource, action: Action) -> LedgerEvent:
    return LedgerEvent(entry.occurrence.key, kind, action.at, source, action.by, action.id)


def _of_kind(entry: LedgerEntry, kind: EventKind) -> list[LedgerEvent]:
    return [event for event in entry.events if event.kind is kind]


def _is_known(entry: LedgerEntry, kind: EventKind, action: Action) -> bool:
    return any(event.action_id == action.id for event in _of_kind(entry, kind))
