"""Calendars against a judge of its own, who reads the files day by day; rules against `dateutil`."""

import datetime as dt
from dataclasses import replace

import calendar_oracle
from calendar_oracle import WEEKDAYS, Foreseen, Words, foreseen
from calendar_words import DATES, NAMES, YEAR, rules, shop_of, task_of, teams, words
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import (
    Frequency,
    Span,
)
from trello_ops.core.calendar.course import planned
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.timetable import Planned
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Person, Round, TurnBy

DAY = dt.timedelta(days=1)

# ---- what is planned --------------------------------------------------------------------------------


def same(one: Planned, other: Foreseen) -> None:
    recurrence, why = one.recurrence, one.skip or one.moved
    assert (recurrence.date, one.nominal_day, one.day) == (other.date, other.nominal, other.day)
    assert (one.skip is not None, str(why.kind) if why else "") == (other.skipped, other.why)
    assert one.due == other.due
    assert one.release < one.due
    assert other.release in (None, one.release)


@given(words(), DATES)
def test_a_year_is_planned_as_the_words_say(said: Words, first: dt.date) -> None:
    task = task_of(said, "stock")
    found = planned(*shop_of(said, task), task, first, first + YEAR)
    expected = foreseen(said, first, first + YEAR)
    assert [each.nominal_day for each in found] == [each.nominal for each in expected]
    for one, other in zip(found, expected, strict=True):
        same(one, other)


@given(words(), words(), DATES)
def test_covers_excuse_what_the_words_say(said: Words, other: Words, first: dt.date) -> None:
    shared = {"working_days": said.working_days, "holidays": said.holidays, "closures": said.closures}
    other = replace(other, **shared)  # type: ignore[arg-type]
    part, whole = task_of(said, "part"), task_of(other, "whole", covers=("shop/part",))
    covering = foreseen(other, first - YEAR, first + 2 * YEAR)
    found = planned(*shop_of(said, part, whole), part, first, first + YEAR)
    expected = foreseen(said, first, first + YEAR, covering)
    assert len(found) == len(expected)
    for one, its in zip(found, expected, strict=True):
        same(one, its)


@given(words(), DATES, st.integers(0, 60))
def test_a_window_has_what_has_its_day_in_it(said: Words, first: dt.date, length: int) -> None:
    task, last = task_of(said, "stock"), first + length * DAY
    found = {each.nominal_day for each in on_days(*shop_of(said, task), task, Span(first, last))}
    around = foreseen(said, first - 150 * DAY, last + 150 * DAY)
    assert found == {each.nominal for each in around if first <= each.day <= last}


# ---- who has it -------------------------------------------------------------------------------------


def is_away(people: tuple[Person, ...], key: str, day: dt.date) -> bool:
    (person,) = (each for each in people if each.key == key)
    off = person.working_days and day.isoweekday() not in person.working_days
    return bool(off) or any(each.first <= day <= each.last for each in person.absences)


def done(found: tuple[Occurrence, ...]) -> list[Occurrence]:
    return sorted((each for each in found if each.skip is None), key=lambda each: each.nominal_day)


@given(words(), teams(), DATES)
def test_who_is_away_is_replaced(said: Words, people: tuple[Person, ...], first: dt.date) -> None:
    # A weekday that somebody does not work has no stand-in, so that only absences count here.
    people = tuple(replace(each, working_days=()) for each in people)
    stand_ins = {each.key: each.absences[0].stand_in for each in people if each.absences}
    task = task_of(said, "stock", assignees=NAMES[:2])
    for each in done(on_days(*shop_of(said, task, people=people), task, Span(first, first + 90 * DAY))):
        expected = calendar_oracle.assigned(
            NAMES[:2], stand_ins, lambda key, day: is_away(people, key, day), each.day
        )
        assert list(each.assignees) == expected
        assert each.nobody_left == (not expected)


ROUNDS = st.builds(Round, st.just(NAMES), DATES, st.sampled_from(TurnBy))


@given(words(), teams(), ROUNDS, st.integers(0, 60), st.integers(0, 60))
def test_turns_are_taken_as_the_words_say(
    said: Words, people: tuple[Person, ...], order: Round, later: int, length: int
) -> None:
    task, since = task_of(said, "stock", round=order), order.since
    first = since + (later + 60) * DAY  # so far from its beginning that nothing before it was moved here
    days = Span(first, first + length * DAY)
    every = [each for each in foreseen(said, since, days.last + 150 * DAY) if not each.skipped]
    turns = calendar_oracle.by_turns(
        NAMES, str(order.by), [each.day for each in every], lambda key, day: is_away(people, key, day)
    )
    expected = {each.nominal: turn for each, turn in zip(every, turns, strict=True)}
    for each in done(on_days(*shop_of(said, task, people=people), task, days)):
        assert "".join(each.assignees) == expected[each.nominal_day]


# ---- rules ------------------------------------------------------------------------------------------


@given(rules(), DATES, st.integers(0, 800), st.sampled_from(["keep", "skip", "previous", "next"]))
def test_rules_are_those_of_dateutil(rule: str, start: dt.date, later: int, policy: str) -> None:
    first = start + later * DAY
    said = Words("once", (), working_days=WEEKDAYS[:5], on_day_off=policy)
    task = task_of(said, "stock")
    cadence = replace(task.cadence, frequency=Frequency.RULE, rule=rule, start=start)
    task = replace(task, cadence=cadence)
    until = dt.datetime.combine(first + YEAR, dt.time())
    theirs = rrulestr(rule, dtstart=dt.datetime.combine(start, dt.time())).between(
        dt.datetime.combine(first, dt.time()), until, inc=True
    )
    expected = foreseen(replace(said, on=tuple(each.date() for each in theirs)), first, first + YEAR)
    found = planned(*shop_of(said, task), task, first, first + YEAR)
    assert [each.nominal_day for each in found] == [each.nominal for each in expected]
    for one, other in zip(found, expected, strict=True):
        same(one, other)
