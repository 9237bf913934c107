"""trello-ops fleet run"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import click

from trello_ops.adapters.store import Database, open_database
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.cli import streams
from trello_ops.cli.fleet_choice import file_option, load, read
from trello_ops.cli.options import new_store_option
from trello_ops.cli.session import Session, pass_session
from trello_ops.daemon import stop_on_signals
from trello_ops.fleet.bounds import Bounds
from trello_ops.fleet.tenant import Fleet
from trello_ops.own_store import store_address
from trello_ops.settings import Settings


@click.command
@file_option
@new_store_option
@pass_session
def command(session: Session, *, file: Path, new_store: bool) -> None:
    """Keep the boards of all shops going until told to stop.

    Does for every shop of fleet.yaml what `trello-ops run` does for one, until SIGTERM or Ctrl-C. With a
    PostgreSQL database, each process is a node: start as many as you like, on any machines that see the same
    files. They share the shops among them, and what a node leaves behind, others take up within seconds. With
    an SQLite file, one process tends all.

    A node ends itself when it stood still or has lost the database, so have it started again whatever its
    exit code is.
    """
    settings, _ = load(session, file, logs=True)
    serve(
        settings,
        lambda: read(session, settings, file, logs=True),
        Bounds(),
        new_store=new_store,
    )


def serve(settings: Settings, fleet: Callable[[], Fleet], bounds: Bounds, *, new_store: bool = False) -> None:
    """Tend a fleet, its part or all of it, until told to stop, then end the process. Raises `StoreError`.

    `settings` are the process's own.
    """
    stop = threading.Event()
    stop_on_signals(stop)
    _run(open_database(store_address(settings), new=new_store), settings, fleet, stop, bounds)
    # A request may hang, and its thread would keep the process alive. Its claim is in the store.
    streams.end()
    os._exit(0)


def _run(
    database: Database, settings: Settings, fleet: Callable[[], Fleet], stop: threading.Event, bounds: Bounds
) -> None:
    # Imported late: who has no server has not installed what a node needs.
    if isinstance(database, PostgresDatabase):
        from trello_ops.fleet.node import Node

        Node(database, settings, fleet, stop, bounds).run()
    else:
        from trello_ops.fleet.alone import Alone

        Alone(database, settings, fleet, stop, bounds.threads).run()
