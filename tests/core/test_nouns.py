"""The little that the nouns can do themselves."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.declared import COLOURS, CardText, Checklist, Person, ReportPolicy, Theme, Workspace
from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent, OccurrenceKey

NOW = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
KEY = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))
OPERATIONS, EXCUSED = Theme("operations", "Opérationnel", "green"), Theme("excused", "Excusé", "black")
WORKSPACE = Workspace(
    key="zina",
    name="Zina ô Beldi",
    trello_workspace="zina",
    locale="fr",
    timezone=ZoneInfo("Africa/Casablanca"),
    people=(Person("amina", "Amina_B", "Amina"),),
    themes=(OPERATIONS,),
    excused=EXCUSED,
    report=ReportPolicy(()),
    boards=(),
)


def test_trello_has_thirty_label_colours() -> None:
    assert len(set(COLOURS)) == 30
    assert {"green", "sky_light", "black_dark"} <= set(COLOURS)


def test_a_key_is_written_board_task_date() -> None:
    assert str(KEY) == "weekly/stock/2026-11-16"
    assert OccurrenceKey.parse("weekly/stock/2026-11-16") == KEY


@pytest.mark.parametrize("text", ["", "weekly", "weekly/stock", "weekly/stock/today", "a/b/2026-11-16/c"])
def test_other_text_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        OccurrenceKey.parse(text)


def test_a_person_is_known_by_username_without_case() -> None:
    found = WORKSPACE.person_of("AMINA_b")
    assert found is WORKSPACE.person("amina")
    assert WORKSPACE.person_of("amina") is None


def test_a_board_carries_the_themes_and_the_excused_label() -> None:
    assert WORKSPACE.labels == (OPERATIONS, EXCUSED)
    assert (WORKSPACE.theme("operations"), WORKSPACE.theme("excused")) == (OPERATIONS, None)
    assert WORKSPACE.board("weekly") is None


def test_a_text_counts_the_items_of_all_its_checklists() -> None:
    assert CardText("", "", (Checklist("A", ("a", "b")), Checklist("B", ("c",)))).item_count == 3
    assert CardText("", "").item_count == 0


def test_without_an_action_a_completion_is_approximate() -> None:
    assert LedgerEvent(KEY, EventKind.DONE, NOW, EventSource.STATE).approximate
    assert not LedgerEvent(KEY, EventKind.DONE, NOW, EventSource.TICK, None, "a1").approximate


def test_bindings_are_told_apart_by_kind_board_and_key() -> None:
    one = Binding(Kind.LIST, "weekly", "todo", "l1", NOW)
    other = Binding(Kind.LABEL, "weekly", "todo", "x1", NOW)
    bindings = Bindings.of([one, other])
    assert bindings.id(Kind.LIST, "weekly", "todo") == "l1"
    assert bindings.id(Kind.LIST, "daily", "todo") is None
    assert bindings.of_board(Kind.LABEL, "weekly") == (other,)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.sampled_from("ab"), st.sampled_from("xyz"), st.text())))
def test_bindings_are_a_dictionary_that_never_changes(steps: list[tuple[Kind, str, str, str]]) -> None:
    bindings, expected = Bindings(), dict[tuple[Kind, str, str], str]()
    for kind, board, key, trello_id in steps:
        before, known = bindings, list(bindings)
        if trello_id:
            bindings = bindings.with_(Binding(kind, board, key, trello_id, NOW))
            expected[kind, board, key] = trello_id
        else:
            bindings = bindings.without(kind, board, key)
            expected.pop((kind, board, key), None)
        assert list(before) == known
    assert {(b.kind, b.board, b.key): b.trello_id for b in bindings} == expected
