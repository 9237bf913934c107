"""From what a card shows and its log says to completions."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.declared import CompleteWhen, DoneSignal, Proof
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
from trello_ops.core.tracking.events import CardObservation, awaits_proof, is_done, is_excused, new_events
from trello_ops.core.trello import Action, Card, FieldChange, Member

DAY = dt.date(2026, 11, 16)
KEY = OccurrenceKey("daily", "parcels", DAY)
AMINA, KARIM = Member("m1", "amina", "Amina"), Member("m2", "karim", "Karim")
TODO, DOING, DONE = "list-todo", "list-doing", "list-done"
EXCUSED = "label-excused"
RULES = CardRules(done_lists=frozenset({DONE}), excused_label=EXCUSED)


def clock(hours: float) -> dt.datetime:
    """So many hours into the day."""
    return dt.datetime(2026, 11, 16, tzinfo=dt.UTC) + dt.timedelta(hours=hours)


def entry(*events: LedgerEvent) -> LedgerEntry:
    """An occurrence from 8 to 17 o'clock, its card made at 8."""
    occurrence = Occurrence(KEY, "", "", "", "", (), DAY, clock(8), clock(17), 1)
    card = IssuedCard("card", "https://trello.com/c/card", clock(8), clock(8))
    return LedgerEntry(occurrence, clock(8), card=card, events=events)


def card(
    *, ticked: bool = False, where: str = TODO, labels: tuple[str, ...] = (), closed: bool = False
) -> Card:
    return Card(
        id="card",
        url="https://trello.com/c/card",
        title="Colis",
        description="",
        board_id="board",
        list_id=where,
        label_ids=labels,
        member_ids=(),
        start=None,
        due=clock(17),
        ticked=ticked,
        closed=closed,
        is_template=False,
        item_count=0,
        created_at=clock(8),
    )


def tick(name: str, hour: float, by: Member = AMINA) -> Action:
    return Action(name, clock(hour), "updateCard", "card", by, ticked=FieldChange(before=False, after=True))


def untick(name: str, hour: float, by: Member = AMINA) -> Action:
    return Action(name, clock(hour), "updateCard", "card", by, ticked=FieldChange(before=True, after=False))


def move(name: str, hour: float, before: str, after: str, by: Member = AMINA) -> Action:
    return Action(name, clock(hour), "updateCard", "card", by, moved=FieldChange(before, after))


def comment(name: str, hour: float) -> Action:
    return Action(name, clock(hour), "commentCard", "card", KARIM)


MADE = Action("made", clock(8), "createCard", "card", AMINA, moved=FieldChange(None, TODO))


def read(
    shown: Card | None, *actions: Action, last: float = 9, now: float = 12, to: LedgerEntry | None = None
) -> tuple[LedgerEvent, ...]:
    return new_events(to or entry(), CardObservation(shown, actions, clock(last), clock(now)), RULES)


def done(
    hour: float, seen: EventSource = EventSource.TICK, by: Member | None = AMINA, action: str | None = None
) -> LedgerEvent:
    return LedgerEvent(KEY, EventKind.DONE, clock(hour), seen, by, action)


def reopened(
    hour: float, seen: EventSource = EventSource.TICK, by: Member | None = AMINA, action: str | None = None
) -> LedgerEvent:
    return LedgerEvent(KEY, EventKind.REOPENED, clock(hour), seen, by, action)


def guess(kind: EventKind, hour: float) -> LedgerEvent:
    """What no action explains."""
    return LedgerEvent(KEY, kind, clock(hour), EventSource.STATE)


# ---- the log tells it -------------------------------------------------------------------------------


def test_nothing_happened() -> None:
    assert read(card()) == ()
    assert read(card(where=DOING), move("a", 10, TODO, DOING), comment("b", 11)) == ()


def test_a_tick_is_a_completion_with_its_instant_and_person() -> None:
    assert read(card(ticked=True), tick("a", 10)) == (done(10, action="a"),)


def test_a_move_to_the_done_list_is_one_as_well() -> None:
    moved = move("a", 10, TODO, DONE, KARIM)
    assert read(card(where=DONE), moved) == (done(10, EventSource.LIST, KARIM, "a"),)


def test_unticking_reopens() -> None:
    found = read(card(), tick("a", 10), untick("b", 11, KARIM))
    assert found == (done(10, action="a"), reopened(11, by=KARIM, action="b"))


def test_moving_out_of_the_done_list_reopens() -> None:
    found = read(card(where=DOING), move("a", 10, TODO, DONE), move("b", 11, DONE, DOING))
    assert found == (done(10, EventSource.LIST, action="a"), reopened(11, EventSource.LIST, action="b"))


def test_ticked_and_moved_counts_from_whichever_came_first() -> None:
    both = card(ticked=True, where=DONE)
    assert read(both, tick("a", 10), move("b", 11, TODO, DONE)) == (done(10, action="a"),)
    assert read(both, move("b", 10, TODO, DONE), tick("a", 11)) == (done(10, EventSource.LIST, action="b"),)


def test_a_card_that_is_ticked_and_in_the_done_list_stays_done_until_neither_holds() -> None:
    ledger = entry(done(9, action="a"))
    out = move("c", 11, DONE, TODO)
    assert read(card(where=DONE), untick("b", 10), to=ledger) == ()
    assert read(card(), untick("b", 10), out, to=ledger) == (reopened(11, EventSource.LIST, action="c"),)
    assert read(card(ticked=True), out, to=ledger) == ()


def test_two_actions_within_one_second_both_count() -> None:
    found = read(
        card(), tick("b", 10), replace(untick("a", 10), at=clock(10) + dt.timedelta(milliseconds=40))
    )
    assert [(c.kind, c.action_id) for c in found] == [(EventKind.DONE, "b"), (EventKind.REOPENED, "a")]


def test_two_actions_within_one_millisecond_count_in_the_logs_order() -> None:
    found = read(card(), tick("b", 10), untick("a", 10))
    assert [(c.kind, c.action_id) for c in found] == [(EventKind.DONE, "b"), (EventKind.REOPENED, "a")]
    assert not is_done(found, clock(10))
    assert read(card(), tick("b", 10), untick("a", 10), to=entry(*found)) == ()


def test_an_action_from_before_the_last_reading_still_counts() -> None:
    assert read(card(ticked=True), tick("a", 8.5), last=11) == (done(8.5, action="a"),)


def test_an_archived_card_counts_as_it_stands() -> None:
    put_away = Action(
        "b", clock(11), "updateCard", "card", AMINA, archived=FieldChange(before=False, after=True)
    )
    assert read(card(ticked=True, closed=True), tick("a", 10), put_away) == (done(10, action="a"),)
    assert read(card(closed=True), put_away) == ()


def test_the_log_may_hold_more_than_the_card_showed() -> None:
    """The log is read after the card: what happened in between is in the log alone."""
    assert read(card(), tick("a", 12.01)) == (done(12.01, action="a"),)
    ledger = entry(done(9, action="a"))
    assert read(card(ticked=True), untick("b", 12.01), to=ledger) == (reopened(12.01, action="b"),)


def test_reading_on_after_such_a_race_adds_nothing() -> None:
    ledger = entry(done(12.01, action="a"))
    assert read(card(ticked=True), tick("a", 12.01), last=12, now=13, to=ledger) == ()


def test_a_board_without_a_done_list_knows_ticks_only() -> None:
    observation = CardObservation(card(where=DONE), (move("a", 10, TODO, DONE),), clock(9), clock(12))
    assert new_events(entry(), observation, CardRules(frozenset(), None)) == ()


# ---- the log does not tell it -----------------------------------------------------------------------


def test_done_without_an_action_counts_from_the_last_reading() -> None:
    assert read(card(ticked=True)) == (guess(EventKind.DONE, 9),)
    assert read(card(where=DONE), comment("x", 10)) == (guess(EventKind.DONE, 9),)


def test_done_without_an_action_counts_from_the_cards_creation_where_that_came_later() -> None:
    assert read(card(ticked=True), last=6) == (guess(EventKind.DONE, 8),)


def test_done_before_the_first_action_that_the_log_tells() -> None:
    assert read(card(), untick("b", 10)) == (guess(EventKind.DONE, 9), reopened(10, action="b"))
    assert read(card(), untick("b", 8.5)) == (guess(EventKind.DONE, 8.5), reopened(8.5, action="b"))


def test_reopened_without_an_action_counts_from_now() -> None:
    assert read(card(), to=entry(done(8.5, action="a"))) == (guess(EventKind.REOPENED, 12),)


def test_reopened_without_an_action_before_one_that_the_log_tells() -> None:
    ledger = entry(done(8.5, action="a"))
    found = read(card(ticked=True, where=DOING), move("b", 10, TODO, DOING), tick("c", 11), to=ledger)
    assert found == (guess(EventKind.REOPENED, 10), done(11, action="c"))


def test_a_guess_is_made_once() -> None:
    ledger = entry(guess(EventKind.DONE, 9))
    assert read(card(ticked=True), last=12, now=13, to=ledger) == ()
    back = entry(done(8.5, action="a"), guess(EventKind.REOPENED, 12))
    assert read(card(), last=12, now=13, to=back) == ()


def test_done_again_without_an_action_counts_from_the_last_reading() -> None:
    ledger = entry(done(8.5, action="a"), reopened(8.7, action="b"))
    assert read(card(ticked=True), last=11, to=ledger) == (guess(EventKind.DONE, 11),)


def test_a_done_card_is_seen_although_the_log_still_tells_how_it_was_reopened() -> None:
    """The log overlaps: an action that it tells again must not hide what it fails to tell."""
    ledger = entry(done(8.5, action="a"), reopened(10, action="b"))
    log = (tick("a", 8.5), untick("b", 10))
    assert read(card(ticked=True), *log, last=11, to=ledger) == (guess(EventKind.DONE, 11),)


def test_a_card_that_contradicts_a_recent_action_is_judged_later() -> None:
    """Which of the two came first, only a reading well after the action can tell."""
    ledger, log = entry(done(8.5, action="a"), reopened(10, action="b")), (tick("a", 8.5), untick("b", 10))
    assert read(card(ticked=True), *log, last=9, now=10.01, to=ledger) == ()
    assert read(card(ticked=True), *log, last=10.01, now=10.2, to=ledger) == (guess(EventKind.DONE, 10),)


def test_what_the_log_tells_and_what_it_fails_to_tell_come_in_one_reading() -> None:
    found = read(card(ticked=True), tick("a", 9.5), untick("b", 10))
    assert found == (done(9.5, action="a"), reopened(10, action="b"), guess(EventKind.DONE, 10))


def test_a_reopened_card_is_seen_although_the_log_still_tells_how_it_was_done() -> None:
    ledger = entry(done(10, action="a"))
    assert read(card(), tick("a", 10), last=11, to=ledger) == (guess(EventKind.REOPENED, 12),)


def test_a_tick_that_the_log_tells_late_takes_nothing_back() -> None:
    late = tick("a", 10, KARIM)
    found = read(card(ticked=True), late, last=12, now=13, to=entry(guess(EventKind.DONE, 9)))
    assert found == (done(10, by=KARIM, action="a"),)


def test_an_untick_that_the_log_tells_late_takes_nothing_back() -> None:
    ledger = entry(done(8.5, action="a"), guess(EventKind.REOPENED, 12))
    assert read(card(), untick("b", 10), last=12, now=13, to=ledger) == (reopened(10, action="b"),)
    again = entry(*ledger.events, reopened(10, action="b"))
    assert read(card(), untick("b", 10), last=13, now=14, to=again) == ()


def test_a_reading_older_than_the_ledger_concludes_nothing() -> None:
    """Another process read the board, and recorded what it saw, since this reading began."""
    assert read(card(), now=12, to=entry(done(12.01, action="a"))) == ()
    assert read(card(ticked=True), now=12, to=entry(done(10, action="a"), reopened(12.01, action="b"))) == ()
    later = entry(done(12.02, action="c"))
    assert read(card(), move("b", 12.01, TODO, DOING), now=12, to=later) == ()


# ---- deleted cards ----------------------------------------------------------------------------------


def test_deletion_alone_changes_nothing() -> None:
    deleted = Action("x", clock(11), "deleteCard", "card", KARIM)
    assert read(None, deleted) == ()
    assert read(None, deleted, to=entry(done(9, action="a"))) == ()
    assert read(None, deleted, to=entry(done(9, EventSource.LIST, action="a"))) == ()
    assert read(None, to=entry(guess(EventKind.DONE, 9))) == ()


def test_what_was_done_before_the_deletion_counts() -> None:
    assert read(None, tick("a", 10)) == (done(10, action="a"),)
    assert read(None, move("a", 10, TODO, DONE)) == (done(10, EventSource.LIST, action="a"),)


def test_what_was_reopened_before_the_deletion_counts() -> None:
    assert read(None, untick("b", 10), to=entry(done(9, action="a"))) == (reopened(10, action="b"),)
    listed = entry(done(9, EventSource.LIST, action="a"))
    assert read(None, move("b", 10, DONE, TODO), to=listed) == (reopened(10, EventSource.LIST, action="b"),)
    assert read(None, move("b", 10, TODO, DOING), to=entry(done(9, action="a"))) == ()


def test_of_a_deleted_card_whose_log_is_whole_nothing_is_guessed() -> None:
    twice = (tick("a", 9), move("b", 10, TODO, DONE), untick("c", 11))
    assert read(None, MADE, *twice) == (done(9, action="a"),)
    need_all = CompleteWhen((DoneSignal.TICKED, DoneSignal.IN_DONE_LIST), require_all=True)
    unticked = LedgerEntry(replace(entry().occurrence, complete_when=need_all), clock(8), card=entry().card)
    assert read(None, MADE, move("b", 10, TODO, DONE), to=unticked) == ()
    assert read(None, MADE, tick("a", 9), move("b", 10, TODO, DONE), to=unticked) == (
        done(10, EventSource.LIST, action="b"),
    )


# ---- excused ----------------------------------------------------------------------------------------


def test_the_excused_label_counts_from_the_last_reading() -> None:
    found = read(card(labels=("other", EXCUSED)))
    assert found == (LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LABEL),)
    assert read(card(labels=(EXCUSED,)), last=12, now=13, to=entry(*found)) == ()


def test_the_label_of_another_board_excuses_a_card_that_lies_there() -> None:
    rules = replace(RULES, excused_elsewhere=frozenset({"theirs"}))
    observation = CardObservation(card(labels=("theirs",)), (), clock(9), clock(12))
    assert [c.kind for c in new_events(entry(), observation, rules)] == [EventKind.EXCUSED]
    lonely = replace(rules, excused_label=None)
    assert [c.kind for c in new_events(entry(), observation, lonely)] == [EventKind.EXCUSED]


def test_taking_the_label_away_counts_from_now() -> None:
    ledger = entry(LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LABEL))
    found = read(card(), last=11, to=ledger)
    assert found == (LedgerEvent(KEY, EventKind.UNEXCUSED, clock(12), EventSource.LABEL),)
    back = entry(*ledger.events, *found)
    assert read(card(), last=12, now=13, to=back) == ()
    assert read(card(labels=(EXCUSED,)), last=12, now=13, to=back) == (
        LedgerEvent(KEY, EventKind.EXCUSED, clock(12), EventSource.LABEL),
    )


def test_a_label_and_a_tick_are_told_side_by_side() -> None:
    found = read(card(ticked=True, labels=(EXCUSED,)), tick("a", 10))
    assert [c.kind for c in found] == [EventKind.DONE, EventKind.EXCUSED]


def test_of_a_deleted_card_no_turn_is_believed_that_an_earlier_reading_did_not_tell() -> None:
    """It was excused by a list, then by a label too, which no log tells, and then moved back."""
    rules = replace(RULES, excused_lists=frozenset({DOING}))
    excused = LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LIST, AMINA, "a")
    log = (MADE, move("a", 9, TODO, DOING), move("b", 10, DOING, TODO))
    observation = CardObservation(None, log, clock(11), clock(12), told_until=clock(10))
    assert new_events(entry(excused), observation, rules) == ()
    again = replace(observation, actions=(*log, move("c", 11, TODO, DOING), move("d", 11.5, DOING, TODO)))
    assert [c.kind for c in new_events(entry(excused), again, rules)] == [EventKind.UNEXCUSED]


def test_a_deleted_card_is_not_reopened_that_was_never_done() -> None:
    log = (MADE, tick("a", 9), untick("b", 11))
    observation = CardObservation(None, log, clock(10), clock(12), told_until=clock(10))
    assert new_events(entry(), observation, RULES) == ()


def test_a_deleted_card_stays_excused() -> None:
    labelled, rules = (
        LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LABEL),
        replace(RULES, excused_lists={DOING}),
    )
    log = (MADE, move("a", 10, TODO, DOING), move("b", 11, DOING, TODO))
    assert new_events(entry(labelled), CardObservation(None, log, clock(9), clock(12)), rules) == ()
    assert read(None, to=entry(LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LABEL))) == ()


def test_a_board_without_the_label_excuses_nothing() -> None:
    observation = CardObservation(card(labels=(EXCUSED,)), (), clock(9), clock(12))
    assert new_events(entry(), observation, CardRules(DONE, None)) == ()


# ---- proof ------------------------------------------------------------------------------------------


def proof(required: Proof, comments: int = 0, attachments: int = 0, **by_robot: int) -> list[EventKind]:
    """What a ticked card tells that has so many comments and attachments."""
    bare = entry()
    owing = replace(bare, occurrence=replace(bare.occurrence, requires=(required,)))
    shown = replace(card(ticked=True), comment_count=comments, attachment_count=attachments)
    observation = CardObservation(shown, (tick("a", 11),), clock(10), clock(12), **by_robot)
    return [event.kind for event in new_events(owing, observation, RULES)]


def test_a_comment_or_an_attachment_is_proof() -> None:
    assert proof(Proof.COMMENT, comments=1) == [EventKind.DONE, EventKind.PROVEN]
    assert proof(Proof.ATTACHMENT, attachments=1) == [EventKind.DONE, EventKind.PROVEN]
    assert proof(Proof.COMMENT, attachments=1) == [EventKind.DONE, EventKind.UNPROVEN]


def test_what_the_robot_wrote_or_attached_itself_is_no_proof() -> None:
    assert proof(Proof.COMMENT, comments=2, robot_comments=2) == [EventKind.DONE, EventKind.UNPROVEN]
    assert proof(Proof.ATTACHMENT, attachments=1, robot_attachments=1) == [EventKind.DONE, EventKind.UNPROVEN]


def test_a_persons_comment_beside_the_robots_is_proof() -> None:
    assert proof(Proof.COMMENT, comments=2, robot_comments=1) == [EventKind.DONE, EventKind.PROVEN]
    assert proof(Proof.ATTACHMENT, attachments=2, robot_attachments=1) == [EventKind.DONE, EventKind.PROVEN]


_HOURS = st.integers(8, 20)
_FACTS = [EventKind.DONE, EventKind.REOPENED, EventKind.PROVEN, EventKind.UNPROVEN]


@given(
    st.lists(st.tuples(st.sampled_from(_FACTS), _HOURS), max_size=5),
    st.lists(st.tuples(st.sampled_from([tick, untick]), _HOURS), max_size=3),
    st.booleans(),
)
def test_where_no_proof_is_awaited_the_robots_comments_need_not_be_known(
    facts: list[tuple[EventKind, int]], log: list[tuple[Callable[[str, float], Action], int]], ticked: bool
) -> None:
    known = tuple(LedgerEvent(KEY, kind, clock(hour), EventSource.STATE) for kind, hour in facts)
    bare = entry(*known)
    owing = replace(bare, occurrence=replace(bare.occurrence, requires=(Proof.COMMENT,)))
    actions = tuple(
        make(f"a{n}", hour) for n, (make, hour) in enumerate(sorted(log, key=lambda each: each[1]))
    )
    shown = replace(card(ticked=ticked), comment_count=2)
    without = CardObservation(shown, actions, clock(19), clock(21))
    if not awaits_proof(owing, without, RULES):
        assert new_events(owing, without, RULES) == new_events(
            owing, replace(without, robot_comments=2), RULES
        )


def test_proof_is_awaited_anew_once_a_card_was_reopened_and_done_again() -> None:
    proven = LedgerEvent(KEY, EventKind.PROVEN, clock(10), EventSource.STATE)
    bare = entry(done(9), proven)
    owing = replace(bare, occurrence=replace(bare.occurrence, requires=(Proof.COMMENT,)))
    seen = CardObservation(card(ticked=True), (), clock(11), clock(14))
    assert not awaits_proof(owing, seen, RULES)
    assert awaits_proof(owing, replace(seen, actions=(untick("a", 12), tick("b", 13))), RULES)
    assert awaits_proof(replace(owing, events=(*owing.events, reopened(11), done(12))), seen, RULES)
    assert not awaits_proof(owing, replace(seen, card=card()), RULES)
    assert not awaits_proof(bare, seen, RULES)


# ---- put away ---------------------------------------------------------------------------------------


def test_only_who_takes_a_card_out_of_the_lists_for_what_was_put_away_keeps_it() -> None:
    rules = replace(RULES, put_away_lists=frozenset({"late", "old"}))
    for after, kept in ((TODO, [EventKind.KEPT]), ("old", [])):
        observation = CardObservation(card(where=after), (move("a", 10, "late", after),), clock(9), clock(12))
        assert [event.kind for event in new_events(entry(), observation, rules)] == kept


# ---- asking the ledger ------------------------------------------------------------------------------


def test_done_holds_from_its_very_instant_to_the_reopening() -> None:
    known = (done(10, action="a"), reopened(11, action="b"))
    assert [is_done(known, clock(hour)) for hour in (9.99, 10, 10.99, 11, 12)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert is_done(tuple(reversed(known)), clock(10.5))
    assert not is_done((), clock(12))


def test_excused_and_done_do_not_mix() -> None:
    known = (
        LedgerEvent(KEY, EventKind.EXCUSED, clock(10), EventSource.LABEL),
        done(11, action="a"),
        LedgerEvent(KEY, EventKind.UNEXCUSED, clock(12), EventSource.LABEL),
    )
    assert [is_excused(known, clock(hour)) for hour in (9, 10, 11, 12)] == [False, True, True, False]
    assert is_done(known, clock(12))
    assert not is_done(known, clock(10))


# ---- properties -------------------------------------------------------------------------------------

SECOND = dt.timedelta(seconds=1)
OVERLAP = dt.timedelta(minutes=2)


@dataclass
class Life:
    """A card's true history: what it was from which instant on, and the log of it."""

    states: list[tuple[dt.datetime, bool, str]] = field(default_factory=list)
    log: list[Action] = field(default_factory=list)

    def card_at(self, moment: dt.datetime) -> Card:
        ticked, where = False, TODO
        for at, now_ticked, now_where in self.states:
            if at <= moment:
                ticked, where = now_ticked, now_where
        return card(ticked=ticked, where=where)

    def log_between(self, since: dt.datetime, until: dt.datetime) -> list[Action]:
        return [action for action in self.log if since <= action.at <= until]

    def transitions(self) -> list[tuple[dt.datetime, EventKind]]:
        """The instants at which the card became done, or no longer done: the oracle."""
        was, found = False, []
        for at, ticked, where in self.states:
            if (ticked or where == DONE) != was:
                was = not was
                found.append((at, EventKind.DONE if was else EventKind.REOPENED))
        return found


_STEPS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["toggle", TODO, DOING, DONE, "comment"])), max_size=12
)


def live(steps: Iterable[tuple[int, str]]) -> Life:
    """Steps are (seconds since the one before, what the person does)."""
    life, at, ticked, where = Life(), clock(8), False, TODO
    for number, (wait, what) in enumerate(steps):
        at += dt.timedelta(seconds=wait)
        action = Action(f"a{number}", at, "updateCard", "card", AMINA)
        if what == "toggle":
            ticked = not ticked
            action = replace(action, ticked=FieldChange(before=not ticked, after=ticked))
        elif what == "comment":
            action = replace(action, type="commentCard")
        elif what != where:
            action, where = replace(action, moved=FieldChange(where, what)), what
        else:
            continue
        life.states.append((at, ticked, where))
        life.log.append(action)
    return life


@dataclass
class Watch:
    """What observe does: it remembers how far it read, reads on with an overlap, and appends."""

    events: tuple[LedgerEvent, ...] = ()
    read_at: dt.datetime = clock(8)
    newest: dt.datetime = clock(8)

    def look(self, life: Life, now: dt.datetime, lag: dt.timedelta, lost: Sequence[Action] = ()) -> None:
        """Read the card at `now`, and the log `lag` later."""
        log = [a for a in life.log_between(self.newest - OVERLAP, now + lag) if a not in lost]
        observation = CardObservation(life.card_at(now), log, self.read_at, now)
        self._append(new_events(entry(*self.events), observation, RULES))
        again = new_events(entry(*self.events), observation, RULES)
        assert again == (), "reading the same twice adds something"
        self.read_at, self.newest = now, max([self.newest, *(action.at for action in log)])

    def _append(self, new: Iterable[LedgerEvent]) -> None:
        """As the store does: nothing twice, and by instant, then in the order of recording."""
        known = {(c.kind, c.action_id or c.at) for c in self.events}
        fresh = [c for c in new if (c.kind, c.action_id or c.at) not in known]
        self.events = tuple(sorted((*self.events, *fresh), key=lambda c: c.at))


_LOOKS = st.lists(st.tuples(st.integers(1, 900), st.integers(0, 120)), min_size=1, max_size=10)


def watch(life: Life, looks: Iterable[tuple[int, int]], lost: Sequence[Action] = ()) -> Watch:
    """Look as told, then once more when all is over."""
    seen, now = Watch(), clock(8)
    for wait, lag in looks:
        now += wait * SECOND
        seen.look(life, now, lag * SECOND, lost)
    seen.look(life, max(now, clock(12)), 0 * SECOND, lost)
    return seen


@settings(max_examples=examples(300))
@given(_STEPS, _LOOKS)
def test_any_readings_together_tell_what_happened(
    steps: list[tuple[int, str]], looks: list[tuple[int, int]]
) -> None:
    life = live(steps)
    seen = watch(life, looks)
    assert [(c.at, c.kind) for c in seen.events] == life.transitions()
    assert all(c.by == AMINA and c.action_id for c in seen.events)


@settings(max_examples=examples(300))
@given(_STEPS, _LOOKS)
def test_many_readings_tell_what_a_single_one_over_all_would(
    steps: list[tuple[int, str]], looks: list[tuple[int, int]]
) -> None:
    life = live(steps)
    whole = CardObservation(life.card_at(clock(12)), life.log, clock(8), clock(12))
    assert watch(life, looks).events == new_events(entry(), whole, RULES)


@settings(max_examples=examples(300))
@given(_STEPS, _LOOKS, st.sets(st.integers(0, 11)))
def test_whatever_the_log_lost_the_ledger_ends_as_the_card_is(
    steps: list[tuple[int, str]], looks: list[tuple[int, int]], lost: set[int]
) -> None:
    life = live(steps)
    gone = [action for action in life.log if int(action.id[1:]) in lost]
    seen = watch(life, looks, gone)
    seen.look(life, clock(13), 0 * SECOND, gone)
    final = life.card_at(clock(13))
    assert is_done(seen.events, clock(13)) == (final.ticked or final.list_id == DONE)


@settings(max_examples=examples(300))
@given(_STEPS, _LOOKS, st.sampled_from(["toggle", DONE]))
def test_a_completion_that_the_log_lost_is_never_dated_later_than_the_truth(
    steps: list[tuple[int, str]], looks: list[tuple[int, int]], what: str
) -> None:
    life = live([*steps, (1, what)])
    *_, (at, kind) = (*life.transitions(), (clock(8), EventKind.REOPENED))[: len(life.transitions()) or 1]
    lost = [action for action in life.log if action.at == at]
    if kind is EventKind.DONE and lost == life.log[-1:]:
        seen = watch(life, looks, lost)
        seen.look(life, clock(13), 0 * SECOND, lost)
        assert is_done(seen.events, at)


@settings(max_examples=examples(200))
@given(_STEPS, _LOOKS)
def test_deletion_after_the_fact_loses_nothing(
    steps: list[tuple[int, str]], looks: list[tuple[int, int]]
) -> None:
    """The log of a deleted card, from its making on, tells whatever the readings before left untold."""
    life = live(steps)
    seen, now = Watch(), clock(8)
    for wait, lag in looks:
        now += wait * SECOND
        seen.look(life, now, lag * SECOND)
    told = max((c.at for c in seen.events), default=seen.read_at)
    observation = CardObservation(None, [MADE, *life.log], seen.read_at, clock(12), max(told, seen.read_at))
    found = (*seen.events, *new_events(entry(*seen.events), observation, RULES))
    assert [(c.at, c.kind) for c in found] == life.transitions()


def test_an_excuse_outlives_the_label_that_somebody_deleted_from_the_board() -> None:
    ledger = entry(LedgerEvent(KEY, EventKind.EXCUSED, clock(9), EventSource.LABEL))
    observation = CardObservation(card(), (), clock(11), clock(12))
    assert new_events(ledger, observation, replace(RULES, excused_since=clock(10))) == ()
    (taken,) = new_events(ledger, observation, replace(RULES, excused_since=clock(8)))
    assert taken.kind is EventKind.UNEXCUSED


def test_the_done_list_of_another_board_is_one_too() -> None:
    moved = CardObservation(card(where="elsewhere"), (), clock(9), clock(12))
    rules = replace(RULES, done_lists=frozenset({DONE, "elsewhere"}))
    assert [event.kind for event in new_events(entry(), moved, rules)] == [EventKind.DONE]


def left(name: str, hour: float, where: str, to: str) -> Action:
    moved = FieldChange(where, None)
    return Action(name, clock(hour), "moveCardFromBoard", "card", KARIM, moved=moved, other_board=to)


def arrived(name: str, hour: float, where: str, from_: str) -> Action:
    moved = FieldChange(None, where)
    return Action(name, clock(hour), "moveCardToBoard", "card", KARIM, moved=moved, other_board=from_)


def test_a_card_that_changes_boards_goes_from_list_to_list_in_one_step() -> None:
    rules = replace(RULES, done_lists=frozenset({DONE, "their done"}))
    log = (
        move("a", 10, TODO, DONE),
        left("b", 11, DONE, to="theirs"),
        arrived("c", 11, "their done", "ours"),
    )
    observation = CardObservation(card(where="their done"), log, clock(9), clock(12))
    assert new_events(entry(), observation, rules) == (done(10, EventSource.LIST, AMINA, "a"),)


@pytest.mark.parametrize("back_from", ["foreign", "another"])
def test_a_card_that_goes_away_and_comes_back_was_away_meanwhile(back_from: str) -> None:
    log = (move("a", 9, TODO, DONE), left("b", 10, DONE, to="foreign"), arrived("c", 11, DONE, back_from))
    assert read(card(where=DONE), *log, last=8) == (
        done(9, EventSource.LIST, AMINA, "a"),
        reopened(10, EventSource.LIST, KARIM, "b"),
        done(11, EventSource.LIST, KARIM, "c"),
    )


def test_a_card_that_comes_back_at_once_was_away_all_the_same() -> None:
    log = (move("a", 9, TODO, DONE), left("b", 10, DONE, to="foreign"), arrived("c", 10, DONE, "foreign"))
    assert [c.kind for c in read(card(where=DONE), *log, last=8)] == [
        EventKind.DONE,
        EventKind.REOPENED,
        EventKind.DONE,
    ]
