"""trello-ops run"""

import os
import threading

import click

from trello_ops.app import open_app
from trello_ops.cli import streams
from trello_ops.cli.options import new_store_option
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.daemon import Daemon, stop_on_signals
from trello_ops.operations.own_trello import require_own_trello


@click.command
@new_store_option
@pass_session
def command(session: Session, new_store: bool) -> None:
    """Keep the boards going until told to stop.

    Makes cards when they are due, reads back what people do and reports every week, until SIGTERM or
    Ctrl-C; the step in hand is finished first. Logs one line for each thing done to standard error. Edited
    files are taken up as they are saved. Several of these on one store do no harm. With PUBLIC_URL it also
    listens for Trello's calls, and sees at once what people do.
    """
    settings = session.settings(*CREDENTIALS, logs=True)
    stop = threading.Event()
    stop_on_signals(stop)
    app = open_app(settings, stopping=stop.is_set, new_store=new_store)
    require_own_trello(app.context(), ask=False)  # Trello may be away for now, so its jobs ask the rest
    if not Daemon(app, stop).run():
        # A request hangs, and its thread would keep the process alive. Its claim is in the store and is taken
        # over later, whether Trello did it or not.
        streams.end()
        os._exit(0)
    app.close()
