"""Plain sentences about wrong input, for people who do not know what a schema is; and suggestions.

A sentence follows the name of what is wrong: `due` + "should be text".
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from trello_ops.messages import Number, say
from trello_ops.suggestions import nearest

Facts = Mapping[str, Any]

_SHOWN = 40  # characters of what somebody wrote; more would bury the advice behind it
_UNDERSTOOD = 200
_LONGEST_WORD = 20  # characters; a key has 32
_GROUP = say("should be a group of `name: value` lines, indented below it")
_LIST = say("should be a list, such as `[a, b]`")
_WHOLE = say("should be a whole number")
_NUMBER = say("should be a number")

_SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "missing": say("is missing: add it"),
    "string_too_short": say("is empty: give it a value, or delete the line"),
    "string_too_long": lambda facts: say(
        "is longer than Trello's %(most)s characters allow: shorten it", most=Number(facts["max_length"])
    ),
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_short": say("is an empty list: name at least one, or delete the line"),
    "bool_type": say("should be `true` or `false`"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": lambda facts: say("should be more than %(limit)s", limit=f"{facts['gt']:g}"),
    "greater_than_equal": lambda facts: say("should be at least %(limit)s", limit=f"{facts['ge']:g}"),
    "less_than": lambda facts: say("should be less than %(limit)s", limit=f"{facts['lt']:g}"),
    "less_than_equal": lambda facts: say("should be at most %(limit)s", limit=f"{facts['le']:g}"),
    # Our own words, by `declared/words.py` and its like.
    "value_error": lambda facts: said_by(facts["error"]),
}


def sentence(kind: str, facts: Facts, given: object) -> str:
    """A pydantic error in plain words, from its type, its context and the value that it is about.

    The value is quoted only where it should have been one of a few words, and is no longer than a word: any
    other may be a secret.
    """
    if kind == "string_type":
        as_number = isinstance(given, int | float)
        return say("should be text: put it in quotes") if as_number else say("should be text")
    if kind == "literal_error":
        # The words that would do come as one sentence only: "'a', 'b' or 'c'".
        expected = re.findall("'([^']*)'", facts["expected"])
        if len(str(given)) > _LONGEST_WORD:
            return say("is none of the words that are known here: %(advice)s", advice=choose("", expected))
        return say("is `%(value)s`: %(advice)s", value=shown(given), advice=choose(str(given), expected))
    known = _SENTENCES.get(kind) or say("is not understood: compare it with the reference")
    return known if isinstance(known, str) else known(facts)


def said_by(error: Exception) -> str:
    """The message of an error, as it was made."""
    message = error.args[0] if error.args else ""
    if callable(message):  # what takes long to say is made only where somebody is told
        message = message()
    return message if isinstance(message, str) else str(error)


def choose(word: str, known: Collection[str]) -> str:
    """A suggestion for an unknown word: the closest known one, else all of them."""
    if not known:
        return say("there are none yet")
    # One key may stand on several boards, and a set has no order of its own.
    known = sorted(known) if isinstance(known, set | frozenset) else tuple(dict.fromkeys(known))
    names = ", ".join(f"`{name}`" for name in known)
    several = len(known) > 1
    return near(word, known) or (
        say("use one of %(names)s", names=names) if several else say("use %(names)s", names=names)
    )


def near(word: str, known: Collection[str]) -> str:
    """A question that suggests the closest known word; empty where none is close."""
    found = nearest(word, known)
    return say("did you mean `%(name)s`?", name=found) if found else ""


def shown(value: object) -> str:
    """A value as it was written, shortened to one line; of lists and groups only the brackets."""
    text = written(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def written(value: object) -> str:
    """A value as it was written, on one line, to be understood; of lists and groups only the brackets."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    # Whatever people say of a day or a time is shorter, and nobody waits for the rest to be looked through.
    return " ".join(str(value)[:_UNDERSTOOD].split())
