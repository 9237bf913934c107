"""Which cards may be put away."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from card_kit import DAY, DUE, ZONE, card_in, shown, workspace_of
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import (
    DONE,
    Board,
    BoardList,
    Housekeeping,
    Undone,
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
from trello_ops.core.planning.housekeeping import CardFacts, PutAway, housekeeping
from trello_ops.core.tracking.events import is_done

WEEK = IsoWeek(2026, 47)
CLOSE = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
FROZEN = frozenset({WEEK})
LISTS = ("todo", "doing", "late", DONE)
ARCHIVE = Housekeeping(undone=Undone.ARCHIVE)
MOVE = Housekeeping(undone=Undone.MOVE, move_to="late")


def board_with(rules: Housekeeping) -> Board:
    lists = tuple(BoardList(key, key) for key in LISTS)
    return Board("daily", "", Frequency.DAILY, lists, (), ZONE, rules)


WORKSPACE = workspace_of(board_with(Housekeeping()))
BINDINGS = Bindings.of(Binding(Kind.LIST, "daily", key, f"id-{key}", DUE) for key in LISTS)


@dataclass(frozen=True)
class Case:
    """One occurrence, due on Monday of a week, and its card."""

    facts: tuple[tuple[EventKind, dt.datetime], ...] = ()
    ticked: bool = False
    where: str = "todo"
    bound: bool = True
    visible: bool = True
    board: str = "daily"
    due: dt.datetime = DUE
    archived_lists: frozenset[str] = field(default_factory=frozenset)

    @property
    def entry(self) -> LedgerEntry:
        key = OccurrenceKey(self.board, "parcels", self.due.date())
        occurrence = Occurrence(key, "", "", "", "", (), self.due.date(), self.due - DAY / 2, self.due, 1)
        issued = IssuedCard("card" if self.bound else "other", "", self.due - DAY, self.due - DAY)
        known = (LedgerEvent(key, kind, at, EventSource.STATE) for kind, at in self.facts)
        return LedgerEntry(occurrence, self.due - DAY, card=issued, events=tuple(known))

    def put_away(self, rules: Housekeeping, now: dt.datetime, frozen: bool = True) -> tuple[PutAway, ...]:
        card = card_in(self.where, self.due, self.due - DAY, ticked=self.ticked)
        cards = (card,) if self.visible else ()
        snapshot = shown(*cards, lists=LISTS, archived=self.archived_lists)
        weeks = FROZEN if frozen else frozenset[IsoWeek]()
        facts = CardFacts(snapshot, (self.entry,), weeks)
        return housekeeping(WORKSPACE, board_with(rules), BINDINGS, facts, now)


DONE_CASE = Case(((EventKind.DONE, DUE),), ticked=True)


# ---- done cards


@pytest.mark.parametrize(("days", "archived"), [(13.99, False), (14, True), (400, True)])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_done_card_is_archived_after_its_days_whatever_its_week(
    days: float, archived: bool, frozen: bool
) -> None:
    changes = DONE_CASE.put_away(Housekeeping(), DUE + days * DAY, frozen)
    archive = ArchiveCard(
        board="daily",
        key=DONE_CASE.entry.occurrence.key,
        card_id="card",
        url="https://trello.com/c/card",
        risk=Risk.HOUSEKEEPING,
    )
    assert changes == ((archive,) if archived else ())


def test_never_is_never() -> None:
    assert DONE_CASE.put_away(Housekeeping(archive_done_after=None), DUE + 1000 * DAY) == ()


def test_days_count_from_when_it_was_last_done() -> None:
    facts = ((EventKind.DONE, DUE), (EventKind.REOPENED, DUE + DAY), (EventKind.DONE, DUE + 5 * DAY))
    case = replace(DONE_CASE, facts=facts)
    assert not case.put_away(Housekeeping(), DUE + 18 * DAY)
    assert case.put_away(Housekeeping(), DUE + 19 * DAY)


def test_a_done_card_that_was_fetched_back_stays_for_as_many_days_again() -> None:
    case = replace(DONE_CASE, facts=((EventKind.DONE, DUE), (EventKind.KEPT, DUE + 20 * DAY)))
    assert not case.put_away(Housekeeping(), DUE + 33 * DAY)
    assert case.put_away(Housekeeping(), DUE + 34 * DAY)


@pytest.mark.parametrize(
    "case",
    [replace(DONE_CASE, ticked=False), Case(ticked=True), Case(where=DONE)],
    ids=["unticked just now", "ticked just now", "moved just now"],
)
@pytest.mark.parametrize("rules", [ARCHIVE, MOVE], ids=["archive", "move"])
def test_nothing_is_decided_while_ledger_and_card_disagree(case: Case, rules: Housekeeping) -> None:
    assert case.put_away(rules, DUE + 100 * DAY) == ()


# ---- excused cards


def test_an_excused_card_is_archived_as_many_days_after_its_week_closed() -> None:
    case = Case(((EventKind.EXCUSED, DUE),))
    for rules in (Housekeeping(), ARCHIVE, MOVE):
        assert case.put_away(rules, DUE + 100 * DAY, frozen=False) == ()
        assert case.put_away(rules, CLOSE + 13 * DAY) == ()
        (change,) = case.put_away(rules, CLOSE + 14 * DAY)
        assert isinstance(change, ArchiveCard)


def test_an_excused_card_that_was_fetched_back_stays_for_as_many_days_again() -> None:
    case = Case(((EventKind.EXCUSED, DUE), (EventKind.KEPT, CLOSE + 20 * DAY)))
    assert not case.put_away(ARCHIVE, CLOSE + 33 * DAY)
    assert case.put_away(ARCHIVE, CLOSE + 34 * DAY)


# ---- undone cards


def test_an_undone_card_stays_until_its_week_is_frozen() -> None:
    for rules in (ARCHIVE, MOVE):
        assert Case().put_away(rules, CLOSE + 100 * DAY, frozen=False) == ()
    assert Case().put_away(Housekeeping(), CLOSE + 100 * DAY) == ()
    (archived,) = Case().put_away(ARCHIVE, CLOSE)
    (moved,) = Case().put_away(MOVE, CLOSE)
    assert (type(archived), archived.risk) == (ArchiveCard, Risk.HOUSEKEEPING)
    assert isinstance(moved, MoveCard)
    assert (moved.to, moved.risk) == ("late", Risk.HOUSEKEEPING)


def test_a_reopened_card_is_undone() -> None:
    case = Case(((EventKind.DONE, DUE), (EventKind.REOPENED, DUE + DAY)))
    assert case.put_away(ARCHIVE, CLOSE)


def test_an_undone_card_that_was_fetched_back_after_its_close_stays() -> None:
    before, after = (Case(((EventKind.KEPT, CLOSE + hours * DAY / 24),)) for hours in (-1, 1))
    for rules in (ARCHIVE, MOVE):
        assert before.put_away(rules, CLOSE + 2 * DAY)
        assert after.put_away(rules, CLOSE + 100 * DAY) == ()


def test_a_card_is_moved_once_and_never_to_where_nobody_sees_it() -> None:
    assert Case(where="late").put_away(MOVE, CLOSE) == ()
    assert Case(archived_lists=frozenset({"late"})).put_away(MOVE, CLOSE) == ()


# ---- properties

INSTANTS = st.integers(0, 40).map(lambda days: DUE - DAY + days * DAY)
CASES = st.builds(
    Case,
    facts=st.lists(st.tuples(st.sampled_from(EventKind), INSTANTS), max_size=5).map(tuple),
    ticked=st.booleans(),
    where=st.sampled_from(LISTS),
    bound=st.booleans(),
    visible=st.booleans(),
    board=st.sampled_from(["daily", "weekly"]),
    archived_lists=st.frozensets(st.sampled_from(LISTS), max_size=2),
)
RULES = st.builds(
    Housekeeping,
    archive_done_after=st.none() | st.integers(1, 20),
    undone=st.sampled_from(Undone),
    move_to=st.just("late"),
)


@given(CASES, RULES, INSTANTS, st.booleans())
def test_only_cards_of_record_on_their_own_board(
    case: Case, rules: Housekeeping, now: dt.datetime, frozen: bool
) -> None:
    for change in case.put_away(rules, now, frozen):
        assert case.bound
        assert case.visible
        assert case.board == "daily"
        assert change.risk is Risk.HOUSEKEEPING


@given(CASES, RULES, INSTANTS)
def test_never_an_undone_card_whose_week_is_not_frozen(
    case: Case, rules: Housekeeping, now: dt.datetime
) -> None:
    for change in case.put_away(rules, now, frozen=False):
        assert isinstance(change, ArchiveCard)
        assert is_done(case.entry.events, now)
        assert case.ticked or case.where == DONE


@given(CASES, RULES, INSTANTS, st.booleans())
def test_what_was_put_away_stays_so(case: Case, rules: Housekeeping, now: dt.datetime, frozen: bool) -> None:
    for change in case.put_away(rules, now, frozen):
        after = (
            replace(case, where=change.to) if isinstance(change, MoveCard) else replace(case, visible=False)
        )
        assert after.put_away(rules, now, frozen) == ()


@given(CASES, RULES, INSTANTS)
def test_a_card_just_fetched_back_is_left_alone(case: Case, rules: Housekeeping, now: dt.datetime) -> None:
    kept = replace(case, facts=(*case.facts, (EventKind.KEPT, max(now, CLOSE))))
    assert kept.put_away(rules, max(now, CLOSE)) == ()
