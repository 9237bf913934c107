"""Plain sentences about wrong input, for people who do not know what a schema is; and suggestions.

A sentence follows the name of what is wrong: `due` + "should be text".
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from trello_ops.suggestions import nearest

Facts = Mapping[str, Any]

_SHOWN = 40  # characters of what somebody wrote; more would bury the advice behind it
_GROUP = "should be a group of `name: value` lines, indented below it"
_WHOLE = "should be a whole number"
_NUMBER = "should be a number"

_SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "missing": "is missing: add it",
    "string_too_short": "is empty: give it a value, or delete the line",
    "string_too_long": lambda facts: (
        f"is longer than Trello's {facts['max_length']:,} characters allow: shorten it"
    ),
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "list_type": "should be a list, such as `[a, b]`",
    "tuple_type": "should be a list, such as `[a, b]`",
    "too_short": "is an empty list: name at least one, or delete the line",
    "bool_type": "should be `true` or `false`",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": lambda facts: f"should be more than {facts['gt']:g}",
    "greater_than_equal": lambda facts: f"should be at least {facts['ge']:g}",
    "less_than": lambda facts: f"should be less than {facts['lt']:g}",
    "less_than_equal": lambda facts: f"should be at most {facts['le']:g}",
    # Our own words, by `declared/words.py` and its like.
    "value_error": lambda facts: str(facts["error"]),
}


def sentence(kind: str, facts: Facts, given: object) -> str:
    """A pydantic error in plain words, from its type, its context and the value that it is about.

    The value is quoted only where it should have been one of a few words: any other may be a secret.
    """
    if kind == "string_type":
        return "should be text: put it in quotes" if isinstance(given, int | float) else "should be text"
    if kind == "literal_error":
        # The words that would do come as one sentence only: "'a', 'b' or 'c'".
        expected = re.findall("'([^']*)'", facts["expected"])
        return f"is `{shown(given)}`: {choose(str(given), expected)}"
    known = _SENTENCES.get(kind, "is not understood: compare it with the reference")
    return known if isinstance(known, str) else known(facts)


def choose(word: str, known: Collection[str]) -> str:
    """A suggestion for an unknown word: the closest known one, else all of them."""
    if not known:
        return "there are none yet"
    known = tuple(dict.fromkeys(known))  # one key may stand on several boards
    names = ", ".join(f"`{name}`" for name in known)
    return near(word, known) or (f"use one of {names}" if len(known) > 1 else f"use {names}")


def near(word: str, known: Collection[str]) -> str:
    """A question that suggests the closest known word; empty where none is close."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else ""


def shown(value: object) -> str:
    """A value as it was written, shortened to one line; of lists and groups only the brackets."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
