"""Which rows of a workbook are a card's, and what they are known by."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.recurrence import period_around, recurrences
from trello_ops.core.rows import (
    MOST_ITEMS,
    Cell,
    Row,
    RowItem,
    Rows,
    Table,
    dated,
    day_of,
    fresh,
    lacking,
    letters,
    name_of,
    notice,
    row_items,
    with_room,
    within,
)

PARIS = ZoneInfo("Europe/Paris")

ROWS = Rows("shooting.xlsx", "Date", "{{ Produit }}")
EMPTY_KEY = "is empty: give the row a key of its own, and it comes onto its card"
KEYED = Rows("shooting.xlsx", "Date", "{{ Produit }}", key="Réf")
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2034, 12, 31))


def table(*rows: tuple[Cell, ...]) -> Table:
    return Table(
        "boards/shooting.xlsx",
        "Vues",
        ("Date", "Réf", "Produit"),
        tuple(Row(number, cells) for number, cells in enumerate(rows, 2)),
    )


# ---- dates ------------------------------------------------------------------------------------------


@given(DAYS)
def test_a_day_is_understood_however_it_is_written(day: dt.date) -> None:
    midnight = dt.datetime.combine(day, dt.time())
    written = (
        day,
        midnight,
        midnight.replace(hour=9),
        f"{day:%d/%m/%Y}",
        f" {day.day}/{day.month}/{day.year} ",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        f"{day}",
        f"{midnight}",
    )
    assert {day_of(each) for each in written} == {day}


@pytest.mark.parametrize(
    "cell",
    ["demain", "16/11", "31/02/2026", "2026-13-01", "16/11/26", 46342, 46342.5, True, dt.time(9), None, ""],
)
def test_nothing_else_is_taken_for_a_day(cell: Cell) -> None:
    assert day_of(cell) is None


def test_rows_without_a_date_wait_and_those_with_a_wrong_one_are_told_by_their_cell() -> None:
    found = dated(ROWS, table(("16/11/2026",), (None, "A1"), ("",), ("demain",), ("2026-11-17", "A2")))
    assert [row.number for row in found.table.rows] == [2, 6]
    assert found.table.rows[1].cells == (dt.date(2026, 11, 17), "A2")
    (problem,) = found.problems
    assert str(problem).startswith("boards/shooting.xlsx:5:1 Vues!A5: is no date")


# ---- periods ----------------------------------------------------------------------------------------

_RHYTHMS = (
    (Frequency.DAILY, (1, 2, 3, 4, 5, 6, 7)),
    (Frequency.WEEKLY, (5,)),
    (Frequency.BIWEEKLY, (2,)),
    (Frequency.MONTHLY, (15,)),
    (Frequency.QUARTERLY, (31,)),
    (Frequency.HALF_YEARLY, (1,)),
    (Frequency.YEARLY, (28,)),
)


@pytest.mark.parametrize(("frequency", "on"), _RHYTHMS)
def test_every_day_lies_in_the_period_of_one_card(frequency: Frequency, on: tuple[int, ...]) -> None:
    cadence = Cadence(frequency, on, DayTime(dt.time(17)), PARIS, anchor=dt.date(2026, 11, 2))
    first, last = dt.date(2025, 1, 1), dt.date(2027, 12, 31)
    spans = [period_around(cadence, each.day) for each in recurrences(cadence, first, last)]
    assert len(spans) > 1
    assert all(one.last + dt.timedelta(days=1) == following.first for one, following in pairwise(spans))


def test_where_several_days_of_a_week_are_named_each_card_has_its_own_day() -> None:
    cadence = Cadence(Frequency.WEEKLY, (1, 4), DayTime(dt.time(17)), PARIS)
    thursday = dt.date(2026, 11, 19)
    assert (period_around(cadence, thursday).first, period_around(cadence, thursday).last) == (
        thursday,
        thursday,
    )


@given(st.lists(DAYS, max_size=30), st.sampled_from(_RHYTHMS))
def test_each_row_is_on_just_one_card(days: list[dt.date], rhythm: tuple[Frequency, tuple[int, ...]]) -> None:
    frequency, on = rhythm
    cadence = Cadence(frequency, on, DayTime(dt.time(17)), PARIS, anchor=dt.date(2026, 11, 2))
    all_rows = dated(ROWS, table(*((day,) for day in days))).table
    first, last = dt.date(2018, 12, 1), dt.date(2036, 12, 31)
    spans = [period_around(cadence, each.day) for each in recurrences(cadence, first, last)]
    shared_out = [row for span in spans for row in within(ROWS, all_rows, span).rows]
    assert sorted(shared_out, key=lambda row: row.number) == list(all_rows.rows)


# ---- items ------------------------------------------------------------------------------------------

_TEXTS = st.text("ab ", max_size=2).map(str.strip)


@given(st.lists(_TEXTS, max_size=12))
def test_without_a_key_each_text_is_one_item_in_the_order_of_the_rows(texts: list[str]) -> None:
    items, problems = row_items(ROWS, table(*((dt.date(2026, 11, 16),) for _ in texts)), tuple(texts))
    assert [item.text for item in items] == list(dict.fromkeys(filter(None, texts)))
    assert len({item.row for item in items}) == len(items)
    assert problems == ()


@given(st.lists(st.tuples(st.sampled_from(["A1", "A2", " A1 ", "", None, 7, 7.0]), _TEXTS), max_size=12))
def test_with_a_key_no_row_is_lost_unsaid_and_none_comes_twice(rows: list[tuple[Cell, str]]) -> None:
    sheet = table(*((dt.date(2026, 11, 16), key) for key, _ in rows))
    items, problems = row_items(KEYED, sheet, tuple(text for _, text in rows))
    keys = [item.row for item in items]
    assert len(set(keys)) == len(keys)
    assert len(keys) <= 3
    assert len(items) + len(problems) == sum(bool(text) for _, text in rows)


def test_a_copied_key_names_the_row_that_has_it_already() -> None:
    day = dt.date(2026, 11, 16)
    items, problems = row_items(KEYED, table((day, "A1"), (day, "A1"), (day, "")), ("one", "two", "three"))
    assert [item.text for item in items] == ["one"]
    assert [str(each) for each in problems] == [
        "boards/shooting.xlsx:3:2 Vues!B3: is the key of row 2 already: give the row one of its own",
        "boards/shooting.xlsx:4:2 Vues!B4: " + EMPTY_KEY,
    ]


def test_another_item_or_key_makes_rows_that_cannot_be_compared() -> None:
    others = (ROWS, KEYED, Rows("shooting.xlsx", "Date", "{{ Vue }}"), Rows("a.csv", "Date", "", key="N°"))
    assert len({each.scheme for each in others}) == 4
    assert KEYED.scheme == Rows("other.xlsx", "Jour", "{{ Vue }}", key="Réf").scheme


_GIVEN = st.lists(st.sampled_from("abcd"), unique=True).map(
    lambda rows: [RowItem(row, row, "s") for row in rows]
)


@given(_GIVEN, _GIVEN)
def test_what_comes_later_is_what_was_not_given_yet(before: list[RowItem], now: list[RowItem]) -> None:
    more = fresh(before, now)
    assert {each.row for each in (*before, *more)} == {each.row for each in (*before, *now)}
    assert len(before) + len(more) == len({each.row for each in (*before, *now)})
    assert fresh((*before, *more), now) == ()


def test_rows_of_another_scheme_are_left_alone_but_not_for_a_notice() -> None:
    soap, other = RowItem("soap", "Soap", "s"), RowItem("oil", "Oil", "t")
    assert fresh([soap], [other]) == ()
    assert fresh([notice("broken")], [other]) == (other,)


def test_a_checklist_takes_so_many() -> None:
    rows = [RowItem(str(n), str(n), "s") for n in range(MOST_ITEMS + 5)]
    assert with_room((), rows) == tuple(rows[:MOST_ITEMS])
    assert with_room(rows[: MOST_ITEMS - 1], rows[MOST_ITEMS:]) == (rows[MOST_ITEMS],)
    assert with_room(rows, rows) == ()


# ---- columns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Produit", "Produit"),
        ("Nom du fichier", "Nom_du_fichier"),
        (" Légende (FR) ", "Légende_FR"),
        ("Le\u0301gende", "Légende"),
        ("N°", "N"),
        ("2e vue", "_2e_vue"),
        ("–", ""),
    ],
)
def test_a_column_is_called_by_its_heading(heading: str, name: str) -> None:
    assert name_of(heading) == name


def test_columns_that_a_table_lacks_are_told_with_those_that_it_has() -> None:
    rows = Rows("shooting.xlsx", "Jour", "", key="N°")
    assert {field: str(message) for field, message in lacking(rows, table())} == {
        "date": "shooting.xlsx!Vues has no column `Jour`, but `Date`, `Réf`, `Produit`",
        "key": "shooting.xlsx!Vues has no column `N°`, but `Date`, `Réf`, `Produit`",
    }
    assert list(lacking(KEYED, table())) == []


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_title_of_the_checklist_is_the_files_name() -> None:
    assert (ROWS.title, Rows("vues/été 26.csv", "", "").title) == ("shooting", "été 26")
    assert Rows("a.csv", "", "", checklist="Vues").title == "Vues"
