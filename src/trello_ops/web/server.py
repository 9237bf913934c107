"""An ASGI server (uvicorn) in a thread of the daemon."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

_MOST_AT_ONCE = 100


def listen(address: tuple[str, int]) -> socket.socket:
    """Open a socket that takes connections on a host and port. Raises OSError when they cannot be had."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    return socket.create_server(address, family=family, backlog=256)


@contextmanager
def serving(app: Starlette, entrance: socket.socket) -> Iterator[None]:
    """Serve an app while the block runs, then close the socket."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        # Strangers could fill the log with lines; our own tally counts what they send.
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
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
