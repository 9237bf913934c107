"""What may go wrong between us and Trello, over real HTTP."""

import pytest
from live_kit import EIGHT, PARCELS, Json, Live, Shop, apply, items, one_pass

from trello_ops.core.plan import EVERY_RISK
from trello_ops.errors import RateLimited
from trello_ops.operations import reconcile

REFUSED: Json = {
    "status": 429,
    "body": {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"},
}
FAULTS: dict[str, Json] = {
    "answer lost": {"lose_answer": True},
    "connection reset": {"reset": True},
    "500 after nothing": {"status": 500, "body": "Internal Server Error"},
    "504": {"status": 504, "body": "Gateway Timeout"},
    "409": {"status": 409, "body": "conflict"},
    "rate limit": REFUSED,
}


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        *(("/1/cards$", fault) for fault in FAULTS),
        *(("/1/checklists$", fault) for fault in ("answer lost", "connection reset")),
        *(
            ("/1/checklists/.*/checkItems$", fault)
            for fault in ("answer lost", "connection reset", "rate limit")
        ),
    ],
)
def test_a_broken_write_while_issuing(shop: Shop, path: str, fault: str) -> None:
    shop.trello.fault(method="POST", path=path, **FAULTS[fault])
    one_pass(shop.app)
    shop.heal()
    shop.check_today()


@pytest.mark.parametrize(
    ("method", "path", "fault"),
    [
        ("POST", "/1/boards$", "answer lost"),
        ("POST", "/1/lists$", "answer lost"),
        ("POST", "/1/labels$", "answer lost"),
        ("PUT", "/1/boards/.*/members/", "answer lost"),
        ("POST", "/1/cards$", "answer lost"),
        ("POST", "/1/checklists$", "answer lost"),
        ("POST", "/1/checklists/.*/checkItems$", "answer lost"),
        ("POST", "/1/boards$", "connection reset"),
        ("POST", "/1/checklists/.*/checkItems$", "504"),
    ],
)
def test_a_broken_write_while_applying(bare: Shop, method: str, path: str, fault: str) -> None:
    bare.trello.fault(
        method=method, path=path, skip=1 if path in ("/1/lists$", "/1/labels$") else 0, **FAULTS[fault]
    )
    context = bare.app.context()
    applied = reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    assert len(applied.failed) == 1
    bare.heal()
    apply(bare.app)
    assert reconcile.plan(bare.app.context()).changes == ()
    _check_board(bare.trello)
    bare.job("issue")
    bare.check_today()


def _check_board(trello: Live) -> None:
    """Everything that the small shop declares, once."""
    state = trello.state()
    assert [board["name"] for board in state["boards"]] == ["Quotidien"]
    assert [each["name"] for each in state["lists"]] == ["À faire", "En cours", "Terminé"]
    assert sorted(each["name"] for each in state["labels"]) == ["Données", "Excusé", "Opérationnel"]
    (template,) = (card for card in state["cards"] if card["isTemplate"])
    assert items(state, template) == [(item, False) for item in EIGHT]


def test_a_429_is_waited_out_and_did_nothing(shop: Shop) -> None:
    shop.trello.fault(method="POST", path="/1/cards$", **REFUSED)
    before = shop.clock.monotonic()
    assert isinstance(one_pass(shop.app)["issue"], RateLimited)
    assert one_pass(shop.app) == {}
    assert 10 <= shop.clock.monotonic() - before < 60, "paused, yet let nothing settle"
    shop.check_today()


def test_reads_outlast_a_failing_trello(shop: Shop) -> None:
    shop.job("issue")
    shop.trello.fault(method="GET", path="/1/boards", count=2, status=503, body="Service Unavailable")
    shop.trello.fault(method="GET", path="/1/boards", count=1, reset=True)
    shop.trello.tick(shop.trello.card(PARCELS), "karim_zina")
    one_pass(shop.app)
    assert one_pass(shop.app) == {}
    assert shop.outcome(PARCELS) == "on_time"
