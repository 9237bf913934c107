"""Two cards with one marker."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.ledger import IssuedCard, LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.marker import card_marker
from trello_ops.core.planning.changes import ArchiveCard, Risk
from trello_ops.core.planning.duplicates import duplicates, marked_strangers
from trello_ops.core.trello import Card

NOW = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
KEYS = [OccurrenceKey(board, "parcels", dt.date(2026, 11, day)) for board in "ab" for day in (16, 17)]


def entry(key: OccurrenceKey, card_id: str | None) -> LedgerEntry:
    occurrence = Occurrence(key, "", "", "", "", (), key.date, NOW, NOW, 1)
    card = IssuedCard(card_id, f"https://trello.com/c/{card_id}", NOW, NOW) if card_id else None
    return LedgerEntry(occurrence, NOW, card=card)


def card(card_id: str, key: OccurrenceKey | None) -> Card:
    return Card(
        id=card_id,
        url=f"https://trello.com/c/{card_id}",
        title="Colis",
        description=f"Texte\n\n`{card_marker('zina', key)}`" if key else "Texte",
        board_id="board",
        list_id="todo",
        label_ids=(),
        member_ids=(),
        start=None,
        due=None,
        ticked=False,
        closed=False,
        is_template=False,
        item_count=0,
        created_at=NOW,
    )


def found(cards: list[Card], entries: list[LedgerEntry]) -> list[str]:
    """The ids of the cards of board `a` that are copies."""
    return [copy.card_id for copy in duplicates("a", marked_strangers("zina", cards, entries), entries)]


def test_a_copy_waits_for_a_person_and_names_what_it_was_copied_from() -> None:
    entries = [entry(KEYS[0], "one")]
    marked = marked_strangers("zina", [card("one", KEYS[0]), card("two", KEYS[0])], entries)
    assert list(duplicates("a", marked, entries)) == [
        ArchiveCard(board="a", key=KEYS[0], card_id="two", url="https://trello.com/c/two")
    ]
    assert ArchiveCard(board="a", key=KEYS[0], card_id="two", url="").risk is Risk.DESTRUCTIVE


def test_the_card_that_the_ledger_holds_counts_even_if_it_is_the_younger_or_gone() -> None:
    elder, younger = card("elder", KEYS[0]), card("younger", KEYS[0])
    assert found([elder, younger], [entry(KEYS[0], "younger")]) == ["elder"]
    assert found([elder, younger], [entry(KEYS[0], "deleted")]) == ["elder", "younger"]


def test_a_copy_of_a_copy_and_one_on_another_board_are_copies() -> None:
    cards = [card("two", KEYS[0]), card("three", KEYS[0]), card("four", KEYS[2])]
    assert found(cards, [entry(KEYS[0], "one"), entry(KEYS[2], "elsewhere")]) == ["two", "three", "four"]


def test_a_card_of_record_may_bear_whatever_marker() -> None:
    pasted = card("two", KEYS[0])
    assert found([pasted], [entry(KEYS[0], "one"), entry(KEYS[1], "two")]) == []


def test_a_marker_that_nothing_else_stands_for_proves_nothing() -> None:
    assert found([card("one", KEYS[0])], []) == []
    assert found([card("one", KEYS[0])], [entry(KEYS[0], None)]) == []


@pytest.mark.parametrize("whose", ["other/", ""])
def test_a_card_of_another_workspace_is_never_a_copy(whose: str) -> None:
    """Not even where its marker, of an older version, does not say whose it is."""
    moved = replace(card("two", None), description=f"`trello-ops:card:{whose}{KEYS[0]}`")
    assert found([moved], [entry(KEYS[0], "one")]) == []


def test_a_template_that_somebody_made_of_a_card_is_left_alone() -> None:
    made = replace(card("two", KEYS[0]), is_template=True)
    assert found([made], [entry(KEYS[0], "one")]) == []


IDS = st.sampled_from([f"card{n}" for n in range(6)])
CARDS = st.dictionaries(IDS, st.sampled_from([*KEYS, None]), max_size=6)
ENTRIES = st.dictionaries(st.sampled_from(KEYS), IDS | st.none(), max_size=4)


@given(CARDS, ENTRIES)
def test_never_the_card_of_record_nor_a_card_without_marker(
    marked: dict[str, OccurrenceKey | None], held: dict[OccurrenceKey, str | None]
) -> None:
    cards = [card(card_id, key) for card_id, key in marked.items()]
    entries = [entry(key, card_id) for key, card_id in held.items()]
    for card_id in found(cards, entries):
        key = marked[card_id]
        assert card_id not in held.values()
        assert key is not None
        assert held[key] not in {None, card_id}


@given(CARDS, ENTRIES)
def test_what_was_archived_leaves_no_copy(
    marked: dict[str, OccurrenceKey | None], held: dict[OccurrenceKey, str | None]
) -> None:
    cards = [card(card_id, key) for card_id, key in marked.items()]
    entries = [entry(key, card_id) for key, card_id in held.items()]
    gone = found(cards, entries)
    assert found([each for each in cards if each.id not in gone], entries) == []
