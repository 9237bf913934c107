"""Dates and stretches of days are told apart from other words, however people write them."""

import pytest

from trello_ops.declared.date_words import as_date, as_span


@pytest.mark.parametrize(
    "said",
    [
        *("15/08/2027", "15.8.2027", "2027-8-15", "2027/08/15"),
        *("15 août 2027", "le 15 Aout 2027", "dimanche 15 août 2027", "August 15, 2027"),
    ],
)
def test_a_date_is_told_as_it_should_be_written(said: str) -> None:
    assert as_date(said) == "2027-08-15"


@pytest.mark.parametrize("said", ["demain", "15 août", "31/11/2027", "août 2027", "2027", "", "1" * 10_000])
def test_what_names_no_day_is_no_date(said: str) -> None:
    assert as_date(said) == ""


@pytest.mark.parametrize(
    "said",
    [
        *("du 2 au 15 août 2027", "2 août au 15 août 2027", "2 août 2027 – 15 août 2027"),
        *("du 02/08/2027 au 15/08/2027", "2027-08-02 to 2027-08-15", "2027-08-02..2027-08-15"),
    ],
)
def test_a_stretch_of_days_is_told_by_its_ends(said: str) -> None:
    assert as_span(said) == ("2027-08-02", "2027-08-15")


def test_a_stretch_over_the_turn_of_the_year_and_one_of_a_single_day() -> None:
    assert as_span("du 28 décembre 2026 au 2 janvier 2027") == ("2026-12-28", "2027-01-02")
    assert as_span("24/12/2026") == ("2026-12-24", "2026-12-24")


@pytest.mark.parametrize("said", ["Ramadan", "du 2 au 15 août", "du 2 au 5 au 15 août 2027", "a" * 10_000])
def test_what_has_no_ends_is_no_stretch(said: str) -> None:
    assert as_span(said) is None
