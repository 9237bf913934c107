"""Bindings."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind

NOW = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)


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
