"""trello-ops backup"""

from pathlib import Path

import click

from trello_ops.app import back_up
from trello_ops.cli.session import Session, pass_session


@click.command
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def command(session: Session, file: Path) -> None:
    """Copy the store while everything runs.

    Writes the whole database as of one moment to FILE, a new file that only you can read, and checks the
    copy. An existing file is never overwritten. Needs no credentials, and neither board files nor network.
    """
    back_up(session.settings(), file)
    click.echo(f"Backed up to {file}, {file.stat().st_size / 1024:.0f} KiB, and checked.")
