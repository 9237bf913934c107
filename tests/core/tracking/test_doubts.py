"""What of a card's log may make its completion doubtful."""

import datetime as dt
from dataclasses import replace

import pytest

from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.ledger import (
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.tracking.doubts import first_touch, new_at_once, new_touch
from trello_ops.core.tracking.events import CardObservation, is_reopened, new_events
from trello_ops.core.trello import Action, Card, CheckedItem, FieldChange, Member

BEGIN = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
KEY = OccurrenceKey("daily", "parcels", BEGIN.date())
ROBOT, AMINA = Member("r" * 24, "robot", "Robot"), Member("a" * 24, "amina", "Amina")
RULES = CardRules(frozenset({"done"}), None)


def at(seconds: float) -> dt.datetime:
    return BEGIN + dt.timedelta(seconds=seconds)


def entry(*events: LedgerEvent) -> LedgerEntry:
    rule = CompleteWhen((DoneSignal.TICKED,))
    occurrence = Occurrence(KEY, "", "", "", "", (), BEGIN.date(), BEGIN, at(9 * 3600), 1, complete_when=rule)
    return LedgerEntry(occurrence, BEGIN, card=IssuedCard("card", "", BEGIN, BEGIN), events=events)


def card(items: int = 3, *, checked: int = 3, ticked: bool = False) -> Card:
    return Card(
        id="card",
        url="",
        title="",
        description="",
        board_id="board",
        list_id="todo",
        label_ids=(),
        member_ids=(),
        start=None,
        due=None,
        ticked=ticked,
        closed=False,
        is_template=False,
        item_count=items,
        created_at=BEGIN,
        checked_count=checked,
    )


def check(item: str, seconds: float, *, complete: bool = True) -> Action:
    told = CheckedItem(item * 24, complete)
    return Action(f"{item}{seconds}", at(seconds), "updateCheckItemStateOnCard", "card", AMINA, item=told)


def tick(seconds: float, by: Member | None = AMINA, *, automated: bool = False) -> Action:
    change = FieldChange(before=False, after=True)
    return Action(f"t{seconds}", at(seconds), "updateCard", "card", by, ticked=change, automated=automated)


def event(kind: EventKind, seconds: float, action: str | None = "x") -> LedgerEvent:
    return LedgerEvent(KEY, kind, at(seconds), EventSource.TICK, AMINA, action)


def seen(
    shown: Card | None, *actions: Action, to: LedgerEntry | None = None, robots: tuple[str, ...] = (ROBOT.id,)
) -> tuple[LedgerEvent, ...]:
    observation = CardObservation(shown, actions, at(0), at(3600), robots=frozenset(robots))
    return new_events(to or entry(), observation, RULES)


def kinds(events: tuple[LedgerEvent, ...]) -> list[EventKind]:
    return [each.kind for each in events]


@pytest.mark.parametrize(
    ("instants", "items", "expected"),
    [
        ((0, 5, 10), 3, [10]),
        ((0, 5, 10.001), 3, []),
        ((0, 5), 3, []),
        ((0, 5), 2, []),
        ((0, 60, 62, 65), 4, []),
        ((0, 1, 2, 3), 4, [3]),
    ],
)
def test_all_of_at_least_three_items_within_ten_seconds(
    instants: tuple[float, ...], items: int, expected: list[float]
) -> None:
    ticks = [check(name, seconds) for name, seconds in zip("abcdef", instants, strict=False)]
    found = list(new_at_once(entry(), card(items), ticks))
    assert [(each.kind, each.at, each.source, each.by) for each in found] == [
        (EventKind.AT_ONCE, at(seconds), EventSource.CHECKLIST, AMINA) for seconds in expected
    ]


def test_an_item_that_was_unticked_within_the_seconds_does_not_count_twice() -> None:
    ticks = [check("a", 0), check("a", 1, complete=False), check("a", 2), check("b", 3)]
    assert list(new_at_once(entry(), card(3), ticks)) == []
    undone = [check("a", 0), check("b", 1), check("a", 2, complete=False), check("c", 3)]
    assert list(new_at_once(entry(), card(3), undone)) == []


def test_ticks_at_once_are_recorded_once_and_of_a_card_gone_nothing_is_concluded() -> None:
    ticks = [check(name, seconds) for name, seconds in zip("abc", (0, 1, 2), strict=True)]
    told = tuple(new_at_once(entry(), card(3), ticks))
    assert len(told) == 1
    assert list(new_at_once(entry(*told), card(3), ticks)) == []
    assert list(new_at_once(entry(), None, ticks)) == []


def test_the_first_touch_is_somebody_else_s_than_the_robot_s() -> None:
    made = Action("made", at(0), "createCard", "card", ROBOT)
    joined = Action("joined", at(5), "addMemberToCard", "card", ROBOT, member=AMINA)
    found = seen(card(checked=1), made, joined, check("a", 60), check("b", 120))
    assert [(each.kind, each.at, each.source, each.by) for each in found] == [
        (EventKind.TOUCHED, at(60), EventSource.LOG, AMINA)
    ]
    assert seen(card(checked=2), check("b", 120), to=entry(*found)) == ()


def test_what_another_event_tells_is_not_told_again_as_a_touch() -> None:
    done = seen(card(ticked=True), tick(60))
    assert kinds(done) == [EventKind.DONE]
    assert first_touch(done) == at(60)
    assert seen(card(ticked=True), tick(60), check("a", 120), to=entry(*done)) == ()


def test_somebody_whose_account_is_gone_touches_and_without_the_robot_s_account_nobody_does() -> None:
    nobody = replace(check("a", 60), by=None)
    assert kinds(seen(card(checked=1), nobody)) == [EventKind.TOUCHED]
    assert seen(card(checked=1), nobody, robots=()) == ()


def test_a_guess_is_no_touch() -> None:
    assert first_touch([event(EventKind.DONE, 10, action=None)]) is None
    later = event(EventKind.TOUCHED, 20)
    assert first_touch([event(EventKind.DONE, 10, action=None), later]) == later.at
    assert list(new_touch(entry(), (), (), {ROBOT.id})) == []


def test_who_was_assigned_by_the_robot_touched_nothing() -> None:
    assert first_touch([event(EventKind.ASSIGNED, 10), event(EventKind.NAGGED, 11)]) is None


def test_a_completion_by_a_program_is_recorded_beside_it_once() -> None:
    found = seen(card(ticked=True), tick(60, automated=True))
    assert [(each.kind, each.at, each.by, each.action_id) for each in found] == [
        (EventKind.DONE, at(60), AMINA, "t60"),
        (EventKind.AUTOMATED, at(60), AMINA, "t60"),
    ]
    assert seen(card(ticked=True), tick(60, automated=True), to=entry(*found)) == ()


def test_what_a_program_does_otherwise_is_no_completion() -> None:
    moved = Action(
        "m", at(30), "updateCard", "card", AMINA, moved=FieldChange("todo", "doing"), automated=True
    )
    assert EventKind.AUTOMATED not in kinds(seen(card(ticked=True), moved, tick(60)))


@pytest.mark.parametrize(
    ("events", "until", "expected"),
    [
        ((), 100, False),
        ((event(EventKind.DONE, 10),), 100, False),
        ((event(EventKind.DONE, 10), event(EventKind.REOPENED, 20)), 100, True),
        ((event(EventKind.DONE, 10), event(EventKind.REOPENED, 20)), 19, False),
        ((event(EventKind.DONE, 10), event(EventKind.REOPENED, 20), event(EventKind.DONE, 30)), 100, True),
        ((event(EventKind.EXCUSED, 10), event(EventKind.UNEXCUSED, 20)), 100, False),
    ],
)
def test_reopened_is_what_was_done_and_then_undone(
    events: tuple[LedgerEvent, ...], until: float, expected: bool
) -> None:
    assert is_reopened(events, at(until)) is expected
