"""The calendar of a shop that runs: what the ledger has of it, and what comes after that."""

import datetime as dt
from dataclasses import replace

from shop_kit import MONDAY, Shop, daily_task, workspace_of

from trello_ops.core.cadence import Span
from trello_ops.core.declared import Task
from trello_ops.core.people import Round
from trello_ops.operations.calendar import calendar

FIRST = dt.date(2026, 11, 16)
WEEK = Span(FIRST, FIRST + dt.timedelta(days=6))


def rotating(*people: str) -> Task:
    return daily_task("parcels", assignees=(), round=Round(people, FIRST))


def people(shop: Shop) -> list[str]:
    return ["".join(each.occurrence.assignees) for each in calendar(shop.context(), WEEK).entries]


def test_a_round_goes_on_after_whom_the_ledger_has_and_the_past_stays() -> None:
    shop = Shop(rotating("amal", "karim"))
    shop.apply()
    for _ in range(3):
        shop.issue()
        shop.advance(days=1)
    assert people(shop) == ["amal", "karim", "amal", "karim", "amal", "karim", "amal"]
    shop.workspace = replace(workspace_of(rotating("karim", "amal")), people=shop.workspace.people)
    assert people(shop) == ["amal", "karim", "amal", "karim", "amal", "karim", "amal"]


def test_what_is_issued_has_its_card_and_the_title_that_it_bears() -> None:
    shop = Shop(daily_task("parcels"))
    shop.apply()
    shop.issue()
    shop.workspace = workspace_of(daily_task("parcels", title="Emballer"))
    first, *others = calendar(shop.context(), WEEK).entries
    assert (first.occurrence.title, bool(first.card_url)) == ("Tâche parcels", True)
    assert {(each.occurrence.title, each.card_url) for each in others} == {("Emballer", "")}


def test_each_occurrence_is_there_once_whatever_its_due_is_by_now() -> None:
    shop = Shop(daily_task("parcels", "18:00"))
    shop.apply()
    shop.issue()
    shop.workspace = workspace_of(daily_task("parcels", "09:00"))
    found = calendar(shop.context(), WEEK).entries
    assert [each.occurrence.day for each in found] == [FIRST + dt.timedelta(days=n) for n in range(7)]
    assert found[0].occurrence.due == MONDAY.replace(hour=18)


def test_what_is_not_issued_is_as_the_files_say_since_they_are_in_force() -> None:
    shop = Shop(daily_task("parcels"))
    assert calendar(shop.context(), WEEK).changed_at == shop.clock.now()
