"""trello-ops store"""

from functools import partial

import click

from trello_ops.adapters.store import copy_stores
from trello_ops.cli.language import spoken
from trello_ops.cli.output import progress
from trello_ops.cli.session import Session, pass_session
from trello_ops.escape import visible
from trello_ops.messages import say


@click.group
def command() -> None:
    """Move the store from one database to another."""


@command.command
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@pass_session
def copy(session: Session, source: str, target: str) -> None:
    """Copy every workspace from one database to another, and find each row again there.

    FROM and TO are addresses as in TRELLO_OPS_DATABASE_URL, of an SQLite file or a PostgreSQL database. All
    or nothing; FROM stays as it is. Stop every trello-ops first: what they write meanwhile is not copied.
    """
    session.settings()
    counts = copy_stores(source, target, partial(progress, say("Copying")))
    for name, count in counts.items():
        if count:
            click.echo(f"{name:<16}{count:>12}")
    rows = sum(counts.values())
    click.echo(visible(spoken(say("Copied %(rows)s rows, and found each of them again.", rows=rows))))
