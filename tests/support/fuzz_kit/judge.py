"""What no story may show: a traceback, a secret or a piece of one, a word of its own where one is owed."""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import quote

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TOKEN = "ATTA" + "9c8b7a6f5e4d3c2b1a09" * 3
SECRET = "5ec7e7" + "d4c3b2a1f0e9d8c7" * 3
PASSWORD = "Zi%na: b&ldi/für+alle"
"""Of the mail server, with characters that an address writes otherwise."""

_PIECE = 12
"""Characters in a row by which a piece of a secret is known; shorter ones occur by chance."""


def _spellings(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), repr(secret)[1:-1], secret.encode("unicode_escape").decode())
    yield from (binascii.hexlify(raw).decode(), binascii.hexlify(raw, ":").decode())
    for shift in range(3):  # base64 looks different at each of three offsets
        yield base64.b64encode(b" " * shift + raw).decode()[shift + 2 : -4]


def _pieces(text: str) -> Iterator[str]:
    yield from (text[start : start + _PIECE] for start in range(max(1, len(text) - _PIECE + 1)))


_PIECES = {
    piece: name
    for name, secret in {"key": KEY, "token": TOKEN, "secret": SECRET, "mail password": PASSWORD}.items()
    for spelling in _spellings(secret)
    for piece in _pieces(spelling)
    if len(piece) >= 8
}


def leaks(text: str) -> list[str]:
    """The secrets of which a piece stands in a text."""
    found: dict[str, int] = {}
    for start in range(len(text)):
        if name := _PIECES.get(text[start : start + _PIECE]):
            found.setdefault(name, start)
    return [
        f"a piece of the {name} is shown: {text[max(0, at - 200) : at + 40]!r}"
        for name, at in sorted(found.items())
    ]


def tracebacks(text: str) -> list[str]:
    """The last line of each traceback in a text."""
    parts = text.split("Traceback (most recent call last)")[1:]
    found = [f"traceback: {_last_line(part)}" for part in parts]
    return found + ["unexpected error; see the log"] * ("see the log" in text)


def _last_line(part: str) -> str:
    lines = [line for line in part.replace("\\n", "\n").splitlines()[1:] if line[:1].strip()]
    return lines[0][:200] if lines else part[-200:]
