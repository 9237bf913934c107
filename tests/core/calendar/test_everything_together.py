"""Everything at once: rhythms, zones, days off, pauses, covers, exceptions, people, rounds, windows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from calendar_words import DATES, NAMES, rules, shop_of, task_of, teams, words
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import WORKING_DAY, Exceptions, Frequency, OnDayOff, Span
from trello_ops.core.calendar.course import planned
from trello_ops.core.calendar.occurrences import occurrences, on_days
from trello_ops.core.days_off import Holidays, SkipKind
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Person, Round, TurnBy, WhenAbsent

DAY = dt.timedelta(days=1)
Shop = tuple[Workspace, Board, Task]


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    said = draw(words())
    task = task_of(said, "stock", when_absent=draw(st.sampled_from(WhenAbsent)))
    if draw(st.booleans()):
        task = replace(task, round=Round(NAMES, draw(DATES), draw(st.sampled_from(TurnBy))))
    else:
        task = replace(task, assignees=NAMES[: draw(st.integers(0, 2))])
    if draw(st.integers(0, 8)) == 0:
        rhythm = replace(
            task.cadence,
            frequency=Frequency.RULE,
            rule=draw(rules()),
            start=draw(DATES),
            on=(),
            nth=(),
            dates=(),
        )
        task = replace(task, cadence=rhythm)
    whole = task_of(draw(words()), "whole", covers=("shop/stock",) if draw(st.booleans()) else ())
    shop, board = shop_of(said, task, whole, people=draw(teams()))
    return shop, board, task


def on(shop: Shop, first: dt.date, days: int) -> tuple[Occurrence, ...]:
    return on_days(*shop, Span(first, first + (days - 1) * DAY))


def utc(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def keys(found: Iterable[Occurrence]) -> list[str]:
    return [str(each.key) for each in found]


@given(shops(), DATES, st.integers(1, 200), st.integers(1, 200))
def test_they_are_unique_sorted_and_the_same_in_two_windows(
    shop: Shop, first: dt.date, days: int, more: int
) -> None:
    whole = on(shop, first, days + more)
    parts = [*on(shop, first, days), *on(shop, first + days * DAY, more)]
    assert {each.key: each for each in parts} == {each.key: each for each in whole}
    assert len(parts) == len(whole) == len(set(keys(whole)))
    assert [each.due for each in whole] == sorted(each.due for each in whole)


@given(shops(), DATES, st.integers(1, 200), st.integers(1, 200))
def test_passes_that_follow_each_other_miss_nothing(shop: Shop, first: dt.date, days: int, more: int) -> None:
    """What is released and due, found at any moment, is found by who looks back later."""
    since, now, later = (utc(first + n * DAY) for n in (0, days, days + more))
    at_once, earlier, after = (
        occurrences(*shop, *each) for each in ((since, later), (since, now), (now, later))
    )
    assert {each.key: each for each in at_once} == {each.key: each for each in (*earlier, *after)}
    assert all(each.due > since and each.release <= later for each in at_once)


@given(shops(), DATES)
def test_each_makes_sense(shop: Shop, first: dt.date) -> None:
    board, task = shop[1:]
    off = shop[0].days_off(board)
    for each in on(shop, first, 200):
        assert each.release < each.due
        assert (each.moved is None) == (each.nominal_day == each.day)
        assert not (each.skip and each.moved and each.skip.kind is not SkipKind.ABSENCE)
        if each.moved:
            assert off.why(each.day) is None
            assert each.moved == off.why(each.nominal_day)
        elif each.skip is None and task.cadence.on_day_off is not OnDayOff.KEEP:
            assert off.why(each.day) is None


@given(shops(), DATES)
def test_nobody_has_what_falls_on_their_absence(shop: Shop, first: dt.date) -> None:
    task = shop[2]
    for each in on(shop, first, 200):
        people = [shop[0].people_by_key[key] for key in each.assignees]
        assert all(person.absence_on(each.day) is None for person in people)
        assert len(people) == len({person.key for person in people})
        away = {absentee.person for absentee in each.absent}
        assert all(shop[0].people_by_key[key].absence_on(each.day) for key in away)
        if each.nobody_left and each.skip is None:
            assert task.when_absent is WhenAbsent.FLAG
        if each.skip and each.skip.kind is SkipKind.ABSENCE:
            assert (task.when_absent, each.assignees) == (WhenAbsent.EXCUSE, ())


def bare(shop: Shop) -> Shop:
    """The shop with no day off, no pause and nobody ever away."""
    workspace, board, task = shop
    task = replace(task, pauses=(), cadence=replace(task.cadence, on_day_off=OnDayOff.KEEP))
    people = tuple(Person(each.key, each.username, each.name) for each in workspace.people)
    board = replace(board, tasks=(task,), working_days=(), closures=())
    return replace(workspace, boards=(board,), holidays=Holidays(), people=people), board, task


@given(shops(), DATES)
def test_days_off_pauses_covers_and_absences_change_no_identity(shop: Shop, first: dt.date) -> None:
    window = first.replace(day=1), (first.replace(day=1) + 200 * DAY).replace(day=1) - DAY
    given_, without = ([each.recurrence for each in planned(*one, *window)] for one in (shop, bare(shop)))
    cadence = shop[2].cadence
    if all(each.weekday != WORKING_DAY for each in cadence.nth):
        assert given_ == without
    elif cadence.start is cadence.until is None and cadence.exceptions == Exceptions():
        # Which day that is depends on what is worked, and with it what else leaves it out; not its period.
        assert [each.date for each in given_] == [each.date for each in without]


@given(shops(), DATES)
def test_a_clock_change_takes_nothing(shop: Shop, first: dt.date) -> None:
    """The same days whatever the zone; each at a wall clock time of its own day, or past a gap in it."""
    workspace, board, task = shop
    in_utc = replace(task, cadence=replace(task.cadence, timezone=dt.UTC))  # type: ignore[arg-type]
    plain = replace(workspace, boards=(replace(board, tasks=(in_utc, *board.tasks[1:])),))
    there, here = (
        planned(plain, plain.boards[0], in_utc, first, first + 200 * DAY),
        planned(*shop, first, first + 200 * DAY),
    )
    assert [(each.nominal_day, each.day, each.skip) for each in there] == [
        (each.nominal_day, each.day, each.skip) for each in here
    ]
    for one, other in zip(there, here, strict=True):
        wall = other.due.astimezone(task.cadence.timezone).replace(tzinfo=None)
        assert dt.timedelta() <= wall - one.due.replace(tzinfo=None) <= DAY  # Samoa skipped a whole day
