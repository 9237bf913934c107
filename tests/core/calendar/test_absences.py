"""Who has an occurrence that is assigned by name, when somebody is away."""

import datetime as dt
from dataclasses import replace

import pytest
from calendar_kit import task, workspace
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.calendar.absences import Assignment, named
from trello_ops.core.people import Absence, Absentee, Person

DAY = dt.date(2027, 3, 8)  # a Monday
OTHER = DAY + dt.timedelta(days=7)


def person(key: str, *, away: bool = False, stand_in: str = "", reason: str = "") -> Person:
    absences = (Absence(DAY, DAY, stand_in, reason),) if away else ()
    return Person(key, key, key.title(), absences=absences)


def assigned(assignees: str, *people: Person, day: dt.date = DAY) -> Assignment:
    one = replace(task(), assignees=tuple(assignees.split()))
    return named(one, replace(workspace(one), people=people).people_by_key, day)


def test_who_is_there_has_it() -> None:
    assert assigned("amina", person("amina")) == Assignment(("amina",))


def test_what_is_nobodys_on_purpose_lacks_nobody() -> None:
    assert assigned("", person("amina")) == Assignment()


def test_a_stand_in_takes_over_on_the_days_of_the_absence_alone() -> None:
    people = person("amina", away=True, stand_in="driss", reason="congé"), person("driss")
    assert assigned("amina", *people) == Assignment(
        ("driss",), absent=(Absentee("amina", "Amina", "driss", "congé"),)
    )
    assert assigned("amina", *people, day=OTHER) == Assignment(("amina",))


def test_a_stand_in_who_is_away_is_replaced_by_their_own() -> None:
    found = assigned(
        "amina",
        person("amina", away=True, stand_in="driss"),
        person("driss", away=True, stand_in="salma", reason="malade"),
        person("salma"),
    )
    # Only who was assigned is missed, for their own reason.
    assert found == Assignment(("salma",), absent=(Absentee("amina", "Amina", "salma"),))


def test_stand_ins_of_each_other_go_in_no_circle() -> None:
    found = assigned(
        "amina", person("amina", away=True, stand_in="driss"), person("driss", away=True, stand_in="amina")
    )
    assert found == Assignment((), absent=(Absentee("amina", "Amina"),), nobody_left=True)


def test_without_a_stand_in_the_others_have_it() -> None:
    found = assigned("amina driss", person("amina", away=True), person("driss"))
    assert found == Assignment(("driss",), absent=(Absentee("amina", "Amina"),))


def test_a_stand_in_who_is_assigned_already_is_assigned_once() -> None:
    found = assigned("amina driss", person("amina", away=True, stand_in="driss"), person("driss"))
    assert found == Assignment(("driss",), absent=(Absentee("amina", "Amina", "driss"),))


def test_nobody_is_left_where_all_are_away() -> None:
    found = assigned("amina driss", person("amina", away=True, reason="congé"), person("driss", away=True))
    assert (found.assignees, found.nobody_left, found.away) == ((), True, "Amina (congé), Driss")


def test_who_does_not_work_on_a_weekday_is_away_then() -> None:
    tuesdays = Person("amina", "amina", "Amina", working_days=(2,))
    assert assigned("amina", tuesdays) == Assignment(
        (), absent=(Absentee("amina", "Amina"),), nobody_left=True
    )
    assert assigned("amina", tuesdays, day=DAY + dt.timedelta(days=1)) == Assignment(("amina",))


def test_former_keys_name_the_same_person() -> None:
    renamed = replace(person("amina-b"), was=("amina",))
    assert assigned("amina", renamed) == Assignment(("amina-b",))
    stood_in_for = person("driss", away=True, stand_in="amina")
    assert assigned("driss", stood_in_for, renamed).assignees == ("amina-b",)


def test_an_undeclared_key_stays_as_it_is() -> None:
    assert assigned("gone") == Assignment(("gone",))


KEYS = ("amina", "driss", "salma", "youssef")


@given(st.data())
def test_whoever_is_assigned_is_there_and_nobody_is_lost(data: st.DataObject) -> None:
    people = [
        person(key, away=data.draw(st.booleans()), stand_in=data.draw(st.sampled_from(("", *KEYS))))
        for key in KEYS
    ]
    away = {each.key for each in people if each.absences}
    assignees = data.draw(st.lists(st.sampled_from(KEYS), unique=True))
    found = assigned(" ".join(assignees), *people)
    assert not away & set(found.assignees)
    assert {each.person for each in found.absent} == away & set(assignees)
    assert set(assignees) - away <= set(found.assignees)
    assert found.nobody_left == (bool(assignees) and not found.assignees)
    assert len(set(found.assignees)) == len(found.assignees)


@pytest.mark.parametrize("stand_in", ["", "nobody-declared", "amina"])
def test_a_stand_in_that_is_none_leaves_nobody(stand_in: str) -> None:
    assert assigned("amina", person("amina", away=True, stand_in=stand_in)).nobody_left
