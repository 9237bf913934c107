"""Whose turn it is: rounds with absences, by occurrence, week and month."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from time import process_time

import pytest
from calendar_kit import task, workspace
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.calendar.absences import Assignment, People
from trello_ops.core.calendar.rotation import LastTurn, turns
from trello_ops.core.people import Absence, Absentee, Person, Round, TurnBy

MONDAY = dt.date(2027, 3, 1)  # a month's first, too
DAY = dt.timedelta(days=1)
YEAR = [MONDAY + n * DAY for n in range(7 * 53)]
KEYS = ("amina", "driss", "salma", "youssef")


def person(key: str, *absences: tuple[int, int], reason: str = "") -> Person:
    """Somebody who is away from … to, in days after `MONDAY`, both included."""
    spans = [Absence(MONDAY + a * DAY, MONDAY + b * DAY, reason=reason) for a, b in absences]
    return Person(key, key, key.title(), absences=tuple(spans))


def by_key(*people: Person) -> People:
    return replace(workspace(task()), people=people).people_by_key


ALL = by_key(*map(person, KEYS))


def a_round(*keys: str, by: str = "occurrence") -> Round:
    return Round(keys or KEYS[:3], MONDAY, TurnBy(by))


def who(found: Iterable[Assignment]) -> str:
    """First letters of who does it, `-` for nobody."""
    return "".join(each.assignees[0][0] if each.assignees else "-" for each in found)


def held(found: Iterable[Assignment]) -> str:
    return "".join(each.turn[:1] or "-" for each in found)


def days(first: int, last: int) -> list[dt.date]:
    return [MONDAY + n * DAY for n in range(first, last + 1)]


# ---- by occurrence ----------------------------------------------------------------------------------


def test_a_round_goes_through_its_people_in_order() -> None:
    assert who(turns(a_round(), ALL, days(0, 6))) == "adsadsa"


def test_who_is_absent_is_passed_over_and_the_round_goes_on_after_who_took_it() -> None:
    people = by_key(person("amina"), person("driss", (1, 1), reason="congé"), person("salma"))
    found = list(turns(a_round(), people, days(0, 6)))
    assert who(found) == held(found) == "asadsad"
    assert found[1].absent == (Absentee("driss", "Driss", "salma", "congé"),)
    assert not found[2].absent


def test_a_long_absence_is_not_repaid() -> None:
    people = by_key(person("amina", (0, 3)), person("driss"), person("salma"))
    assert who(turns(a_round(), people, days(0, 9))) == "dsdsadsads"


def test_with_nobody_left_the_round_stands_still() -> None:
    people = by_key(person("amina", (1, 2)), person("driss", (1, 1), reason="congé"))
    found = list(turns(a_round("amina", "driss"), people, days(0, 3)))
    assert who(found) == "a-da"
    assert found[1] == Assignment(
        absent=(Absentee("driss", "Driss", "", "congé"), Absentee("amina", "Amina")), nobody_left=True
    )


# ---- by week and month ------------------------------------------------------------------------------


def test_a_week_is_held_by_one_person() -> None:
    assert who(turns(a_round(by="week"), ALL, days(0, 27))) == "a" * 7 + "d" * 7 + "s" * 7 + "a" * 7


def test_a_month_is_held_by_one_person() -> None:
    found = who(turns(a_round(by="month"), ALL, days(0, 91)))
    assert found == "a" * 31 + "d" * 30 + "s" * 31


def test_single_days_are_taken_by_the_next_and_the_round_goes_on_after_the_holder() -> None:
    people = by_key(person("amina"), person("driss", (8, 9)), person("salma", (9, 9)))
    found = list(turns(a_round(by="week"), people, days(0, 20)))
    assert who(found) == "aaaaaaa" + "dsadddd" + "sssssss"
    assert held(found) == "aaaaaaa" + "ddddddd" + "sssssss"
    assert found[9].absent == (Absentee("driss", "Driss", "amina"), Absentee("salma", "Salma", "amina"))


def test_who_is_absent_on_all_days_of_the_task_does_not_hold_the_week() -> None:
    people = by_key(person("amina", (0, 4)), person("driss"), person("salma"))
    weekdays = [day for day in days(0, 13) if day.isoweekday() < 6]
    found = list(turns(a_round(by="week"), people, weekdays))
    assert who(found) == held(found) == "ddddd" + "sssss"
    assert {each.absent for each in found[:5]} == {(Absentee("amina", "Amina", "driss"),)}


def test_a_week_in_which_nobody_is_there_is_nobodys_turn() -> None:
    people = by_key(person("amina", (7, 13)), person("driss", (7, 13)))
    found = list(turns(a_round("amina", "driss", by="week"), people, days(0, 20)))
    assert who(found) == held(found) == "a" * 7 + "-" * 7 + "d" * 7
    assert all(each.nobody_left for each in found[7:14])


def test_weeks_without_the_task_are_no_turns() -> None:
    assert who(turns(a_round(by="week"), ALL, [MONDAY, MONDAY + 21 * DAY, MONDAY + 28 * DAY])) == "ads"


def test_week_53_and_the_week_of_new_year_are_weeks() -> None:
    new_year = [dt.date(2032, 12, 27) + n * DAY for n in range(14)]  # 2032-W53 and 2033-W01
    assert who(turns(a_round(by="week"), ALL, new_year)) == "a" * 7 + "d" * 7


# ---- going on after the ledger ----------------------------------------------------------------------


def test_a_round_goes_on_after_the_last_turn() -> None:
    assert who(turns(a_round(), ALL, days(1, 3), LastTurn(MONDAY, "driss"))) == "sad"


def test_somebody_renamed_is_the_same_person() -> None:
    people = {**ALL, "driss-b": ALL["driss"]}
    assert who(turns(a_round(), people, days(1, 3), LastTurn(MONDAY, "driss-b"))) == "sad"


def test_after_somebody_who_left_a_round_begins_at_its_first() -> None:
    assert who(turns(a_round(), ALL, days(1, 3), LastTurn(MONDAY, "youssef"))) == "ads"
    assert who(turns(a_round(by="week"), ALL, days(1, 13), LastTurn(MONDAY, "gone"))) == "a" * 6 + "d" * 7


def test_who_began_a_week_goes_on_with_it_whatever_is_edited() -> None:
    sick = by_key(person("amina"), person("driss", (2, 6), reason="malade"), person("salma"))
    found = list(
        turns(a_round("salma", "driss", "amina", by="week"), sick, days(2, 13), LastTurn(MONDAY, "driss"))
    )
    assert held(found) == "d" * 5 + "a" * 7
    assert who(found) == "a" * 5 + "a" * 7


def test_who_comes_back_early_takes_no_day_from_the_holder() -> None:
    last = LastTurn(MONDAY, "driss", instead_of="amina")
    assert who(turns(a_round(by="week"), ALL, days(1, 13), last)) == "d" * 6 + "s" * 7


# ---- bounds over a year -----------------------------------------------------------------------------


@st.composite
def absences(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    spans = st.tuples(st.integers(0, 370), st.integers(0, 25))
    return tuple((first, first + length) for first, length in draw(st.lists(spans, max_size=6)))


@st.composite
def teams(draw: st.DrawFn) -> tuple[list[Person], list[str]]:
    """People, and those of them who are always there."""
    always = draw(st.lists(st.sampled_from(KEYS), min_size=2, unique=True))
    return [person(key) if key in always else person(key, *draw(absences())) for key in KEYS], always


@st.composite
def rhythms(draw: st.DrawFn) -> list[dt.date]:
    """The days of a task over a year."""
    weekdays = draw(st.sets(st.integers(1, 7), min_size=1))
    return [day for day in YEAR if day.isoweekday() in weekdays]


def counted(found: Sequence[Assignment], theirs: Sequence[dt.date], by: TurnBy) -> Counter[str]:
    """How many occurrences each took, or how many weeks or months each held."""
    if by is TurnBy.OCCURRENCE:
        return Counter(each.turn for each in found)
    # Where whoever holds a week leaves in the middle of it, the next one holds the rest.
    held = {(period(day, by), each.turn) for day, each in zip(theirs, found, strict=True)}
    return Counter(turn for _, turn in held)


def period(day: dt.date, by: TurnBy) -> tuple[int, int]:
    return day.isocalendar()[:2] if by is TurnBy.WEEK else (day.year, day.month)


def last_turn(
    found: Sequence[Assignment], theirs: Sequence[dt.date], among: Iterable[str]
) -> LastTurn | None:
    """What a ledger of these says: the newest turn of somebody who is still in the round."""
    for each, day in zip(reversed(found), reversed(theirs), strict=True):
        if each.turn and each.turn in among:
            return LastTurn(day, each.turn, each.absent[0].person if each.absent else "")
    return None


@settings(max_examples=examples(200))
@given(teams(), rhythms(), st.sampled_from(TurnBy))
def test_two_who_are_always_there_differ_by_at_most_one(
    team: tuple[list[Person], list[str]], theirs: list[dt.date], by: TurnBy
) -> None:
    people, always = team
    found = list(turns(Round(KEYS, MONDAY, by), by_key(*people), theirs))
    for until in range(1, len(theirs) + 1, 7):
        count = counted(found[:until], theirs[:until], by)
        assert all(abs(count[one] - count[other]) <= 1 for one, other in combinations(always, 2))


@settings(max_examples=examples(200))
@given(teams(), rhythms(), st.sampled_from(TurnBy), st.data())
def test_they_do_where_the_list_is_edited_in_the_middle(
    team: tuple[list[Person], list[str]], theirs: list[dt.date], by: TurnBy, data: st.DataObject
) -> None:
    people, always = team
    staying = data.draw(st.lists(st.sampled_from(always), min_size=2, unique=True))
    # Others come and leave; nobody changes places.
    lists = [[key for key in KEYS if key in staying or data.draw(st.booleans())] for _ in range(3)]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(theirs)), min_size=2, max_size=2)))
    found: list[Assignment] = []
    for keys, first, until in zip(lists, (0, *cuts), (*cuts, len(theirs)), strict=True):
        last = last_turn(found, theirs[:first], keys)
        found += turns(Round(tuple(keys), MONDAY, by), by_key(*people), theirs[first:until], last)
    count = counted(found, theirs, by)
    assert all(abs(count[one] - count[other]) <= 1 for one, other in combinations(staying, 2)), count


@settings(max_examples=examples(200))
@given(teams(), rhythms(), st.sampled_from(TurnBy), st.integers(1, 370))
def test_two_windows_are_one(
    team: tuple[list[Person], list[str]], theirs: list[dt.date], by: TurnBy, cut: int
) -> None:
    everybody, order = by_key(*team[0]), Round(KEYS, MONDAY, by)
    cut = min(cut, len(theirs))
    whole = list(turns(order, everybody, theirs))
    last = last_turn(whole[:cut], theirs[:cut], KEYS)
    assert list(turns(order, everybody, theirs[cut:], last)) == whole[cut:]


@settings(max_examples=examples(200))
@given(teams(), rhythms(), st.sampled_from(TurnBy))
def test_nobody_has_a_day_on_which_they_are_away_and_somebody_has_every_other(
    team: tuple[list[Person], list[str]], theirs: list[dt.date], by: TurnBy
) -> None:
    everybody = by_key(*team[0])
    for day, each in zip(theirs, turns(Round(KEYS, MONDAY, by), everybody, theirs), strict=True):
        present = {key for key in KEYS if everybody[key].absence_on(day) is None}
        assert len(each.assignees) == bool(present)
        assert set(each.assignees) <= present
        assert {absentee.person for absentee in each.absent}.isdisjoint(present)
        if by is not TurnBy.OCCURRENCE and each.turn in present:
            assert each.assignees == (each.turn,)


@pytest.mark.parametrize("by", TurnBy)
def test_turns_take_the_time_of_their_days_alone(by: TurnBy) -> None:
    order = Round(KEYS, MONDAY, by)
    began = process_time()
    for _ in range(1_000):
        for _each in turns(order, ALL, YEAR[:50]):
            pass
    assert process_time() - began < 2  # some 0.15 s on a slow machine
