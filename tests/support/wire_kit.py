"""A session over py-trello, and servers that behave badly on real sockets."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from trello import TrelloClient

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.transport import TrelloSession
from trello_ops.testing.clock import FixedClock

KEY = "k3y" + "0" * 29
TOKEN = "ATTA" + "s3cret" * 12
BASE = "http://trello.test"
MADE = {"id": "6560a0000000000000000001"}


class Wire:
    """py-trello over a session of ours, as the gateway uses it."""

    def __init__(
        self,
        clock: FixedClock | SystemClock,
        url: str = BASE,
        budget: RequestLimit[Any] | None = None,
        timeout: float = 1.0,
    ) -> None:
        budget = budget or Budget.private(90, clock)
        self.session = TrelloSession(url, KEY, TOKEN, budget=budget, clock=clock, timeout=timeout)
        self._client = TrelloClient(api_key="", http_service=self.session)

    def read(self, path: str = "/cards/c1", **query: str) -> object:
        return self._client.fetch_json(path, query_params=query)

    def write(self, path: str = "/cards", method: str = "POST", **arguments: object) -> object:
        return self._client.fetch_json(path, http_method=method, post_args=arguments)


@contextmanager
def server(behaviour: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[int]]]:
    """A server that treats each connection so; yields its address and a list with an entry per connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[int] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(1)
            connection.settimeout(10)
            with connection:
                behaviour(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def receive(connection: socket.socket) -> bytes:
    """One whole request."""
    with connection.makefile("rb") as stream:
        head = list(itertools.takewhile(lambda line: line != b"\r\n", stream))
        length = next((int(line[15:]) for line in head if line.lower().startswith(b"content-length:")), 0)
        return b"".join(head) + stream.read(length)
