"""What the Trello in memory adds to its port: people, and faults on demand."""

import datetime as dt

import pytest

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning import changes
from trello_ops.errors import NotFound, OutcomeUnknown, TrelloError, Unavailable
from trello_ops.testing.clock import FixedClock
from trello_ops.testing.trello import FakeTrello

NOW = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
TEXT = CardText("Inventaire", "Compter.")
CREATE = changes.CreateCard(
    board="weekly",
    key=OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16)),
    theme="operations",
    assignees=("amal",),
    text=TEXT,
    start=NOW,
    due=NOW + dt.timedelta(days=4),
    copy_checklists=False,
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def trello(clock: FixedClock) -> FakeTrello:
    return FakeTrello(clock, people=("amal_zina",))


@pytest.fixture
def bindings(trello: FakeTrello) -> Bindings:
    bound = Bindings()
    for kind, key, change in (
        (Kind.BOARD, "", changes.CreateBoard(board="weekly", title="B", description="", workspace="zina")),
        (Kind.LIST, "todo", changes.CreateList(board="weekly", key="todo", title="T", position=1.0)),
        (Kind.LIST, "done", changes.CreateList(board="weekly", key="done", title="D", position=2.0)),
        (
            Kind.LABEL,
            "operations",
            changes.CreateLabel(board="weekly", key="operations", title="O", colour="sky"),
        ),
        (Kind.PERSON, "amal", changes.AddMember(board="weekly", key="amal", username="amal_zina")),
    ):
        made = trello.perform(change, bound)
        bound = bound.with_(Binding(kind, "weekly", key, made.id, NOW))
    return bound


def bound_id(bindings: Bindings, kind: Kind, key: str = "") -> str:
    return bindings.id(kind, "weekly", key) or ""


# ---- faults


def test_a_write_that_fails_does_nothing_once(trello: FakeTrello, bindings: Bindings) -> None:
    before = len(trello.performed)
    trello.fail_next(Unavailable("away"))
    with pytest.raises(Unavailable):
        trello.perform(CREATE, bindings)
    assert trello.cards(bound_id(bindings, Kind.BOARD)) == ()
    trello.perform(CREATE, bindings)
    assert trello.performed[before:] == [CREATE]


def test_an_answer_that_is_lost_after_the_effect(trello: FakeTrello, bindings: Bindings) -> None:
    trello.fail_next(OutcomeUnknown("lost"), after_effect=True)
    with pytest.raises(OutcomeUnknown):
        trello.perform(CREATE, bindings)
    assert len(trello.cards(bound_id(bindings, Kind.BOARD))) == 1


def test_a_fault_waits_for_the_call_that_it_is_for(trello: FakeTrello, bindings: Bindings) -> None:
    trello.fail_next(TrelloError("no"), when=lambda call: isinstance(call, changes.AddChecklist))
    trello.fail_next(Unavailable("away"), when=lambda call: call == "card")
    made = trello.perform(CREATE, bindings)
    with pytest.raises(Unavailable):
        trello.card(made.id)
    assert trello.card(made.id).title == "Inventaire"
    with pytest.raises(TrelloError, match="no"):
        trello.perform(
            changes.AddChecklist(board="weekly", card_id=made.id, title="x", position=1.0), bindings
        )


def test_a_late_write_lands_when_its_time_comes(
    trello: FakeTrello, bindings: Bindings, clock: FixedClock
) -> None:
    board_id = bound_id(bindings, Kind.BOARD)
    trello.land_late(MINUTE)
    with pytest.raises(OutcomeUnknown):
        trello.perform(CREATE, bindings)
    clock.advance(MINUTE / 2)
    assert trello.snapshot(board_id).cards == ()
    clock.advance(2 * MINUTE)
    (card,) = trello.snapshot(board_id).cards
    assert card.created_at == NOW + MINUTE
    assert trello.snapshot(board_id).cards == (card,)


def test_a_late_write_that_is_refused_leaves_no_trace(
    trello: FakeTrello, bindings: Bindings, clock: FixedClock
) -> None:
    trello.land_late(MINUTE)
    with pytest.raises(OutcomeUnknown):
        trello.perform(CREATE, bindings)
    trello.delete_board(bound_id(bindings, Kind.BOARD))
    clock.advance(2 * MINUTE)
    assert trello.boards("zina") == ()
    assert CREATE not in trello.performed


# ---- people


def test_people_act_at_the_instant_that_is_asked_for(
    trello: FakeTrello, bindings: Bindings, clock: FixedClock
) -> None:
    card_id = trello.perform(CREATE, bindings).id
    clock.advance(3 * MINUTE)
    trello.tick(card_id, by="amal_zina", at=NOW + MINUTE)
    trello.tick(card_id, by="amal_zina")
    trello.untick(card_id, by="robot")
    told = [
        (a.at, a.by.username)
        for a in trello.activity(bound_id(bindings, Kind.BOARD), NOW)
        if a.ticked and a.by
    ]
    assert told == [(NOW + MINUTE, "amal_zina"), (NOW + 3 * MINUTE, "robot")]


def test_a_person_s_copy_bears_the_same_text(trello: FakeTrello, bindings: Bindings) -> None:
    card_id = trello.perform(CREATE, bindings).id
    copy = trello.copy(card_id, by="amal_zina")
    assert copy.id != card_id
    assert trello.card(copy.id).description == "Compter."
    trello.write(copy.id, title="Autre", description="Sans marque")
    assert (trello.card(copy.id).title, trello.card(copy.id).description) == ("Autre", "Sans marque")
    assert trello.card(card_id).title == "Inventaire"


def test_archived_and_brought_back(trello: FakeTrello, bindings: Bindings) -> None:
    card_id = trello.perform(CREATE, bindings).id
    trello.archive(card_id, by="amal_zina")
    assert trello.snapshot(bound_id(bindings, Kind.BOARD)).cards == ()
    trello.unarchive(card_id, by="amal_zina")
    assert len(trello.snapshot(bound_id(bindings, Kind.BOARD)).cards) == 1


def test_labels_come_and_go(trello: FakeTrello, bindings: Bindings) -> None:
    label_id = bound_id(bindings, Kind.LABEL, "operations")
    trello.perform(
        changes.CreateLabel(board="weekly", key="excused", title="Excusé", colour="black"), bindings
    )
    card_id = trello.perform(CREATE, bindings).id
    trello.label(card_id, "Excusé")
    assert len(trello.card(card_id).label_ids) == 2
    trello.unlabel(card_id, "Excusé")
    assert trello.card(card_id).label_ids == (label_id,)
    trello.recolour_label(label_id, None)
    assert trello.snapshot(bound_id(bindings, Kind.BOARD)).labels[0].colour is None
    trello.delete_label(label_id)
    assert trello.card(card_id).label_ids == ()
    with pytest.raises(TrelloError):
        trello.perform(CREATE, bindings)


def test_who_leaves_the_board_leaves_its_cards(trello: FakeTrello, bindings: Bindings) -> None:
    card_id = trello.perform(CREATE, bindings).id
    assert trello.card(card_id).member_ids == (bound_id(bindings, Kind.PERSON, "amal"),)
    trello.remove_member(bound_id(bindings, Kind.BOARD), "amal_zina")
    assert trello.card(card_id).member_ids == ()
    with pytest.raises(TrelloError, match="not a member"):
        trello.perform(CREATE, bindings)


def test_check_items_can_be_rewritten(trello: FakeTrello, bindings: Bindings) -> None:
    card_id = trello.perform(CREATE, bindings).id
    add = changes.AddChecklist(board="weekly", card_id=card_id, title="L", position=1.0)
    checklist_id = trello.perform(add, bindings).id
    for place, title in enumerate(("un", "deux"), start=1):
        item = changes.AddCheckItem(
            board="weekly", card_id=card_id, checklist_id=checklist_id, title=title, position=float(place)
        )
        trello.perform(item, bindings)
    trello.edit_checkitem(card_id, "un", to="1")
    assert [item.title for item in (trello.card(card_id).checklists or ())[0].items] == ["1", "deux"]


def test_boards_and_lists_change_hands(trello: FakeTrello, bindings: Bindings) -> None:
    board_id = bound_id(bindings, Kind.BOARD)
    trello.rename_board(board_id, "Neuf")
    trello.hide_board(board_id)
    trello.rename_list(bound_id(bindings, Kind.LIST, "done"), "Fini")
    seen = trello.snapshot(board_id)
    assert (seen.board.title, seen.visibility, seen.lists[1].title) == ("Neuf", "private", "Fini")
    trello.delete_board(board_id)
    with pytest.raises(NotFound):
        trello.snapshot(board_id)
