"""Which overdue cards people are reminded of, when, and whom a reminder names."""

import datetime as dt
import itertools
from dataclasses import dataclass, replace

import pytest
from card_kit import DAY, ZONE, card_in, shown, workspace_of
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Cadence, DayTime, Frequency, Span
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import Holidays
from trello_ops.core.declared import (
    DONE,
    Board,
    BoardList,
    Nag,
    Task,
    Workspace,
)
from trello_ops.core.ledger import (
    Amendment,
    Edition,
    EventKind,
    EventSource,
    Given,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.people import Absence, Person
from trello_ops.core.planning.nags import DueNag, Mention, Nagger, awaits_nag
from trello_ops.core.trello import Member, Snapshot

TUESDAY = dt.date(2026, 11, 17)
KEY = OccurrenceKey("daily", "parcels", TUESDAY)
HOUR = dt.timedelta(hours=1)
DUE = dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC)
"""At 10:00 in Paris."""
HOURLY = Nag(after=120, every=60, most=3)
DAILY = Nag(after=120, working_days=1, most=3)
AMAL, KARIM, STRANGER = (Member(f"id-{name}", f"{name}_zina", name) for name in ("amal", "karim", "salma"))
PEOPLE = (Person("amal", "amal_zina", "Amal"), Person("karim", "karim_was", "Karim", language="en"))
BINDINGS = Bindings.of(
    [
        Binding(Kind.LIST, "daily", DONE, "id-done", DUE),
        Binding(Kind.PERSON, "daily", "karim", KARIM.id, DUE, "karim_was"),
    ]
)


@dataclass(frozen=True)
class Case:
    """A card that was due on Tuesday at 10:00, with Amal on it, in a week that closes on Monday at 7:00."""

    nag: Nag | None = HOURLY
    sent: tuple[dt.datetime, ...] = ()
    facts: tuple[tuple[EventKind, dt.datetime], ...] = ()
    on_it: tuple[Member, ...] = (AMAL,)
    people: tuple[Person, ...] = PEOPLE
    pauses: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()
    working_days: tuple[int, ...] = ()
    holidays: Holidays = Holidays()
    ticked: bool = False
    where: str = "todo"
    closed: bool = False
    visible: bool = True
    shown_due: dt.datetime | None = DUE
    made: dt.datetime = DUE - 8 * HOUR
    amended: tuple[Amendment, ...] = ()

    @property
    def board(self) -> Board:
        cadence = Cadence(Frequency.DAILY, (1, 2, 3, 4, 5, 6, 7), DayTime(dt.time(10)), ZONE)
        task = Task("parcels", "", "", "", cadence, pauses=self.pauses, nag=self.nag)
        lists = tuple(BoardList(key, key) for key in ("todo", DONE))
        return Board(
            "daily",
            "",
            Frequency.DAILY,
            lists,
            (task,),
            ZONE,
            working_days=self.working_days,
            closures=self.closures,
        )

    @property
    def workspace(self) -> Workspace:
        return replace(workspace_of(self.board, self.people), holidays=self.holidays)

    @property
    def entry(self) -> LedgerEntry:
        occurrence = Occurrence(KEY, "", "", "", "", ("amal",), TUESDAY, DUE - 10 * HOUR, DUE, 1)
        told = (*self.facts, *((EventKind.NAGGED, at) for at in self.sent))
        events = tuple(LedgerEvent(KEY, kind, at, EventSource.STATE) for kind, at in told)
        entry = LedgerEntry(occurrence, DUE, card=IssuedCard("card", "", self.made, self.made), events=events)
        return entry.amended_by(self.amended)

    @property
    def snapshot(self) -> Snapshot:
        there = card_in(self.where, self.shown_due, self.made, ticked=self.ticked)
        card = replace(there, member_ids=tuple(member.id for member in self.on_it), closed=self.closed)
        return shown(*((card,) if self.visible else ()), members=(AMAL, KARIM, STRANGER))

    def at(self, now: dt.datetime) -> DueNag | None:
        return Nagger(self.workspace, self.board, BINDINGS, self.snapshot, now).due(self.entry)

    def comes(self, now: dt.datetime) -> bool:
        return self.at(now) is not None

    def written(self, now: dt.datetime) -> "Case":
        return replace(self, sent=(*self.sent, now))

    def in_life(self, until: dt.datetime, step: dt.timedelta) -> list[dt.datetime]:
        """When reminders come, if somebody looks every `step`."""
        case, now = self, DUE - 2 * HOUR
        while now <= until:
            if case.comes(now):
                case = case.written(now)
            now += step
        return list(case.sent)


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time of November 2026 in Paris."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


# ---- when


def test_the_first_comes_so_long_after_the_due_and_the_others_after_one_another() -> None:
    assert not Case().comes(DUE + 2 * HOUR - HOUR / 60)
    first = Case().at(DUE + 2 * HOUR)
    assert first
    assert (first.key, first.number, first.card.id) == (KEY, 1, "card")
    once = Case().written(DUE + 2 * HOUR)
    assert not once.comes(DUE + 2.9 * HOUR)
    second = once.at(DUE + 3 * HOUR)
    assert second
    assert second.number == 2


def test_there_are_never_more_than_so_many() -> None:
    assert Case().in_life(DUE + 30 * HOUR, HOUR / 4) == [DUE + n * HOUR for n in (2, 3, 4)]
    assert Case(Nag(after=0, every=1, most=1)).in_life(DUE + HOUR, HOUR / 60) == [DUE]


def test_a_robot_that_was_away_sends_one_and_goes_on_from_there() -> None:
    late = DUE + 7 * HOUR
    case = Case().written(late)
    assert Case().comes(late)
    assert not case.comes(late + HOUR / 2)
    assert case.comes(late + HOUR)


def test_without_a_repetition_there_is_one() -> None:
    assert Case(Nag(after=60, most=5)).in_life(DUE + 3 * DAY, HOUR) == [DUE + HOUR]


def test_a_task_that_does_not_nag() -> None:
    assert Case(None).in_life(DUE + 5 * DAY, HOUR) == []


def test_every_working_day_at_the_time_of_day_of_the_first() -> None:
    weekdays = Case(replace(DAILY, most=9), working_days=(1, 2, 3, 4, 5))
    sent = weekdays.in_life(local(27, 12), HOUR)
    # The week closes on Monday, the 23rd, at 7:00.
    assert sent == [local(day, 12) for day in (17, 18, 19, 20)]
    late = Case(DAILY, working_days=(1, 2, 3, 4, 5)).written(local(17, 19))
    assert not late.comes(local(18, 11))
    assert late.comes(local(18, 12))
    every_second = Case(Nag(after=120, working_days=2, most=9), working_days=(1, 2, 3, 4, 5, 6))
    assert every_second.in_life(local(27, 12), HOUR) == [local(day, 12) for day in (17, 19, 21)]


# ---- what was promised


def test_the_latest_due_that_was_promised_counts() -> None:
    given_ = Given(Edition("", "", "", ""), "", "", "", "")
    earlier = Amendment(KEY, DUE - 5 * HOUR, "", "", (), TUESDAY, DUE - 3 * HOUR, given_, written=True)
    later = replace(earlier, due=DUE + 5 * HOUR)
    assert not Case(amended=(earlier,)).comes(DUE + HOUR)
    assert not Case(amended=(later,)).comes(DUE + 6.9 * HOUR)
    assert Case(amended=(later,)).comes(DUE + 7 * HOUR)


def test_nobody_is_reminded_before_what_the_card_shows() -> None:
    moved = Case(shown_due=DUE + DAY)
    assert not moved.comes(DUE + 3 * HOUR)
    assert moved.comes(DUE + DAY + 2 * HOUR)
    assert Case(shown_due=DUE - DAY).comes(DUE + 2 * HOUR)
    assert not Case(shown_due=DUE - DAY).comes(DUE + HOUR)
    assert Case(shown_due=None).comes(DUE + 2 * HOUR)


def test_a_card_that_came_late_gives_people_their_time() -> None:
    late = Case(made=DUE + 3 * HOUR)
    assert not late.comes(DUE + 4.9 * HOUR)
    assert late.comes(DUE + 5 * HOUR)


# ---- whom


def test_it_names_the_members_of_the_card_each_in_their_language() -> None:
    both = Case(on_it=(KARIM, AMAL, STRANGER)).at(DUE + 2 * HOUR)
    assert both
    assert both.whom == (Mention("karim_zina", "en"), Mention("amal_zina", "fr"), Mention("salma_zina", "fr"))


def test_nobody_on_the_card_is_nobody_reminded() -> None:
    assert Case(on_it=()).in_life(DUE + 2 * DAY, HOUR) == []
    gone = Member("id-gone", "gone", "Gone")
    assert Case(on_it=(gone,)).in_life(DUE + 2 * DAY, HOUR) == []


def test_who_is_absent_is_not_named_and_where_nobody_else_is_there_it_waits() -> None:
    away = replace(PEOPLE[0], absences=(Absence(TUESDAY, dt.date(2026, 11, 18)),))
    people = (away, PEOPLE[1])
    both = Case(on_it=(AMAL, KARIM), people=people).at(DUE + 2 * HOUR)
    assert both
    assert both.whom == (Mention("karim_zina", "en"),)
    alone = Case(people=people)
    assert alone.in_life(local(19, 11), HOUR / 2) == []
    assert alone.in_life(local(19, 12), HOUR / 2) == [local(19, 12)]


# ---- days on which nobody is reminded


@pytest.mark.parametrize(
    "case",
    [
        Case(pauses=(Span(TUESDAY, TUESDAY, "Inventaire"),)),
        Case(closures=(Span(TUESDAY, TUESDAY, "Travaux"),)),
        Case(holidays=Holidays(named=((TUESDAY, "Fête"),))),
        Case(working_days=(1, 3, 4, 5)),
    ],
    ids=["pause", "closure", "holiday", "weekday"],
)
def test_what_falls_on_a_day_off_waits_for_its_time_of_day_on_the_next_working_day(case: Case) -> None:
    assert case.in_life(local(18, 11, 30), HOUR / 2) == []
    assert case.in_life(local(18, 14), HOUR / 2) == [local(18, 12), local(18, 13), local(18, 14)]


# ---- what is settled


@pytest.mark.parametrize(
    "case",
    [
        Case(facts=((EventKind.DONE, DUE + HOUR),)),
        Case(facts=((EventKind.DONE, DUE + 3 * HOUR),)),
        Case(ticked=True),
        Case(where=DONE),
        Case(facts=((EventKind.EXCUSED, DUE - HOUR),)),
        Case(facts=((EventKind.WITHDRAWN, DUE - HOUR),)),
        Case(closed=True),
        Case(visible=False),
    ],
    ids=["done", "done since", "ticked", "moved", "excused", "withdrawn", "archived", "gone"],
)
def test_nobody_is_reminded_of_what_is_settled(case: Case) -> None:
    assert not case.comes(DUE + 2 * HOUR)


def test_a_reopened_card_is_reminded_of() -> None:
    assert Case(facts=((EventKind.DONE, DUE), (EventKind.REOPENED, DUE + HOUR))).comes(DUE + 2 * HOUR)


def test_it_ends_with_the_close_of_its_week() -> None:
    closes = IsoWeek.of(TUESDAY).closes_at(ZONE, dt.time(7))
    case = Case(Nag(after=0, every=60), shown_due=closes - HOUR)
    assert case.comes(closes - HOUR / 60)
    assert not case.comes(closes)
    assert not Case().comes(closes + DAY)


def test_another_boards_and_a_retired_tasks_card_are_left_alone() -> None:
    case = Case()
    other = replace(case.board, key="weekly", tasks=())
    workspace = replace(case.workspace, boards=(other,))
    assert Nagger(workspace, other, BINDINGS, case.snapshot, DUE + DAY).due(case.entry) is None


# ---- properties

INSTANTS = st.integers(-10, 160).map(lambda hours: DUE + hours * HOUR)
SPANS = st.integers(0, 6).map(lambda n: (Span(TUESDAY + n * DAY, TUESDAY + (n + 1) * DAY, ""),))
CASES = st.builds(
    Case,
    nag=st.builds(
        Nag,
        after=st.integers(0, 600),
        every=st.sampled_from([0, 30, 60, 1440]),
        working_days=st.integers(0, 3),
        most=st.integers(1, 4),
    ),
    sent=st.lists(INSTANTS, max_size=4).map(tuple),
    facts=st.lists(
        st.tuples(st.sampled_from(sorted(set(EventKind) - {EventKind.NAGGED})), INSTANTS), max_size=3
    ).map(tuple),
    on_it=st.lists(st.sampled_from([AMAL, KARIM, STRANGER]), unique=True).map(tuple),
    pauses=st.just(()) | SPANS,
    closures=st.just(()) | SPANS,
    working_days=st.sampled_from([(), (1, 2, 3, 4, 5), (2, 7)]),
    ticked=st.booleans(),
    closed=st.booleans(),
    shown_due=st.none() | INSTANTS,
)


@given(CASES, INSTANTS)
def test_never_too_many_never_too_early_never_of_what_is_settled(case: Case, now: dt.datetime) -> None:
    due = case.at(now)
    if due is None:
        return
    assert case.nag
    assert due.number == len(case.sent) + 1 <= case.nag.most
    assert now >= DUE + dt.timedelta(minutes=case.nag.after)
    assert now >= (case.shown_due or DUE)
    assert not case.ticked
    assert not case.closed
    last = {kind: max((at for k, at in case.facts if k is kind), default=None) for kind in EventKind}
    for begun, ended in ((EventKind.DONE, EventKind.REOPENED), (EventKind.EXCUSED, EventKind.UNEXCUSED)):
        assert last[begun] is None or (last[ended] and last[ended] >= last[begun])
    day = now.astimezone(ZONE).date()
    assert not any(span.covers(day) for span in (*case.pauses, *case.closures))
    assert not case.working_days or day.isoweekday() in case.working_days
    assert due.whom


@given(CASES, INSTANTS)
def test_whatever_comes_was_awaited_and_no_longer_once_it_was_looked_at(case: Case, now: dt.datetime) -> None:
    def awaited(read_at: dt.datetime) -> bool:
        return awaits_nag(case.workspace, case.board, [case.entry], read_at, now)

    if case.comes(now):
        assert awaited(DUE - 30 * DAY)
    assert not awaited(now)


@given(CASES.map(lambda case: replace(case, sent=())), st.integers(20, 200))
def test_however_often_somebody_looks_there_are_no_more_and_none_sooner(case: Case, minutes: int) -> None:
    assert case.nag
    sent = case.in_life(DUE + 5 * DAY, dt.timedelta(minutes=minutes))
    assert len(sent) <= case.nag.most
    if case.nag.every:
        gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
        assert all(gap >= dt.timedelta(minutes=case.nag.every) for gap in gaps)
    elif case.nag.working_days:
        days = [at.astimezone(ZONE).date() for at in sent]
        assert all(
            (later - earlier).days >= case.nag.working_days for earlier, later in itertools.pairwise(days)
        )
    else:
        assert len(sent) <= 1
