"""Strangers hold connections, or send nothing, or drips: genuine calls are heard all the same."""

import asyncio
import contextlib
import datetime as dt
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from webhook_calls import CALLBACK, PATH, SECRET, call, signature

from trello_ops.telemetry import Tally
from trello_ops.testing import FixedClock
from trello_ops.web.connections import Connection
from trello_ops.web.receiver import create_app
from trello_ops.web.refused import REFUSED
from trello_ops.web.server import MOST_AT_ONCE, MOST_OF_AN_ADDRESS, listen, serving

PATIENCE = 0.3
GENEROUS = 15.0  # seconds, on a machine with other things to do


class Port:
    """The receiver as it listens for real."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.heard = list[str]()
        clock = FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))
        self.tally = Tally("webhook.refused", REFUSED, clock.monotonic)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(self.address, GENEROUS, (source, 0))

    def call(self) -> bytes:
        """The first line of the answer to a genuine call."""
        body = call()
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        with self.connect() as connection:
            signed = f"X-Trello-Webhook: {signature(body)}\r\nConnection: close\r\n\r\n"
            connection.sendall((head + signed).encode() + body)
            return connection.makefile("rb").readline().strip()


@contextlib.contextmanager
def open_port(patience: float = GENEROUS) -> Iterator[Port]:
    entrance = listen(("127.0.0.1", 0))
    port = Port(entrance.getsockname())
    app = create_app(lambda: [SECRET], CALLBACK, port.heard.append, port.tally, patience)
    with serving(app, entrance, port.tally, patience):
        yield port


def comes_true(what: Callable[[], bool]) -> bool:
    end = time.monotonic() + GENEROUS
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    return what()


def test_the_end_of_an_answer_waits_for_no_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    made, at_once = Connection.connection_made, list[int]()

    def look(connection: Connection, transport: asyncio.Transport) -> None:
        made(connection, transport)
        found = transport.get_extra_info("socket")
        at_once.append(found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(Connection, "connection_made", look)
    with open_port() as port:
        assert port.call() == b"HTTP/1.1 200 OK"
    assert at_once == [1]


def test_connections_that_say_nothing_silence_no_genuine_call() -> None:
    with open_port() as port, contextlib.ExitStack() as idle:
        for number in range(MOST_AT_ONCE + 50):
            idle.enter_context(port.connect(f"127.0.0.{number % 100 + 2}"))
        assert port.call() == b"HTTP/1.1 200 OK"
        assert comes_true(lambda: port.tally.counts().get("crowded", 0) >= 50)


def test_an_address_with_too_many_connections_loses_its_own_eldest() -> None:
    with open_port() as port, contextlib.ExitStack() as idle:
        early = idle.enter_context(port.connect())
        greedy = [idle.enter_context(port.connect("127.0.0.2")) for _ in range(MOST_OF_AN_ADDRESS + 1)]
        assert greedy[0].recv(1) == b""
        assert port.tally.counts() == {"crowded": 1}
        early.sendall(f"HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert early.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    "said", [b"", f"POST {PATH} HT".encode(), f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode()]
)
def test_a_head_that_does_not_come_in_time_is_not_waited_for(said: bytes) -> None:
    with open_port(PATIENCE) as port, port.connect() as connection:
        connection.sendall(said)
        assert connection.recv(1) == b""
        assert port.tally.counts() == {"slow": 1}


def test_a_head_by_drips_is_not_waited_for() -> None:
    with open_port(PATIENCE) as port, port.connect() as connection:
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                connection.sendall(b"a")
                time.sleep(0.02)
            pytest.fail("it was waited for")
        assert port.tally.counts() == {"slow": 1}


def test_the_next_head_on_a_kept_connection_is_not_waited_for_either() -> None:
    head = f"HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with open_port(PATIENCE) as port, port.connect() as connection:
        connection.sendall(head)
        assert connection.recv(12) == b"HTTP/1.1 200"
        connection.sendall(head[:9])
        while connection.recv(4096):
            pass
        assert port.tally.counts() == {"slow": 1}


def test_a_body_that_does_not_come_is_counted_once_and_the_connection_closed() -> None:
    with open_port(PATIENCE) as port, port.connect() as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 408")
        assert port.tally.counts() == {"slow": 1}


def test_what_is_no_http_is_counted() -> None:
    with open_port() as port, port.connect() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400")
        assert port.tally.counts() == {"malformed": 1}
