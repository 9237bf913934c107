"""One deadline for a whole exchange, from the first connection to the last byte of the answer.

A time-out of requests or urllib3 holds for each read, so that an answer of a byte a second would last for
ever. Here, each time that a socket may block, it may do so for what is left. Only the look-up of a name
cannot be ended; nothing has been sent by then.
"""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPResponse, parse_headers
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

CONNECT_TIMEOUT = 5.0
"""Seconds for each address that a name has."""

_BLOCK = 16_384  # bytes that are sent at once: over TLS each record may block anew


class Deadline(threading.local):
    """Until when the present thread's exchange may last, by the machine's own clock: it is the network's."""

    _end = 0.0

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Have what this thread sends and receives meanwhile end in so many seconds."""
        self._end = time.monotonic() + seconds
        try:
            yield
        finally:
            self._end = 0.0

    def left(self) -> float:
        """Seconds that are left. Raises `TimeoutError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class DeadlineAdapter(HTTPAdapter):
    """requests' own adapter, on connections that keep to a deadline."""

    def __init__(self, deadline: Deadline, pool_maxsize: int) -> None:
        self._deadline = deadline
        super().__init__(pool_maxsize=pool_maxsize)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self._use_ours(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        """The pools of connections through a proxy."""
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # these have connections of their own kind
            self._use_ours(manager)
        return manager

    def _use_ours(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = {
            "http": self._pool_of(HTTPConnectionPool, _Connection),
            "https": self._pool_of(HTTPSConnectionPool, _EncryptedConnection),
        }

    def _pool_of(
        self, kind: type[HTTPConnectionPool], connection: type["_Connection"]
    ) -> Any:  # urllib3 wants a class, and calls it
        def pool(*args: Any, **kwargs: Any) -> HTTPConnectionPool:
            made = kind(*args, **kwargs)
            made.ConnectionCls = partial(connection, self._deadline)  # type: ignore[assignment]  # makes one
            return made

        return pool


class _Connection(HTTPConnection):
    """urllib3's own, which asks the deadline before it may block."""

    def __init__(self, deadline: Deadline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        """A connection to one of the host's addresses, which share the deadline."""
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        problem: Exception | None = None
        for family, kind, protocol, _, address in found:
            try:
                return self._connected(socket.socket(family, kind, protocol), address)
            except OSError as error:
                problem = error
        if isinstance(problem, TimeoutError):
            raise ConnectTimeoutError(self, str(problem))
        raise NewConnectionError(self, str(problem)) from problem

    def _connected(self, sock: socket.socket, address: Any) -> socket.socket:
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(min(CONNECT_TIMEOUT, self._deadline.left()))
            sock.connect(address)
            sock.settimeout(self._deadline.left())
        except OSError:
            sock.close()
            raise
        return sock

    def _tunnel(self) -> None:
        super()._tunnel()
        self.sock.settimeout(self._deadline.left())  # for the handshake that follows

    def send(self, data: Any) -> None:
        """Send bytes, block by block."""
        if self.sock is None:
            self.connect()
        for begin in range(0, len(data), _BLOCK):
            self.sock.settimeout(self._deadline.left())
            super().send(data[begin : begin + _BLOCK])

    def response_class(  # type: ignore[override]  # a class there, which is only called
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> HTTPResponse:
        """The answer, read by the deadline."""
        return _Answer(_Readable(sock, self._deadline), *args, **kwargs)  # type: ignore[arg-type]


class _EncryptedConnection(_Connection, HTTPSConnection):
    """The same with TLS."""


class _Answer(HTTPResponse):
    """http.client's own, but for what comes before an answer, such as 103 Early Hints."""

    def _read_status(self) -> tuple[str, int, str]:
        # http.client takes each 1xx but 100 for the answer, and the answer for that of the next request.
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]  # not in typeshed
            if not 100 < status < 200:
                return version, status, reason
            parse_headers(self.fp)


class _Readable:
    """What an answer needs of a socket."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A stream of the socket's bytes."""
        return io.BufferedReader(_Stream(self._sock, self._deadline))


class _Stream(io.RawIOBase):
    """The bytes of a socket, each time waited for no longer than to the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._bytes = sock.makefile("rb", buffering=0)  # which keeps the socket open until it is read

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there, or wait."""
        self._sock.settimeout(self._deadline.left())
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._bytes.close()
        super().close()
