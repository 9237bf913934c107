"""A proxy between the robot and the sandbox that spoils answers, byte by byte if need be."""

import contextlib
import http.client
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """A request of the robot."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """The sandbox's own answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def sent(
        self, *, status: str = "", headers: tuple[tuple[str, str], ...] = (), body: bytes | None = None
    ) -> bytes:
        """Its bytes, some of them replaced. A `headers` pair stands for every header of that name."""
        body = self.body if body is None else body
        new = {name.lower() for name, _ in headers}
        kept = [(name, value) for name, value in self.headers if name.lower() not in new | {"content-length"}]
        lengths = (
            [] if new & {"content-length", "transfer-encoding"} else [("Content-Length", str(len(body)))]
        )
        lines = [f"HTTP/1.1 {status or f'{self.status} OK'}"]
        lines += [f"{name}: {value}" for name, value in (*kept, *lengths, *headers) if value is not None]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


@dataclass
class Spoilt:
    """What becomes of an exchange: whether it is done, which bytes come back how fast, and the end."""

    forward: bool = True
    sent: Callable[[Answer], bytes] = Answer.sent
    pause: float = 0.0
    piece: int = 1
    keep: float = 1.0
    end: str = "open"
    """`open`: the connection goes on; `close`, `reset`; `silent`: nothing more comes, nor an end."""


Spoil = Callable[[Asked], Spoilt | None]


@dataclass
class Proxy:
    """`spoil` decides on each request; without it, every answer passes."""

    url: str
    spoil: Spoil | None = None


@contextlib.contextmanager
def proxy(target: str) -> Iterator[Proxy]:
    """Stand before a sandbox while the block runs."""
    stopping = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                while (asked := _read(self.rfile)) and _serve(
                    proxied, asked, self.connection, target, stopping
                ):
                    pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 128

    with Server(("127.0.0.1", 0), Handler) as server:
        proxied = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxied
        finally:
            stopping.set()
            server.shutdown()
            thread.join()


def _read(stream: BinaryIO) -> Asked | None:
    """The next request of a connection."""
    first = stream.readline(100_000).split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while (line := stream.readline(100_000).strip()) != b"":
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Asked(first[0].decode(), first[1].decode(), headers, body)


def _serve(
    proxied: Proxy, asked: Asked, caller: socket.socket, target: str, stopping: threading.Event
) -> bool:
    """Answer one request; whether the connection goes on."""
    spoilt = (proxied.spoil and proxied.spoil(asked)) or Spoilt()
    answer = _forwarded(asked, target) if spoilt.forward else Answer(200, [], b"{}")
    whole = spoilt.sent(answer)
    sent = whole[: round(len(whole) * spoilt.keep)]
    if spoilt.pause:
        for start in range(0, len(sent), spoilt.piece):
            caller.sendall(sent[start : start + spoilt.piece])
            if stopping.wait(spoilt.pause):
                return False
    else:
        caller.sendall(sent)
    if spoilt.end == "silent":
        caller.settimeout(30)
        caller.recv(1)  # until the robot hangs up
    if spoilt.end == "reset":
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return spoilt.end == "open"


def _forwarded(asked: Asked, target: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(target).netloc, timeout=30)
    dropped = {"connection", "accept-encoding", "content-length", "host"}
    headers = {name: value for name, value in asked.headers.items() if name not in dropped}
    try:
        connection.request(asked.method, asked.path, asked.body or None, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()
