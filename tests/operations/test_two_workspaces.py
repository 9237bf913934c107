"""Two workspaces whose boards and tasks have the same keys, in one Trello Workspace."""

from dataclasses import replace

import pytest
from shop_kit import PlainCards, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import ArchiveCard
from trello_ops.operations import reconcile
from trello_ops.operations.recover import recover
from trello_ops.testing import MemoryStore


def _shops() -> tuple[Shop, Shop]:
    """Ours, and that of another workspace beside it; both have applied."""
    ours, theirs = (
        Shop(daily_task("parcels")),
        Shop(daily_task("parcels"), cards=PlainCards(workspace="other")),
    )
    theirs.trello, theirs.clock = ours.trello, ours.clock
    theirs.workspace = replace(theirs.workspace, key="other")
    for shop in (ours, theirs):
        shop.apply()
    return ours, theirs


def _move(theirs: Shop, ours: Shop) -> str:
    """Somebody moves the other workspace's card to our board."""
    (card,) = theirs.cards_on()
    todo = ours.store.bindings().id(Kind.LIST, "daily", "todo")
    assert todo
    ours.trello.move_to_board(card.id, todo, by="amal_zina")
    return card.id


@pytest.mark.parametrize("old", [False, True], ids=["names its workspace", "of an older version"])
def test_a_card_of_another_workspace_is_no_copy_of_ours(*, old: bool) -> None:
    ours, theirs = _shops()
    ours.issue()
    theirs.issue()
    moved = _move(theirs, ours)
    if old:
        description = ours.trello.card(moved).description
        ours.trello.write(moved, description=description.replace("other/", ""))
    planned = reconcile.plan(ours.context()).changes
    assert [change for change in planned if isinstance(change, ArchiveCard)] == []
    assert ours.store.problems() == ()


def test_a_card_of_another_workspace_is_not_taken_for_ours() -> None:
    ours, theirs = _shops()
    theirs.issue()
    moved = _move(theirs, ours)
    ours.restart()
    assert ours.issue().cards == 1
    mine = ours.entry("parcels", "2026-11-16").card
    assert mine
    assert mine.id != moved
    ours.store = MemoryStore()
    assert recover(ours.context()).rebuilt.uncertainties == ()
    again = ours.entry("parcels", "2026-11-16").card
    assert again
    assert again.id == mine.id


def test_cards_of_an_older_version_stay_what_they_are() -> None:
    """They are known by their ids; after a lost answer, a backup or a lost store by their markers."""
    shop = Shop(daily_task("parcels"))
    shop.apply()
    backup = shop.back_up()
    shop.issue()
    (card,) = shop.cards_on()
    shop.trello.write(card.id, description=card.description.replace("zina/", ""))
    assert shop.plan_is_empty()
    shop.advance(hours=1)
    shop.put_back(backup)
    shop.issue()
    assert [each.id for each in shop.cards_on()] == [card.id]
    given = shop.entry("parcels", "2026-11-16").card
    assert given
    assert given.given, "it is what it would be now, but for the marker"
    shop.store = MemoryStore()
    recover(shop.context())
    assert shop.entry("parcels", "2026-11-16").card == replace(
        given, given=None, confirmed_at=given.created_at
    )
