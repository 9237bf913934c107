"""Webhooks for the boards that are declared, on the shipped fakes, broken at every step."""

from dataclasses import replace

import pytest
from shop_kit import Shop, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.errors import OutcomeUnknown, TokenRefused, TrelloError, Unavailable
from trello_ops.operations.webhooks import keep_webhooks
from trello_ops.testing.trello import Call

HERE, ELSEWHERE = "https://here.example/trello/webhook", "https://elsewhere.example/trello/webhook"


@pytest.fixture
def shop() -> Shop:
    return parcels_shop()


def tend(shop: Shop, callback: str | None = HERE) -> None:
    keep_webhooks(shop.context(), callback)


def board_id(shop: Shop) -> str:
    return shop.store.bindings().id(Kind.BOARD, "daily") or ""


def callbacks(shop: Shop) -> list[tuple[str, bool]]:
    return [(each.callback, each.active) for each in shop.trello.webhooks()]


def bound(shop: Shop) -> str | None:
    return shop.store.bindings().id(Kind.WEBHOOK, "daily")


def making(call: Call) -> bool:
    return call == "ensure_webhook"


def forbid_writes(shop: Shop) -> None:
    for method in ("ensure_webhook", "remove_webhook"):
        shop.trello.fail_next(AssertionError(method), when=lambda call, name=method: call == name)  # type: ignore[arg-type, misc]


def test_each_declared_board_gets_one_and_keeps_it(shop: Shop) -> None:
    tend(shop)
    (made,) = shop.trello.webhooks()
    assert (made.model_id, made.callback, made.id) == (board_id(shop), HERE, bound(shop))
    forbid_writes(shop)
    tend(shop)
    assert shop.trello.webhooks() == (made,)


def test_without_an_address_and_without_webhooks_nothing_is_asked(shop: Shop) -> None:
    shop.trello.fail_next(Unavailable("not to be asked"), when=lambda call: call == "webhooks")
    tend(shop, None)


def test_one_that_trello_disabled_is_enabled_again(shop: Shop) -> None:
    tend(shop)
    shop.trello.disable_webhook(bound(shop) or "")
    tend(shop)
    assert callbacks(shop) == [(HERE, True)]


def test_a_new_address_moves_it_without_a_double(shop: Shop) -> None:
    tend(shop)
    before = bound(shop)
    tend(shop, ELSEWHERE)
    assert callbacks(shop) == [(ELSEWHERE, True)]
    assert bound(shop) == before


@pytest.mark.parametrize("retired", [True, False])
def test_a_retired_board_or_an_address_that_is_gone_removes_it(retired: bool, shop: Shop) -> None:
    tend(shop)
    theirs = shop.trello.hook(board_id(shop), "https://somebody.example/hook")
    if retired:
        shop.workspace = replace(shop.workspace, boards=())
    tend(shop, HERE if retired else None)
    assert shop.trello.webhooks() == (theirs,)
    assert bound(shop) is None


def test_a_store_that_was_lost_finds_its_webhook_again(shop: Shop) -> None:
    tend(shop)
    there = bound(shop)
    shop.store.unbind(Kind.WEBHOOK, "daily")
    tend(shop)
    assert len(shop.trello.webhooks()) == 1
    assert bound(shop) == there


@pytest.mark.parametrize("landed", [True, False])
def test_a_lost_answer_is_looked_up_and_not_sent_again(landed: bool, shop: Shop) -> None:
    shop.trello.fail_next(OutcomeUnknown("lost"), when=making, after_effect=landed)
    tend(shop)
    assert len(shop.trello.webhooks()) == landed
    assert [p.subject for p in shop.store.problems()] == ([] if landed else ["daily:webhook"])
    shop.advance(minutes=2)
    tend(shop)
    (there,) = shop.trello.webhooks()
    assert bound(shop) == there.id
    assert shop.store.problems() == ()


def test_somebody_faster_is_no_trouble(shop: Shop) -> None:
    """Another process of ours made it after we had looked; Trello then refuses a second one."""
    trello = shop.trello
    listed = trello.webhooks()
    made = trello.hook(board_id(shop), HERE)
    answers = iter([listed, trello.webhooks()])
    trello.webhooks = lambda: next(answers)  # type: ignore[method-assign]
    tend(shop)
    assert bound(shop) == made.id
    assert shop.store.problems() == ()


def test_an_address_that_does_not_answer_is_a_problem_that_rests_and_ends(shop: Shop) -> None:
    refusal = TrelloError(f"URL ({HERE}) did not return 200 status code, got 502")
    shop.trello.fail_next(refusal, when=making)
    tend(shop)
    (problem,) = shop.store.problems()
    assert (problem.subject, problem.message) == ("daily:webhook", str(refusal))
    tend(shop)
    assert shop.trello.webhooks() == (), "it is left alone for a minute"
    shop.advance(seconds=60)
    tend(shop)
    assert callbacks(shop) == [(HERE, True)]
    assert shop.store.problems() == ()


@pytest.mark.parametrize("error", [Unavailable("away"), TokenRefused("revoked")])
def test_trello_out_of_reach_ends_the_pass(error: TrelloError, shop: Shop) -> None:
    shop.trello.fail_next(error, when=making)
    shop.trello.fail_next(error, when=lambda call: call == "time")
    with pytest.raises(type(error)):
        tend(shop)
    assert shop.store.problems() == ()


def test_a_removal_whose_answer_was_lost_is_seen_to_be_done(shop: Shop) -> None:
    tend(shop)
    shop.trello.fail_next(
        OutcomeUnknown("lost"), when=lambda call: call == "remove_webhook", after_effect=True
    )
    tend(shop, None)
    assert bound(shop) is not None
    shop.advance(minutes=2)
    tend(shop, None)
    assert bound(shop) is None
    assert shop.trello.webhooks() == ()
