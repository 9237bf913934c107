"""Files that should hold UTF-8 text: what they hold, or what they seem to hold instead."""

from typing import Final

from trello_ops.messages import Message, say

_OTHER_KINDS: Final = (
    (
        b"PK\x03\x04",
        say("is an Excel, Word or ZIP file with another name: save its text as plain text, UTF-8"),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        say("is an old Excel or Word file with another name: save its text as plain text, UTF-8"),
    ),
    (b"%PDF", say("is a PDF with another name: copy its text into a plain text file, UTF-8")),
    (b"{\\rtf", say("is rich text (RTF), not plain text: save it as plain text, UTF-8")),
)
"""How files begin that are no text, whatever they are called."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WINDOWS = "Latin-1 / Windows-1252 (“ANSI”)"
_MAC_ACCENTS = frozenset(b"\x87\x88\x89\x8d\x8e\x8f\x90\x91\x94\x95\x99\x9d\x9e")
"""French accents in Mac OS Roman, where Windows-1252 has signs that few people type."""


class Unreadable(ValueError):
    """A file that cannot or may not be read, or is no text. `line` and `column`, from 1, show where."""

    def __init__(self, message: Message, line: int = 1, column: int = 1) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(message)


def require_text(data: bytes) -> None:
    """Raise `Unreadable` for a file of another kind, whatever it is called."""
    for beginning, message in _OTHER_KINDS:
        if data.startswith(beginning):
            raise Unreadable(message)


def decoded(data: bytes) -> str:
    """The text, without the byte order mark that some editors begin a file with. Raises `Unreadable`."""
    require_text(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Not `error.object`, from which the codec has taken the byte order mark already.
        start = error.start + len(data) - len(error.object)
    before = data[:start]
    message = say(
        "is not UTF-8 text, but %(encoding)s as it seems: save it with the encoding UTF-8",
        encoding=_encoding(data),
    )
    column = len(before[before.rfind(b"\n") + 1 :].removeprefix(b"\xef\xbb\xbf").decode("utf-8")) + 1
    raise Unreadable(message, before.count(b"\n") + 1, column)


def decoded_table(data: bytes) -> str:
    """The text of a table, which spreadsheets also write in Windows-1252 or UTF-16. Raises `Unreadable`."""
    require_text(data)
    try:
        if data.startswith(_UTF_16):
            return data.decode("utf-16")
        return decoded(data)
    except UnicodeDecodeError:
        return decoded(data)  # says why not
    except Unreadable:
        if b"\0" in data or _encoding(data) != _WINDOWS:
            raise
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return decoded(data)


def _encoding(data: bytes) -> str:
    """The encoding's names, as editors offer them."""
    if data.startswith(_UTF_16) or b"\0" in data:
        return "UTF-16 (“Unicode”)"
    high = [byte for byte in data if byte >= 0x80]
    # Most of them, as French has hardly any other sign beyond ASCII.
    if sum(byte in _MAC_ACCENTS for byte in high) * 2 > len(high):
        return "Mac OS Roman"
    # They differ in rare signs alone.
    return _WINDOWS
