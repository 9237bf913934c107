"""Other people's text, made harmless before it meets a page, a mail, a terminal or a log."""

import re
import unicodedata

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that a terminal may obey, that turn the direction of writing, so that a title could read as
another one than it is, or that UTF-8 cannot write."""


def one_line(text: str) -> str:
    """The text on one line: line breaks and tabs become spaces, and what could act on a reader is left out.

    Left out are control characters, those that turn the direction of writing, and lone surrogates, which no
    encoding can write. The characters that HTML acts on stay: templates escape them.
    """
    # Zs: the plain space and the no-break ones, which French needs; line breaks and tabs are none of it.
    spaced = "".join(" " if c.isspace() and unicodedata.category(c) != "Zs" else c for c in text)
    return _OBEYED.sub("", spaced).strip()


def visible(text: str) -> str:
    """The text on one line, where what a terminal would obey is shown as an escape such as `\\x1b`."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def visible_lines(text: str) -> str:
    """The text with its line breaks, each line made `visible`."""
    return "\n".join(map(visible, text.split("\n")))


def safe_json(text: str) -> str:
    """The same JSON, harmless on a terminal. Between its values it may have line breaks."""
    return _OBEYED.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)
