"""What every Store promises, and that `SqlStore` and `MemoryStore` cannot be told apart."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import calendar_kit
import pytest
from effort import examples
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from trello_ops.adapters.store.sql import open_store
from trello_ops.core.bindings import Binding, Bindings, Kind, Watermark
from trello_ops.core.cadence import (
    WORKING_DAY,
    Cadence,
    DayTime,
    Exceptions,
    Frequency,
    NthDay,
    OnDayOff,
    Span,
)
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import Claim
from trello_ops.core.days_off import Holiday, Holidays, HolidaySource, Skip, SkipKind
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import CompleteWhen, DoneSignal, FormerCard, Nag, Proof, Slot, Undone
from trello_ops.core.identity import TrelloIdentity
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
from trello_ops.core.links import Link, Opens
from trello_ops.core.mails import FORECAST, OwedMail, kind_of_board
from trello_ops.core.people import Absence, Absentee, Person, Round, TurnBy, WhenAbsent
from trello_ops.core.problems import SystemProblem
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.history import FrozenCounts
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence, Totals
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.rows import RowItem
from trello_ops.core.sights import BoardSight, Outage, ReadCursor
from trello_ops.core.trello import Member
from trello_ops.demo.postgres import Server
from trello_ops.errors import StoreError
from trello_ops.messages import Message, say
from trello_ops.ports import Store
from trello_ops.testing.store import MemoryStore

NOW = dt.datetime(2026, 11, 16, 7, 0, 0, 123456, tzinfo=dt.UTC)
NAIVE = dt.datetime(2026, 11, 16, 7, 0)  # noqa: DTZ001
HOUR = dt.timedelta(hours=1)
WEEK = IsoWeek(2026, 47)
NONE = Totals(4, 0, 0, 0, 1, 2, 1, None)
AMINA = Member("5f0000000000000000000001", "amina", "Amina « l'épicière » <b>")

Open = Callable[[], Store]


def occurrence(
    task: str = "stock", day: int = 16, due: dt.datetime = NOW, board: str = "weekly"
) -> Occurrence:
    date = dt.date(2026, 11, day)
    return Occurrence(
        key=OccurrenceKey(board, task, date),
        board_title="Hebdomadaire",
        title="Compter le stock — épicerie",
        theme="operations",
        theme_title="Opérations",
        assignees=("amina", "youssef"),
        day=date + dt.timedelta(days=4),
        release=due - 10 * HOUR,
        due=due,
        sequence=46,
    )


GIVEN = Given(Edition("weekly", "w", "d", ""), "t", "x", "c", "p")
STOCK = occurrence()
TILLS = occurrence("tills", due=NOW + HOUR)


def card(number: int = 1) -> IssuedCard:
    return IssuedCard(f"6918{number:020x}", f"https://trello.com/c/{number}", NOW.replace(microsecond=0), NOW)


def done(key: OccurrenceKey = STOCK.key, at: dt.datetime = NOW, action: str | None = "a1") -> LedgerEvent:
    return LedgerEvent(key, EventKind.DONE, at, EventSource.TICK, AMINA, action)


def report(week: IsoWeek = WEEK, name: str = "Épicerie Zina") -> Report:
    totals = Totals(3, 1, 1, 1, 0, 0, 0, 1 / 3)
    line = ReportedOccurrence(
        key=str(STOCK.key),
        board="weekly",
        task="stock",
        theme="operations",
        title=STOCK.title,
        assignees=("amina",),
        due_at=NOW,
        outcome=Outcome.LATE,
        completed_at=NOW + HOUR,
        completed_by="amina",
        card_url=None,
        approximate=True,
    )
    return Report(
        workspace="zina",
        name=name,
        locale="fr",
        week=week,
        begins=week.monday,
        ends=week.sunday,
        closes_at=NOW,
        frozen_at=NOW + HOUR,
        timezone="Africa/Casablanca",
        totals=totals,
        boards=(Group("weekly", "Hebdomadaire", totals),),
        themes=(),
        people=(),
        occurrences=(line,),
        caught_up=(replace(line, outcome=Outcome.MISSED, completed_at=None, completed_by=None),),
        system=("Trello was out of reach from 10:00 to 12:00.",),
    )


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One file for all tests, of which each takes a workspace of its own."""
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'trello-ops.sqlite3'}"


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def open_again(request: pytest.FixtureRequest, database: str) -> Iterator[Open]:
    """Opens one and the same store, each time as another process would."""
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres").create_once("contract")
    if request.param == "memory":
        memory = MemoryStore()
        yield lambda: memory
        return
    opened: list[Store] = []

    def one_more() -> Store:
        opened.append(open_store(database, request.node.name))
        return opened[-1]

    yield one_more
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Open) -> Store:
    return open_again()


# ---- bindings


def binding(key: str = "stock", trello_id: str = "t1", **more: str) -> Binding:
    return Binding(Kind.TEMPLATE, "weekly", key, trello_id, NOW, **more)


def test_a_new_store_knows_nothing(store: Store) -> None:
    assert store.bindings() == Bindings()
    assert store.claims() == ()
    assert store.unissued() == ()
    assert store.first_due() is None
    assert store.entry(STOCK.key) is None
    assert store.read_cursors() == {}
    assert store.frozen_weeks() == ()
    assert store.unsent() == ()
    assert store.problems() == ()
    assert store.jobs() == {}
    assert store.trello() is None


def test_bindings_come_back_as_they_were_bound_in_a_stable_order(store: Store) -> None:
    board = Binding(Kind.BOARD, "weekly", "", "b1", NOW, url="https://trello.com/b/b1", adopted=True)
    template = binding(fingerprint="f00d", url="https://trello.com/c/t1")
    store.bind(template)
    store.bind(board)
    found = store.bindings()
    assert list(found) == [board, template]
    assert all(type(each.kind) is Kind for each in found)


def test_several_are_bound_in_one_step_or_none(store: Store) -> None:
    several = (Binding(Kind.BOARD, "weekly", "", "b1", NOW), binding("stock"), binding("tills"))
    store.bind(*several)
    assert list(store.bindings()) == list(several)
    with pytest.raises(Exception, match="time zone"):
        store.bind(binding("links"), replace(binding("news"), bound_at=NAIVE))
    assert list(store.bindings()) == list(several)


def test_of_one_board_the_bindings_of_no_other(store: Store) -> None:
    board, template = Binding(Kind.BOARD, "weekly", "", "b1", NOW), binding()
    store.bind(template)
    store.bind(board)
    store.bind(Binding(Kind.BOARD, "weekly-2", "", "b2", NOW))
    assert list(store.bindings("weekly")) == [board, template]
    assert list(store.bindings("daily")) == []


REAL = TrelloIdentity("https://api.trello.com", "", "m1", "robot", "w1", "zina")


def test_it_belongs_to_no_trello_until_it_is_bound_to_one(open_again: Open) -> None:
    store = open_again()
    assert store.trello() is None
    store.bind_trello(REAL)
    local = TrelloIdentity("http://127.0.0.1:8910", "f00d", "m2", "robot", "", "")
    assert open_again().trello() == REAL
    store.bind_trello(local)
    assert open_again().trello() == local


def test_it_has_a_name_for_messages(store: Store) -> None:
    assert store.name


def test_binding_again_replaces(store: Store) -> None:
    store.bind(binding(trello_id="t1", fingerprint="old"))
    store.bind(binding(trello_id="t2"))
    assert list(store.bindings()) == [binding(trello_id="t2")]


def test_unbinding_forgets_that_binding_only(store: Store) -> None:
    store.bind(binding("stock"))
    store.bind(binding("tills"))
    store.unbind(Kind.TEMPLATE, "weekly", "stock")
    store.unbind(Kind.TEMPLATE, "weekly", "never-bound")
    assert list(store.bindings()) == [binding("tills")]


# ---- watermarks


# ---- declarations


def in_force(version: int, title: str = "Refaire le stock") -> InForce:
    declared = calendar_kit.workspace(replace(calendar_kit.task(), title=title, was=("weekly/old",)))
    return InForce(version, NOW, Declaration(declared, {"stock.md": "---\n---\nPèse à 09:00 — « ici »."}))


def test_a_declaration_is_kept_as_it_was_put_in_force(store: Store, open_again: Open) -> None:
    assert (store.declaration_version(), store.in_force()) == (0, None)
    assert store.put_in_force(in_force(1))
    assert store.put_in_force(in_force(2, "Compter"))
    again = open_again()
    assert (again.declaration_version(), again.in_force()) == (2, in_force(2, "Compter"))


def test_all_that_a_calendar_is_declared_with_is_kept(store: Store, open_again: Open) -> None:
    span, date = Span(STOCK.day, STOCK.day, "inventaire"), STOCK.day
    cadence = Cadence(
        Frequency.YEARLY,
        (),
        DayTime(dt.time(17), 1, 2),
        calendar_kit.CASABLANCA,
        nth=(NthDay(-1, WORKING_DAY), NthDay(2, 5)),
        month=3,
        anchor=date,
        dates=(date,),
        rule="FREQ=DAILY",
        exceptions=Exceptions((1,), (date,), (span,)),
        until=date,
        on_day_off=OnDayOff.NEXT,
    )
    task = replace(
        calendar_kit.task(),
        cadence=cadence,
        round=Round(("amina", "youssef"), date, TurnBy.WEEK),
        when_absent=WhenAbsent.EXCUSE,
        pauses=(span,),
        covers=("weekly/links",),
        slot="matin",
        duration=90,
        remind=-1,
        when_open=FormerCard(Undone.MOVE, "late"),
        nag=Nag(120, 0, 1, 3),
    )
    base = calendar_kit.workspace(task)
    absences = (Absence(date, date, "youssef", "congé"),)
    workspace = replace(
        base,
        boards=(replace(base.boards[0], working_days=(1, 2), closures=(span,)),),
        people=(Person("amina", "amina", "Amina", (), "a@example.org", "fr", (1, 2), absences),),
        slots=(Slot("matin", 1, dt.time(9), dt.time(12, 30)),),
        holidays=Holidays(
            (HolidaySource("MA", "", ("public",)),),
            ((date, "Aïd"),),
            (date,),
            {date: Holiday("Aïd", estimated=True)},
        ),
    )
    store.put_in_force(InForce(1, NOW, Declaration(workspace)))
    kept = open_again().in_force()
    assert kept is not None
    assert kept.declaration.workspace == workspace  # but for the dates, which are no part of it


def test_of_two_processes_one_puts_a_version_in_force(store: Store) -> None:
    assert store.put_in_force(in_force(1), bind=[binding()])
    other = [binding(trello_id="t2")]
    assert not store.put_in_force(in_force(1, "Autre"), bind=other, unbind=[binding()])
    assert store.in_force() == in_force(1)
    assert list(store.bindings()) == [binding()]


def test_bindings_change_places_with_the_declaration(store: Store) -> None:
    store.bind(binding("one", "t1"))
    store.bind(binding("two", "t2"))
    swapped = [binding("one", "t2"), binding("two", "t1")]
    assert store.put_in_force(in_force(1), bind=swapped, unbind=[binding("one", "t1"), binding("two", "t2")])
    assert list(store.bindings()) == swapped


def test_what_was_passed_over_may_wait_again_as_long_as_it_has_no_card(store: Store) -> None:
    store.record([STOCK], NOW)
    store.pass_over([STOCK.key])
    assert store.unissued() == ()
    for _ in range(2):
        store.wait_again([STOCK.key, replace(STOCK.key, task="never-recorded")])
    assert store.unissued() == (STOCK,)
    store.confirm(STOCK.key, IssuedCard("5f01", "https://trello.com/c/1", NOW, NOW))
    store.wait_again([STOCK.key])
    assert store.unissued() == ()


def test_a_watermark_is_kept_by_task_and_moves_either_way(store: Store, open_again: Open) -> None:
    """It moves back where the machine's clock was set right."""
    for board, task, hours in (("weekly", "stock", 0), ("daily", "tills", 1), ("weekly", "stock", -2)):
        store.set_watermark(Watermark(board, task, NOW + hours * HOUR))
    found = open_again().watermarks()
    assert list(found) == [("daily", "tills"), ("weekly", "stock")]
    assert found["weekly", "stock"] == Watermark("weekly", "stock", NOW - 2 * HOUR)
    assert store.bindings() == Bindings()


# ---- claims


def claimed(store: Store, key: str = "weekly/stock/2026-11-16", holder: str = "one") -> Claim:
    claim = store.claim(key, holder, NOW)
    assert claim is not None
    return claim


def test_a_claim_says_who_holds_it_since_when(store: Store) -> None:
    claim = claimed(store)
    assert claim == Claim("weekly/stock/2026-11-16", claim.version, "one", NOW, attempt=1, unknown=False)
    assert store.claims() == (claim,)


def test_a_key_is_claimed_once_even_by_its_holder(store: Store, open_again: Open) -> None:
    claim = claimed(store)
    assert open_again().claim(claim.key, "two", NOW) is None
    assert store.claim(claim.key, "one", NOW) is None
    assert store.claims() == (claim,)


def test_claims_are_listed_oldest_attempt_first(store: Store) -> None:
    for key, hours in (("b", 2), ("c", 1), ("a", 1)):
        store.claim(key, "one", NOW + hours * HOUR)
    assert [claim.key for claim in store.claims()] == ["a", "c", "b"]


def test_renewing_gives_a_new_token_and_keeps_the_attempt(store: Store) -> None:
    claim = claimed(store)
    renewed = store.renew(claim, "one")
    assert renewed is not None
    assert renewed == replace(claim, version=renewed.version)
    assert renewed.version != claim.version
    assert store.claims() == (renewed,)


def test_taking_over_counts_an_attempt_and_keeps_the_first_instant(store: Store, open_again: Open) -> None:
    claim = claimed(store)
    taken = open_again().renew(claim, "two")
    assert taken is not None
    assert taken == replace(claim, version=taken.version, holder="two", attempt=2)


def test_of_two_who_renew_the_same_claim_one_succeeds(store: Store, open_again: Open) -> None:
    claim = claimed(store)
    taken = open_again().renew(claim, "two")
    assert store.renew(claim, "one") is None
    assert store.claims() == (taken,)


def test_an_unknown_claim_still_holds_its_key_and_reads_as_changed(store: Store) -> None:
    claim = claimed(store)
    store.mark_unknown(claim)
    (unknown,) = store.claims()
    assert unknown == replace(claim, version=unknown.version, unknown=True)
    assert unknown.version != claim.version
    assert store.claim(claim.key, "two", NOW) is None


def test_going_on_after_an_unknown_answer_counts_an_attempt(store: Store) -> None:
    store.mark_unknown(claimed(store))
    renewed = store.renew(store.claims()[0], "one")
    assert renewed is not None
    assert (renewed.attempt, renewed.unknown, renewed.attempted_at) == (2, False, NOW)


def test_a_released_key_can_be_claimed_afresh(store: Store) -> None:
    claim = claimed(store)
    store.release(claim)
    assert store.claims() == ()
    again = store.claim(claim.key, "two", NOW + HOUR)
    assert again is not None
    assert (again.attempt, again.attempted_at) == (1, NOW + HOUR)
    assert again.version != claim.version


def test_a_claim_that_has_changed_hands_is_out_of_its_old_holders_reach(store: Store) -> None:
    old = claimed(store)
    taken = store.renew(old, "two")
    store.mark_unknown(old)
    store.release(old)
    assert store.claims() == (taken,)


def test_a_claim_that_is_gone_is_not_brought_back(store: Store) -> None:
    claim = claimed(store)
    store.release(claim)
    store.mark_unknown(claim)
    assert store.renew(claim, "one") is None
    assert store.claims() == ()


@pytest.mark.parametrize("stores", [1, 2])
def test_of_many_threads_that_race_for_a_key_one_wins(open_again: Open, stores: int) -> None:
    keys = [f"key-{number}" for number in range(50)]
    opened = [open_again() for _ in range(stores)]
    start = Barrier(4)

    def race(number: int) -> list[str]:
        start.wait()
        mine = opened[number % stores]
        return [key for key in keys if mine.claim(key, f"thread-{number}", NOW)]

    with ThreadPoolExecutor(4) as threads:
        won = [key for each in threads.map(race, range(4)) for key in each]
    assert sorted(won) == sorted(keys)


def test_of_many_threads_that_race_to_take_over_one_wins(open_again: Open) -> None:
    opened = [open_again(), open_again()]
    claims = [claimed(opened[0], f"key-{number}") for number in range(20)]
    start = Barrier(4)

    def race(number: int) -> list[Claim]:
        start.wait()
        taken = [opened[number % 2].renew(claim, f"thread-{number}") for claim in claims]
        return [claim for claim in taken if claim]

    with ThreadPoolExecutor(4) as threads:
        won = [claim for each in threads.map(race, range(4)) for claim in each]
    assert sorted(won, key=lambda claim: claim.key) == sorted(opened[1].claims(), key=lambda claim: claim.key)
    assert len(won) == len(claims)


# ---- the ledger


def test_a_recorded_occurrence_comes_back_whole(store: Store) -> None:
    assert store.record([STOCK], NOW) == 1
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, recorded_at=NOW)


def test_what_counts_as_done_is_kept_with_the_occurrence(store: Store) -> None:
    rules = (
        CompleteWhen(),
        CompleteWhen((DoneSignal.ARCHIVED,)),
        CompleteWhen((DoneSignal.TICKED, DoneSignal.CHECKLIST_COMPLETE), require_all=True),
    )
    for day, way in enumerate(rules, start=1):
        judged = replace(occurrence(day=day), complete_when=way, requires=(Proof.COMMENT, Proof.ATTACHMENT))
        store.record([judged], NOW)
        assert store.entry(judged.key) == LedgerEntry(judged, recorded_at=NOW)


def test_who_was_assigned_is_kept_with_the_occurrence(store: Store) -> None:
    assigned = replace(STOCK, people=(Person("amina", "Amina_B", "Amina Bénali"),))
    store.record([assigned], NOW)
    assert store.entry(STOCK.key) == LedgerEntry(assigned, recorded_at=NOW)


CALENDAR = {
    "nominal": STOCK.day + dt.timedelta(days=1),
    "moved": Skip(SkipKind.HOLIDAY, "Aïd al-Fitr : fête"),
    "start": NOW - 5 * HOUR,
    "turn": "amina",
    "absent": (Absentee("amina", "Amina Bénali", "youssef", "congé"), Absentee("ines", "Inès")),
}
"""What days off, slots, rounds and absences make of an occurrence."""


@pytest.mark.parametrize("name", CALENDAR)
def test_what_the_calendar_made_of_it_is_kept_with_the_occurrence(store: Store, name: str) -> None:
    made = replace(STOCK, **{name: CALENDAR[name]})  # type: ignore[arg-type]
    store.record([made, TILLS], NOW)
    assert store.entry(STOCK.key) == LedgerEntry(made, recorded_at=NOW)
    assert store.entry(TILLS.key) == LedgerEntry(TILLS, recorded_at=NOW)


def test_nothing_is_kept_of_when_people_are_away(store: Store) -> None:
    away = (Absence(STOCK.day, STOCK.day, reason="opération"),)
    amina = Person("amina", "Amina_B", "Amina Bénali", ("mina",), "a@example.org", "fr", (1, 2), away)
    store.record([replace(STOCK, people=(amina,))], NOW)
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.occurrence.people == (Person("amina", "Amina_B", "Amina Bénali"),)


@pytest.mark.parametrize("kind", SkipKind)
@pytest.mark.parametrize("reason", ["", "Aïd al-Fitr : fête"])
def test_who_is_excused_from_the_beginning_is_skipped_for_that_reason(
    store: Store, kind: SkipKind, reason: str
) -> None:
    excused = replace(STOCK, skip=Skip(kind, reason))
    assert store.record([excused, TILLS], NOW, skipped="too_late") == 2
    assert store.entry(STOCK.key) == LedgerEntry(excused, NOW, skipped=f"{kind}:{reason}")
    assert store.entry(TILLS.key) == LedgerEntry(TILLS, NOW, skipped="too_late")
    assert store.unissued() == ()
    store.wait_again([STOCK.key, TILLS.key])
    assert store.unissued() == (), "nothing that was skipped ever waits"


def test_a_reason_that_is_said_beside_it_is_its_own(store: Store) -> None:
    store.record([STOCK], NOW, skipped="pause:travaux")
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.occurrence.skip == Skip(SkipKind.PAUSE, "travaux")


def test_instants_come_back_as_aware_utc(store: Store) -> None:
    casablanca = dt.timezone(HOUR)
    store.record([occurrence(due=NOW.astimezone(casablanca))], NOW.astimezone(casablanca))
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry == LedgerEntry(STOCK, recorded_at=NOW)


def test_what_was_declared_is_frozen_when_recorded(store: Store) -> None:
    store.record([STOCK], NOW)
    edited = replace(STOCK, title="Another title", due=NOW + HOUR)
    assert store.record([edited, TILLS], NOW + HOUR, skipped="holiday") == 1
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, recorded_at=NOW)


def test_the_same_occurrence_twice_in_one_go_is_recorded_once(store: Store) -> None:
    assert store.record(iter([STOCK, STOCK]), NOW) == 1
    assert store.record([], NOW) == 0


def test_recorded_lists_the_keys_of_some_tasks_from_a_date_on(store: Store) -> None:
    others = [occurrence("tills"), occurrence(board="daily")]
    store.record([*(occurrence(day=day) for day in (2, 9, 16)), *others], NOW)
    keys, since = {occurrence(day=9).key, occurrence(day=16).key}, dt.date(2026, 11, 9)
    assert store.recorded("weekly", ["stock"], since) == keys
    assert store.recorded("weekly", ["stock", "tills"], since) == {*keys, occurrence("tills").key}
    assert store.recorded("weekly", [], since) == frozenset()


def test_unissued_are_those_without_card_and_not_skipped_most_urgent_first(store: Store) -> None:
    late, early, same = occurrence("late", due=NOW + HOUR), occurrence("b"), occurrence("a")
    issued, skipped = occurrence("issued"), occurrence("skipped")
    store.record([late, early, same, issued], NOW)
    store.record([skipped], NOW, skipped="caught up by a newer one")
    store.confirm(issued.key, card())
    assert store.unissued() == (same, early, late)


def test_what_is_passed_over_waits_no_longer_and_stays_as_it_is(store: Store, open_again: Open) -> None:
    store.record([STOCK, TILLS], NOW)
    open_again().pass_over([STOCK.key, occurrence("never-recorded").key])
    store.pass_over([])
    assert store.unissued() == (TILLS,)
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, NOW)
    store.record([STOCK, occurrence("never-recorded")], NOW)
    assert store.unissued() == (occurrence("never-recorded"), TILLS), "it was recorded before"
    assert store.confirm(STOCK.key, card()) is True


def test_the_latest_of_a_task_come_newest_first_and_no_more_than_asked_for(store: Store) -> None:
    days = [occurrence(day=day, due=NOW - day * HOUR) for day in (2, 16, 9)]
    store.record([*days, occurrence("tills", day=20), occurrence(board="daily", day=20)], NOW)
    store.confirm(days[1].key, card())
    store.append([done(days[1].key)], NOW)
    newest = LedgerEntry(days[1], NOW, card=card(), events=(done(days[1].key),))
    assert store.latest("weekly", "stock", 2) == (newest, LedgerEntry(days[2], NOW))
    assert len(store.latest("weekly", "stock", 9)) == 3
    assert store.latest("weekly", "never-recorded", 9) == ()


def test_a_skipped_entry_says_why(store: Store) -> None:
    store.record([STOCK], NOW, skipped="caught up by a newer one")
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, NOW, skipped="caught up by a newer one")


def test_a_confirmed_card_is_part_of_the_entry(store: Store) -> None:
    store.record([STOCK], NOW)
    assert store.confirm(STOCK.key, card()) is True
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, NOW, card=card())


def test_the_first_card_stays(store: Store) -> None:
    store.record([STOCK, TILLS], NOW)
    store.confirm(STOCK.key, card(1))
    store.confirm(TILLS.key, card(2))
    for other in (card(3), card(1), card(2)):
        assert store.confirm(STOCK.key, other) is False
    assert store.with_cards([card(1).id]) == (LedgerEntry(STOCK, NOW, card=card(1)),)


def test_one_card_cannot_stand_for_two_occurrences(store: Store) -> None:
    store.record([STOCK, TILLS], NOW)
    store.confirm(STOCK.key, card())
    with pytest.raises(StoreError, match=r"weekly/tills/2026-11-16: it stands for another occurrence"):
        store.confirm(TILLS.key, card())
    assert store.unissued() == (TILLS,)


def test_only_what_is_recorded_can_have_a_card_or_completions(store: Store) -> None:
    store.record([STOCK], NOW)
    with pytest.raises(StoreError, match="weekly/tills/2026-11-16"):
        store.confirm(TILLS.key, card())
    with pytest.raises(StoreError, match="weekly/tills/2026-11-16"):
        store.append([done(), done(TILLS.key)], NOW)
    assert store.entry(STOCK.key) == LedgerEntry(STOCK, NOW), "nothing of a refused call is kept"


def test_of_many_threads_that_confirm_a_card_one_wins(open_again: Open) -> None:
    opened = [open_again(), open_again()]
    opened[0].record([STOCK], NOW)
    start = Barrier(4)

    def race(number: int) -> bool:
        start.wait()
        return opened[number % 2].confirm(STOCK.key, card(number))

    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(race, range(4)))
    entry = opened[1].entry(STOCK.key)
    assert won.count(True) == 1
    assert entry is not None
    assert entry.card == card(won.index(True))


def test_due_between_takes_the_start_and_leaves_the_end(store: Store) -> None:
    due = {hours: occurrence(f"t{hours}", due=NOW + hours * HOUR) for hours in range(4)}
    store.record(due.values(), NOW)
    entries = store.due_between(NOW + HOUR, NOW + 3 * HOUR)
    assert [entry.occurrence for entry in entries] == [due[1], due[2]]


def test_entries_come_by_due_then_key_with_all_that_is_known(store: Store) -> None:
    first, second, third = occurrence("z", due=NOW - HOUR), occurrence("a"), occurrence("b")
    store.record([third, second, first], NOW)
    store.confirm(third.key, card())
    store.append([done(third.key), done(first.key, action="a2")], NOW)
    assert store.due_between(NOW - HOUR, NOW + HOUR) == (
        LedgerEntry(first, NOW, events=(done(first.key, action="a2"),)),
        LedgerEntry(second, NOW),
        LedgerEntry(third, NOW, card=card(), events=(done(third.key),)),
    )


def test_instants_compare_to_the_microsecond(store: Store) -> None:
    whole = NOW.replace(microsecond=0)
    store.record([occurrence("a", due=whole), occurrence("b", due=whole.replace(microsecond=1))], NOW)
    entries = store.due_between(whole, whole.replace(microsecond=1))
    assert [entry.occurrence.key.task for entry in entries] == ["a"]


def test_issued_since_gives_a_boards_entries_with_a_card(store: Store) -> None:
    before, at, without = occurrence("a", due=NOW - HOUR), occurrence("b"), occurrence("c")
    elsewhere = occurrence("d", board="daily")
    store.record([before, at, without, elsewhere], NOW)
    for number, issued in enumerate((before, at, elsewhere)):
        store.confirm(issued.key, card(number))
    assert [entry.occurrence for entry in store.issued_since("weekly", NOW)] == [at]


def test_entries_are_found_by_their_cards(store: Store) -> None:
    store.record([STOCK, TILLS], NOW)
    store.confirm(TILLS.key, card(1))
    store.confirm(STOCK.key, card(2))
    wanted = [card(1).id, card(2).id, card(2).id, "unheard-of"]
    assert [entry.occurrence for entry in store.with_cards(wanted)] == [STOCK, TILLS]
    assert store.with_cards([]) == ()


def test_any_number_of_cards_can_be_asked_for(store: Store) -> None:
    store.record([STOCK], NOW)
    store.confirm(STOCK.key, card(70_000))
    entries = store.with_cards([card(number).id for number in range(70_001)])
    assert [entry.occurrence for entry in entries] == [STOCK]


def test_an_action_completes_once_however_often_it_is_seen(store: Store) -> None:
    store.record([STOCK], NOW)
    assert store.append([done()], NOW) == 1
    assert store.append([done(at=NOW + HOUR), done()], NOW) == 0
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.events == (done(),)


def test_one_action_may_prove_different_facts(store: Store) -> None:
    store.record([STOCK, TILLS], NOW)
    reopened = replace(done(), kind=EventKind.REOPENED)
    assert store.append([done(), reopened, done(TILLS.key), done(action="a2")], NOW) == 4


def test_completions_without_action_are_told_apart_by_their_instant(store: Store) -> None:
    store.record([STOCK], NOW)
    seen = LedgerEvent(STOCK.key, EventKind.DONE, NOW, EventSource.STATE)
    later = replace(seen, at=NOW + HOUR)
    assert store.append([seen, seen, later], NOW) == 2
    assert store.append([replace(seen, by=AMINA), done()], NOW) == 1, "an action at that instant is another"
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.events == (seen, done(), later)


def test_completions_come_by_instant_then_as_they_were_appended(store: Store) -> None:
    store.record([STOCK], NOW)
    later, first, second = done(at=NOW + HOUR, action="a"), done(action="z"), done(action="b")
    store.append([later], NOW)
    store.append([first, second], NOW)
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.events == (first, second, later)


def test_completed_between_goes_by_the_instant_of_being_done(store: Store) -> None:
    at_start, at_end, reopened = occurrence("a", due=NOW - 9 * HOUR), occurrence("b"), occurrence("c")
    store.record([at_start, at_end, reopened], NOW)
    twice = (
        done(at_start.key),
        done(at_start.key, NOW + HOUR / 2, "a2"),
        done(at_start.key, NOW - HOUR, "a3"),
    )
    again = LedgerEvent(reopened.key, EventKind.REOPENED, NOW, EventSource.TICK, AMINA, "a4")
    store.append([*twice, again, done(at_end.key, NOW + HOUR)], NOW)
    (entry,) = store.completed_between(NOW, NOW + HOUR)
    assert entry.occurrence == at_start
    assert entry.events == tuple(sorted(twice, key=lambda c: c.at)), "with all its completions"


# ---- amendments


def amendment(due: dt.datetime = NOW + 3 * HOUR, at: dt.datetime = NOW, **changes: object) -> Amendment:
    amended = Amendment.of(replace(STOCK, title="Compter — tout", assignees=("youssef",), due=due), at, GIVEN)
    return replace(amended, **changes)  # type: ignore[arg-type]


def issue_stock(store: Store) -> None:
    store.record([STOCK], NOW)
    store.confirm(STOCK.key, replace(card(), given=GIVEN))


def test_what_a_card_was_given_comes_back(store: Store) -> None:
    issue_stock(store)
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.card == replace(card(), given=GIVEN)
    assert entry.written == (STOCK, GIVEN)


def test_an_entry_comes_as_amended_with_how_it_was_recorded_beside(store: Store, open_again: Open) -> None:
    issue_stock(store)
    store.amend(amendment())
    entry = open_again().entry(STOCK.key)
    assert entry is not None
    expected = replace(STOCK, title="Compter — tout", assignees=("youssef",), due=NOW + 3 * HOUR)
    assert (entry.occurrence, entry.recorded) == (expected, STOCK)
    assert entry.amendments == entry.unwritten == (amendment(),)


@pytest.mark.parametrize("name", CALENDAR)
def test_an_amendment_says_what_the_calendar_makes_of_it_now(store: Store, name: str) -> None:
    recorded = replace(STOCK, **CALENDAR)  # type: ignore[arg-type]
    store.record([recorded], NOW)
    before = getattr(STOCK, name)
    store.amend(Amendment.of(replace(recorded, **{name: before}), NOW, GIVEN))
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.recorded == recorded
    assert entry.occurrence == replace(recorded, **{name: before})
    store.amend(Amendment.of(recorded, NOW + HOUR, GIVEN))
    entry = store.entry(STOCK.key)
    assert entry is not None
    assert entry.occurrence == recorded
    assert entry.as_of(NOW) == replace(recorded, **{name: before})


def test_an_amendment_of_the_same_instant_takes_the_place_of_the_one_before(store: Store) -> None:
    issue_stock(store)
    for each in (amendment(), amendment(written=True), amendment(NOW + 5 * HOUR, at=NOW + HOUR)):
        store.amend(each)
    (entry,) = store.with_cards([card().id])
    assert [each.written for each in entry.amendments] == [True, False]
    assert entry.occurrence.due == NOW + 5 * HOUR
    assert entry.written[0].due == NOW + 3 * HOUR


def test_entries_are_found_by_the_due_that_counts(store: Store) -> None:
    issue_stock(store)
    store.record([TILLS], NOW)
    store.amend(amendment())
    dues = [
        [entry.occurrence.key for entry in store.due_between(start, start + HOUR)]
        for start in (NOW, NOW + HOUR, NOW + 3 * HOUR)
    ]
    assert dues == [[], [TILLS.key], [STOCK.key]]
    assert [entry.occurrence.key for entry in store.due_between(NOW, NOW + 9 * HOUR)] == [
        TILLS.key,
        STOCK.key,
    ]
    assert len(store.issued_since("weekly", NOW + 3 * HOUR)) == 1
    assert store.issued_since("weekly", NOW + 4 * HOUR) == ()
    assert store.first_due() == TILLS.due
    store.amend(amendment(NOW - HOUR, at=NOW + HOUR))
    assert store.first_due() == NOW - HOUR
    assert store.due_between(NOW + 3 * HOUR, NOW + 4 * HOUR) == ()


def test_only_what_is_recorded_is_amended(store: Store) -> None:
    with pytest.raises(StoreError):
        store.amend(amendment())
    with pytest.raises(Exception, match="time zone"):
        store.amend(amendment(at=NAIVE))


def test_first_due_is_the_earliest_of_all(store: Store) -> None:
    store.record([TILLS, STOCK, occurrence("late", due=NOW + 5 * HOUR)], NOW)
    assert store.first_due() == NOW


# ---- rows of workbooks

SOAP, OIL, CLAY = (RowItem(row, f"{row} – « côté » → {row}.jpg", "s") for row in ("soap", "oil", "clay"))


def test_what_a_card_was_given_of_rows_is_kept_in_order(store: Store, open_again: Open) -> None:
    assert store.row_items(STOCK.key) == ()
    store.give_rows(STOCK.key, [SOAP, OIL])
    store.give_rows(STOCK.key, [replace(OIL, text="Another"), CLAY])
    store.give_rows(TILLS.key, [CLAY])
    store.give_rows(TILLS.key, [])
    assert open_again().row_items(STOCK.key) == (SOAP, OIL, CLAY)
    assert open_again().row_items(TILLS.key) == (CLAY,)


def test_a_row_that_is_on_its_card_is_noted(store: Store, open_again: Open) -> None:
    store.give_rows(STOCK.key, [SOAP, OIL, RowItem("", "missing", "")])
    store.give_rows(TILLS.key, [OIL])
    store.row_written(STOCK.key, "oil", "i1")
    store.row_written(STOCK.key, "", "i2")
    store.row_written(STOCK.key, "clay", "i3")
    given = (SOAP, replace(OIL, item_id="i1"), RowItem("", "missing", "", "i2"))
    assert open_again().row_items(STOCK.key) == given
    store.give_rows(STOCK.key, [OIL])
    assert open_again().row_items(STOCK.key) == given
    assert open_again().row_items(TILLS.key) == (OIL,)


def test_of_several_that_give_a_card_its_rows_at_once_each_row_is_given_once(open_again: Open) -> None:
    stores, start = [open_again() for _ in range(4)], Barrier(4)

    def race(number: int) -> None:
        start.wait()
        stores[number].give_rows(STOCK.key, [SOAP, OIL, CLAY])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, range(4)))
    assert open_again().row_items(STOCK.key) == (SOAP, OIL, CLAY)


# ---- secret addresses

OF_ALL = Link("abcd", Opens.PAGES, NOW)
OF_AMAL = Link("efgh", Opens.FEED, NOW + HOUR, person="amal")


def test_a_link_is_found_by_the_digest_of_its_secret_alone(store: Store, open_again: Open) -> None:
    store.add_link(OF_AMAL, "0f")
    store.add_link(OF_ALL, "1e")
    assert open_again().links() == (OF_ALL, OF_AMAL)
    assert open_again().link_of("0f") == OF_AMAL
    assert open_again().link_of("1e") == OF_ALL
    assert [open_again().link_of(other) for other in ("", "0", "0F", "abcd", "%", "0f ")] == [None] * 6


def test_a_revoked_link_opens_nothing_and_is_listed_with_when_it_was(store: Store, open_again: Open) -> None:
    store.add_link(OF_ALL, "1e")
    store.add_link(OF_AMAL, "0f")
    revoked = replace(OF_AMAL, revoked_at=NOW + 2 * HOUR)
    assert store.revoke_link("efgh", NOW + 2 * HOUR) == revoked
    assert open_again().link_of("0f") is None
    assert open_again().link_of("1e") == OF_ALL
    assert store.revoke_link("efgh", NOW + 3 * HOUR) == revoked
    assert store.revoke_link("EFGH", NOW) is None
    assert open_again().links() == (OF_ALL, revoked)


def test_links_follow_a_declaration_that_is_put_in_force_and_no_other(store: Store, open_again: Open) -> None:
    store.add_link(OF_ALL, "1e")
    store.add_link(OF_AMAL, "0f")
    renamed, revoked = replace(OF_AMAL, person="karim"), replace(OF_ALL, revoked_at=NOW + HOUR)
    assert store.put_in_force(in_force(1), links=[renamed, revoked])
    assert not store.put_in_force(in_force(1), links=[OF_AMAL])
    assert open_again().links() == (revoked, renamed)
    assert open_again().link_of("0f") == renamed
    assert open_again().link_of("1e") is None


def test_links_keep_no_store_from_being_filled(store: Store) -> None:
    store.add_link(OF_ALL, "1e")
    store.restore(Rebuilt((), (), (), (), (), (), ()), "one", NOW)
    assert store.link_of("1e") == OF_ALL


# ---- what was seen, reports and mail, how the robot fares


def test_the_last_sight_of_a_board_counts(store: Store) -> None:
    store.note_read(ReadCursor("weekly", NOW, NOW - HOUR))
    store.note_read(ReadCursor("daily", NOW))
    store.note_read(ReadCursor("weekly", NOW + HOUR, None))
    assert store.read_cursors() == {
        "daily": ReadCursor("daily", NOW),
        "weekly": ReadCursor("weekly", NOW + HOUR),
    }
    store.note_read(ReadCursor("daily", NOW + HOUR, NOW, active_at=NOW - HOUR))
    assert store.read_cursors()["daily"] == ReadCursor("daily", NOW + HOUR, NOW, NOW - HOUR)


def test_outages_are_kept_and_told_to_whatever_time_they_touch(store: Store) -> None:
    daily, weekly = Outage("daily", NOW, NOW + 30 * HOUR), Outage("weekly", NOW, NOW + 40 * HOUR)
    later = Outage("daily", NOW + 50 * HOUR, NOW + 90 * HOUR)
    for outage in (later, weekly, daily):
        store.note_outage(outage)
    store.note_outage(replace(daily, until=NOW + 99 * HOUR))
    assert store.outages(NOW - HOUR, NOW + 99 * HOUR) == (daily, weekly, later)
    assert store.outages(NOW + 30 * HOUR, NOW + 50 * HOUR) == (weekly,)
    assert store.outages(NOW + 89 * HOUR, NOW + 99 * HOUR) == (later,)
    assert store.outages(NOW - HOUR, NOW) == ()


def test_when_boards_went_out_of_sight_is_kept_in_order(store: Store) -> None:
    back, away = BoardSight("daily", "5f01", NOW, shown=True), BoardSight("daily", "5f01", NOW, shown=False)
    earlier = BoardSight("weekly", "5f02", NOW - HOUR, shown=False)
    for sight in (away, back, earlier, away):
        store.note_sight(sight)
    assert store.board_sights() == (earlier, back, away)


TO_ZINA, TO_AMINA = OwedMail(WEEK, "zina@example.org"), OwedMail(WEEK, "amina@example.org")
LATER = OwedMail(WEEK.next(), "zina@example.org")


def test_a_frozen_report_comes_back_as_it_was(store: Store) -> None:
    assert store.freeze(report(), [TO_ZINA, TO_AMINA]) is True
    assert store.frozen(WEEK) == report()


def test_a_week_is_frozen_once(store: Store, open_again: Open) -> None:
    first = report()
    store.freeze(first, [TO_ZINA, TO_AMINA])
    assert store.freeze(first, [TO_ZINA, TO_AMINA]) is False
    other = OwedMail(WEEK, "other@example.org")
    assert open_again().freeze(report(name="Another name"), [other]) is False
    assert store.frozen(WEEK) == report()
    assert store.unsent() == (TO_AMINA, TO_ZINA), "nobody else is owed it"


def test_frozen_weeks_come_in_order_over_the_turn_of_the_year(store: Store) -> None:
    weeks = (IsoWeek(2026, 9), IsoWeek(2026, 53), IsoWeek(2027, 1))
    for week in reversed(weeks):
        store.freeze(report(week), [])
    assert store.frozen_weeks() == weeks
    assert store.frozen(WEEK) is None
    assert store.unsent() == ()


def test_the_counts_of_frozen_weeks_come_in_order_and_without_their_occurrences(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = IsoWeek(2026, 53), IsoWeek(2027, 1)
    boards = (Group("weekly", "W", Totals(3, 1, 1, 1, 0, 0, 0, 1 / 3)), Group("daily", "D", NONE))
    store.freeze(replace(report(second), boards=boards), [])
    store.freeze(replace(report(first), totals=NONE, boards=()), [])
    monkeypatch.setattr(Report, "from_dict", None)
    third = WeekCount(second, 3, 1)
    assert store.frozen_counts() == (
        FrozenCounts(first, WeekCount(first, 0, 0), {}),
        FrozenCounts(second, third, {"weekly": third, "daily": WeekCount(second, 0, 0)}),
    )


def test_a_store_without_frozen_weeks_counts_nothing(store: Store) -> None:
    assert store.frozen_counts() == ()


def test_mails_are_owed_until_they_went_out(store: Store, open_again: Open) -> None:
    store.freeze(report(WEEK.next()), [LATER])
    store.freeze(report(), [TO_ZINA, TO_AMINA, TO_ZINA])
    store.sent(TO_ZINA, NOW)
    open_again().sent(TO_ZINA, NOW + HOUR)
    assert store.unsent() == (TO_AMINA, LATER)


def test_the_mails_of_a_week_tell_when_each_went_out(store: Store) -> None:
    store.freeze(report(), [TO_ZINA, TO_AMINA])
    store.freeze(report(WEEK.next()), [LATER])
    store.sent(TO_ZINA, NOW)
    store.sent(TO_ZINA, NOW + HOUR)
    assert list(store.mails(WEEK).items()) == [(TO_AMINA, None), (TO_ZINA, NOW)]
    assert store.mails(WEEK.next()) == {LATER: None}
    assert store.mails(WEEK.previous()) == {}


def test_one_recipient_may_be_owed_several_kinds_of_a_week(store: Store) -> None:
    board, forecast = (replace(TO_ZINA, kind=kind) for kind in (kind_of_board("centre"), FORECAST))
    store.freeze(report(), [TO_ZINA, board])
    store.owe([forecast])
    assert store.unsent() == (board, forecast, TO_ZINA)
    store.sent(board, NOW)
    assert store.mails(WEEK) == {board: NOW, forecast: None, TO_ZINA: None}


def test_what_was_sent_is_not_owed_again(store: Store, open_again: Open) -> None:
    forecast = replace(TO_ZINA, kind=FORECAST)
    store.owe([forecast])
    store.owe([forecast])
    store.sent(forecast, NOW)
    open_again().owe([forecast])
    assert (store.unsent(), store.mails(WEEK)) == ((), {forecast: NOW})
    assert store.frozen_weeks() == (), "owed without a report"


def test_one_process_tells_of_a_problem_as_long_as_it_lasts(store: Store, open_again: Open) -> None:
    assert store.tell_problem("job:mail", NOW) is False
    store.note_problem("job:mail", "535", NOW)
    assert store.tell_problem("job:mail", None) is False
    assert [each.tell_problem("job:mail", NOW) for each in (store, open_again())] == [True, False]
    store.note_problem("job:mail", "535 again", NOW + HOUR)
    assert [each.told_at for each in open_again().problems()] == [NOW]
    assert store.tell_problem("job:mail", None) is True
    assert store.tell_problem("job:mail", NOW + HOUR) is True
    store.clear_problem("job:mail")
    store.note_problem("job:mail", "535", NOW)
    assert [each.told_at for each in store.problems()] == [None]


def test_a_problem_is_counted_from_its_first_to_its_last_sight(store: Store) -> None:
    store.note_problem("weekly/stock", "no theme", NOW)
    store.note_problem("daily", "closed", NOW)
    store.note_problem("weekly/stock", "no list", NOW + HOUR)
    expected = (
        SystemProblem("daily", "closed", NOW, NOW),
        SystemProblem("weekly/stock", "no list", NOW, NOW + HOUR, count=2),
    )
    assert store.problems() == expected


def test_a_problem_keeps_how_its_message_was_made(store: Store) -> None:
    said = say("the board %(board)s is closed", board="daily")
    store.note_problem("daily", said, NOW)
    (found,) = store.problems()
    assert isinstance(found.message, Message)
    assert (found.message, found.message.template) == (said, said.template)


def test_a_problem_knows_when_it_is_tried_again(store: Store) -> None:
    store.note_problem("job:mail", "535", NOW, left_while="settings")
    store.note_problem("job:mail", "no answer", NOW + HOUR, not_before=NOW + 2 * HOUR)
    expected = SystemProblem("job:mail", "no answer", NOW, NOW + HOUR, 2, not_before=NOW + 2 * HOUR)
    assert store.problems() == (expected,)
    store.note_problem("job:mail", "535", NOW + HOUR, left_while="settings")
    assert store.problems() == (SystemProblem("job:mail", "535", NOW, NOW + HOUR, 3, left_while="settings"),)


def test_a_cleared_problem_begins_anew(store: Store) -> None:
    store.note_problem("daily", "closed", NOW)
    store.clear_problem("daily")
    store.clear_problem("never-noted")
    assert store.problems() == ()
    store.note_problem("daily", "closed", NOW + HOUR)
    assert store.problems() == (SystemProblem("daily", "closed", NOW + HOUR, NOW + HOUR),)


def test_a_jobs_last_success_is_remembered(store: Store) -> None:
    store.job_done("issue", NOW)
    store.job_done("issue", NOW + HOUR)
    store.job_done("close", NOW)
    assert store.jobs() == {"close": NOW, "issue": NOW + HOUR}


def test_problems_are_counted_right_by_many_threads(open_again: Open) -> None:
    opened = [open_again(), open_again()]

    def note(number: int) -> None:
        opened[number % 2].note_problem("daily", "closed", NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(note, range(20)))
    assert opened[0].problems() == (SystemProblem("daily", "closed", NOW, NOW, count=20),)


NAIVE_CALLS: dict[str, Callable[[Store], object]] = {
    "bind": lambda store: store.bind(replace(binding(), bound_at=NAIVE)),
    "claim": lambda store: store.claim("key", "one", NAIVE),
    "record": lambda store: store.record([STOCK], NAIVE),
    "record_due": lambda store: store.record([replace(STOCK, due=NAIVE)], NOW),
    "confirm": lambda store: store.confirm(STOCK.key, replace(card(), created_at=NAIVE)),
    "due_between": lambda store: store.due_between(NAIVE, NOW),
    "issued_since": lambda store: store.issued_since("weekly", NAIVE),
    "append": lambda store: store.append([done(at=NAIVE)], NOW),
    "append_at": lambda store: store.append([done()], NAIVE),
    "completed_between": lambda store: store.completed_between(NOW, NAIVE),
    "note_read": lambda store: store.note_read(ReadCursor("weekly", NOW, NAIVE)),
    "note_outage": lambda store: store.note_outage(Outage("weekly", NOW, NAIVE)),
    "outages": lambda store: store.outages(NAIVE, NOW),
    "note_sight": lambda store: store.note_sight(BoardSight("weekly", "5f01", NAIVE, shown=True)),
    "sent": lambda store: store.sent(TO_ZINA, NAIVE),
    "note_problem": lambda store: store.note_problem("daily", "closed", NAIVE),
    "tell_problem": lambda store: store.tell_problem("daily", NAIVE),
    "not_before": lambda store: store.note_problem("daily", "closed", NOW, not_before=NAIVE),
    "job_done": lambda store: store.job_done("issue", NAIVE),
}


@pytest.mark.parametrize("call", NAIVE_CALLS)
def test_an_instant_without_time_zone_is_refused(store: Store, call: str) -> None:
    with pytest.raises(ValueError, match="has no time zone; instants must be aware"):
        NAIVE_CALLS[call](store)


# ---- from the beginning


def rebuilt() -> Rebuilt:
    """Three occurrences: one done, one skipped, one that waits to be issued."""
    gone = occurrence("tills", 9, due=NOW - 7 * 24 * HOUR)
    issued = LedgerEntry(STOCK, NOW, card=card(), events=(done(),))
    return Rebuilt(
        bindings=(binding(),),
        watermarks=(Watermark("weekly", "stock", NOW),),
        entries=(LedgerEntry(gone, NOW, "card_deleted"), issued, LedgerEntry(TILLS, NOW)),
        waiting=(TILLS.key,),
        read_cursors=(ReadCursor("weekly", NOW, NOW),),
        reports=(report(),),
        uncertainties=(),
    )


def test_a_store_can_begin_with_what_was_rebuilt(open_again: Open) -> None:
    given = rebuilt()
    open_again().restore(given, "one", NOW)
    store = open_again()
    assert store.bindings() == Bindings.of(given.bindings)
    assert store.watermarks() == {("weekly", "stock"): given.watermarks[0]}
    assert store.due_between(NOW - 8 * 24 * HOUR, NOW + 2 * HOUR) == given.entries
    assert store.read_cursors() == {"weekly": given.read_cursors[0]}
    assert store.frozen(WEEK) == report()
    assert store.unsent() == (), "nobody is mailed again"


def test_what_waits_to_be_issued_is_left_to_whoever_has_let_it_settle(store: Store) -> None:
    store.restore(rebuilt(), "one", NOW)
    assert store.unissued() == (TILLS,)
    (claim,) = store.claims()
    assert (claim.key, claim.holder, claim.unknown) == (str(TILLS.key), "one", True)
    assert store.claim(claim.key, "two", NOW) is None
    assert store.renew(claim, "two")


FILLERS: dict[str, Callable[[Store], object]] = {
    "bindings": lambda store: store.bind(binding()),
    "watermarks": lambda store: store.set_watermark(Watermark("weekly", "stock", NOW)),
    "claims": lambda store: store.claim("key", "one", NOW),
    "occurrences": lambda store: store.record([STOCK], NOW),
    "sights": lambda store: store.note_read(ReadCursor("weekly", NOW)),
    "outages": lambda store: store.note_outage(Outage("weekly", NOW, NOW + 30 * HOUR)),
    "board_sights": lambda store: store.note_sight(BoardSight("weekly", "5f01", NOW, shown=False)),
    "reports": lambda store: store.freeze(report(), ()),
    "mails_owed": lambda store: store.owe([TO_ZINA]),
    "problems": lambda store: store.note_problem("weekly", "closed", NOW),
    "jobs": lambda store: store.job_done("issue", NOW),
}


def test_a_store_that_is_bound_and_empty_can_begin_with_what_was_rebuilt(store: Store) -> None:
    store.bind_trello(REAL)
    store.restore(rebuilt(), "one", NOW)
    assert store.trello() == REAL


@pytest.mark.parametrize("filler", FILLERS)
def test_a_store_that_holds_anything_is_left_as_it_is(store: Store, filler: str) -> None:
    FILLERS[filler](store)
    with pytest.raises(StoreError, match="already"):
        store.restore(rebuilt(), "one", NOW)
    assert store.entry(TILLS.key) is None
    assert store.bindings() == Bindings.of([binding()] if filler == "bindings" else [])


# ---- the same, by chance


KEYS = st.builds(OccurrenceKey, st.just("weekly"), st.sampled_from("ab"), st.just(STOCK.key.date))
INSTANTS = st.integers(0, 5).map(lambda hours: NOW + hours * HOUR)
SKIPS = st.none() | st.just(Skip(SkipKind.CLOSURE, "inventaire"))
OCCURRENCES = st.builds(
    lambda key, due, skip: replace(STOCK, key=key, due=due, skip=skip), KEYS, INSTANTS, SKIPS
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
EVENTS = st.builds(
    LedgerEvent,
    key=KEYS,
    kind=st.sampled_from(EventKind),
    at=INSTANTS,
    source=st.sampled_from(EventSource),
    by=st.none() | st.builds(Member, TEXTS, TEXTS, TEXTS),
    action_id=st.none() | st.sampled_from(["a1", "a2"]),
)


class TwoStores(RuleBasedStateMachine):
    """Does the same to both stores and expects the same of both."""

    url: str
    runs = itertools.count()
    claims: Bundle[tuple[Claim, Claim] | None] = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.sql, self.memory = open_store(self.url, f"workspace-{next(self.runs)}"), MemoryStore()

    def teardown(self) -> None:
        self.sql.close()

    def same(self, ask: Callable[[Store], object]) -> None:
        assert _answer(ask, self.sql) == _answer(ask, self.memory)

    @rule(target=claims, key=st.sampled_from("ab"), holder=st.sampled_from(["one", "two"]), at=INSTANTS)
    def claim(self, key: str, holder: str, at: dt.datetime) -> tuple[Claim, Claim] | None:
        return _pair(self.sql.claim(key, holder, at), self.memory.claim(key, holder, at))

    @rule(target=claims, held=claims, holder=st.sampled_from(["one", "two"]))
    def renew(self, held: tuple[Claim, Claim] | None, holder: str) -> tuple[Claim, Claim] | None:
        return held and _pair(self.sql.renew(held[0], holder), self.memory.renew(held[1], holder))

    @rule(held=claims)
    def mark_unknown(self, held: tuple[Claim, Claim] | None) -> None:
        if held:
            self.sql.mark_unknown(held[0])
            self.memory.mark_unknown(held[1])

    @rule(held=consumes(claims))
    def release(self, held: tuple[Claim, Claim] | None) -> None:
        if held:
            self.sql.release(held[0])
            self.memory.release(held[1])

    @rule(occurrences=st.lists(OCCURRENCES, max_size=3), at=INSTANTS, skipped=st.sampled_from(["", "none"]))
    def record(self, occurrences: list[Occurrence], at: dt.datetime, skipped: str) -> None:
        self.same(lambda store: store.record(occurrences, at, skipped))

    @rule(keys=st.lists(KEYS, max_size=2))
    def pass_over(self, keys: list[OccurrenceKey]) -> None:
        self.same(lambda store: store.pass_over(keys))

    @rule(keys=st.lists(KEYS, max_size=2))
    def wait_again(self, keys: list[OccurrenceKey]) -> None:
        self.same(lambda store: store.wait_again(keys))

    @rule(key=KEYS, number=st.integers(1, 2), at=INSTANTS)
    def confirm(self, key: OccurrenceKey, number: int, at: dt.datetime) -> None:
        self.same(lambda store: store.confirm(key, replace(card(number), confirmed_at=at)))

    @rule(events=st.lists(EVENTS, max_size=3), at=INSTANTS)
    def append(self, events: list[LedgerEvent], at: dt.datetime) -> None:
        self.same(lambda store: store.append(events, at))

    @rule(key=KEYS, due=INSTANTS, at=INSTANTS, written=st.booleans())
    def amend(self, key: OccurrenceKey, due: dt.datetime, at: dt.datetime, *, written: bool) -> None:
        self.same(lambda store: store.amend(amendment(due, at, key=key, written=written)))

    @rule(subject=st.sampled_from("ab"), message=TEXTS, at=INSTANTS)
    def note_problem(self, subject: str, message: str, at: dt.datetime) -> None:
        self.same(lambda store: store.note_problem(subject, message, at))

    @rule(subject=st.sampled_from("ab"))
    def clear_problem(self, subject: str) -> None:
        self.same(lambda store: store.clear_problem(subject))

    @rule(start=INSTANTS, end=INSTANTS)
    def ask(self, start: dt.datetime, end: dt.datetime) -> None:
        self.same(lambda store: store.due_between(start, end))
        self.same(lambda store: store.completed_between(start, end))
        self.same(lambda store: store.issued_since("weekly", start))

    @invariant()
    def they_agree(self) -> None:
        self.same(lambda store: store.due_between(NOW, NOW + 9 * HOUR))
        self.same(lambda store: store.unissued())
        self.same(lambda store: store.latest("weekly", "a", 1))
        self.same(lambda store: [replace(claim, version="") for claim in store.claims()])
        self.same(lambda store: store.problems())
        self.same(lambda store: store.first_due())


def _answer(ask: Callable[[Store], object], store: Store) -> object:
    try:
        return ask(store)
    except StoreError:
        return StoreError


def _pair(sql: Claim | None, memory: Claim | None) -> tuple[Claim, Claim] | None:
    assert (sql and replace(sql, version="")) == (memory and replace(memory, version=""))
    return (sql, memory) if sql and memory else None


def stay_the_same(url: str) -> None:
    on_this_database = type("OnThisDatabase", (TwoStores,), {"url": url})
    run_state_machine_as_test(
        on_this_database, settings=settings(max_examples=examples(25), stateful_step_count=20, deadline=None)
    )


def test_whatever_is_done_to_both_they_stay_the_same(tmp_path: Path) -> None:
    stay_the_same(f"sqlite:///{tmp_path / 'both.sqlite3'}")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_so_they_do_on_a_server(postgres: Server) -> None:
    stay_the_same(postgres.create("both"))
