"""People who rename their accounts, cannot be added, or come to a board after its cards."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import UNATTENDED, AddAssignee, AddMember, Risk
from trello_ops.errors import NotFound
from trello_ops.operations import reconcile
from trello_ops.operations.report import account

WEEK = IsoWeek(2026, 47)


@pytest.fixture
def shop() -> Shop:
    made = Shop(daily_task("parcels", assignees=("amal", "karim")))
    made.apply()
    return made


def people_on(shop: Shop, card: int = 0) -> list[str]:
    names = {member.id: member.username for member in shop.trello.people.values()}
    return [names[each] for each in shop.cards_on()[card].member_ids]


# ---- renamed accounts -------------------------------------------------------------------------------


def test_a_renamed_account_stays_bound_and_gets_its_cards(shop: Shop) -> None:
    shop.trello.rename_account("amal_zina", "amal_benali")
    reconcile.reconcile(shop.context(), UNATTENDED)
    shop.issue()
    assert people_on(shop) == ["amal_benali", "karim_zina"]
    assert shop.plan_is_empty()


def test_the_new_username_may_be_written_down_at_any_time(shop: Shop) -> None:
    shop.trello.rename_account("amal_zina", "amal_benali")
    declare(shop, amal="amal_benali")
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert shop.plan_is_empty()
    shop.trello.rename_account("amal_benali", "amal_b")
    assert shop.plan_is_empty()


def test_another_account_in_the_file_is_another_person_on_the_board(shop: Shop) -> None:
    shop.trello.people["amal_2"] = replace(shop.trello.people["karim_zina"], id="6" * 24, username="amal_2")
    declare(shop, amal="amal_2")
    shop.apply()
    assert shop.store.bindings().id(Kind.PERSON, "daily", "amal") == "6" * 24


def test_who_takes_an_abandoned_username_is_nobody_of_ours(shop: Shop) -> None:
    shop.trello.rename_account("amal_zina", "amal_benali")
    shop.trello.people["amal_zina"] = replace(
        shop.trello.people["karim_zina"], id="6" * 24, username="amal_zina"
    )
    assert shop.plan_is_empty()


def declare(shop: Shop, **usernames: str) -> None:
    people = tuple(
        replace(person, username=usernames.get(person.key, person.username))
        for person in shop.workspace.people
    )
    shop.workspace = replace(shop.workspace, people=people)


# ---- refusals ---------------------------------------------------------------------------------------


def test_one_persons_refusal_keeps_nobody_else_from_the_board() -> None:
    shop = Shop(daily_task("parcels"))
    del shop.trello.people["amal_zina"]
    applied = shop.apply()
    assert list(applied.failed) == ["daily/person/amal"]
    assert shop.store.bindings().id(Kind.PERSON, "daily", "karim")
    assert [type(change) for change in reconcile.plan(shop.context()).changes] == [AddMember]
    shop.issue()
    assert len(shop.cards_on()) == 1


def test_after_a_persons_refusal_the_rest_of_the_board_is_made() -> None:
    shop = Shop(daily_task("parcels"))
    refused = NotFound("404 The requested resource was not found.")
    shop.trello.fail_next(refused, lambda call: isinstance(call, AddMember))
    assert list(shop.apply().failed) == ["daily/person/amal"]
    assert shop.apply().failed == {}
    assert shop.plan_is_empty()


# ---- cards that were issued before their people were on the board -----------------------------------


@pytest.fixture
def early() -> Shop:
    """A board that the daemon made: its people wait for `apply`, and its first card is out without them."""
    made = Shop(daily_task("parcels", assignees=("amal", "karim")))
    reconcile.reconcile(made.context(), UNATTENDED)
    made.issue()
    made.observe()
    assert people_on(made) == []
    made.advance(minutes=30)
    return made


def test_applying_puts_people_on_the_cards_that_came_before_them(early: Shop) -> None:
    early.apply()
    assert people_on(early) == ["amal_zina", "karim_zina"]
    assert early.plan_is_empty()


def test_people_who_joined_by_themselves_are_put_on_their_cards_by_the_daemon(early: Shop) -> None:
    add_to_board(early, "karim_zina")
    waiting = reconcile.reconcile(early.context(), UNATTENDED)
    assert people_on(early) == ["karim_zina"]
    assert [(type(change), change.risk) for change in waiting.changes] == [
        (AddMember, Risk.CAREFUL),
        (AddAssignee, Risk.CAREFUL),
    ]


def test_who_is_refused_on_the_board_keeps_nobody_off_a_card(early: Shop) -> None:
    del early.trello.people["amal_zina"]
    assert list(early.apply().failed) == ["daily/person/amal"]
    assert people_on(early) == ["karim_zina"]


def test_whoever_was_taken_off_is_never_put_back(early: Shop) -> None:
    early.apply()
    early.trello.leave(early.cards_on()[0].id, "karim_zina", by="karim_zina")
    for _ in range(3):
        assert early.plan_is_empty()
        early.advance(minutes=5)
        early.observe()
    early.restart()
    reconcile.reconcile(early.context(), UNATTENDED)
    assert people_on(early) == ["amal_zina"]


def test_taken_off_before_the_board_was_read_is_taken_off(early: Shop) -> None:
    add_to_board(early, "karim_zina")
    card = early.cards_on()[0].id
    early.trello.join(card, "karim_zina", by="amal_zina")
    early.trello.leave(card, "karim_zina", by="karim_zina")
    reconcile.reconcile(early.context(), UNATTENDED)
    assert people_on(early) == []


def test_taken_off_in_the_seconds_after_the_card_was_made_is_taken_off(shop: Shop) -> None:
    shop.issue()
    shop.advance(seconds=3)
    shop.trello.leave(shop.cards_on()[0].id, "karim_zina", by="karim_zina")
    shop.advance(hours=1)
    shop.observe()
    shop.trello.remove_member(shop.store.bindings().id(Kind.BOARD, "daily") or "", "karim_zina")
    reconcile.reconcile(shop.context(), UNATTENDED)
    shop.apply()
    assert people_on(shop) == ["amal_zina"]


BY_HAND: dict[str, Callable[[Shop, str], None]] = {
    "somebody else took it over": lambda shop, card: shop.trello.join(card, "robot", by="robot"),
    "done": lambda shop, card: shop.trello.tick(card, by="amal_zina"),
    "archived": lambda shop, card: shop.trello.archive(card, by="amal_zina"),
    "deleted": lambda shop, card: shop.trello.delete(card, by="amal_zina"),
    "excused": lambda shop, card: shop.trello.label(card, "Excusé"),
}


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("what", BY_HAND)
def test_a_card_that_people_dealt_with_is_left_as_it_is(early: Shop, what: str, seen: bool) -> None:
    BY_HAND[what](early, early.cards_on()[0].id)
    if seen:
        early.observe()
    early.apply()
    assert [each for each in early.trello.performed if isinstance(each, AddAssignee)] == []


def test_a_card_of_a_closed_week_is_left_as_it_is(early: Shop) -> None:
    early.advance(days=8)
    early.observe()
    early.report()
    early.apply()
    assert people_on(early) == []


def test_the_report_names_those_to_whom_it_was_issued(early: Shop) -> None:
    early.apply()
    early.trello.tick(early.cards_on()[0].id, by="amal_zina")
    early.advance(minutes=10)
    early.observe()
    (line,) = (each for each in account(early.context(), WEEK).occurrences if each.completed_at)
    assert (line.assignees, line.completed_by) == (("amal", "karim"), "amal")


def test_the_report_knows_a_renamed_account(shop: Shop) -> None:
    shop.issue()
    shop.trello.rename_account("amal_zina", "amal_benali")
    shop.trello.tick(shop.cards_on()[0].id, by="amal_benali")
    shop.advance(minutes=10)
    shop.observe()
    (line,) = (each for each in account(shop.context(), WEEK).occurrences if each.completed_at)
    assert line.completed_by == "amal"


def add_to_board(shop: Shop, username: str) -> None:
    board_id = shop.store.bindings().id(Kind.BOARD, "daily") or ""
    seen = shop.trello._boards[board_id]
    joined = replace(seen, members=(*seen.members, shop.trello.people[username]))
    shop.trello._boards[board_id] = joined
