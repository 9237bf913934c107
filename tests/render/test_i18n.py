"""The words are all translated; dates and numbers read as the locale writes them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from trello_ops.render.i18n import Translator

CASABLANCA = ZoneInfo("Africa/Casablanca")
FRIDAY = dt.date(2026, 11, 20)
FIVE_PM = dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC)

french = Translator("fr")
english = Translator("en")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("full", "vendredi 20 novembre 2026"),
        ("long", "20 novembre 2026"),
        ("medium", "20 nov. 2026"),
        ("short", "20/11/2026"),
        ("brief", "ven. 20 nov."),
    ],
)
def test_french_dates(style, expected):
    assert french.date(FRIDAY, style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("full", "mardi 1er décembre 2026"),
        ("long", "1er décembre 2026"),
        ("brief", "mar. 1er déc."),
        ("short", "01/12/2026"),
    ],
)
def test_french_says_premier(style, expected):
    assert french.date(dt.date(2026, 12, 1), style) == expected


def test_a_period():
    assert french.period(dt.date(2026, 11, 16), dt.date(2026, 11, 22)) == "16–22 nov. 2026"
    assert french.period(dt.date(2026, 11, 25), dt.date(2026, 12, 1)) == "25 nov.\u2009–\u20091er déc. 2026"


def test_english_does_not_say_premier():
    assert english.date(dt.date(2026, 12, 1)) == "December 1, 2026"


def test_instants_are_told_in_the_zone():
    assert french.time(FIVE_PM, CASABLANCA) == "17:00"
    assert french.moment(FIVE_PM, CASABLANCA) == "20/11/2026 17:00"
    assert french.moment(FIVE_PM, CASABLANCA, "brief") == "ven. 20 nov. 17:00"
    assert Translator("en-GB").moment(FIVE_PM, CASABLANCA, "brief") == "Fri 20 Nov, 17:00"


def test_a_local_date_may_be_the_day_after_utc():
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    assert french.moment(late, CASABLANCA, "brief") == "sam. 21 nov. 00:30"


def test_names_of_months_and_weekdays():
    assert (french.month(FRIDAY), french.weekday(FRIDAY)) == ("novembre", "vendredi")
    assert (english.month(FRIDAY), english.weekday(FRIDAY)) == ("November", "Friday")


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (12 / 13, "92,3\u00a0%"),
        (0.5, "50\u00a0%"),
        (1.0, "100\u00a0%"),
        (2499 / 2500, "99,9\u00a0%"),
        (0.0, "0\u00a0%"),
        (1 / 2500, "0,1\u00a0%"),
        (None, "–"),
    ],
)
def test_percent_never_rounds_to_all_or_nothing(rate, expected):
    assert french.percent(rate) == expected


def test_numbers():
    assert french.number(1234.5) == "1\u202f234,5"
    assert english.number(1234.5) == "1,234.5"
    assert english.percent(12 / 13) == "92.3%"


def test_language_is_a_tag_for_html():
    assert Translator("fr_MA").language == "fr-MA"


@pytest.mark.parametrize("locale", ["de", "xx", "", "not a locale"])
def test_an_untranslated_locale_is_refused(locale):
    with pytest.raises(ValueError, match=f"locale '{locale}' is not translated; the languages are en, fr"):
        Translator(locale)
