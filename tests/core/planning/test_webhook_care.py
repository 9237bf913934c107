"""Which webhook of ours a board keeps, and which ones go."""

from dataclasses import replace

import pytest

from trello_ops.core.planning.webhooks import WebhookCare, webhook_care
from trello_ops.core.trello import Webhook

BOARD, OTHER = "b" * 24, "c" * 24
HERE, BEFORE = "https://here.example/trello/webhook", "https://before.example/trello/webhook"
OURS = Webhook("1" * 24, BOARD, HERE)
MOVED = Webhook("2" * 24, BOARD, BEFORE)
FOREIGN = Webhook("3" * 24, BOARD, "https://somebody.example/hook")
FOREIGN_BOARD = Webhook("4" * 24, OTHER, HERE)
LISTED = (FOREIGN, FOREIGN_BOARD)


def need(
    *listed: Webhook, bound: Webhook | None = None, wanted: bool = True, **more: str | None
) -> WebhookCare:
    facts = {"board_id": BOARD, "callback": HERE, "bound": bound.id if bound else None, **more}
    return webhook_care((*LISTED, *listed), **facts, wanted=wanted)


def test_where_there_is_none_nothing_is_kept_and_nobody_elses_goes() -> None:
    assert need() == WebhookCare(None, right=False, remove=())


@pytest.mark.parametrize("bound", [OURS, None, MOVED])
def test_one_that_calls_us_is_kept_whether_it_is_remembered_or_not(bound: Webhook | None) -> None:
    assert need(OURS, bound=bound) == WebhookCare(OURS, right=True, remove=())


def test_one_that_trello_disabled_is_to_be_set_right() -> None:
    disabled = replace(OURS, active=False)
    assert need(disabled, bound=OURS) == WebhookCare(disabled, right=False, remove=())


def test_one_that_called_another_address_of_ours_moves() -> None:
    assert need(MOVED, bound=MOVED) == WebhookCare(MOVED, right=False, remove=())


def test_one_at_another_address_that_is_not_remembered_is_somebody_elses() -> None:
    assert need(MOVED) == WebhookCare(None, right=False, remove=())


def test_of_two_of_ours_the_one_that_calls_us_stays() -> None:
    assert need(MOVED, OURS, bound=MOVED) == WebhookCare(OURS, right=True, remove=(MOVED,))


def test_the_one_of_the_board_that_stood_there_before_goes() -> None:
    former = Webhook("5" * 24, "d" * 24, HERE)
    assert need(former, bound=former) == WebhookCare(None, right=False, remove=(former,))


def test_of_a_board_that_shall_have_none_all_of_ours_go() -> None:
    assert need(OURS, MOVED, bound=MOVED, wanted=False) == WebhookCare(
        None, right=False, remove=(OURS, MOVED)
    )


def test_without_an_address_the_one_that_is_remembered_goes() -> None:
    found = need(OURS, MOVED, bound=MOVED, wanted=False, callback=None)
    assert found == WebhookCare(None, right=False, remove=(MOVED,))
