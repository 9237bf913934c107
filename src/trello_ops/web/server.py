"""uvicorn in a thread of the daemon."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

_MOST_AT_ONCE = 100


def listen(address: tuple[str, int]) -> socket.socket:
    """A socket that takes connections on host and port. OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    return socket.create_server(address, family=family, backlog=256)


@contextmanager
def serving(app: Starlette, entrance: socket.socket) -> Iterator[None]:
    """Serve meanwhile, and close the socket."""
    server = uvicorn.Server(_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [entrance]}, name="web", daemon=True)
    with entrance:
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


def _config(app: Starlette) -> uvicorn.Config:
    """Nobody's request is logged: our own tally says calmly what strangers send."""
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=2,
    )
