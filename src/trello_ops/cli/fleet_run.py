"""trello-ops fleet run"""

import os
import threading
from collections.abc import Callable

from trello_ops.cli import streams
from trello_ops.daemon import stop_on_signals
from trello_ops.fleet.node import Bounds, Node
from trello_ops.fleet.tenant import Fleet


def serve(address: str, load: Callable[[], Fleet], bounds: Bounds) -> None:
    """Be a node of the fleet in the database at `address` until told to stop, then end the process."""
    stop = threading.Event()
    stop_on_signals(stop)
    Node(address, load, stop, bounds).run()
    # A request may hang, and its thread would keep the process alive. Its claim is in the store.
    streams.end()
    os._exit(0)
