"""Messages say the same in two languages."""

import copy

from trello_ops.messages import Message, say, translated
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
