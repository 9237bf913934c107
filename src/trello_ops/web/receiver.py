"""The address that webhooks call. It believes nothing but the signature, and does nothing but take a hint."""

import asyncio
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from trello_ops.adapters.trello import webhook
from trello_ops.telemetry import Tally

LARGEST_BODY = 1 << 20
"""Bytes. Two descriptions of 16,384 characters with everything escaped, and a board, stay below a half."""

REFUSED = ("forged", "replayed", "oversized", "malformed", "slow")
"""The kinds of calls that change nothing and should not be. `hint` and `own` are the others."""

PATIENCE = 10.0
"""Seconds in which a call must have arrived as a whole."""

_REMEMBERED = 2_000


def create_app(
    secret: str, callback: str, hear: Callable[[str], None], tally: Tally, patience: float = PATIENCE
) -> Starlette:
    """An ASGI app for what Trello sends to `callback`. `hear` is told the board's id, and must not block."""
    receiver = _Receiver(secret, callback, hear, tally, patience)
    app = Starlette(routes=[Route(webhook.PATH, receiver.answer, methods=["HEAD", "POST"])])
    app.router.redirect_slashes = False
    return app


class _Receiver:
    """Used on one event loop."""

    def __init__(
        self, secret: str, callback: str, hear: Callable[[str], None], tally: Tally, patience: float
    ) -> None:
        self._secret, self._callback, self._patience = secret, callback, patience
        self._hear, self._tally = hear, tally
        self._known: dict[webhook.Hint, None] = {}

    async def answer(self, request: Request) -> Response:
        """HEAD is how Trello asks whether anybody is here."""
        if request.method == "HEAD":
            return Response()
        kind, status = await self._receive(request)
        self._tally.count(kind)
        return Response(status_code=status)

    async def _receive(self, request: Request) -> tuple[str, int]:
        """What a call is, and the status of its answer.

        What is genuine and no use is answered well: it would not be of more use when repeated.
        """
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
        if not webhook.is_genuine(self._secret, self._callback, body, signature):
            return "forged", 403
        if request.headers.get(webhook.CLIENT_HEADER) == webhook.CLIENT:
            return "own", 200
        return self._take(body), 200

    def _take(self, body: bytes) -> str:
        try:
            hint = webhook.hint(body)
        except ValueError:
            return "malformed"
        if hint in self._known:
            return "replayed"
        self._remember(hint)
        self._hear(hint.board_id)
        return "hint"

    def _remember(self, hint: webhook.Hint) -> None:
        """The newest of them: a call that is older and repeated costs a reading, and nothing else."""
        self._known[hint] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]


async def _body(request: Request) -> bytes | None:
    """The bytes as they were sent; `None` as soon as they are too many, whatever the head said."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)
