"""The language of whoever reads what a command prints. Until it is known, that is English."""

from typing import TYPE_CHECKING

import click

from trello_ops.messages import translated

if TYPE_CHECKING:
    from trello_ops.render.i18n import Translator

_LANGUAGE = "trello_ops.language"


def speak(language: str) -> None:
    """Let the command that runs print in this language from now on."""
    click.get_current_context().meta[_LANGUAGE] = language


def reader() -> "Translator":
    """The translator of the command that runs."""
    from trello_ops.render.i18n import SOURCE_LANGUAGE, Translator  # imported late: `--help` needs none

    context = click.get_current_context(silent=True)
    return Translator(context.meta.get(_LANGUAGE, SOURCE_LANGUAGE) if context else SOURCE_LANGUAGE)


def spoken(text: str) -> str:
    """A message in the reader's language."""
    return translated(text, reader())
