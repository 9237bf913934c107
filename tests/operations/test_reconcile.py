"""plan and apply on the shipped fakes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.marker import board_marker
from trello_ops.core.planning.changes import UNATTENDED, Bind, CreateBoard, EditList, Risk
from trello_ops.core.trello import Snapshot
from trello_ops.errors import TrelloError
from trello_ops.operations import reconcile
from trello_ops.testing import FakeTrello


def test_planning_writes_nothing() -> None:
    shop = Shop(daily_task("parcels"))
    plan = reconcile.plan(shop.context())
    assert len(plan) > 5
    assert shop.trello.performed == []
    assert list(shop.store.bindings()) == []


def test_applying_twice_changes_nothing_the_second_time() -> None:
    shop = parcels_shop()
    assert shop.plan_is_empty()
    before = len(shop.trello.performed)
    assert shop.apply() == reconcile.Applied(0, {})
    assert len(shop.trello.performed) == before


def test_everything_declared_stands_on_the_board() -> None:
    shop = parcels_shop()
    bindings = shop.store.bindings()
    snapshot = shop.trello.snapshot(bindings.id(Kind.BOARD, "daily") or "")
    assert snapshot.visibility == "org"
    assert board_marker("zina", "daily") in snapshot.board.description
    assert [column.title for column in snapshot.lists] == ["À faire", "En cours", "Terminé"]
    assert [(label.title, label.colour) for label in snapshot.labels] == [
        ("Opérationnel", "orange"),
        ("Excusé", "black_light"),
    ]
    assert {"amal_zina", "karim_zina"} <= {member.username for member in snapshot.members}
    (template,) = snapshot.cards
    assert template.is_template
    assert template.item_count == 8


DRIFTS: dict[str, tuple[Callable[[Shop, str], None], set[Risk]]] = {
    "renamed list": (
        lambda shop, _: shop.trello.rename_list(of(shop, Kind.LIST, "todo"), "X"),
        {Risk.CAREFUL},
    ),
    "deleted label": (
        lambda shop, _: shop.trello.delete_label(of(shop, Kind.LABEL, "operations")),
        {Risk.ADDITIVE},
    ),
    "changed colour": (
        lambda shop, _: shop.trello.recolour_label(of(shop, Kind.LABEL, "operations"), "red"),
        {Risk.CAREFUL},
    ),
    "removed member": (
        lambda shop, board: shop.trello.remove_member(board, "amal_zina"),
        {Risk.ADDITIVE, Risk.CAREFUL},
    ),
    "archived template card": (
        lambda shop, _: shop.trello.archive(of(shop, Kind.TEMPLATE, "parcels"), by="amal_zina"),
        {Risk.ADDITIVE},
    ),
    "deleted template card": (
        lambda shop, _: shop.trello.delete(of(shop, Kind.TEMPLATE, "parcels"), by="amal_zina"),
        {Risk.ADDITIVE},
    ),
}


def of(shop: Shop, kind: Kind, key: str) -> str:
    return shop.store.bindings().id(kind, "daily", key) or ""


@pytest.mark.parametrize("name", DRIFTS)
def test_drift_is_found_and_mended_by_its_class(name: str) -> None:
    cause, risks = DRIFTS[name]
    shop = parcels_shop()
    cause(shop, of(shop, Kind.BOARD, ""))
    plan = reconcile.plan(shop.context())
    assert {change.risk for change in plan.changes} == risks
    shop.apply()
    assert shop.plan_is_empty()


def test_a_changed_checklist_waits_for_a_person_and_replaces_the_template_card() -> None:
    shop = parcels_shop()
    shop.cards.checklists["parcels"] = (type(EIGHT)("Colis", ("une seule",)),)
    old = of(shop, Kind.TEMPLATE, "parcels")
    waiting = reconcile.reconcile(shop.context(), UNATTENDED)
    assert {change.risk for change in waiting.changes} == {Risk.CAREFUL}
    assert of(shop, Kind.TEMPLATE, "parcels") == old
    shop.apply()
    assert of(shop, Kind.TEMPLATE, "parcels") != old
    assert shop.trello.card(old).closed
    assert shop.plan_is_empty()


def test_a_board_in_order_costs_one_request_however_many_template_cards_it_has() -> None:
    tasks = ("parcels", "emails", "news")
    shop = Shop(*map(daily_task, tasks), cards=PlainCards(dict.fromkeys(tasks, (EIGHT,))))
    shop.apply()
    asked = shop.calls()
    assert shop.plan_is_empty()
    assert asked == ["snapshot"]


def test_a_template_card_that_the_board_does_not_show_is_read_singly() -> None:
    shop = parcels_shop()
    shop.trello.archive_list(of(shop, Kind.LIST, "todo"))
    asked = shop.calls()
    assert {type(change) for change in reconcile.plan(shop.context()).changes} == {EditList}
    assert asked == ["snapshot", "card"]


class Cutting(FakeTrello):
    """Its answers for boards hold no checklists, though they were asked for."""

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        seen = super().snapshot(board_id, checklists=checklists)
        return replace(seen, cards=tuple(replace(card, checklists=()) for card in seen.cards))


def test_a_template_card_of_which_a_part_was_cut_is_read_singly() -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}))
    shop.trello = Cutting(shop.clock, ("amal_zina", "karim_zina"), "zinaobeldi")
    shop.apply()
    assert shop.plan_is_empty()


def test_the_daemon_does_what_is_additive_and_leaves_the_rest() -> None:
    shop = Shop(daily_task("parcels"))
    waiting = reconcile.reconcile(shop.context(), UNATTENDED)
    assert {type(change).__name__ for change in waiting.changes} == {"AddMember"}
    assert [problem.message[:14] for problem in shop.store.problems()] == ["2 changes wait"]
    assert of(shop, Kind.BOARD, "")


@pytest.mark.parametrize("seconds", [0, 30, 80], ids=["at once", "after 30 s", "after 80 s"])
@pytest.mark.parametrize(
    "kind", ["CreateBoard", "CreateList", "CreateLabel", "CreateTemplateCard", "AddChecklist", "AddCheckItem"]
)
def test_a_lost_answer_in_apply_makes_nothing_twice(kind: str, seconds: int) -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}))
    shop.trello.land_late(dt.timedelta(seconds=seconds), when=lambda call: type(call).__name__ == kind)
    assert shop.apply().failed
    shop.apply()
    shop.settle()
    assert shop.apply().failed == {}
    assert shop.plan_is_empty()
    assert shop.store.claims() == ()
    board_id = of(shop, Kind.BOARD, "")
    assert [board.id for board in shop.trello.boards("zinaobeldi")] == [board_id]
    snapshot = shop.trello.snapshot(board_id)
    assert (len(snapshot.lists), len(snapshot.labels)) == (3, 2)
    assert [card.item_count for card in snapshot.cards if card.is_template] == [8]


def test_two_plans_made_at_once_make_one_of_everything() -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}))
    one, two = shop.context("one"), shop.context("two")
    plans = reconcile.plan(one), reconcile.plan(two)
    reconcile.apply(one, plans[0])
    reconcile.apply(two, plans[1])
    snapshot = shop.trello.snapshot(of(shop, Kind.BOARD, ""))
    assert len(shop.trello.boards("zinaobeldi")) == 1
    assert (len(snapshot.lists), len(snapshot.labels), len(snapshot.cards)) == (3, 2, 1)


def test_a_failed_change_stops_its_board_and_resumes_later() -> None:
    shop = Shop(daily_task("parcels"))
    shop.trello.fail_next(TrelloError("no"), when=lambda change: type(change).__name__ == "CreateList")
    applied = shop.apply()
    assert list(applied.failed.values()) == ["no"]
    assert shop.apply().failed == {}
    assert shop.plan_is_empty()


def test_a_board_that_was_deleted_is_made_again_only_by_a_person() -> None:
    shop = parcels_shop()
    shop.trello.delete_board(of(shop, Kind.BOARD, ""))
    before = len(shop.trello.performed)
    waiting = reconcile.reconcile(shop.context(), UNATTENDED)
    assert len(shop.trello.performed) == before
    assert any(isinstance(change, CreateBoard) for change in waiting.changes)
    assert {change.risk for change in waiting.changes} == {Risk.CAREFUL}
    shop.apply()
    assert shop.plan_is_empty()


def test_a_lost_store_takes_its_boards_over_by_their_markers() -> None:
    shop = parcels_shop()
    lost = Shop(daily_task("parcels"), cards=shop.cards)
    lost.clock, lost.trello = shop.clock, shop.trello
    plan = reconcile.plan(lost.context())
    assert {type(change) for change in plan.changes} == {Bind}
    lost.apply()
    assert lost.plan_is_empty()
    assert len(lost.trello.boards("zinaobeldi")) == 1


def test_a_board_out_of_order_is_a_problem_until_it_is_not() -> None:
    shop = parcels_shop()
    shop.trello.fail_next(TrelloError("no right"), when=lambda call: call == "snapshot")
    with pytest.raises(TrelloError, match="no right"):
        reconcile.reconcile(shop.context(), UNATTENDED)
    assert [problem.subject for problem in shop.store.problems()] == ["daily"]
    shop.advance(seconds=60)
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert shop.store.problems() == ()


def test_one_board_out_of_order_stops_no_other() -> None:
    shop = parcels_shop()
    (board,) = shop.workspace.boards
    shop.workspace = replace(shop.workspace, boards=(board, replace(board, key="second", title="Second")))
    shop.trello.fail_next(TrelloError("no right"), when=lambda call: call == "snapshot")
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert "daily" in [problem.subject for problem in shop.store.problems()]
    assert shop.store.bindings().id(Kind.BOARD, "second")


def test_problems_of_what_is_no_longer_declared_are_forgotten() -> None:
    shop = parcels_shop()
    for subject in ("gone", "daily/gone", "gone:reading", "daily/parcels", "job:mail"):
        shop.store.note_problem(subject, "…", shop.clock.now())
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert [problem.subject for problem in shop.store.problems()] == ["daily/parcels", "job:mail"]


def test_applying_takes_the_word_back_that_changes_wait() -> None:
    shop = Shop(daily_task("parcels"))
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert [problem.subject for problem in shop.store.problems()] == [reconcile.WAITING]
    shop.apply()
    assert shop.store.problems() == ()


def test_a_template_card_that_was_made_an_ordinary_one_is_mended() -> None:
    shop = parcels_shop()
    card = of(shop, Kind.TEMPLATE, "parcels")
    shop.trello._cards[card] = replace(shop.trello.card(card), is_template=False)
    assert {change.risk for change in reconcile.plan(shop.context()).changes} == {Risk.CAREFUL}
    shop.apply()
    assert shop.trello.card(card).is_template
    assert shop.plan_is_empty()
