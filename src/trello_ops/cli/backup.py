"""trello-ops backup"""

from pathlib import Path

import click

from trello_ops.cli.language import spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.session import Session, pass_session
from trello_ops.escape import visible
from trello_ops.messages import say
from trello_ops.own_store import back_up


@click.command
@click.argument("file", type=PathType())
@pass_session
def command(session: Session, file: Path) -> None:
    """Copy the store while everything runs.

    Writes the whole database as of one moment to FILE, a new file that only you can read, and checks the
    copy. An existing file is never overwritten. Needs no credentials, and neither board files nor network.
    """
    back_up(session.settings(), file)
    size = f"{file.stat().st_size / 1024:.0f}"
    click.echo(
        visible(spoken(say("Backed up to %(file)s, %(size)s KiB, and checked.", file=file, size=size)))
    )
