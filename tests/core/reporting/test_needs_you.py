"""What needs somebody."""

import datetime as dt
from dataclasses import replace

import pytest
from agenda_kit import DAILY, LOOKED_AT, MONDAY, WEEK, board, shop, task
from hypothesis import given
from hypothesis import strategies as st
from shop_kit import workspace_of
from week_kit import AMINA, line

from trello_ops.core.calendar.agenda import Recorded, agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Task
from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent
from trello_ops.core.people import WhenAbsent
from trello_ops.core.reporting.ahead import coming
from trello_ops.core.reporting.history import records
from trello_ops.core.reporting.needs_you import missed, unassigned
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome

ON_TIME, LATE, MISSED = Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED
STOCK = ("weekly", "stock")

# ---- missed


def test_each_of_the_missed_is_told_with_the_last_four_up_to_it() -> None:
    lines = [line(due=20, outcome=MISSED), line(due=44, outcome=LATE), line(due=68, outcome=MISSED)]
    found = records(workspace_of(), lines, {STOCK: (ON_TIME, LATE)})
    first, last = missed(workspace_of(), found)
    assert first == Notice(
        Why.MISSED,
        "weekly/stock/2026-11-16",
        "weekly",
        "stock",
        "Stock",
        count=2,
        of=3,
        first=dt.date(2026, 11, 16),
        last=dt.date(2026, 11, 16),
        who=("Amina",),
    )
    assert (last.key, last.count, last.of) == ("weekly/stock/2026-11-18", 3, 4)


def test_the_day_is_the_workspaces() -> None:
    late = line(due=23.5, outcome=MISSED)  # half past midnight in Paris
    (told,) = missed(workspace_of(), records(workspace_of(), [late], {}))
    assert told.first == told.last == dt.date(2026, 11, 17)


def test_what_was_missed_and_assigned_to_nobody_is_marked_as_such() -> None:
    nobodys = line(outcome=MISSED, assignees=(), assignee_names=())
    (told,) = missed(workspace_of(), records(workspace_of(), [nobodys], {}))
    assert (told.why, told.who) == (Why.MISSED_UNASSIGNED, ())


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(Outcome)), max_size=9))
def test_all_of_the_missed_are_told_by_due_and_nothing_else(week: list[tuple[str, Outcome]]) -> None:
    lines = [line(name, n, outcome) for n, (name, outcome) in enumerate(week)]
    told = list(missed(workspace_of(), records(workspace_of(), lines, {})))
    assert [each.key for each in told] == [each.key for each in lines if each.outcome is MISSED]
    assert all(1 <= each.count <= each.of <= 4 for each in told)


# ---- nobody's next week


SATURDAY = MONDAY + dt.timedelta(days=5)
YOUSSEFS = task("parcels", "Colis", DAILY, "youssef")  # who is away on Saturday, without a stand-in


def keys_of(one: Task, *recorded: LedgerEntry) -> list[str]:
    workspace = shop(board("daily", "Suivi quotidien", "daily", one))
    found = agenda(workspace, WEEK, LOOKED_AT, recorded=Recorded(recorded))
    return [each.key for each in unassigned(workspace, coming(found, IsoWeek.of(MONDAY)))]


def test_what_nobody_is_left_for_needs_somebody() -> None:
    workspace = shop(board("daily", "Suivi quotidien", "daily", YOUSSEFS))
    (told,) = unassigned(workspace, agenda(workspace, WEEK, LOOKED_AT).entries)
    assert told == Notice(
        Why.UNASSIGNED,
        f"daily/parcels/{SATURDAY}",
        "daily",
        "parcels",
        "Colis",
        first=SATURDAY,
        last=SATURDAY,
        who=("Youssef El Idrissi",),
    )


def test_what_is_declared_for_nobody_does_not_but_what_nobody_was_named_for_does() -> None:
    nobodys = task("parcels", "Colis", DAILY)
    assert keys_of(nobodys) == []
    unsaid = keys_of(replace(nobodys, unstaffed=True))
    assert f"daily/parcels/{MONDAY}" in unsaid
    assert f"daily/parcels/{MONDAY + dt.timedelta(days=2)}" not in unsaid, "on a holiday nothing is done"


def test_what_is_excused_for_want_of_people_does_not() -> None:
    assert keys_of(replace(YOUSSEFS, when_absent=WhenAbsent.EXCUSE)) == []


@pytest.mark.parametrize(
    ("kinds", "needed"),
    [
        ((), True),
        ((EventKind.ASSIGNED,), False),
        ((EventKind.ASSIGNED, EventKind.UNASSIGNED), True),
        ((EventKind.UNASSIGNED, EventKind.ASSIGNED), False),
        ((EventKind.DONE,), False),
        ((EventKind.DONE, EventKind.REOPENED), True),
        ((EventKind.EXCUSED,), False),
    ],
)
def test_what_somebody_took_care_of_does_not(kinds: tuple[EventKind, ...], *, needed: bool) -> None:
    workspace = shop(board("daily", "Suivi quotidien", "daily", YOUSSEFS))
    one = next(
        each.occurrence
        for each in agenda(workspace, WEEK, LOOKED_AT).entries
        if each.occurrence.day == SATURDAY
    )
    events = tuple(
        LedgerEvent(one.key, kind, one.release + dt.timedelta(minutes=n), EventSource.TICK, AMINA, f"{n}")
        for n, kind in enumerate(kinds)
    )
    assert keys_of(YOUSSEFS, LedgerEntry(one, one.release, events=events)) == [str(one.key)] * needed
