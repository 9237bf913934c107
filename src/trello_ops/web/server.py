"""An ASGI server (uvicorn) in a thread of the daemon."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from starlette.applications import Starlette

from trello_ops.telemetry import Tally
from trello_ops.web.connections import Connection, Connections
from trello_ops.web.receiver import PATIENCE

MOST_AT_ONCE = 200
"""Connections, which Trello's calls occupy for milliseconds. A process may well be allowed 256 open files."""

MOST_OF_AN_ADDRESS = 50
"""Ample for a proxy in front of us, from which all calls come."""


def listen(address: tuple[str, int]) -> socket.socket:
    """Open a socket that takes connections on a host and port. Raises OSError when they cannot be had."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    made = socket.create_server(address, family=family, backlog=256)
    # asyncio sends at once (TCP_NODELAY) only where a socket names its protocol, which `create_server` does
    # not: the end of a page would wait forty milliseconds for a delayed acknowledgement.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())


@contextmanager
def serving(
    app: Starlette, entrance: socket.socket, tally: Tally, patience: float = PATIENCE
) -> Iterator[None]:
    """Serve an app while the block runs, then close the socket.

    `tally` counts connections that are closed for want of a head within `patience` seconds, or of room.
    """
    open_ones = Connections(tally, patience, MOST_AT_ONCE, MOST_OF_AN_ADDRESS)
    config = uvicorn.Config(
        app,
        http=partial(Connection, open_ones),  # type: ignore[arg-type]  # a class there, which is only called
        ws="none",
        loop="asyncio",
        lifespan="off",
        # Strangers could fill the log with lines; our own tally counts what they send.
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [entrance]}, name="web", daemon=True)
    with entrance:
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(3)
