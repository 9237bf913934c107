"""Every code that `history` shows to a person has its word."""

import ast
import inspect

import pytest

from trello_ops.cli.codes import word
from trello_ops.core.ledger import EventKind, EventSource
from trello_ops.messages import Message, translated
from trello_ops.operations import history
from trello_ops.render.i18n import Translator

# `story` makes its other codes from literals: all short words of lower case in the module are codes or keys.
_LITERALS = {
    node.value
    for node in ast.walk(ast.parse(inspect.getsource(history)))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier()
}


@pytest.mark.parametrize("code", sorted({*map(str, EventKind), *map(str, EventSource), *_LITERALS}))
def test_a_code_has_a_word(code: str):
    assert isinstance(word(code), Message)


def test_an_amendment_is_told_in_french():
    french = Translator("fr")
    told = [translated(word(code), french) for code in ("amended", "title", "text", "due", "people")]
    assert told == ["mise à jour d’après les fichiers", "titre", "texte", "échéance", "personnes"]
