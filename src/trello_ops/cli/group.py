"""The group of all commands: imports them when called, and turns errors into messages and exit codes."""

import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from trello_ops.cli import streams
from trello_ops.cli.output import notice
from trello_ops.cli.session import Session
from trello_ops.errors import TrelloOpsError
from trello_ops.escape import visible_lines
from trello_ops.messages import reason, say

INTERRUPTED = 130  # as shells report SIGINT: 128 + 2
WORKING = frozenset(
    {
        "init",
        "draft",
        "apply",
        "adopt",
        "tick",
        "run",
        "service",
        "sheet",
        "link",
        "feed",
        "backup",
        "store",
        "fleet",
        "recover",
        "sandbox",
        "demo",
    }
)
"""Commands that do more than to print something."""


class CommandLine(click.Group):
    """The commands by name with their `summaries`: command `plan` is `trello_ops.cli.plan.command`."""

    def __init__(self, *args: Any, summaries: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands = {name: click.Command(name, help=text) for name, text in summaries.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands' names, in the order in which `--help` shows them."""
        return list(self.commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command. A slow import then costs only those who use it."""
        if name not in self.commands:
            return None
        command: click.Command = import_module(f"{__package__}.{name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell may put in place of the word that somebody types, without importing the commands."""
        found = [
            CompletionItem(name, help=command.help)
            for name, command in self.commands.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the section of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; `--help` and `--version` end here."""
        try:
            return super().make_context(*args, **extra)
        except click.exceptions.Exit as end:
            raise click.exceptions.Exit(end.exit_code or _lost_output()) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, those of the command too. No system's path or name holds a NUL."""
        if any("\0" in each for each in args):
            raise click.UsageError(say("An argument holds a NUL character."), ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and exit with its code."""
        code = self._code_of(ctx)
        lost = _lost_output()
        # Of the commands that do something, the code tells whether it was done.
        ctx.exit(code or (0 if ctx.invoked_subcommand in WORKING else lost))

    def _code_of(self, ctx: click.Context) -> int:
        """Run a command. Known errors become one paragraph, bugs a traceback; neither shows a secret."""
        session = ctx.ensure_object(Session)
        try:
            super().invoke(ctx)
        except TrelloOpsError as error:
            session.complain(error.message)
            return error.exit_code
        except KeyboardInterrupt:
            return INTERRUPTED
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.ClickException as error:
            # It quotes what somebody gave, and only click can show it with the command's usage.
            error.message = visible_lines(error.message)  # type: ignore[misc]  # "final"
            raise
        except click.Abort:
            raise
        except Exception:  # noqa: BLE001 (whatever it is, it may quote a secret)
            notice(session.redact(traceback.format_exc()).rstrip())
            return 1
        return 0


def _lost_output() -> int:
    """Say on standard error, and as an exit code, whether what was printed was lost."""
    why = streams.lost()
    if why is None:
        return 0
    notice(
        say(
            "Standard output cannot be written (%(why)s): what this command prints is lost, and nothing"
            " else.",
            why=reason(why),
        )
    )
    return 1
