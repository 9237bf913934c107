"""What Jinja says of a text that it cannot parse, in plainer words that can be translated."""

import re
from collections.abc import Callable

from trello_ops.messages import joined, say

_TOKENS = {"end of print statement": "}}", "end of statement block": "%}", "name": say("a name")}
"""What Jinja's names of tokens stand for, where their meaning cannot be guessed."""

_QUOTED = "'(?P<%s>[^']*)'"
_FOUND, _WANTED, _TAG = (_QUOTED % name for name in ("found", "wanted", "tag"))
_NESTING = r"You probably made a nesting mistake\. Jinja is expecting this tag, but currently looking for"
_LOOKING = rf"(?:{_NESTING}|Jinja was looking for the following tags:) (?P<tags>[^.]*)\."

_SENTENCES: dict[str, Callable[[dict[str, str]], str]] = {
    r"unexpected char ['\"](?P<found>.*?)['\"] at \d+": lambda said: say("unexpected '%(found)s'", **said),
    f"unexpected {_FOUND}": lambda said: say("unexpected '%(found)s'", **said),
    f"unexpected {_FOUND}, expected {_WANTED}": lambda said: say(
        "expected '%(wanted)s', found '%(found)s'", **said
    ),
    f"expected token {_WANTED}, got {_FOUND}": lambda said: say(
        "expected '%(wanted)s', found '%(found)s'", **said
    ),
    rf"unexpected end of template, expected {_WANTED}\.": lambda said: say(
        "the text ends before '%(wanted)s'", **said
    ),
    f"Expected an expression, got {_FOUND}": lambda said: say(
        "something is missing before '%(found)s'", **said
    ),
    rf"Encountered unknown tag {_TAG}\.": lambda said: say("there is no tag '%(tag)s' here.", **said),
    r"Unexpected end of template\.": lambda _: say("the text ends too early."),
    _LOOKING: lambda said: say("What could stand here: %(tags)s.", tags=said["tags"].replace(" or ", ", ")),
    rf"The innermost block that needs to be closed is {_TAG}\.": lambda said: say(
        "What is still open is '%(tag)s'.", **said
    ),
}


def jinja_words(text: str) -> str:
    """Jinja's message sentence by sentence; a sentence that is not known here stays as it is."""
    return joined(map(_sentence, re.split(r"(?<=\.) (?=[A-Z])(?!Jinja is)", text)), " ")


def _sentence(text: str) -> str:
    for pattern, words in _SENTENCES.items():
        if found := re.fullmatch(pattern, text):
            return words({name: _TOKENS.get(token, token) for name, token in found.groupdict().items()})
    return text
