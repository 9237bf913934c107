"""Messages for people: English text that remembers how it was made, so that it can be said in French too.

`say("is longer than %(limit)s characters", limit=100)` is a plain `str` in English, which logs and tests
use as it is. Who shows it to a person calls `translated` with the reader's translator.
"""

import errno
import json
from collections.abc import Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, Protocol, Self

_LONGEST = 10_000
"""Characters of a value in a message; what a template or an answer makes may have millions."""


class Translates(Protocol):
    """What a `Translator` offers here."""

    def gettext(self, message: str, /, **values: object) -> str:
        """The translation with `values` filled in."""

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The form for `count`, which the message shows as `%(count)s`."""

    def number(self, value: float) -> str:
        """A number with the language's separators."""


class Number(int):
    """A whole number that is written with separators: `16,384`, in French « 16 384 »."""

    def __str__(self) -> str:
        return f"{int(self):,}"


class Message(str):
    """An English sentence with its template and values. Values may be messages themselves.

    With a `plural`, the template is for one, and the value `count` decides between the two.
    """

    # A `str`, so that errors, problems and logs need not know of it. An f-string, `+` or `join` makes a plain
    # text of it, which stays English: compose with `say` or `joined` instead.
    __slots__ = ("plural", "template", "values")

    template: str
    plural: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object], plural: str = "") -> Self:
        """Fill the values in; a text without end is cut."""
        # Of a message the values are cut already: as a plain text it would not be translated any more.
        long = {name: text for name, text in values.items() if type(text) is str and len(text) > _LONGEST}
        values = {**values, **{name: f"{text[:_LONGEST]}…" for name, text in long.items()}}
        form = plural if plural and values["count"] != 1 else template
        made = super().__new__(cls, form % values)
        made.template, made.plural, made.values = template, plural, MappingProxyType(values)
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object], str]]:
        """Copies and pickles keep the template."""
        return type(self), (self.template, dict(self.values), self.plural)


def N_(template: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark a template for the catalogue that `say` is given later."""
    return template


def say(template: str, /, **values: object) -> Message:
    """A message. A literal percent sign in `template` is written `%%`."""
    return Message(template, values)


def say_count(singular: str, plural: str, count: int, /, **values: object) -> Message:
    """The message for `count` things, which shows the number as `%(count)s`."""
    return Message(singular, {"count": Number(count), **values}, plural)


def joined(texts: Iterable[str], separator: str = ", ") -> str:
    """The texts one after another, each still to be translated."""
    values = {f"text{n}": text for n, text in enumerate(texts)}
    # Not in the catalogue, so that it stands as it is in every language.
    template = separator.replace("%", "%%").join(f"%({name})s" for name in values)
    return Message(template, values) if values else ""


def clauses(texts: Iterable[str]) -> str:
    """At least one text, with semicolons between; a message, as French has a space before them."""
    return reduce(lambda first, second: say("%(first)s; %(second)s", first=first, second=second), texts)


def reason(error: OSError) -> str:
    """What the system says of a file or a connection that could not be used."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


_REASONS = {
    errno.ENOENT: say("No such file or directory"),
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EEXIST: say("File exists"),
    errno.ENOSPC: say("No space left on device"),
    errno.EROFS: say("Read-only file system"),
    errno.EIO: say("Input/output error"),
    errno.EBADF: say("Bad file descriptor"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.ELOOP: say("Too many levels of symbolic links"),
    errno.ECONNREFUSED: say("Connection refused"),
    errno.EADDRINUSE: say("Address already in use"),
}
"""The system's own words, which are English whatever language it is set to."""


def translated(text: str, translator: Translates) -> str:
    """The text in the translator's language, values included; a plain text stays as it is."""
    if not isinstance(text, Message):
        return text
    values = {
        name: translated(value, translator)
        if isinstance(value, str)
        else (translator.number(int(value)) if isinstance(value, Number) else value)
        for name, value in text.values.items()
    }
    count = text.values.get("count")
    if text.plural and isinstance(count, int):
        return translator.ngettext(text.template, text.plural, int(count), **values)
    return translator.gettext(text.template, **values)


# ---- Messages in the store --------------------------------------------------------------------------

_BEGIN = '{"template": '


def to_text(text: str) -> str:
    """A message as JSON, which keeps its template; a plain text as it is."""
    # Who will read it, and in which language, is not known when it is written down.
    found = json.dumps(_as_dict(text), ensure_ascii=False) if isinstance(text, Message) else text
    # No database takes what Python makes of a file's name that is no UTF-8.
    return found.encode("utf-8", "backslashreplace").decode()


def from_text(text: str) -> str:
    """What `to_text` was given."""
    if not text.startswith(_BEGIN):
        return text
    try:
        found = json.loads(text, object_hook=_from_dict)
    except (ValueError, LookupError, TypeError):  # somebody else's, which only looks like one of ours
        return text
    return found if isinstance(found, str) else text


def _as_dict(message: Message) -> dict[str, object]:
    values = {name: _plain(value) for name, value in message.values.items()}
    return {"template": message.template, "plural": message.plural, "values": values}


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return _as_dict(value)
    if isinstance(value, Number):
        return {"number": int(value)}
    return value if isinstance(value, str | int | float | None) else str(value)


def _from_dict(found: dict[str, Any]) -> object:
    if "number" in found and len(found) == 1:
        return Number(found["number"])
    return Message(found["template"], found["values"], found["plural"]) if "template" in found else found
