"""Messages say the same in two languages."""

import copy

import pytest

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.messages import (
    Message,
    Number,
    clauses,
    from_text,
    joined,
    say,
    say_count,
    to_text,
    translated,
)
from trello_ops.render.i18n import Translator

FRENCH = Translator("fr")


def test_a_message_is_its_english_text():
    assert say("is `%(value)s`: 100 %%", value=3) == "is `3`: 100 %"


def test_values_that_are_messages_are_translated_too():
    inner = say("Template: %(title)s", title="Caisse")
    outer = Message("Template: %(title)s", {"title": inner})

    assert translated(outer, FRENCH) == "Modèle\N{NO-BREAK SPACE}: Modèle\N{NO-BREAK SPACE}: Caisse"


def test_a_plain_text_stays_as_it_is():
    assert translated("Template: %(title)s", FRENCH) == "Template: %(title)s"


def test_copies_keep_the_template():
    said = say("Template: %(title)s", title="Caisse")

    assert translated(copy.deepcopy(said), FRENCH) == "Modèle\N{NO-BREAK SPACE}: Caisse"


def test_a_count_decides_between_one_and_several():
    said = [say_count("%(count)s task open", "%(count)s tasks open", n) for n in (0, 1, 1500)]

    assert said == ["0 tasks open", "1 task open", "1,500 tasks open"]
    assert [translated(each, FRENCH).replace("\N{NO-BREAK SPACE}", " ") for each in said] == [
        "0 tâche ouverte",
        "1 tâche ouverte",
        "1\N{NARROW NO-BREAK SPACE}500 tâches ouvertes",
    ]


def test_joined_texts_are_translated_each():
    said = joined([say("nothing to rate"), "100 %", say("nothing was due")], " % ")

    assert said == "nothing to rate % 100 % % nothing was due"
    assert translated(said, FRENCH) == "rien à évaluer % 100 % % rien n’était prévu"
    assert joined([]) == ""


def test_a_number_has_the_separators_of_its_language():
    said = say("Template: %(title)s", title=Number(16384))

    assert said == "Template: 16,384"
    assert translated(said, FRENCH) == "Modèle\N{NO-BREAK SPACE}: 16\N{NARROW NO-BREAK SPACE}384"


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "",
        '{"template": as somebody wrote it',
        '{"template": "%(x)s", "values": {}, "plural": ""}',
        '{"template": "%(count)s", "values": {"count": []}, "plural": 3}',
        '{"template": 3}',
        say("Template: %(title)s", title=Number(16384)),
        say("Template: %(title)s", title=say_count("%(count)s task open", "%(count)s tasks open", 2)),
        joined([say("nothing to rate"), "and"], "\n"),
        say("Template: %(title)s", title=IsoWeek(2026, 47)),
    ],
)
def test_a_message_is_kept_as_text_and_comes_back(text):
    back = from_text(to_text(text))

    assert back == text
    assert translated(back, FRENCH) == translated(text, FRENCH)


@pytest.mark.parametrize("name", ["gare.yaml", "\udcff.yaml"])
def test_a_file_name_that_is_no_utf_8_can_be_kept(name: str) -> None:
    kept = to_text(say("%(file)s is no file", file=name))
    assert kept.encode("utf-8")
    assert from_text(kept) == f"{name} is no file"
    assert to_text(name).encode("utf-8")


def test_clauses_are_parted_as_the_language_does_it() -> None:
    said = clauses(["rien", "rien", "rien"])
    assert said == "rien; rien; rien"
    assert translated(said, FRENCH) == "rien\N{NO-BREAK SPACE}; rien\N{NO-BREAK SPACE}; rien"
    assert clauses(["rien"]) == "rien"
