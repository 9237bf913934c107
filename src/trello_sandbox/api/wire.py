"""Requests and answers between ASGI's messages and the rest of the sandbox."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from starlette.types import Receive, Scope, Send

from trello_sandbox.api.router import tidy
from trello_sandbox.errors import Html

PREFIX = "/1"
DROP = "trello_sandbox.drop"
"""The scope's key under which the server hands over a function that closes the connection."""


@dataclass(frozen=True)
class Request:
    """A request as it came in. `path` is without /1 and without host."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def target(self) -> str:
        return f"{PREFIX}{self.path}" + (f"?{self.query}" if self.query else "")

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tidy(self.path)

    @cached_property
    def tidy_path(self) -> str:
        return "/".join((PREFIX, *self.words))


@dataclass(slots=True)
class Answer:
    """What goes back. `route`, `username` and `bucket` are for the request log."""

    status: int
    body: Any
    headers: list[tuple[str, str]] = field(default_factory=list)
    route: str = ""
    username: str = ""
    bucket: str = ""


async def read(scope: Scope, receive: Receive) -> Request | None:
    """The whole request, body included; `None` when its client was gone before all of it had come."""
    path = scope["raw_path"].decode("latin-1").partition("?")[0]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return Request(
        scope["method"], path.removeprefix(PREFIX), scope["query_string"].decode("latin-1"), headers, body
    )


async def reply(answer: Answer, send: Send) -> None:
    """Send an answer: pages as HTML, text as text, everything else as JSON."""
    content_type, body = _encoded(answer.body)
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _encoded(body: Any) -> tuple[bytes, bytes]:
    if isinstance(body, Html):
        return b"text/html", body.encode()
    if isinstance(body, str):
        return b"text/plain; charset=utf-8", body.encode()
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return b"application/json; charset=utf-8", text.encode("utf-8", "surrogatepass")


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without an answer, and wait until the server has noticed."""
    scope[DROP]()
    await hung_up(receive)


async def hung_up(receive: Receive) -> None:
    """Wait until the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
