"""Requests and answers, between ASGI's messages and the rest of the sandbox."""

import asyncio
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from starlette.types import Receive, Scope, Send

from trello_sandbox.api.router import split
from trello_sandbox.errors import Html

PREFIX = "/1"
DROP = "trello_sandbox.drop"
"""The scope's key under which the server provides a function that drops the connection."""


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
        """Path and query as they were sent."""
        return f"{PREFIX}{self.path}" + (f"?{self.query}" if self.query else "")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The split path, by which its route is found."""
        return split(self.path)

    @cached_property
    def tidy_path(self) -> str:
        """The path in its plural form, by which faults and the request log go."""
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
    """The whole request, body included; None when its client hung up before all of it had arrived."""
    # The raw path: the error for an unknown route repeats it as it was sent.
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


async def reply(answer: Answer, send: Send, drip: float = 0.0) -> None:
    """Send an answer: pages as HTML, text as text, everything else as JSON.

    With `drip`, a byte of its body at a time, so many seconds apart.
    """
    if isinstance(answer.body, Html):
        content_type, body = b"text/html", answer.body.encode()
    elif isinstance(answer.body, str):
        # Live tests got it with `Accept: application/json` too: a body must be read by its own type.
        content_type, body = b"text/plain; charset=utf-8", answer.body.encode()
    else:
        text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
        # Half a surrogate pair gets in as JSON's \ud800, and must not break what comes out.
        content_type, body = b"application/json; charset=utf-8", text.encode("utf-8", "surrogatepass")
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    for begin in range(len(body) - 1) if drip else ():
        await send({"type": "http.response.body", "body": body[begin : begin + 1], "more_body": True})
        await asyncio.sleep(drip)
    await send({"type": "http.response.body", "body": body[-1:] if drip else body})


async def trickle(answer: Answer, receive: Receive, send: Send, pause: float) -> None:
    """Send an answer's body a byte at a time, so many seconds apart, until the client hangs up."""
    ends = [asyncio.create_task(reply(answer, send, pause)), asyncio.create_task(hung_up(receive))]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in ends:
            each.cancel()


async def drop(scope: Scope, receive: Receive) -> None:
    """Drop the connection without an answer, and wait until the server has noticed."""
    scope[DROP]()
    await hung_up(receive)


async def hung_up(receive: Receive) -> None:
    """Wait until the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
