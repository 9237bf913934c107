"""A cell's text says exactly what the file says, and no spreadsheet changes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.located_yaml import Value
from trello_ops.sheets import cells

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "true",
        "null",
        "24",
        "1e3",
        "17:00",
        "a: b",
        "a, b",
        "[x]",
        "{x",
        "#x",
        "a #b",
        "- x",
        '"x"',
        "'x'",
        "~",
        "",
    ]
)
_NAMES = st.from_regex(r"[a-z_]{1,6}", fullmatch=True) | st.just("2027-03-11") | st.just("57")
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.booleans() | st.integers(-999, 9999) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(_VALUES)
def test_a_value_is_read_as_it_was_written_but_for_a_list_of_one(value: Value) -> None:
    written = cells.written(value)
    found, problems = cells.read(written)
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    expected = value if isinstance(alone, list) else alone
    assert (found, type(found), problems) == (expected, type(expected), ())
    assert "\n" not in written


@given(_TEXTS)
def test_a_text_is_read_as_it_was_written_but_for_spaces_around_it(text: str) -> None:
    assert cells.read_text(cells.written_text(text)) == text.strip()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("17:00", "17:00"),
        (24, "24"),
        ("24", '"24"'),
        (True, "true"),
        ("deuxième mardi", "deuxième mardi"),
        (["amal", "karim"], "amal, karim"),
        (["amal"], "amal"),
        ([["amal"]], "[[amal]]"),
        ([], "[]"),
        ([1, 15], "1, 15"),
        ({"time": "12:00", "offset_days": 1}, "{time: 12:00, offset_days: 1}"),
        ([{"to": "2026-11-22", "reason": "Blog : le neuf"}], '{to: 2026-11-22, reason: "Blog : le neuf"}'),
    ],
)
def test_a_value_reads_as_people_would_write_it(value: Value, cell: str) -> None:
    assert cells.written(value) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Bloc : l’été, « promo » #1", "Bloc : l’été, « promo » #1"),
        ("une ligne\nune autre\n", "une ligne\nune autre"),
        ("=1+1", "=1+1"),
        ("24", "24"),
        ("true", "true"),
        ('"Promo"', '"Promo"'),
        (r'"a\nb"', r'"\"a\\nb\""'),
        ("a\tb\x07", '"a\\tb\\u0007"'),
        ("\u202eeltit", '"\\u202eeltit"'),
        ("\ud83d", '"\\ud83d"'),
    ],
)
def test_a_text_stands_as_it_is_where_a_cell_keeps_it(text: str, cell: str) -> None:
    assert cells.written_text(text) == cell


@pytest.mark.parametrize("cell", ["[a", "a]", "{a", "a #b", "a, b: 'c"])
def test_what_is_no_value_is_told(cell: str) -> None:
    _, problems = cells.read(cell)
    assert problems
