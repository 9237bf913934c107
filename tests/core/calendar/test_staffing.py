"""Whose turn it is of what a task plans, where only some days are asked for."""

import datetime as dt
from dataclasses import replace

from calendar_kit import board, task, workspace

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.rotation import LastTurn
from trello_ops.core.people import Absence, Person, Round

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 11, day) for day in (16, 17, 18))
AMAL, KARIM = Person("amal", "amal", "Amal"), Person("karim", "karim", "Karim")


def who(day: dt.date, last: LastTurn | None = None, amal: Person = AMAL) -> tuple[str, ...]:
    one = replace(task("daily", (1, 2, 3)), assignees=(), round=Round(("amal", "karim"), TUESDAY))
    shop = replace(workspace(one), people=(amal, KARIM))
    (found,) = on_days(shop, board(one), one, Span(day, day), last=last)
    return found.assignees


def test_a_round_begins_when_it_is_declared_to_or_after_the_last_turn() -> None:
    assert [who(TUESDAY), who(WEDNESDAY)] == [("amal",), ("karim",)]
    assert who(WEDNESDAY, LastTurn(TUESDAY, "karim")) == ("amal",)


def test_what_comes_to_light_behind_the_last_turn_is_somebodys_and_uses_up_none() -> None:
    last = LastTurn(TUESDAY, "amal")
    assert who(MONDAY, last) == ("karim",)
    assert who(WEDNESDAY, last) == ("karim",)
    away = replace(AMAL, absences=(Absence(MONDAY, MONDAY),))
    assert who(MONDAY, LastTurn(TUESDAY, "karim"), away) == ("karim",)
