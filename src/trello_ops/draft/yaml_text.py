"""People's text in files of ours: as a YAML value, in a remark, in a card template, as a key."""

import re
from collections.abc import Collection

from trello_ops.declared.words import NOBODY
from trello_ops.escape import one_line
from trello_ops.located_yaml import parse
from trello_ops.suggestions import folded

_NO_YAML = re.compile("[\ufeff\ufffe\uffff]")
_JINJA = re.compile(r"\{(?=[{%#])")
_NO_LETTER = re.compile("[^a-z0-9]+")
_LONGEST_KEY = 40


def plain(text: str) -> str:
    """A text on one line, without what a YAML file cannot hold."""
    return one_line(_NO_YAML.sub("", text))


def scalar(text: str) -> str:
    """A text as a YAML value, in quotes where it needs them."""
    bare = plain(text)
    found = parse(f"x: {bare}", "")
    sound = not found.problems and found.entries == {"x": bare}
    return bare if sound and bare[0].isalnum() and not bare.endswith(":") else quoted(bare)


def quoted(text: str) -> str:
    """A text in YAML's double quotes."""
    bare = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{bare}"'


def name(key: str) -> str:
    """A key where it is defined or referred to: `12` would be a number there."""
    return key if key[:1].isalpha() and isinstance(parse(key, "").value, str) else f'"{key}"'


def names(keys: Collection[str]) -> str:
    """Some values as one, or as a list in brackets."""
    return next(iter(keys)) if len(keys) == 1 else f"[{', '.join(keys)}]"


def literal(text: str) -> str:
    """A text that a card template shows as it is."""
    return _JINJA.sub("{{ '{' }}", text)


def key_of(text: str, taken: Collection[str]) -> str:
    """A key made of a text, another than those that are taken."""
    ascii_ = _NO_LETTER.sub("-", folded(re.sub("[œŒ]", "oe", text[:1000]))).strip("-")
    short = ascii_[:_LONGEST_KEY].rpartition("-")[0] if len(ascii_) > _LONGEST_KEY else ascii_
    base = short.strip("-") or ascii_[:_LONGEST_KEY] or "x"
    n = 1
    while (key := base if n == 1 else f"{base}-{n}") in taken or key == NOBODY:
        n += 1
    return key
