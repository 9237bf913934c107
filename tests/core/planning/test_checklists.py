"""Checklists as declared and as cards hold them."""

import datetime as dt
from dataclasses import replace

from trello_ops.core.card_text import Checklist
from trello_ops.core.planning.checklists import (
    GAP,
    checklists_of,
    fingerprint,
    missing_items,
    pair_checklists,
)
from trello_ops.core.trello import Card, TrelloCheckItem, TrelloChecklist

STEPS = Checklist("Étapes", ("compter", "ranger", "commander"))
CHECK = Checklist("Contrôle", ("relire",))


def test_a_fingerprint_minds_titles_items_and_order() -> None:
    assert fingerprint(()) == ""
    some = [
        (STEPS, CHECK),
        (CHECK, STEPS),
        (STEPS,),
        (Checklist("Étapes", ("compter", "ranger")),),
        (Checklist("Étapes", ("ranger", "compter")),),
        (Checklist("Étapes", ("compter ranger",)),),
        (Checklist("Étapes", ()), Checklist("compter", ("ranger",))),
        (Checklist("", ()),),
    ]
    assert len({fingerprint(checklists) for checklists in some}) == len(some)
    assert fingerprint((Checklist("Étapes", ("compter",)),)) == fingerprint(
        [Checklist("Étapes", ("compter",))]
    )
    assert len(fingerprint((Checklist("\ud800", ("\x00",)),))) == 16


def on_card(*checklists: tuple[str, float, tuple[str, ...]]) -> Card:
    found = tuple(
        TrelloChecklist(
            f"cl{number}",
            title,
            position,
            tuple(
                TrelloCheckItem(f"{number}.{n}", item, False, GAP * (n + 1)) for n, item in enumerate(items)
            ),
        )
        for number, (title, position, items) in enumerate(checklists)
    )
    return Card(
        id="c1",
        url="https://trello.com/c/c1",
        title="",
        description="",
        board_id="board",
        list_id="todo",
        label_ids=(),
        member_ids=(),
        start=None,
        due=None,
        ticked=False,
        closed=False,
        is_template=True,
        item_count=0,
        created_at=dt.datetime(2026, 11, 16, tzinfo=dt.UTC),
        checklists=found,
    )


def test_a_cards_checklists_come_by_position() -> None:
    card = on_card(("B", 2.0, ("b",)), ("A", 1.0, ("a", "b")))
    assert checklists_of(card) == (Checklist("A", ("a", "b")), Checklist("B", ("b",)))
    assert checklists_of(replace(card, checklists=None)) == ()


def test_missing_items_are_told_by_index_and_equal_ones_counted() -> None:
    declared = Checklist("A", ("a", "b", "a", "a"))
    (_, found), *_ = pair_checklists([declared], on_card(("A", 1.0, ("a", "x", "a"))))
    assert missing_items(declared, None) == ((0, "a"), (1, "b"), (2, "a"), (3, "a"))
    assert missing_items(declared, found) == ((1, "b"), (3, "a"))


def test_checklists_of_equal_title_are_paired_in_their_order() -> None:
    card = on_card(("A", 2.0, ("second",)), ("A", 1.0, ("first",)), ("C", 3.0, ()))
    one, two, three = Checklist("A", ()), Checklist("B", ()), Checklist("A", ("x",))
    pairs = pair_checklists([one, two, three, one], card)
    assert [(declared, found.id if found else None) for declared, found in pairs] == [
        (one, "cl1"),
        (two, None),
        (three, "cl0"),
        (one, None),
    ]
