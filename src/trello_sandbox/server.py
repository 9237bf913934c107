"""The sandbox as a server: in the foreground with `serve`, or in a thread of a test with `running`."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from trello_sandbox import control, web
from trello_sandbox.api.app import Api
from trello_sandbox.api.wire import DROP, PREFIX
from trello_sandbox.config import SandboxConfig
from trello_sandbox.instance import Sandbox

__all__ = ["Handle", "SandboxConfig", "create_app", "running", "serve"]

_KEEP_ALIVE = 75
_PATIENCE = 30.0  # seconds for the head of a request
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound
# Long URLs must reach the app, which refuses them as Trello does.
_LONGEST_HEAD = 1 << 20


def create_app(config: SandboxConfig, address: str = "") -> Starlette:
    """The sandbox as an ASGI app, to be served at `address`, which its links need.

    Dropping connections needs the protocol that `serve` and `running` use.
    """
    sandbox = Sandbox(config, address)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(each) for each in (sandbox.keep_saving(), sandbox.deliveries.keep_sending())
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            sandbox.close()

    api = Api(sandbox)
    routes = [Mount(PREFIX, app=api), *control.routes(sandbox), *web.routes(api)]
    return Starlette(routes=routes, lifespan=lifespan)


class _Protocol(H11Protocol):
    """uvicorn's HTTP protocol, which also gives the app a function that drops the connection.

    It waits for no head longer than `patience` seconds, where uvicorn's own would wait for ever.
    """

    def __init__(self, patience: float, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience = patience
        self._timer: asyncio.TimerHandle | None = None
        app = self.app

        async def app_that_can_drop(scope: Scope, receive: Receive, send: Send) -> None:
            scope[DROP] = self.transport.abort
            await app(scope, receive, send)

        self.app = app_that_can_drop

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Send answers at once: head and body are two writes, and Nagle would wait 40 ms between them."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """A kept connection may be silent; its next head has its time from the first byte on."""
        if self._timer is None:
            self._await_head()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Wait for no head until one begins."""
        self._stop_waiting()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self._patience, self._end_if_late)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _end_if_late(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.abort()


class _Server(uvicorn.Server):
    """Returns on SIGTERM and SIGINT, where uvicorn's own raises the signal once more."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.should_exit = True

        before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _server(config: SandboxConfig, url: str, patience: float = _PATIENCE) -> _Server:
    return _Server(
        uvicorn.Config(
            create_app(config, url),
            http=partial(_Protocol, patience),  # type: ignore[arg-type]  # a class there, which is only called
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,  # whoever runs it has a log of their own; requests are at /sandbox/requests
            access_log=False,
            server_header=False,
            date_header=False,  # the API's own goes by the sandbox's clock
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
        )
    )


def _listening(config: SandboxConfig) -> socket.socket:
    made = socket.create_server((config.host, config.port), backlog=256)
    # asyncio sends at once (TCP_NODELAY) only where a socket names its protocol: else the end of a large
    # answer would wait forty milliseconds for a delayed acknowledgement.
    return socket.socket(made.family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    # An address that stands for all of them leads nowhere; the pages answer this machine only anyway.
    return f"http://{'127.0.0.1' if host == _EVERYWHERE else host}:{port}"


def serve(config: SandboxConfig, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with the base URL once connections are accepted.

    Nothing is answered before `ready` returns. OSError when the address is taken, ValueError when the data
    file cannot be read.
    """
    with _listening(config) as sock:
        server = _server(config, _url(sock))
        if ready:
            ready(_url(sock))
        server.run(sockets=[sock])


@dataclass(frozen=True, slots=True)
class Handle:
    """A running sandbox: its base URL (without `/1`) and the robot's credentials."""

    url: str
    key: str = field(repr=False)
    token: str = field(repr=False)
    secret: str = field(repr=False)


@contextlib.contextmanager
def running(config: SandboxConfig | None = None, patience: float = _PATIENCE) -> Iterator[Handle]:
    """A sandbox in a thread of this process, on a free port unless told otherwise.

    It gives the head of each request `patience` seconds.
    """
    config = config or SandboxConfig(port=0)
    with _listening(config) as sock:
        server = _server(config, _url(sock), patience)
        handle = Handle(_url(sock), config.key, config.token, config.secret)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="sandbox")
        thread.start()
        try:
            yield handle
        finally:
            server.should_exit = True
            thread.join()
