"""Messages for people: English text that remembers how it was made, so that it can be said in French too.

`say("is longer than %(limit)s characters", limit=100)` is a plain `str` in English, which logs and tests
use as it is. Who shows it to a person calls `translated` with the reader's translator.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, Self


class Translates(Protocol):
    """What a `Translator` offers here."""

    def gettext(self, message: str, /, **values: object) -> str:
        """The translation with `values` filled in."""


class Message(str):
    """An English sentence with its template and values. Values may be messages themselves."""

    # A `str`, so that errors, problems and logs need not know of it. An f-string, `+` or `join` makes a plain
    # text of it, which stays English: compose with `say` instead.
    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        """Fill the values in."""
        made = super().__new__(cls, template % values)
        made.template, made.values = template, MappingProxyType(dict(values))
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object]]]:
        """Copies and pickles keep the template."""
        return type(self), (self.template, dict(self.values))


def say(template: str, /, **values: object) -> Message:
    """A message. A literal percent sign in `template` is written `%%`."""
    return Message(template, values)


def translated(text: str, translator: Translates) -> str:
    """The text in the translator's language, values included; a plain text stays as it is."""
    if not isinstance(text, Message):
        return text
    values = {
        name: translated(value, translator) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return translator.gettext(text.template, **values)
