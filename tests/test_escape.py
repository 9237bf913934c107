"""Nothing that people write moves a reader's cursor, colours it, or reads as something else than it is."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.escape import one_line, safe_json, visible

OBEYED = "".join(
    character
    for character in map(chr, range(0x11_0000))
    if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    or unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
)


@pytest.mark.parametrize("made", [visible, one_line, safe_json])
def test_none_is_left_of_all_that_a_terminal_may_obey(made) -> None:
    said = made(f"a{OBEYED}b") if made is not safe_json else safe_json(json.dumps(OBEYED, ensure_ascii=False))
    assert not set(said) & set(OBEYED)


@given(st.text(st.characters()))
def test_what_is_shown_tells_what_it_was(text: str) -> None:
    assert re.sub(r"\\(?:x..|u....|[tnr])", lambda found: found[0].encode().decode("unicode_escape"),
                  visible(text.replace("\\", "/"))) == text.replace("\\", "/")  # fmt: skip


@given(st.text(st.characters()))
def test_json_means_the_same(text: str) -> None:
    assert json.loads(safe_json(json.dumps({"name": text}, ensure_ascii=False))) == {"name": text}


def test_accents_arabic_and_emoji_are_left_alone() -> None:
    words = "Zina ô Beldi – زينة البلدي 👩🏽\u200d💻 100\u202f%"
    assert visible(words) == one_line(words) == words
