"""What every command needs: settings, logging, and messages without secrets."""

import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from trello_ops.cli import streams
from trello_ops.cli.language import speak, spoken
from trello_ops.cli.output import notice

if TYPE_CHECKING:
    from trello_ops.settings import Settings

CREDENTIALS = ("trello_key", "trello_token")


@dataclass(slots=True)
class Session:
    """One run of the command line. `redact` masks secrets, once the settings have told them."""

    redact: Callable[[str], str] = str
    _secrets: set[str] = field(default_factory=set)

    def settings(self, *require: str, logs: bool = False, elsewhere: Collection[str] = ()) -> "Settings":
        """Load the settings, of which `require` must be given, and set up logging. Raises `InvalidSettings`.

        With `logs`, everything is logged that the settings ask for, and no reader is waited for. Other
        commands print what they do, and log errors only. Some may be said `elsewhere`.
        """
        # Imported late, so that `--help` does not wait for it.
        from trello_ops.declaration_source import language
        from trello_ops.settings import given_language, load
        from trello_ops.telemetry import lines_lost

        # Known before the settings are: they may be wrong themselves.
        speak(given_language())
        settings = load(require=require, elsewhere=elsewhere)
        speak(language(settings))
        self.mask(settings, settings.secrets(), logs=logs)
        if logs:
            streams.wait_for_nobody(lines_lost)
        return settings

    def sound_settings(self) -> "tuple[Settings, tuple[str, ...], frozenset[str]]":
        """The settings as far as they are sound; what is wrong with the others, and which these are."""
        from trello_ops.declaration_source import language
        from trello_ops.errors import InvalidSettings
        from trello_ops.settings import given_language, load, load_sound

        speak(given_language())
        settings, left_out = load_sound()
        speak(language(settings))
        self.mask(settings, settings.secrets())
        try:
            load(require=CREDENTIALS)
        except InvalidSettings as invalid:
            return settings, invalid.messages, left_out
        return settings, (), left_out

    def mask(self, settings: "Settings", secrets: Iterable[str], *, logs: bool = False) -> None:
        """Keep these secrets and earlier ones out of messages and logs; set up the latter as settings ask."""
        from trello_ops.telemetry import configure_logging, redactor

        self._secrets.update(secrets)
        self.redact = redactor(self._secrets)
        form = settings.log_format
        if form == "auto":
            form = "console" if sys.stderr.isatty() else "json"
        configure_logging(settings.log_level if logs else "error", form, self.redact)

    def complain(self, message: str) -> None:
        """Say on standard error what went wrong."""
        notice(self.redact(spoken(message)))


pass_session = click.make_pass_decorator(Session, ensure=True)
