"""A store belongs to one Trello, and whatever writes refuses another."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.core.planning.plan import Plan
from trello_ops.core.trello import Member
from trello_ops.errors import OtherTrello, Unavailable
from trello_ops.operations import issue, observe, reconcile, recover, report, webhooks
from trello_ops.operations.context import Context
from trello_ops.operations.own_trello import rebind_trello, require_own_trello
from trello_ops.testing import FakeTrello
from trello_ops.testing.store import MemoryStore

HOOK = "https://shop.example.org/trello/webhook"
WRITERS: dict[str, Callable[[Context], object]] = {
    "plan": reconcile.plan,
    "reconcile": lambda context: reconcile.reconcile(context, UNATTENDED),
    "issue": issue.issue,
    "observe": observe.observe,
    "webhooks": lambda context: webhooks.keep_webhooks(context, HOOK),
    "report": report.report,
}


@pytest.fixture
def shop() -> Shop:
    return parcels_shop()


def another_trello(shop: Shop) -> FakeTrello:
    """A second local Trello, in which there is nothing yet."""
    made = FakeTrello(shop.clock, ("amal_zina", "karim_zina"), "zinaobeldi")
    made.address, made.world = "http://127.0.0.1:8911", "feedf00d"
    return made


def test_the_first_write_binds_the_store(shop: Shop) -> None:
    assert shop.store.trello() == shop.trello.identity("zinaobeldi")


def test_a_plan_alone_binds_nothing() -> None:
    shop = Shop(daily_task("parcels"))
    reconcile.plan(shop.context())
    reconcile.apply(shop.context(), Plan(()))
    assert shop.store.trello() is None


@pytest.mark.parametrize("writer", WRITERS)
def test_whatever_writes_refuses_another_trello(shop: Shop, writer: str) -> None:
    first, store = shop.trello, shop.back_up()
    shop.trello = another_trello(shop)
    require = shop.trello.identity("zinaobeldi")
    assert require.world
    with pytest.raises(OtherTrello) as refused:
        WRITERS[writer](shop.context())
    for said in ("in memory", first.address, "http://127.0.0.1:8911", "feedf0", "TRELLO_OPS_DATABASE_URL"):
        assert said in str(refused.value)
    assert shop.trello.performed == []
    assert shop.back_up() == store
    assert shop.outbox.sent == []


def test_recovering_refuses_another_trello_too(shop: Shop) -> None:
    bound = shop.store.trello()
    assert bound
    shop.store = MemoryStore()
    shop.store.bind_trello(replace(bound, address="https://elsewhere.example.org"))
    with pytest.raises(OtherTrello):
        recover.recover(shop.context())


def test_what_was_recovered_is_bound(shop: Shop) -> None:
    shop.issue()
    shop.store = MemoryStore()
    recover.recover(shop.context())
    assert shop.store.trello() == shop.trello.identity("zinaobeldi")


def test_a_local_trello_that_began_anew_is_another(shop: Shop) -> None:
    shop.store.bind_trello(replace(shop.trello.identity("zinaobeldi"), world="f00d"))
    shop.trello.world = "beef"
    with pytest.raises(OtherTrello, match="without its --data file"):
        shop.issue()


def test_reports_go_out_while_trello_is_away_and_never_for_another_address(shop: Shop) -> None:
    shop.trello = FakeTrello(shop.clock, (), "zinaobeldi")
    for _ in range(3):
        shop.trello.fail_next(Unavailable("away"), lambda call: call == "identity")
    report.report(shop.context())
    shop.trello.address = "https://api.trello.com"
    with pytest.raises(OtherTrello):
        report.report(shop.context())


# ---- another account, another Workspace, new names


def change_account(shop: Shop) -> None:
    shop.trello.people["robot"] = Member("5e" * 12, "new-robot", "New Robot")


def change_workspace(shop: Shop) -> None:
    bound = shop.store.trello()
    assert bound
    shop.store.bind_trello(replace(bound, workspace_id="6a" * 12, workspace_name="zina-before"))


@pytest.mark.parametrize(
    ("change", "said"),
    [(change_account, "Put back the token of @robot"), (change_workspace, "`trello_workspace: zina-before`")],
)
def test_another_account_or_workspace_is_refused_until_a_person_says_so(
    shop: Shop, change: Callable[[Shop], None], said: str
) -> None:
    change(shop)
    with pytest.raises(OtherTrello, match="apply --rebind") as refused:
        shop.issue()
    assert said in str(refused.value)
    rebind_trello(shop.context())
    assert shop.issue().cards == 1


def test_who_does_not_see_the_boards_cannot_take_the_store_over(shop: Shop) -> None:
    shop.trello, bound = another_trello(shop), shop.store.trello()
    with pytest.raises(OtherTrello, match="does not show these boards of the store in memory: Quotidien"):
        rebind_trello(shop.context())
    assert shop.store.trello() == bound


def test_new_names_are_learned(shop: Shop) -> None:
    robot = shop.trello.people["robot"]
    shop.trello.people["robot"] = replace(robot, username="zina-robot")
    shop.issue()
    bound = shop.store.trello()
    assert bound
    assert bound.username == "zina-robot"


# ---- stores from before they were bound


def older(shop: Shop) -> Shop:
    shop.store._trello = None
    return shop


def test_an_older_store_goes_on_where_its_boards_are_and_is_bound(shop: Shop) -> None:
    assert older(shop).issue().cards == 1
    assert shop.store.trello() == shop.trello.identity("zinaobeldi")


def test_one_board_that_is_there_is_enough(shop: Shop) -> None:
    bound = shop.store.bindings().get(Kind.BOARD, "daily")
    assert bound
    older(shop).store.bind(replace(bound, board="a-retired-one", trello_id="7b" * 12))
    require_own_trello(shop.context())
    assert shop.store.trello()


def test_a_closed_board_counts_as_there(shop: Shop) -> None:
    shop.trello.close_board(shop.store.bindings().id(Kind.BOARD, "daily") or "")
    require_own_trello(older(shop).context())
    assert shop.store.trello()


def test_an_older_store_is_refused_where_none_of_its_boards_are(shop: Shop) -> None:
    older(shop).trello = another_trello(shop)
    with pytest.raises(OtherTrello, match="not one board of the store in memory is at the local Trello"):
        shop.issue()
    assert shop.store.trello() is None


def test_an_older_store_waits_while_trello_is_away(shop: Shop) -> None:
    older(shop).trello.fail_next(Unavailable("away"), lambda call: call == "snapshot")
    with pytest.raises(Unavailable):
        require_own_trello(shop.context())
    require_own_trello(shop.context(), ask=False)
