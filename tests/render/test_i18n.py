"""The words are all translated; dates and numbers read as the locale writes them."""

import datetime as dt
import re
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from babel.messages import Catalog, Message, extract, pofile

from trello_ops.declared import reference
from trello_ops.render import catalogue
from trello_ops.render.i18n import Translator

PARIS = ZoneInfo("Europe/Paris")
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
    assert french.time(FIVE_PM, PARIS) == "17:00"
    assert french.moment(FIVE_PM, PARIS) == "20/11/2026 17:00"
    assert french.moment(FIVE_PM, PARIS, "brief") == "ven. 20 nov. 17:00"
    assert Translator("en-GB").moment(FIVE_PM, PARIS, "brief") == "Fri 20 Nov, 17:00"


def test_a_local_date_may_be_the_day_after_utc():
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    assert french.moment(late, PARIS, "brief") == "sam. 21 nov. 00:30"


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


# ---- the catalogue

PACKAGE = resources.files("trello_ops")
KEYWORDS = {**extract.DEFAULT_KEYWORDS, "say": None, "say_count": (1, 2)}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]


def messages() -> set[str | tuple[str, ...]]:
    with resources.as_file(PACKAGE) as folder:
        found = extract.extract_from_dir(folder, METHODS, keywords=KEYWORDS)
        return {message for _, _, message, _, _ in found} | reference.meanings()


def french_catalogue() -> Catalog:
    with (PACKAGE / "render" / "locales" / "fr.po").open("rb") as file:
        return pofile.read_po(file, locale="fr")


def test_every_message_is_translated_and_nothing_else():
    catalogue = french_catalogue()
    assert {message.id for message in catalogue if message.id} == messages()
    assert not catalogue.obsolete


def test_no_message_is_translated_twice():
    text = (PACKAGE / "render" / "locales" / "fr.po").read_text("utf-8")
    assert text.count("\nmsgid ") == len(french_catalogue()) + 1  # the head of the file has one too


@pytest.mark.parametrize("message", [m for m in french_catalogue() if m.id], ids=lambda m: str(m.id))
def test_a_translation_is_whole(message):
    translations = message.string if message.pluralizable else (message.string,)
    assert all(translations)
    assert not message.fuzzy
    # The form for one may leave the number out where the English one does.
    wanted = [names_in(text) for text in ids(message)]
    assert names_in(translations[-1]) == set().union(*wanted)
    assert names_in(translations[0]) in (wanted[0], set().union(*wanted))


@pytest.mark.parametrize("message", [m for m in french_catalogue() if m.id], ids=lambda m: str(m.id))
def test_french_typography(message):
    translations = message.string if message.pluralizable else (message.string,)
    for text in translations:
        words = re.sub("`[^`]*`", "", text)  # what files and commands are made of stays as it is
        assert not re.search(r"[^\u00a0][:;!?»]|«[^\u00a0]|'", words)


def names_in(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def ids(message: Message) -> tuple[str, ...]:
    return message.id if message.pluralizable else (message.id,)


def test_plurals():
    forms = [french.ngettext("%(count)s task open", "%(count)s tasks open", n) for n in (0, 1, 2, 1500)]
    assert [form.replace("\u00a0", " ") for form in forms] == [
        "0 tâche ouverte",
        "1 tâche ouverte",
        "2 tâches ouvertes",
        "1\u202f500 tâches ouvertes",
    ]
    assert english.ngettext("%(count)s task open", "%(count)s tasks open", 0) == "0 tasks open"


def test_values_are_filled_in_after_translating():
    assert french.gettext("done %(moment)s by %(who)s", moment="hier", who="%(moment)s") == (
        "faite hier par %(moment)s"
    )


def test_the_catalogue_says_what_its_file_does():
    file = resources.files("trello_ops.render") / "locales" / "fr.po"
    with file.open("rb") as opened:
        expected = pofile.read_po(opened, locale="fr")
    with file.open(encoding="utf-8") as opened:
        found = catalogue.read(opened)
    for message in filter(lambda each: each.id, expected):
        if isinstance(message.id, str):
            assert found.gettext(message.id) == message.string
        else:
            assert [found.ngettext(*message.id, n) for n in (1, 2)] == list(message.string)
    assert len(list(expected)) > 500
