"""Rows of workbooks on cards: each once, whatever breaks, and whatever people make of cards and workbooks."""

import datetime as dt
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace

import pytest
from card_building import BUILD, Died, killed_at, nth
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import AddCheckItem, Change
from trello_ops.core.rows import Rows
from trello_ops.errors import LimitReached, OutcomeUnknown, Unavailable
from trello_ops.messages import say

FILE = "shooting.xlsx"
ROWS = Rows(FILE, "Date", "{{ Produit }}", checklist="Vues")
KEYED = replace(ROWS, key="Réf")
TODAY, TOMORROW = "16/11/2026", "17/11/2026"
BROKEN = say("is no whole workbook: it may be in the middle of being saved; else save it as .xlsx again")


def shop_with(*products: str, rows: Rows = ROWS, cards: PlainCards | None = None) -> Shop:
    shop = Shop(daily_task("shooting", rows=rows), cards=cards)
    shop.apply()
    if products:
        write(shop, *products)
    return shop


def write(shop: Shop, *products: str, day: str = TODAY) -> None:
    """Save the workbook anew, with a row for each of these products."""
    shop.sheets.write(FILE, "Vues", ("Date", "Réf", "Produit"), *((day, each[:1], each) for each in products))


def items(shop: Shop, title: str = "Vues") -> list[str]:
    """The items of the card's checklist with this title."""
    (card,) = shop.cards_on()
    found = [checklist for checklist in card.checklists or () if checklist.title == title]
    return [item.title for checklist in found for item in checklist.items]


def problem(shop: Shop) -> str:
    return next((each.message for each in shop.store.problems() if each.subject == "daily:rows"), "")


def card_id(shop: Shop) -> str:
    (card,) = shop.cards_on()
    return card.id


# ---- when a card is made ----------------------------------------------------------------------------


def test_the_rows_of_its_day_are_on_the_card() -> None:
    shop = shop_with()
    shop.sheets.write(
        FILE, "Vues", ("Date", "Réf", "Produit"),
        (TOMORROW, "1", "Demain"), (TODAY, "2", "Savon"), (None, "3", "Un jour"),
        (dt.date(2026, 11, 16), "4", "Huile"),
    )  # fmt: skip
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]
    shop.advance(days=1)
    shop.issue()
    assert sorted(c.title for card in shop.cards_on() for c in card.checklists or ()) == ["Vues", "Vues"]
    assert {item.title for card in shop.cards_on() for c in card.checklists or () for item in c.items} == {
        "Demain", "Savon", "Huile"
    }  # fmt: skip
    assert problem(shop) == ""


def test_the_checklists_of_the_template_are_copied_all_the_same() -> None:
    shop = shop_with("Savon", cards=PlainCards({"shooting": (EIGHT,)}))
    calls = shop.calls()
    shop.issue()
    assert (items(shop, "Colis"), items(shop)) == (list(EIGHT.items), ["Savon"])
    assert len([call for call in calls if isinstance(call, BUILD)]) == 3


def test_a_card_of_a_day_without_rows_has_no_empty_checklist() -> None:
    shop = shop_with()
    write(shop, "Demain", day=TOMORROW)
    shop.issue()
    (card,) = shop.cards_on()
    assert not card.checklists
    assert problem(shop) == ""


def test_a_workbook_that_cannot_be_read_is_told_on_the_card_and_in_status() -> None:
    shop = shop_with()
    shop.issue()
    (told,) = items(shop)
    assert told.startswith("⚠ The rows are missing here: `shooting.xlsx` is not there")
    assert problem(shop).startswith("shooting: `shooting.xlsx` is not there")
    shop.advance(minutes=5)
    shop.issue()
    assert items(shop) == [told]


def test_a_column_that_is_not_there_is_told_alike() -> None:
    shop = shop_with()
    shop.sheets.write(FILE, "Vues", ("Jour", "Produit"), (TODAY, "Savon"))
    shop.issue()
    (told,) = items(shop)
    assert "shooting.xlsx!Vues has no column `Date`, but `Jour`, `Produit`" in told
    shop.sheets.write(FILE, "Vues", ("Date", "Nom"), (TODAY, "Savon"))
    shop.issue()
    assert "has no column `Produit`" in problem(shop)
    write(shop, "Savon")
    shop.issue()
    assert items(shop) == [told, "Savon"]
    assert problem(shop) == ""


def test_the_workbook_of_a_card_to_come_is_looked_at_before_that_card() -> None:
    shop = shop_with("Savon")
    shop.issue()
    shop.sheets.trouble[FILE] = BROKEN
    shop.issue()
    assert problem(shop) == f"shooting: `{FILE}` {BROKEN}"
    assert items(shop) == ["Savon"]
    shop.sheets.trouble.clear()
    shop.issue()
    assert problem(shop) == ""


def test_a_wrong_row_keeps_no_other_off_the_card() -> None:
    shop = shop_with(rows=KEYED)
    shop.sheets.write(
        FILE, "Vues", ("Date", "Réf", "Produit"),
        (TODAY, "1", "Savon"), ("demain", "2", "Huile"), (TODAY, "1", "Baume"), (TODAY, "", "Argile"),
    )  # fmt: skip
    shop.issue()
    assert items(shop) == ["Savon"]
    told = problem(shop)
    assert [place for place in ("Vues!A3", "Vues!B4", "Vues!B5") if place in told] == [
        "Vues!A3",
        "Vues!B4",
        "Vues!B5",
    ]


def test_a_card_takes_as_many_rows_as_a_checklist() -> None:
    shop = shop_with(*(f"Vue {n}" for n in range(203)))
    shop.issue()
    assert items(shop) == [f"Vue {n}" for n in range(200)]
    assert "3 rows of `shooting.xlsx` have no room" in problem(shop)


# ---- rows that come later ---------------------------------------------------------------------------


def test_rows_that_come_later_are_added_below() -> None:
    shop = shop_with("Savon", "Huile")
    shop.issue()
    write(shop, "Argile", "Savon", "Huile", "Baume")
    shop.issue()
    assert items(shop) == ["Savon", "Huile", "Argile", "Baume"]
    calls = shop.calls()
    shop.issue()
    assert [call for call in calls if isinstance(call, Change)] == []


def test_a_row_that_is_gone_or_has_another_date_leaves_its_item_alone() -> None:
    shop = shop_with("Savon", "Huile")
    shop.issue()
    write(shop, "Huile")
    shop.issue()
    write(shop, "Huile", day=TOMORROW)
    shop.issue()
    shop.sheets.delete(FILE)
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]


def test_what_people_did_to_items_stays() -> None:
    shop = shop_with("Savon", "Huile", "Baume")
    shop.issue()
    shop.trello.edit_checkitem(card_id(shop), "Savon", to="Savon noir")
    shop.trello.remove_item(card_id(shop), "Huile")
    shop.trello.check(card_id(shop), "Baume", "amal_zina")
    write(shop, "Savon", "Huile", "Baume", "Argile")
    shop.issue()
    assert items(shop) == ["Savon noir", "Baume", "Argile"]
    shop.restart()
    shop.issue()
    assert items(shop) == ["Savon noir", "Baume", "Argile"]


def test_with_a_key_another_text_is_no_other_row() -> None:
    shop = shop_with("A savon", "B huile", rows=KEYED)
    shop.issue()
    write(shop, "A savon noir", "B huile", "C baume")
    shop.issue()
    assert items(shop) == ["A savon", "B huile", "C baume"]


def test_another_item_brings_no_row_once_more() -> None:
    shop = shop_with("Savon")
    shop.issue()
    other = daily_task("shooting", rows=replace(ROWS, item="Photo de {{ Produit }}"))
    shop.workspace = replace(shop.workspace, boards=(replace(shop.workspace.boards[0], tasks=(other,)),))
    write(shop, "Savon", "Huile")
    shop.issue()
    assert items(shop) == ["Savon"]


def test_a_card_that_was_told_of_a_wrong_file_gets_its_rows_once_that_is_corrected() -> None:
    shop = shop_with(rows=replace(ROWS, file="shoting.xlsx"))
    shop.issue()
    write(shop, "Savon")
    right = daily_task("shooting", rows=ROWS)
    shop.workspace = replace(shop.workspace, boards=(replace(shop.workspace.boards[0], tasks=(right,)),))
    shop.issue()
    told, savon = items(shop)
    assert "`shoting.xlsx` is not there" in told
    assert savon == "Savon"


def test_a_done_card_is_given_nothing_and_somebody_is_told() -> None:
    shop = shop_with("Savon")
    shop.issue()
    shop.trello.tick(card_id(shop), "amal_zina")
    write(shop, "Savon", "Huile")
    shop.issue()  # before anybody has read that it is done
    assert items(shop) == ["Savon"]
    shop.observe()
    shop.issue()
    assert items(shop) == ["Savon"]
    assert "a row of `shooting.xlsx` came after its card was done" in problem(shop)
    shop.trello.untick(card_id(shop), "amal_zina")
    shop.observe()
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]
    assert problem(shop) == ""


def test_a_card_that_was_put_away_or_moved_elsewhere_is_given_nothing() -> None:
    shop = shop_with("Savon")
    shop.issue()
    shop.trello.archive(card_id(shop), "amal_zina")
    write(shop, "Savon", "Huile")
    shop.issue()
    assert items(shop) == ["Savon"]
    shop.trello.unarchive(card_id(shop), "amal_zina")
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]


def test_a_deleted_card_is_left_in_peace() -> None:
    shop = shop_with("Savon")
    shop.issue()
    shop.trello.delete(card_id(shop), "amal_zina")
    write(shop, "Savon", "Huile")
    shop.issue()
    assert problem(shop) == ""
    assert shop.store.claims() == ()


def test_nothing_is_added_once_the_week_is_closed() -> None:
    shop = shop_with("Savon")
    shop.issue()
    shop.advance(days=7)
    write(shop, "Savon", "Huile")
    shop.issue()
    first = min(shop.cards_on(), key=lambda card: card.created_at)
    assert [item.title for checklist in first.checklists or () for item in checklist.items] == ["Savon"]


def test_rows_find_their_checklist_when_somebody_has_renamed_it() -> None:
    shop = shop_with("Savon", cards=PlainCards({"shooting": (EIGHT,)}))
    shop.issue()
    board = shop.store.bindings().id(Kind.BOARD, "daily")
    assert board
    renamed = daily_task("shooting", rows=replace(ROWS, checklist="Colis"))  # as the template's is called
    shop.workspace = replace(shop.workspace, boards=(replace(shop.workspace.boards[0], tasks=(renamed,)),))
    write(shop, "Savon", "Huile")
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]
    assert items(shop, "Colis") == list(EIGHT.items)


def test_a_full_trello_is_told_and_tried_again_in_a_while() -> None:
    shop = shop_with("Savon")
    shop.issue()
    write(shop, "Savon", "Huile")
    shop.trello.fail_next(LimitReached("full"), lambda call: isinstance(call, AddCheckItem))
    shop.issue()
    assert problem(shop) == "full"
    calls = shop.calls()
    shop.issue()
    assert not any(isinstance(call, AddCheckItem) for call in calls)
    shop.advance(minutes=2)
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]
    assert problem(shop) == ""


def test_while_trello_is_away_nothing_is_lost() -> None:
    shop = shop_with("Savon")
    shop.issue()
    write(shop, "Savon", "Huile")
    shop.away(lambda call: isinstance(call, AddCheckItem))
    with pytest.raises(Unavailable):
        shop.issue()
    shop.issue()
    assert items(shop) == ["Savon", "Huile"]


# ---- whatever breaks --------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [5, 89])
@pytest.mark.parametrize("step", range(5))
def test_a_write_that_lands_late_is_neither_doubled_nor_missing(step: int, seconds: int) -> None:
    shop = shop_with("Savon", "Huile", "Baume")
    shop.trello.land_late(dt.timedelta(seconds=seconds), when=nth(step))
    for _ in range(30):
        shop.issue()
        shop.advance(seconds=15)
    assert items(shop) == ["Savon", "Huile", "Baume"]
    assert shop.store.claims() == ()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
def test_another_process_goes_on_where_one_was_killed(step: int, after: bool, later: bool) -> None:
    shop = shop_with("Savon", "Huile", "Baume")
    if later:
        write(shop, "Savon")
        shop.issue()
        write(shop, "Savon", "Huile", "Baume", "Argile", "Miel")
    dies = pytest.raises(Died) if not (later and step > 3) else nullcontext()
    with killed_at(shop, step, after=after), dies:
        shop.issue()
    shop.restart()
    for _ in range(30):
        shop.issue()
        shop.advance(seconds=15)
    assert items(shop) == ["Savon", "Huile", "Baume", *(["Argile", "Miel"] if later else [])]
    assert len(shop.cards_on()) == 1
    assert shop.store.claims() == ()


def test_a_store_put_back_from_a_backup_brings_no_row_twice() -> None:
    shop = shop_with("Savon")
    backup = shop.back_up()
    shop.issue()
    write(shop, "Savon", "Huile")
    shop.issue()
    shop.advance(minutes=20)
    shop.put_back(backup)
    for _ in range(4):
        shop.issue()
        shop.advance(seconds=120)
    assert items(shop) == ["Savon", "Huile"]
    assert len(shop.cards_on()) == 1


NAMES = ("a", "b", "c", "d")
ACTS = st.one_of(
    st.tuples(st.just("write"), st.sets(st.sampled_from(NAMES))),
    st.tuples(st.sampled_from(["delete", "rename", "check"]), st.sampled_from(NAMES)),
    st.tuples(st.sampled_from(["break", "mend", "issue", "restart", "wait"]), st.none()),
    st.tuples(st.sampled_from(["lose", "late"]), st.integers(0, 3)),
)


class World:
    """A shop, and what became of the item of each row."""

    def __init__(self) -> None:
        self.shop = shop_with("a", "b")
        self.deleted = Counter[str]()
        self.last = {"a", "b"}

    def do(self, act: str, what: object) -> None:
        shop, name = self.shop, str(what)
        # Not while an answer is lost: what people do in those minutes to such an item cannot be told.
        there = [item for _ in shop.cards_on() if not shop.store.claims() for item in items(shop)]
        if act == "write" and isinstance(what, set | frozenset):
            self.last = set(what)
            write(shop, *sorted(what))
        elif name in there:
            self._edit(act, name)
        elif act in ("break", "mend"):
            shop.sheets.trouble = {FILE: BROKEN} if act == "break" else {}
        elif act == "restart":
            shop.restart()
        elif act == "wait":
            shop.advance(seconds=75)
        elif act in ("lose", "late") and isinstance(what, int):
            self._lose(what, landing=act == "late")
        shop.issue()

    def _edit(self, act: str, name: str) -> None:
        if act == "delete":
            self.shop.trello.remove_item(card_id(self.shop), name)
            self.deleted[name] += 1
        elif act == "rename":
            self.shop.trello.edit_checkitem(card_id(self.shop), name, to=f"{name} !")
        else:
            self.shop.trello.check(card_id(self.shop), name, "amal_zina")

    def _lose(self, number: int, *, landing: bool) -> None:
        if landing:
            self.shop.trello.land_late(dt.timedelta(seconds=20), when=nth(number))
        else:
            self.shop.trello.fail_next(OutcomeUnknown("lost"), when=nth(number))

    def calm(self) -> None:
        """Let everything settle, with a workbook that can be read."""
        self.shop.sheets.trouble = {}
        for _ in range(30):
            self.shop.issue()
            self.shop.advance(seconds=30)


@settings(max_examples=examples(80))
@given(st.lists(ACTS, max_size=12))
def test_each_row_comes_once_whatever_happens(acts: list[tuple[str, object]]) -> None:
    world = World()
    for act, what in acts:
        world.do(act, what)
    world.calm()
    there = Counter(item.removesuffix(" !") for item in items(world.shop)) + world.deleted
    assert all(there[name] <= 1 for name in NAMES)
    assert all(there[name] == 1 for name in world.last)
    assert len(world.shop.cards_on()) == 1
    assert world.shop.store.claims() == ()
