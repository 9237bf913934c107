import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops import located_yaml
from trello_ops.located_yaml import DEEPEST, MOST_VALUES, Document, dotted, parse

BOARD = """\
title: Stock
tasks:
  stock:
    on: [friday, fridy]
    title: >
      Ranger
"""


def read(text: str) -> Document:
    return parse(text, "board.yaml")


def said(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("2026-11-01", "2026-11-01"),
        ("1_000", "1_000"),
        ("<<", "<<"),
        ("'7'", "7"),
        ("~", None),
        ("", None),
        ("null", None),
        ("True", True),
        ("false", False),
        ("-7", -7),
        ("010", 10),
        ("0o17", 15),
        ("0xFF", 255),
        ("0.3", 0.3),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_reads_the_core_types_of_yaml_1_2_and_leaves_the_rest_text(text: str, value: object) -> None:
    document = read(text)
    assert (document.value, type(document.value), document.problems) == (value, type(value), ())


def test_reads_not_a_number() -> None:
    value = read(".nan").value
    assert isinstance(value, float)
    assert math.isnan(value)


def test_on_is_a_name_like_any_other() -> None:
    assert read("on: friday").value == {"on": "friday"}


def test_knows_where_values_and_keys_stand() -> None:
    document = read(BOARD)
    assert document.where(()) == (1, 1)
    assert document.where(("title",)) == (1, 8)
    assert document.where_key(("title",)) == (1, 1)
    assert document.where(("tasks", "stock", "on", 1)) == (4, 18)
    assert document.where_key(("tasks", "stock", "on", 1)) == (4, 18)
    assert document.where(("tasks", "stock")) == (4, 5)


def test_what_is_missing_is_missed_at_its_nearest_ancestors_name() -> None:
    document = read(BOARD)
    assert document.where(("tasks", "stock", "theme")) == (3, 3)
    assert document.where(("tasks", "stock", "due", "time")) == (3, 3)
    assert document.where(("themes", "x")) == (1, 1)
    assert parse("", "empty.yaml", first_line=3).where(("a",)) == (3, 1)


def test_problems_name_file_place_and_path() -> None:
    document = read(BOARD)
    assert str(document.problem(("tasks", "stock", "on", 1), "is no day")) == (
        "board.yaml:4:18 tasks.stock.on[1]: is no day"
    )
    assert str(document.problem_with_key(("tasks",), "is unknown")) == "board.yaml:2:1 tasks: is unknown"


def test_lines_count_from_where_the_text_begins_in_its_file() -> None:
    document = parse("a: 1\na: 2\n", "stock.md", first_line=2)
    assert str(document.problems[0]) == "stock.md:3:1 a: is already given in line 2: keep one of the two"
    assert document.where(("a",)) == (2, 4)
    assert str(parse("a: 'x", "stock.md", first_line=5).problems[0]).startswith("stock.md:5:")


def test_of_a_duplicate_key_the_first_value_stays() -> None:
    document = read("tasks:\n  a: {x: 1}\n  a: {x: 2, y: 3}\n")
    assert document.value == {"tasks": {"a": {"x": 1}}}
    assert document.where(("tasks", "a", "x")) == (2, 10)
    assert [str(p) for p in document.problems] == [
        "board.yaml:3:3 tasks.a: is already given in line 2: keep one of the two"
    ]


def test_names_that_are_no_text_are_reported_and_kept_as_written() -> None:
    document = read("1: a\ntrue: b\n'2': c\n")
    assert document.value == {"1": "a", "true": "b", "2": "c"}
    assert [str(p) for p in document.problems] == [
        "board.yaml:1:1 1: a name must be text: write it in quotes, '1'",
        "board.yaml:2:1 true: a name must be text: write it in quotes, 'true'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "1:5: is not valid YAML: a `:` stands where none can be"),
        ("a: 1\n\tb: 2", "2:1: is not valid YAML: a tab stands where spaces"),
        ("a: @b", "1:4: is not valid YAML: text that begins with `@`"),
        ("a: 'x", "1:4: is not valid YAML: a quotation mark is never closed"),
        ("a: {x", "1:4: is not valid YAML: a bracket is never closed"),
        ("a: [x\nb: 1", "1:4: is not valid YAML: a bracket is never closed"),
        ("a:\n  b: 1\n c: 2", "3:2: is not valid YAML: the line does not fit the lines before it"),
        ("- a\nb: 1", "2:1: is not valid YAML: a list ends here without saying so"),
        ("[" * 30_000, "1:42: is nested more than 40 levels deep"),
        ("a: {{ name }}", "1:5 a: a name must be plain text"),
        ("a: é\nb: \x01", "2:4: holds the control character U+0001: delete it"),
        ("a: \ud800", "1:4: holds the control character U+D800: delete it"),
        ("%FOO", "1:5: is not valid YAML: text that begins with `@`, `%`"),
        ('a: "\\q"', "1:4: is not valid YAML: a backslash stands in a text in double quotes"),
        ("a: - b", "1:4: is not valid YAML: a `-` stands where none can be"),
        ("a:\n  b\n  c: d", "3:4: is not valid YAML: a `:` stands where none can be"),
        ("a: !<>", "1:6: is not valid YAML: this line is not understood"),
    ],
)
def test_what_cannot_be_read_is_one_located_problem_and_no_value(text: str, message: str) -> None:
    document = read(text)
    assert document.value is None
    (problem,) = document.problems
    assert str(problem).startswith(f"board.yaml:{message}")


def test_nesting_is_allowed_down_to_the_limit() -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST).problems == ()
    assert read("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2)).problems != ()


def test_what_would_surprise_is_refused() -> None:
    assert said("a: &x 1\nb: *x\n") == [
        "board.yaml:2:4 b: `*x` is not supported here: write the value out",
    ]
    assert said("a: !shell x") == [
        "board.yaml:1:4 a: the tag !shell is not supported here: remove it; for text use quotes"
    ]
    assert read("a: !!python/name:os.system x").value == {"a": "x"}
    assert said("a: 1\n---\nb: 2") == ["board.yaml:2:1: a second document begins here: keep one in each file"]
    assert said("a: " + "9" * 5000) == [
        "board.yaml:1:4 a: is a number with too many digits: put it in quotes if it is text"
    ]


def test_a_bomb_of_aliases_stays_small() -> None:
    lines = ["l0: &l0 [x, x]", *(f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}]" for n in range(1, 40))]
    assert len(read("\n".join(lines)).problems) == 78


def test_paths_are_written_with_dots_and_brackets() -> None:
    assert dotted(("tasks", "stock", "on", 1)) == "tasks.stock.on[1]"
    assert dotted(()) == ""


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    for problem in read(text).problems:
        assert problem.line >= 1
        assert problem.column >= 1


@given(st.text(alphabet="ab:-[]{},'\" \n\t#&*!|>%@\\0.~", max_size=40))
def test_no_punctuation_makes_it_raise(text: str) -> None:
    document = read(text)
    assert document.where(("a", 0))[0] >= 1


@pytest.mark.parametrize("number", ["9" * 301, "-" + "9" * 5000, "0x" + "f" * 6000, "0o" + "7" * 400])
def test_a_number_of_too_many_digits_is_a_problem(number: str) -> None:
    assert said(f"a: {number}") == [
        "board.yaml:1:4 a: is a number with too many digits: put it in quotes if it is text"
    ]


def test_a_text_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("- a\n" * (MOST_VALUES - 1)) == []
    values = "holds more than 10,000 values: split it"
    assert said("- a\n" * MOST_VALUES) == [f"board.yaml:10000:3: {values}"]
    assert said("k: v\n" * (MOST_VALUES + 9))[-1] == f"board.yaml:10000:4: {values}"
    monkeypatch.setattr(located_yaml, "LONGEST", 500_000)  # as where libyaml is missing
    assert said("#" * 500_001) == ["board.yaml:1:1: is longer than 500,000 characters: split it"]
