"""trello-ops service"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from trello_ops import service_units
from trello_ops.cli.language import spoken
from trello_ops.cli.output import notice, whole_file
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.escape import visible
from trello_ops.messages import joined, reason, say
from trello_ops.private_files import private_folder
from trello_ops.setting_sources import PREFIX


@click.group
def command() -> None:
    """Have systemd keep the robot going."""


@command.command
@click.option("--user", is_flag=True, help="As a service of your account; there is no other way yet.")
@click.option("--timer", is_flag=True, help="Not one `run` for good, but a `tick` every five minutes.")
@click.option("--force", is_flag=True, help="Replace units that say something else.")
@pass_session
def install(session: Session, *, user: bool, timer: bool, force: bool) -> None:
    """Write units that start this installation's program in the current folder.

    What is there already and says something else is left as it is, and named. Starts nothing: the commands
    that do so are printed. docs/operating.md tells how to make it a service of a whole machine.
    """
    if not user:
        raise click.UsageError(
            spoken(
                say(
                    "Give --user, for your account; the units for a whole machine are in %(folder)s.",
                    folder=service_units.shipped(),
                )
            )
        )
    folder = _own_folder(session)
    names = service_units.TICKS if timer else service_units.DAEMON
    program = service_units.program()
    units = {
        service_units.user_folder() / name: service_units.for_user(name, folder, program) for name in names
    }
    if not force:
        _refuse_to_replace(units)
    for path, text in units.items():
        _write(path, text)
    _tell(units, names[0])


def _own_folder(session: Session) -> Path:
    """The current folder, where the settings and boards of the service are. Raises `InvalidSettings`."""
    session.settings(*CREDENTIALS)
    folder = Path.cwd()
    if not str(folder).isprintable():
        raise click.UsageError(
            spoken(say("The path of this folder holds control characters, which no unit can name."))
        )
    if unseen := sorted(name for name in os.environ if name.startswith(PREFIX)):
        notice(
            say(
                "The service will not see what is set in this terminal (%(names)s): write it into .env.",
                names=joined(unseen),
            )
        )
    return folder


def _refuse_to_replace(units: Mapping[Path, str]) -> None:
    """Raise `click.BadParameter` where a unit of the name says something else."""
    others = [str(path) for path, text in units.items() if os.path.lexists(path) and _text_of(path) != text]
    if others:
        raise click.BadParameter(
            spoken(
                say(
                    "%(paths)s would say something else: look at it, move it away, or replace it by --force.",
                    paths=joined(others),
                )
            ),
            param_hint="--user",
        )


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None


def _write(path: Path, text: str) -> None:
    try:
        private_folder(path.parent)
    except OSError as error:
        raise click.BadParameter(
            spoken(say("%(path)s cannot be written: %(why)s.", path=path.parent, why=reason(error))),
            param_hint="--user",
        ) from error
    with whole_file(path, "--user") as file:
        file.write(text.encode())


def _tell(units: Iterable[Path], first: str) -> None:
    lines = [
        say("Wrote %(paths)s.", paths=joined(map(str, units))),
        say("Next:"),
        "  systemctl --user daemon-reload",
        f"  systemctl --user enable --now {first}",
        joined(("  loginctl enable-linger    # ", say("it goes on while you are not logged in")), ""),
        joined((f"  systemctl --user status {first}    # ", say("how it fares")), ""),
    ]
    for line in lines:
        click.echo(visible(spoken(line)))
