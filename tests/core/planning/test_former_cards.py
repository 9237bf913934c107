"""Which former cards go when their task's next one is issued."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest
from card_kit import DAY, DUE, ZONE, card_in, shown, workspace_of
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import (
    DONE,
    Board,
    BoardList,
    CompleteWhen,
    DoneSignal,
    FormerCard,
    Housekeeping,
    Task,
    Undone,
    Workspace,
)
from trello_ops.core.ledger import (
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.planning.changes import ArchiveCard, MoveCard, Risk
from trello_ops.core.planning.former_cards import former_cards, superseding
from trello_ops.core.planning.housekeeping import CardFacts, PutAway, housekeeping

MONDAY = dt.date(2026, 11, 16)
NOW = DUE + DAY
LISTS = ("todo", "doing", "late", "old", "excused", DONE)
ARCHIVE, MOVE = FormerCard(Undone.ARCHIVE), FormerCard(Undone.MOVE, "old")
BINDINGS = Bindings.of(Binding(Kind.LIST, "daily", key, f"id-{key}", DUE) for key in LISTS)


@dataclass(frozen=True)
class Case:
    """A card of Monday, the 16th, which was due at 18:00, and those of the days after it."""

    rule: FormerCard = ARCHIVE
    facts: tuple[tuple[EventKind, dt.datetime], ...] = ()
    ticked: bool = False
    where: str = "todo"
    successors: tuple[int, ...] = (1,)
    """In how many days; none that the board shows, as they may be done and archived."""
    with_card: bool = True
    frozen: bool = False
    undone: Undone = Undone.KEEP
    complete_when: CompleteWhen = CompleteWhen()
    due: dt.datetime = DUE

    @property
    def board(self) -> Board:
        lists = tuple(BoardList(key, key) for key in LISTS)
        cadence = Cadence(Frequency.DAILY, (1, 2, 3, 4, 5, 6, 7), DayTime(dt.time(18)), ZONE)
        task = Task("parcels", "", "", "", cadence, when_open=self.rule)
        rules = Housekeeping(undone=self.undone, move_to="late" if self.undone is Undone.MOVE else "")
        return Board("daily", "", Frequency.DAILY, lists, (task,), ZONE, rules, excused_list="excused")

    @property
    def workspace(self) -> Workspace:
        return workspace_of(self.board)

    def entry(self, days: int = 0) -> LedgerEntry:
        key = OccurrenceKey("daily", "parcels", MONDAY + days * DAY)
        due = self.due + days * DAY
        occurrence = Occurrence(key, "", "", "", "", (), key.date, due - DAY / 2, due, 1, self.complete_when)
        card = IssuedCard(f"card{days}", "", due - DAY, due - DAY)
        events = (LedgerEvent(key, kind, at, EventSource.STATE) for kind, at in self.facts if not days)
        has_card = self.with_card or not days
        return LedgerEntry(occurrence, due - DAY, card=card if has_card else None, events=tuple(events))

    @property
    def known(self) -> CardFacts:
        card = replace(card_in(self.where, self.due, self.due - DAY, ticked=self.ticked), id="card0")
        snapshot = shown(card, lists=LISTS)
        weeks = frozenset({IsoWeek(2026, 47)} if self.frozen else ())
        return CardFacts(snapshot, (self.entry(),), weeks, tuple(map(self.entry, self.successors)))

    def put_away(self, now: dt.datetime = NOW) -> tuple[PutAway, ...]:
        return former_cards(self.workspace, self.board, BINDINGS, self.known, now)

    def housekeeping(self, now: dt.datetime = NOW) -> tuple[PutAway, ...]:
        return housekeeping(self.workspace, self.board, BINDINGS, self.known, now)


def test_a_former_card_is_archived_once_the_next_one_has_its_card() -> None:
    (change,) = Case().put_away()
    assert change == ArchiveCard(
        board="daily",
        key=OccurrenceKey("daily", "parcels", MONDAY),
        card_id="card0",
        url="https://trello.com/c/card",
        risk=Risk.HOUSEKEEPING,
    )


def test_a_former_card_is_moved_where_the_task_says() -> None:
    (change,) = Case(MOVE).put_away()
    assert isinstance(change, MoveCard)
    assert (change.to, change.risk) == ("old", Risk.HOUSEKEEPING)
    assert Case(MOVE, where="old").put_away() == ()


@pytest.mark.parametrize(
    "case",
    [
        Case(FormerCard()),
        Case(successors=()),
        Case(successors=(-1,)),
        Case(with_card=False),
        Case(facts=((EventKind.DONE, DUE),), ticked=True),
        Case(ticked=True),
        Case(facts=((EventKind.DONE, DUE),)),
        Case(facts=((EventKind.EXCUSED, DUE),)),
        Case(facts=((EventKind.WITHDRAWN, DUE - DAY),)),
        Case(facts=((EventKind.KEPT, DUE + DAY / 4),)),
        Case(complete_when=CompleteWhen((DoneSignal.ARCHIVED,))),
        Case(FormerCard(Undone.MOVE, DONE)),
        Case(FormerCard(Undone.MOVE, "excused")),
    ],
    ids=[
        "kept by default",
        "no other card",
        "an older card alone",
        "the next has no card yet",
        "done",
        "done just now",
        "reopened just now",
        "excused",
        "withdrawn",
        "fetched back",
        "archiving would do it",
        "the done list",
        "the excused list",
    ],
)
def test_what_stays(case: Case) -> None:
    assert case.put_away() == ()


def test_nobody_loses_a_card_before_it_is_due() -> None:
    assert Case().put_away(DUE - DAY / 24) == ()
    assert Case().put_away(DUE)


def test_an_older_successor_does_not_make_a_fetched_back_card_go_again() -> None:
    kept = Case(facts=((EventKind.KEPT, DUE + DAY),), successors=(4, 5, 6))
    assert kept.put_away(DUE + 6 * DAY) == ()
    before_due = replace(kept, facts=((EventKind.KEPT, DUE - DAY / 4),))
    assert before_due.put_away(DUE + 6 * DAY)


@pytest.mark.parametrize(("rule", "goes"), [(ARCHIVE, True), (MOVE, False)])
def test_after_the_close_housekeeping_and_the_task_never_move_a_card_to_and_fro(
    rule: FormerCard, goes: bool
) -> None:
    case = Case(rule, undone=Undone.MOVE, frozen=True)
    assert bool(case.put_away(DUE + 10 * DAY)) is goes
    (change,) = replace(case, where="old").housekeeping(DUE + 10 * DAY)
    assert isinstance(change, MoveCard)
    assert change.to == "late"


def test_a_frozen_week_whose_undone_cards_are_kept_is_left_to_the_task() -> None:
    for rule in (ARCHIVE, MOVE):
        assert Case(rule, frozen=True).put_away(DUE + 10 * DAY)


def test_nothing_more_is_read_where_no_task_declares_it() -> None:
    declaring, silent = Case(), Case(FormerCard())
    assert superseding(declaring.workspace, declaring.board, [declaring.entry()]) == {"parcels"}
    assert superseding(silent.workspace, silent.board, [silent.entry()]) == frozenset()
    assert superseding(declaring.workspace, declaring.board, []) == frozenset()


# ---- properties

INSTANTS = st.integers(-2, 20).map(lambda days: DUE + days * DAY)
CASES = st.builds(
    Case,
    rule=st.sampled_from([ARCHIVE, MOVE, FormerCard()]),
    facts=st.lists(st.tuples(st.sampled_from(EventKind), INSTANTS), max_size=4).map(tuple),
    ticked=st.booleans(),
    where=st.sampled_from(LISTS),
    successors=st.lists(st.integers(-3, 9), max_size=3).map(tuple),
    with_card=st.booleans(),
    frozen=st.booleans(),
    undone=st.sampled_from(Undone),
)


@given(CASES, INSTANTS)
def test_only_undone_cards_past_their_due_that_have_a_successor(case: Case, now: dt.datetime) -> None:
    for change in case.put_away(now):
        assert case.rule.undone is not Undone.KEEP
        assert case.due <= now
        assert max(case.successors) > 0
        assert case.with_card
        assert not case.ticked
        assert case.where != DONE
        assert change.risk is Risk.HOUSEKEEPING


@given(CASES, INSTANTS)
def test_the_two_rules_come_to_rest(case: Case, now: dt.datetime) -> None:
    for _ in range(3):
        changes = (*case.put_away(now), *case.housekeeping(now))
        if any(isinstance(change, ArchiveCard) for change in changes) or not changes:
            return
        (change, *_) = changes
        assert isinstance(change, MoveCard)
        case = replace(case, where=change.to)
    raise AssertionError("a card is moved to and fro")
