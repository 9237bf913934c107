"""Answers that trickle, swell or nest: each request ends at its deadline, whatever the other side does."""

import contextlib
import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from wire_kit import MADE, Wire, receive, server

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.answer import LARGEST
from trello_ops.errors import OutcomeUnknown, TrelloError, Unavailable

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

DEADLINE, PATIENCE = 0.5, 20.0
"""Seconds. Drips go on for longer than the second, which is ample on a machine with other things to do."""

CERTIFICATE = Path(__file__).parent / "localhost.pem"
OK = b"HTTP/1.1 200 OK\r\n"
JSON = json.dumps(MADE).encode()


def trickle(connection: socket.socket, data: bytes) -> None:
    """Send a byte at a time, for longer than anybody should wait, until the client hangs up."""
    with contextlib.suppress(OSError):
        for byte in data + b" " * 1_000:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)


def trickling(before: bytes, slow: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(before)
        trickle(connection, slow)

    return answer


def continues_for_ever(connection: socket.socket) -> None:
    receive(connection)
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def chunks(connection: socket.socket) -> None:
    receive(connection)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(1_000):
            connection.sendall(b"1\r\n \r\n")
            time.sleep(0.05)


def reads_slowly(done: threading.Event) -> Callable[[socket.socket], None]:
    """Takes the request a little at a time, as a jammed proxy does."""

    def read(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                connection.recv(64)
                if done.wait(0.05):
                    return

    return read


def shakes_hands_slowly(connection: socket.socket) -> None:
    """The head of a TLS record that announces more than will ever come."""
    with contextlib.suppress(OSError):
        connection.recv(65_536)
    trickle(connection, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")


def ended(act: Callable[[], object]) -> TrelloError:
    """The error that an act ends with, in time."""
    begun = time.monotonic()
    with pytest.raises(TrelloError) as caught:
        act()
    assert time.monotonic() - begun < PATIENCE
    return caught.value


SLOW = {
    "status": trickling(b"", OK + b"Content-Length: 2\r\n\r\n{}"),
    "headers": trickling(OK, b"X-Slow: "),
    "body": trickling(OK + b"Content-Length: 1000\r\n\r\n", JSON),
    "refusal": trickling(b"HTTP/1.1 500 Oh\r\nContent-Length: 1000\r\n\r\n", b"oh"),
    "chunks": chunks,
    "until it closes": trickling(OK + b"Connection: close\r\n\r\n", JSON),
    "continue": continues_for_ever,
}


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW)
def test_a_write_that_is_answered_by_drips_ends_at_the_deadline_and_is_unknown(
    behaviour: Callable[[socket.socket], None],
) -> None:
    with server(behaviour) as (url, connections), wired(url) as wire:
        assert isinstance(ended(lambda: wire.write(name="x")), OutcomeUnknown)
    assert len(connections) == 1


def test_a_read_that_is_answered_by_drips_is_tried_again_each_time_to_its_deadline() -> None:
    with server(SLOW["body"]) as (url, connections), wired(url) as wire:
        assert isinstance(ended(wire.read), Unavailable)
    assert len(connections) == 3


@pytest.mark.parametrize("tls", [False, True])
def test_a_request_that_leaves_by_drips_ends_at_the_deadline(tls: bool) -> None:
    done = threading.Event()
    with (encrypted_server if tls else server)(reads_slowly(done)) as (url, _), wired(url, 2) as wire:
        try:
            assert isinstance(ended(lambda: wire.write(name="x" * 8_000_000)), OutcomeUnknown)
        finally:
            done.set()


def test_an_answer_over_tls_that_comes_by_drips_ends_at_the_deadline() -> None:
    with encrypted_server(SLOW["headers"]) as (url, _), wired(url, 2) as wire:
        assert isinstance(ended(lambda: wire.write(name="x")), OutcomeUnknown)


def test_a_handshake_by_drips_ends_at_the_deadline() -> None:
    with server(shakes_hands_slowly) as (url, _), wired(url.replace("http:", "https:")) as wire:
        ended(lambda: wire.write(name="x"))


def test_a_proxy_that_answers_by_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(trickling(b"", b"HTTP/1.1 200 Connection established\r\n\r\n")) as (url, _):
        monkeypatch.setenv("https_proxy", url)
        monkeypatch.setenv("no_proxy", "")
        with wired("https://trello.test") as wire:
            ended(lambda: wire.write(name="x"))


def test_many_addresses_of_which_none_answers_share_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = full.getsockname()[:2]
        for _ in range(3):  # nobody accepts: when the queue is full, the machine answers nothing more
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(address)
        found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM) * 30
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        wire = stack.enter_context(wired(f"http://127.0.0.1:{address[1]}"))
        assert isinstance(ended(lambda: wire.write(name="x")), Unavailable), "nothing was sent"


def test_an_address_of_a_kind_that_this_machine_lacks_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server(answering(JSON)) as (url, _), wired(url, PATIENCE) as wire:
        port = int(url.rpartition(":")[2])
        usable = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        lacking = (9_999, *usable[0][1:])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [lacking, *usable])
        assert wire.write(name="x") == MADE
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [lacking])
    with wired(url) as wire:
        assert isinstance(ended(lambda: wire.write(name="x")), Unavailable), "nothing was sent"


def test_a_connection_that_was_kept_has_a_deadline_of_its_own_each_time() -> None:
    def slowly_but_in_time(connection: socket.socket) -> None:
        for _ in range(3):
            if not receive(connection):
                return
            time.sleep(0.6)
            connection.sendall(OK + b"Content-Length: %d\r\n\r\n%b" % (len(JSON), JSON))

    with server(slowly_but_in_time) as (url, connections), wired(url, 1.5) as wire:
        assert [wire.write(name="x") for _ in range(3)] == [MADE] * 3
    assert len(connections) == 1


# ---- answers that are too much


def answering(body: bytes, head: bytes = b"") -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        receive(connection)
        with contextlib.suppress(OSError):
            connection.sendall(OK + head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    return answer


BOMB = gzip.compress(b'"' + b" " * (LARGEST + 1_000_000) + b'"', 9)


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    def say(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(answer)

    return say


TOO_MUCH = {
    "nested": answering(b"[" * 100_000),
    "nested and closed": answering(b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "large": answering(b'{"id":"' + b"x" * LARGEST + b'"}'),
    "a gzip bomb": answering(BOMB, b"Content-Encoding: gzip\r\n"),
    "a broken gzip": answering(BOMB[:1000], b"Content-Encoding: gzip\r\n"),
    "no gzip at all": answering(JSON, b"Content-Encoding: gzip\r\n"),
    "another charset": answering('{"id":"é"}'.encode("latin-1")),
    "a long number": answering(b'{"id":' + b"1" * 5_000 + b"}"),
    "a chunk of less than nothing": saying(OK + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}"),
    "two lengths": saying(OK + b"Content-Length: 2, 3\r\n\r\n{}"),
}


@pytest.mark.parametrize("behaviour", TOO_MUCH.values(), ids=TOO_MUCH)
def test_an_answer_that_is_too_much_leaves_a_write_unknown(
    behaviour: Callable[[socket.socket], None],
) -> None:
    with server(behaviour) as (url, connections), wired(url, 20) as wire, pytest.raises(OutcomeUnknown):
        wire.write(name="x")
    assert len(connections) == 1


def test_hints_before_an_answer_are_not_taken_for_it() -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    answer = saying(hint * 2 + OK + b"Content-Length: %d\r\n\r\n%b" % (len(JSON), JSON))
    with server(answer) as (url, _), wired(url, 20) as wire:
        assert wire.write(name="x") == MADE


def test_an_answer_that_is_too_much_is_a_failed_read() -> None:
    with server(TOO_MUCH["nested"]) as (url, _), wired(url, 20) as wire, pytest.raises(Unavailable):
        wire.read()


def test_a_refusal_of_any_size_and_depth_is_still_a_refusal() -> None:
    def refuse(connection: socket.socket) -> None:
        receive(connection)
        body = b"[" * 100_000
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with server(refuse) as (url, _), wired(url, 20) as wire, pytest.raises(TrelloError, match="refused"):
        wire.write(name="x")


def test_a_page_of_a_thousand_long_actions_is_no_trouble() -> None:
    page = [{"id": f"{number:024x}", "data": {"text": "é" * 16_384}} for number in range(1_000)]
    body = gzip.compress(json.dumps(page, ensure_ascii=False).encode())
    with server(answering(body, b"Content-Encoding: gzip\r\n")) as (url, _), wired(url, 20) as wire:
        assert wire.read() == page


# ---- what they stand on


@contextlib.contextmanager
def wired(url: str, timeout: float = DEADLINE) -> Iterator[Wire]:
    wire = Wire(SystemClock(), url, timeout=timeout)
    wire.session._http.verify = str(CERTIFICATE)
    try:
        yield wire
    finally:
        wire.session.close()


@contextlib.contextmanager
def encrypted_server(behaviour: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[int]]]:
    """The same over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def encrypted(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
            behaviour(wrapped)

    with server(encrypted) as (url, connections):
        yield url.replace("http://127.0.0.1", "https://localhost"), connections
