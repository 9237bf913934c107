"""Other people's text, made harmless before it meets a page, a mail or a terminal."""

import unicodedata

# They turn the direction of writing, so that a title could read as another one than it is.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line: line breaks and tabs become spaces, and what could act on a reader is left out.

    Left out are control characters, those that turn the direction of writing, and lone surrogates, which no
    encoding can write. The characters that HTML acts on stay: templates escape them.
    """
    kept = (
        # Zs: the plain space and the no-break ones, which French needs; line breaks and tabs are none of it.
        " " if c.isspace() and unicodedata.category(c) != "Zs" else c
        for c in text
        if c.isspace() or not _is_hidden(c)
    )
    return "".join(kept).strip()


def visible(text: str) -> str:
    """The text for a terminal: what a terminal would obey is shown as an escape such as `\\x1b`."""
    return "".join(
        c.encode("unicode_escape").decode() if _is_hidden(c) or unicodedata.category(c) in {"Zl", "Zp"} else c
        for c in text
    )


def _is_hidden(character: str) -> bool:
    """A control character, one that turns the direction of writing, or a lone surrogate."""
    return character in _BIDI_CONTROLS or unicodedata.category(character) in {"Cc", "Cs"}
