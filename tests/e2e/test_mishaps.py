"""What may go wrong between us and Trello, over real HTTP."""

import datetime as dt
import time

import pytest
from effort import slow_but_for
from live_kit import EIGHT, EMAILS, MONDAY, PARCELS, TODAY, Json, Live, Shop, apply, items, one_pass

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.errors import RateLimited, TokenRefused
from trello_ops.operations import reconcile

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

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


_QUICK = [
    ("/1/cards$", "answer lost"),
    ("/1/checklists$", "connection reset"),
]


@pytest.mark.parametrize(
    ("path", "fault"),
    slow_but_for(
        _QUICK,
        [
            *(("/1/cards$", fault) for fault in FAULTS),
            *(("/1/checklists$", fault) for fault in ("answer lost", "connection reset")),
            *(
                ("/1/checklists/.*/checkItems$", fault)
                for fault in ("answer lost", "connection reset", "rate limit")
            ),
        ],
    ),
)
def test_a_broken_write_while_issuing(shop: Shop, path: str, fault: str) -> None:
    shop.trello.fault(method="POST", path=path, **FAULTS[fault])
    one_pass(shop.app)
    shop.heal()
    shop.check_today()


@pytest.mark.parametrize(
    ("method", "path", "fault"),
    slow_but_for(
        [("POST", "/1/boards$", "answer lost"), ("POST", "/1/checklists/.*/checkItems$", "504")],
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
    ),
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


# ---- answers that are no answers --------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 200, "body": {}},
        {"status": 200, "body": "<html>maintenance</html>"},
    ],
    ids=["no id", "no JSON"],
)
def test_an_answer_that_says_nothing(shop: Shop, fault: Json) -> None:
    shop.trello.fault(method="POST", path="/1/cards$", **fault)
    one_pass(shop.app)
    shop.heal()
    shop.check_today()


def test_slow_as_treacle(shop: Shop) -> None:
    """Answers come after we have given up; what was sent is done all the same, once."""
    with shop.trello.app(shop.folder, shop.clock, request_timeout_seconds=0.5) as app:
        shop.trello.fault(method="POST", path="/1/cards$", delay=0.8, count=2)
        one_pass(app)
        slow = Shop(shop.trello, shop.folder, shop.clock, app)
        time.sleep(0.5)
        slow.heal()
        slow.check_today()


def test_a_storm_of_429s_is_met_with_pauses(shop: Shop) -> None:
    shop.trello.fault(path="/1/", count=12, **REFUSED)
    begun = shop.clock.monotonic()
    for _ in range(12):
        if not one_pass(shop.app):
            break
    # Ten seconds after each but the last; the three cards may leave together, and then share one pause.
    assert shop.clock.monotonic() - begun >= (11 - 2) * 10
    shop.check_today()


# ---- what people do ---------------------------------------------------------------------------------


def _board(shop: Shop) -> Json:
    board: Json = next(each for each in shop.trello.state()["boards"] if not each["closed"])
    return board


def _problems(shop: Shop) -> dict[str, str]:
    return {each.subject: each.message for each in shop.app.services.store.problems()}


def _made(shop: Shop) -> int:
    return sum(len(shop.trello.cards(key)) for key in TODAY)


@pytest.mark.parametrize("what", ["board", "list"])
def test_nobody_would_see_the_cards(shop: Shop, what: str) -> None:
    board = _board(shop)
    todo = next(each for each in shop.trello.state()["lists"] if each["name"] == "À faire")
    closed = f"/boards/{board['id']}" if what == "board" else f"/lists/{todo['id']}"
    shop.trello.act("robot", "PUT", closed, closed="true")
    one_pass(shop.app)
    assert _made(shop) == 0
    assert f"the {what}" in _problems(shop)["daily:closed"]
    apply(shop.app)
    assert one_pass(shop.app) == {}
    shop.check_today()


def test_the_board_was_deleted(shop: Shop) -> None:
    shop.trello.act("robot", "DELETE", f"/boards/{_board(shop)['id']}")
    one_pass(shop.app)
    assert "deleted" in _problems(shop)["daily:closed"]
    assert not [subject for subject in _problems(shop) if "/" in subject]
    apply(shop.app)
    shop.clock.advance(60)  # its reading rests for a while
    assert one_pass(shop.app) == {}
    shop.check_today()


def test_a_label_was_deleted(shop: Shop) -> None:
    label = next(each for each in shop.trello.state()["labels"] if each["name"] == "Opérationnel")
    shop.trello.act("robot", "DELETE", f"/labels/{label['id']}")
    shop.app.run(next(job for job in shop.app.jobs() if job.name == "issue"))
    assert _made(shop) == 1
    assert "label not found" in _problems(shop)["daily/parcels"]
    assert one_pass(shop.app) == {}
    shop.check_today()


def test_a_template_card_was_deleted(shop: Shop) -> None:
    (template,) = (card for card in shop.trello.state()["cards"] if card["isTemplate"])
    shop.trello.act("robot", "DELETE", f"/cards/{template['id']}")
    shop.job("issue")
    shop.check_today()


def test_a_member_left_the_board(shop: Shop) -> None:
    state = shop.trello.state()
    amal = next(each["id"] for each in state["members"] if each["username"] == "amal_zina")
    shop.trello.act("robot", "DELETE", f"/boards/{_board(shop)['id']}/members/{amal}")
    shop.app.run(next(job for job in shop.app.jobs() if job.name == "issue"))
    assert "member not found" in _problems(shop)["daily/emails"]
    assert one_pass(shop.app) == {}
    assert _made(shop) == 3
    assert shop.trello.card(EMAILS)["idMembers"] == []
    assert list(_problems(shop)) == ["job:apply"]


def test_the_board_is_full(shop: Shop) -> None:
    full = {"message": "cards openPerBoard limit exceeded", "error": "LIMIT_EXCEEDED"}
    shop.trello.fault(method="POST", path="/1/cards$", count=100, status=403, body=full)
    one_pass(shop.app)
    assert "cards openPerBoard limit exceeded" in _problems(shop)["daily:issuing"]
    shop.trello.control("DELETE", "faults")
    for _ in range(2):  # one card finds out, then the others follow
        shop.clock.advance(60)
        one_pass(shop.app)
    shop.check_today()


def test_the_robot_was_taken_off_the_board(shop: Shop) -> None:
    """A 401 of one board is no refused token: everything else goes on, and is told as that board's."""
    refusal = {"status": 401, "body": "unauthorized card permission requested"}
    shop.trello.fault(method="POST", path="/1/cards$", count=100, **refusal)
    one_pass(shop.app)
    assert list(_problems(shop)) == ["daily:issuing"]
    shop.trello.control("DELETE", "faults")
    for _ in range(2):  # one card finds out, then the others follow
        shop.clock.advance(60)
        one_pass(shop.app)
    shop.check_today()


# ---- the token --------------------------------------------------------------------------------------


def test_a_revoked_token_stops_everything_but_one_read_now_and_then(shop: Shop) -> None:
    trello = shop.trello
    trello.fault(path="/1/", count=10_000, status=401, body="invalid token")
    trello.forget_requests()
    refused = one_pass(shop.app)
    assert {type(error) for error in refused.values()} == {TokenRefused}
    assert len(trello.requests()) == 1
    for _ in range(14):
        one_pass(shop.app)
        shop.clock.advance(60)
    assert len(trello.requests()) == 1 + 3, "after 1, 2 and 4 minutes"
    assert trello.writes() == []
    assert list(_problems(shop)) == ["job:token"]
    assert "TRELLO_OPS_TRELLO_TOKEN" in _problems(shop)["job:token"]

    trello.control("DELETE", "faults")
    shop.clock.advance(480)
    assert one_pass(shop.app) == {}
    shop.check_today()


def test_weeks_are_reported_by_a_process_that_never_saw_the_token_work(shop: Shop) -> None:
    one_pass(shop.app)
    shop.clock.advance_to(MONDAY + dt.timedelta(days=8, hours=2))
    with shop.trello.app(shop.folder, shop.clock, trello_token="revoked") as restarted:
        shop.trello.forget_requests()
        assert "report" not in one_pass(restarted)
        assert len(shop.trello.requests()) == 1
        assert restarted.services.store.frozen_weeks() == (IsoWeek.parse("2026-W47"),)
    assert len(list((shop.folder / "mail").iterdir())) == 1
