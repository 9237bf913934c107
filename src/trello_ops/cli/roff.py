"""The language in which manual pages are written."""

import re
from collections.abc import Iterable

_MARKS = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}


def text(words: str) -> str:
    """Words on one line, taken literally; those between backticks in bold. Letters beyond ASCII are named."""
    pieces = re.split(r"`([^`]+)`", " ".join(words.split()))
    # Every other piece stood between backticks.
    return _guarded("".join(bold(piece) if n % 2 else _literal(piece) for n, piece in enumerate(pieces)))


def bold(words: str) -> str:
    """Words in bold, within a line."""
    return rf"\fB{_literal(words)}\fR"


def section(title: str) -> str:
    """A heading, which is written in capitals."""
    return f".SH {title.upper()}"


def subsection(title: str) -> str:
    """A heading below one."""
    return f'.SS "{_literal(title)}"'


def paragraphs(words: str) -> str:
    """Text whose paragraphs have empty lines between them."""
    return "\n".join(f".PP\n{text(each)}" for each in words.split("\n\n"))


def entries(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Terms, each with what is said of it."""
    for term, said in pairs:
        yield f".TP\n{bold(term)}\n{text(said)}"


def _guarded(line: str) -> str:
    """A line that is no request to roff, whatever it begins with."""
    return rf"\&{line}" if line.startswith(".") else line


def _literal(words: str) -> str:
    return "".join(
        _MARKS.get(each) or (each if each.isascii() else rf"\[u{ord(each):04X}]") for each in words
    )
