"""The address that webhooks call. It believes only the signature, and only passes on the board's id."""

import asyncio
from collections.abc import Callable, Collection

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from trello_ops.adapters.trello import webhook
from trello_ops.telemetry import Tally

LARGEST_BODY = 1 << 20
"""Bytes. Two descriptions of 16,384 characters, all of them escaped, and a board are less than half of it."""

PATIENCE = 10.0
"""Seconds within which a call's head must have arrived, and again its body."""

_REMEMBERED = 2_000  # calls


Secrets = Callable[[], Collection[str]]
"""Those of the API keys whose webhooks may call, as they are now."""


def create_app(
    secrets: Secrets, callback: str, hear: Callable[[str], None], tally: Tally, patience: float = PATIENCE
) -> Starlette:
    """Make an ASGI app for Trello's calls to `callback`.

    A call is genuine when it is signed with one of the `secrets`: with which, its address does not tell.
    `hear` gets each board's id on the event loop, so it must not block. `tally` counts the kinds of calls.
    """
    app = Starlette(routes=[route(secrets, callback, hear, tally, patience)])
    app.router.redirect_slashes = False  # only the registered address is signed
    return app


def route(
    secrets: Secrets, callback: str, hear: Callable[[str], None], tally: Tally, patience: float = PATIENCE
) -> Route:
    """The route of an app as `create_app` makes it."""
    receiver = _Receiver(secrets, callback, hear, tally, patience)
    return Route(webhook.PATH, receiver.answer, methods=["HEAD", "POST"])


class _Receiver:
    """Judges calls. Belongs to one event loop."""

    def __init__(
        self, secrets: Secrets, callback: str, hear: Callable[[str], None], tally: Tally, patience: float
    ) -> None:
        self._secrets, self._callback, self._patience = secrets, callback, patience
        self._hear, self._tally = hear, tally
        self._known: dict[webhook.Hint, None] = {}

    async def answer(self, request: Request) -> Response:
        """Answer a call: 200 where repeating it would be of no use, else a status that says why not."""
        # Trello asks by HEAD whether the address exists (trello-behaviour.md#webhooks).
        if request.method == "HEAD":
            return Response()
        kind, status = await self._receive(request)
        self._tally.count(kind)
        # Of what was not read to its end, the rest would come as the next call.
        headers = {"connection": "close"} if kind in ("slow", "oversized") else None
        return Response(status_code=status, headers=headers)

    async def _receive(self, request: Request) -> tuple[str, int]:
        """The kind of a call, and the status of its answer."""
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(request)
        except TimeoutError:
            return "slow", 408
        except ClientDisconnect:
            return "malformed", 400
        if body is None:
            return "oversized", 413
        signature = request.headers.get(webhook.SIGNATURE_HEADER, "")
        if not any(self._is_signed(secret, body, signature) for secret in self._secrets()):
            return "forged", 403
        if request.headers.get(webhook.CLIENT_HEADER) == webhook.CLIENT:
            return "own", 200
        # Genuine, but of no use, is 200 too: Trello would only repeat what it takes for a failure.
        return self._take(body), 200

    def _is_signed(self, secret: str, body: bytes, signature: str) -> bool:
        return webhook.is_genuine(secret, self._callback, body, signature)

    def _take(self, body: bytes) -> str:
        """Pass on the board of a genuine call, and return the call's kind."""
        try:
            hint = webhook.hint(body)
        except ValueError:
            return "malformed"
        if hint in self._known:
            return "replayed"
        self._known[hint] = None
        # Only the newest are remembered: an older call that is repeated costs no more than a read.
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._hear(hint.board_id)
        return "hint"


async def _body(request: Request) -> bytes | None:
    """The bytes as they were sent; `None` as soon as they are too many."""
    # Counted, since Content-Length may be wrong or missing.
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)
