"""What people and Trello do to a board while cards are issued on it."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import UNATTENDED, AddChecklist, CreateCard, EditList
from trello_ops.errors import LimitReached, TrelloError, Unauthorised
from trello_ops.operations import reconcile
from trello_ops.ports import Made


def board_id(shop: Shop) -> str:
    return shop.store.bindings().id(Kind.BOARD, "daily") or ""


def bound(shop: Shop, kind: Kind, key: str) -> str:
    return shop.store.bindings().id(kind, "daily", key) or ""


def subjects(shop: Shop) -> list[str]:
    return [problem.subject for problem in shop.store.problems()]


def reconciled(shop: Shop) -> None:
    reconcile.reconcile(shop.context(), UNATTENDED)


# ---- nobody would see the card ----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["board", "list"])
@pytest.mark.parametrize("seen_by", ["observe", "reconcile"])
def test_where_nobody_would_see_cards_none_are_made_until_a_person_applies(what: str, seen_by: str) -> None:
    shop = parcels_shop()
    if what == "board":
        shop.trello.close_board(board_id(shop))
    else:
        shop.trello.archive_list(bound(shop, Kind.LIST, "todo"))
    (shop.observe if seen_by == "observe" else lambda: reconciled(shop))()
    assert shop.issue().cards == 0
    (problem,) = (p for p in shop.store.problems() if p.subject == "daily:closed")
    assert f"the {what}" in problem.message
    assert "trello-ops apply" in problem.message
    shop.apply()
    assert shop.issue().cards == 1
    shop.observe()
    assert "daily:closed" not in subjects(shop)


def test_a_board_that_somebody_opened_again_gets_its_cards() -> None:
    shop = parcels_shop()
    shop.trello.archive_list(bound(shop, Kind.LIST, "todo"))
    shop.observe()
    assert shop.issue().cards == 0
    shop.trello.perform(EditList(board="daily", key="todo", reopen=True), shop.store.bindings())
    shop.observe()
    assert shop.issue().cards == 1


def test_a_retired_board_may_be_closed() -> None:
    shop = parcels_shop()
    shop.issue()
    shop.trello.close_board(board_id(shop))
    shop.workspace = replace(shop.workspace, boards=())
    shop.observe()
    assert subjects(shop) == []


def test_a_deleted_board_is_said_once_and_gets_cards_when_a_person_made_it_anew() -> None:
    shop = Shop(daily_task("a"), daily_task("b"))
    shop.apply()
    shop.trello.delete_board(board_id(shop))
    shop.issue()
    with pytest.raises(TrelloError):
        shop.observe()
    reconciled(shop)
    assert subjects(shop) == ["daily:closed", "daily:reading", "job:apply"]
    assert shop.issue().failed == 0
    shop.apply()
    assert shop.issue().cards == 2


# ---- parts of the board are gone --------------------------------------------------------------------


def test_a_deleted_label_is_made_anew_and_then_the_card() -> None:
    shop = parcels_shop()
    shop.trello.delete_label(bound(shop, Kind.LABEL, "operations"))
    assert shop.issue().failed == 1
    assert subjects(shop) == ["daily/parcels"]
    reconciled(shop)
    assert shop.issue().cards == 1, "what reconcile mended is not left alone"
    assert subjects(shop) == []


@pytest.mark.parametrize("how", ["delete", "archive"])
def test_without_its_template_card_a_card_is_built_item_by_item(how: str) -> None:
    shop = parcels_shop()
    getattr(shop.trello, how)(bound(shop, Kind.TEMPLATE, "parcels"), by="amal_zina")
    assert shop.issue().cards == 1
    (card,) = shop.cards_on()
    assert [item.title for item in (card.checklists or ())[0].items] == list(EIGHT.items)
    shop.advance(days=1)
    reconciled(shop)
    before = len(shop.trello.performed)
    assert shop.issue().cards == 1
    assert [type(change) for change in shop.trello.performed[before:]] == [CreateCard]


def test_a_member_who_left_keeps_no_card_from_being_made() -> None:
    shop = parcels_shop()
    shop.trello.remove_member(board_id(shop), "amal_zina")
    shop.issue()
    reconciled(shop)
    assert shop.issue().cards == 1
    (card,) = shop.cards_on()
    assert card.member_ids == ()


# ---- no right, no room ------------------------------------------------------------------------------


def test_a_full_board_is_told_with_its_limit_and_tried_by_one_card_at_growing_pauses() -> None:
    shop = Shop(*(daily_task(key) for key in "abc"))
    shop.apply()
    full = LimitReached("POST /1/cards: Trello refused (403: cards openPerBoard limit exceeded).")
    tries = 0

    def refused(change: object) -> bool:
        nonlocal tries
        tries += isinstance(change, CreateCard)
        return isinstance(change, CreateCard)

    for _ in range(20):
        shop.trello.fail_next(full, when=refused)
    for _ in range(3600 // 15):
        shop.issue()
        shop.advance(seconds=15)
    (problem,) = shop.store.problems()
    assert problem.subject == "daily:issuing"
    assert "openPerBoard" in problem.message
    assert tries == 6, "at once, then after 1, 2, 4, 8 and 16 minutes"


def test_one_board_without_rights_does_not_slow_the_others() -> None:
    shop = Shop(*(daily_task(key) for key in "ab"))
    shop.apply()
    shop.trello.fail_next(Unauthorised("no"), when=lambda change: isinstance(change, CreateCard))
    shop.issue()
    shop.advance(seconds=60)
    assert shop.issue().cards == 1
    assert shop.issue().cards == 1
    assert subjects(shop) == []


# ---- between making and filling ---------------------------------------------------------------------


@pytest.mark.parametrize("how", ["delete", "archive"])
def test_a_card_put_away_before_it_was_filled(how: str) -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
    shop.apply()
    create = shop.trello.perform

    def then_somebody_acts(change, bindings, send_before=None) -> Made:  # type: ignore[no-untyped-def]
        made = create(change, bindings, send_before)
        if isinstance(change, CreateCard):
            getattr(shop.trello, how)(made.id, by="amal_zina")
        return made

    shop.trello.perform = then_somebody_acts  # type: ignore[method-assign]
    assert shop.issue().cards == 1
    assert [card.item_count for card in shop.cards_on()] == ([8] if how == "archive" else [])
    assert shop.store.claims() == ()
    assert shop.entry("parcels", "2026-11-16").card is not None
    assert subjects(shop) == []


def test_a_card_deleted_while_it_is_filled_is_not_filled_for_ever() -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
    shop.apply()
    gone = Unauthorised("POST /1/checklists: Trello refused (401: unauthorized board requested).")
    shop.trello.fail_next(gone, when=lambda change: isinstance(change, AddChecklist))
    shop.issue()
    (card,) = shop.cards_on()
    shop.trello.delete(card.id, by="amal_zina")
    assert subjects(shop) == ["daily/parcels"], "it says nothing of the board"
    shop.settle()
    shop.issue()
    assert shop.store.claims() == ()
    assert subjects(shop) == []
    assert shop.cards_on() == []


def test_a_card_that_stands_for_another_occurrence_is_not_taken_for_this_one() -> None:
    """A person copied the marker of the lost card into yesterday's."""
    shop = parcels_shop()
    shop.issue()
    (yesterday,) = shop.cards_on()
    shop.advance(days=1)
    shop.trello.fail_next(TrelloError("no"), when=lambda change: isinstance(change, CreateCard))
    shop.issue()
    marker = yesterday.description.replace("2026-11-16", "2026-11-17")
    shop.trello.write(yesterday.id, description=marker)
    shop.advance(seconds=60)
    claim = shop.store.claim("daily/parcels/2026-11-17", "dead", shop.clock.now() - dt.timedelta(minutes=1))
    assert claim is not None
    shop.settle()
    assert shop.issue().cards == 1
    assert len(shop.cards_on()) == 2
    assert shop.store.claims() == ()


# ---- trouble that nobody called off


def test_a_process_that_died_before_calling_its_trouble_off_leaves_none() -> None:
    shop = parcels_shop()
    assert shop.issue().cards == 1
    for subject in ("daily/parcels", "daily:issuing", "daily:reading"):
        shop.store.note_problem(subject, "the answer was lost", shop.clock.now())
    shop.issue()
    assert subjects(shop) == ["daily:reading"]
