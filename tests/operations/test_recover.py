"""recover on the shipped fakes; and a daemon that goes on afterwards, or whose disk is full."""

import datetime as dt
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from full_disk import FullDisk
from shop_kit import PlainCards, Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.marker import board_marker
from trello_ops.core.people import Absence, Round, TurnBy
from trello_ops.core.planning.changes import CreateBoard, CreateCard
from trello_ops.core.recovery.uncertainty import UncertaintyKind
from trello_ops.errors import InvalidDeclaration, NotFound, Problem, StoreError, Unavailable, WrongClock
from trello_ops.operations.recover import Recovered, recover
from trello_ops.testing import MemoryStore


@pytest.fixture
def shop() -> Shop:
    """Three days of parcels, the first of them done."""
    shop = parcels_shop()
    for day in range(3):
        shop.issue()
        if day == 0:
            shop.trello.tick(shop.cards_on()[0].id, "karim_zina")
        shop.observe()
        shop.advance(days=1)
    shop.advance(hours=-12)
    return shop


def lose(shop: Shop) -> Shop:
    shop.store = MemoryStore()
    return shop


def recovered(shop: Shop) -> Recovered:
    return recover(lose(shop).context())


def calls(shop: Shop) -> int:
    return len(shop.trello.performed)


def test_the_ledger_is_as_it_was(shop: Shop) -> None:
    before = [shop.entry("parcels", f"2026-11-{day}") for day in (16, 17, 18)]
    bound = {(b.kind, b.key): (b.trello_id, b.fingerprint) for b in shop.store.bindings()}
    done = calls(shop)
    found = recovered(shop)
    after = [shop.entry("parcels", f"2026-11-{day}") for day in (16, 17, 18)]
    assert [each.occurrence for each in after] == [each.occurrence for each in before]
    assert [each.events for each in after] == [each.events for each in before]
    assert [each.card and each.card.id for each in after] == [each.card and each.card.id for each in before]
    assert {(b.kind, b.key): (b.trello_id, b.fingerprint) for b in shop.store.bindings()} == bound
    assert found.rebuilt.uncertainties == ()
    assert calls(shop) == done, "nothing is written to Trello"


def test_cards_that_somebody_turned_into_templates_are_known(shop: Shop) -> None:
    for card in shop.cards_on():
        shop.trello.make_template(card.id)
    before = [shop.entry("parcels", f"2026-11-{day}") for day in (16, 17, 18)]
    found = recovered(shop)
    after = [shop.entry("parcels", f"2026-11-{day}") for day in (16, 17, 18)]
    assert [each.events for each in after] == [each.events for each in before]
    assert [each.card and each.card.id for each in after] == [each.card and each.card.id for each in before]
    assert found.rebuilt.uncertainties == ()


def test_then_everything_goes_on_as_if_nothing_had_been(shop: Shop) -> None:
    recovered(shop)
    assert shop.plan_is_empty()
    made = {card.id for card in shop.cards_on()}
    shop.issue()
    shop.observe()
    assert {card.id for card in shop.cards_on()} == made
    shop.advance(days=1)
    assert shop.issue().cards == 1
    shop.trello.tick(shop.cards_on()[-1].id, "amal_zina")
    assert shop.observe() == 1
    shop.advance(days=7)
    shop.observe()
    assert shop.report() == 1, "weeks that close from now on are mailed"


def test_a_request_of_the_lost_store_that_lands_late_makes_no_second_card(shop: Shop) -> None:
    shop.advance(hours=12)
    shop.trello.land_late(dt.timedelta(seconds=60), when=lambda call: isinstance(call, CreateCard))
    shop.issue()
    found = recovered(shop)
    assert [str(key) for key in found.rebuilt.waiting] == ["daily/parcels/2026-11-19"]
    shop.issue()
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 4
    assert shop.store.claims() == ()


def test_what_waits_is_made_once_that_has_settled(shop: Shop) -> None:
    shop.advance(hours=12)
    assert len(recovered(shop).rebuilt.waiting) == 1
    shop.issue()
    assert len(shop.cards_on()) == 3
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 4


def test_a_store_that_holds_anything_is_refused_before_anything_is_read(shop: Shop) -> None:
    shop.trello.fail_next(Unavailable("never asked"), lambda call: isinstance(call, str))
    with pytest.raises(StoreError, match=r"it holds bindings, occurrences.*move the database file"):
        recover(shop.context())


def test_a_break_leaves_an_empty_store(shop: Shop) -> None:
    lose(shop)
    shop.trello.fail_next(Unavailable("gone"), lambda call: call == "activity")
    with pytest.raises(Unavailable):
        recover(shop.context())
    assert tuple(shop.store.bindings()) == ()
    assert len(recover(shop.context()).rebuilt.entries) == 3


def test_no_week_is_frozen_by_a_wrong_clock(shop: Shop) -> None:
    lose(shop)
    shop.trello.ahead = dt.timedelta(days=300)
    with pytest.raises(WrongClock):
        recover(shop.context())


def test_without_any_board_there_is_nothing_to_recover_from() -> None:
    with pytest.raises(NotFound, match=r"no open board .* bears the marker of zina"):
        recover(Shop(daily_task("parcels")).context())


def test_of_two_boards_with_one_marker_the_elder_is_ours(shop: Shop) -> None:
    board_id = shop.store.bindings().id(Kind.BOARD, "daily")
    copied = CreateBoard(
        board="daily", title="Copy", description=board_marker("zina", "daily"), workspace="zinaobeldi"
    )
    shop.trello.perform(copied, Bindings())
    assert len(recovered(shop).boards) == 1
    assert shop.store.bindings().id(Kind.BOARD, "daily") == board_id


def test_a_board_whose_file_is_gone_is_recovered_too(shop: Shop) -> None:
    """Its past weeks had its occurrences, and have them again."""
    other = daily_task("emails")
    declared = shop.workspace.boards[0]
    shop.workspace = replace(shop.workspace, boards=(replace(declared, key="weekly", tasks=(other,)),))
    found = recovered(shop)
    assert {(uncertainty.subject, uncertainty.kind) for uncertainty in found.rebuilt.uncertainties} >= {
        ("weekly", UncertaintyKind.BOARD)
    }
    entry = shop.entry("parcels", "2026-11-16")
    assert (entry.occurrence.theme, entry.occurrence.assignees) == ("operations", ("amal",))
    assert [str(event.kind) for event in entry.events] == ["done"]


class Broken(PlainCards):
    """No card can be rendered; template cards can."""

    def card(self, occurrence: object) -> object:  # type: ignore[override]
        raise InvalidDeclaration((Problem("parcels.md", 1, 1, "", "broken"),))


def test_a_template_that_fails_leaves_titles_in_doubt(shop: Shop) -> None:
    shop.cards = Broken(shop.cards.checklists)
    found = recovered(shop)
    assert {uncertainty.kind for uncertainty in found.rebuilt.uncertainties} == {UncertaintyKind.TITLE}
    assert shop.entry("parcels", "2026-11-16").occurrence.title == "Tâche parcels"


# ---- a disk that is full


def test_without_room_for_the_claim_no_request_leaves(tmp_path: Path) -> None:
    shop = Shop(daily_task("parcels"))
    with closing(FullDisk(tmp_path / "ops.sqlite3", "zina")) as disk:
        shop.store = disk.store  # type: ignore[assignment]
        shop.apply()
        shop.away(lambda call: isinstance(call, CreateCard))
        with pytest.raises(Unavailable):
            shop.issue()
        disk.fill("claims")
        with pytest.raises(StoreError, match="the disk is full"):
            shop.issue()
        assert shop.cards_on() == []
        disk.make_room()
        shop.advance(minutes=10)
        shop.issue()
        assert len(shop.cards_on()) == 1


def test_without_room_for_the_confirmation_the_claim_stays_and_heals(tmp_path: Path) -> None:
    shop = Shop(daily_task("parcels"))
    with closing(FullDisk(tmp_path / "ops.sqlite3", "zina")) as disk:
        shop.store = disk.store  # type: ignore[assignment]
        shop.apply()
        disk.fill("cards")
        with pytest.raises(StoreError, match="the disk is full"):
            shop.issue()
        (card,) = shop.cards_on()
        (claim,) = shop.store.claims()
        assert claim.key == "daily/parcels/2026-11-16"
        disk.make_room()
        shop.settle()
        shop.issue()
        entry = shop.entry("parcels", "2026-11-16")
        assert [each.id for each in shop.cards_on()] == [card.id]
        assert entry.card
        assert entry.card.id == card.id
        assert shop.store.claims() == ()


# ---- rounds -----------------------------------------------------------------------------------------


def rotating_shop(by: TurnBy, days: int) -> Shop:
    """Amal and Karim take turns, as many days; Karim is away on the ninth, a Tuesday."""
    order = Round(("amal", "karim"), dt.date(2026, 11, 16), by)
    shop = Shop(daily_task("parcels", assignees=(), round=order))
    ninth = Absence(dt.date(2026, 11, 24), dt.date(2026, 11, 24))
    amal, karim = shop.workspace.people
    shop.workspace = replace(shop.workspace, people=(amal, replace(karim, absences=(ninth,))))
    shop.apply()
    for _ in range(days):
        shop.issue()
        shop.advance(days=1)
    shop.advance(hours=-12)
    return shop


def turns(shop: Shop) -> list[tuple[str, tuple[str, ...]]]:
    entries = reversed(shop.store.latest("daily", "parcels", 99))
    return [(entry.occurrence.turn, entry.occurrence.assignees) for entry in entries]


@pytest.mark.parametrize("by", TurnBy)
@pytest.mark.parametrize("days", [3, 9, 10])
def test_a_round_goes_on_from_whom_the_cards_show(by: TurnBy, days: int) -> None:
    shop = rotating_shop(by, days)
    before = turns(shop)
    # By the files of today alone, it would have begun with the other.
    order = Round(("karim", "amal"), dt.date(2026, 11, 1), by)
    (board,) = shop.workspace.boards
    task = replace(board.tasks[0], round=order)
    shop.workspace = replace(shop.workspace, boards=(replace(board, tasks=(task,)),))
    recovered(shop)
    assert turns(shop) == before
    shop.advance(hours=12)
    shop.issue()
    next_one = turns(shop)[len(before)][0]
    last = before[-1][0]
    other = {"amal": "karim", "karim": "amal"}[last]
    assert next_one == (other if by is TurnBy.OCCURRENCE else last)


def test_what_waits_for_its_card_is_given_to_who_is_next() -> None:
    shop = rotating_shop(TurnBy.OCCURRENCE, 3)
    shop.advance(hours=12)
    found = recovered(shop)
    assert len(found.rebuilt.waiting) == 1
    assert [who for who, _ in turns(shop)] == ["amal", "karim", "amal", "karim"]
