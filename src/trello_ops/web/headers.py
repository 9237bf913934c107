"""What browsers may do with an answer, and how long they may keep it."""

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from trello_ops.web.visit import Answer

YEAR: Final = 365 * 86_400
"""Seconds."""

FOR_GOOD: Final = f"public, max-age={YEAR}, immutable"
"""For what has the version of the program in its address."""

FOR_A_LOOK: Final = "private, no-cache"
"""For pages: a browser asks each time whether what it has is still so."""

FOR_AN_HOUR: Final = "private, max-age=3600"
"""For feeds."""

NEVER: Final = "no-store"
"""For refusals."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
"""What browsers may do with an answer: load what is ours alone, and tell nobody where they were."""


def responded(request: Request, answer: "Answer", cached: str) -> Response:
    """An answer as a response, which browsers that have it already need not load again."""
    headers = {"etag": answer.etag, "cache-control": cached, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == answer.etag:
        return Response(status_code=304, headers=headers)
    if answer.file_name:
        headers["content-disposition"] = f'attachment; filename="{answer.file_name}"'
    content = answer.content
    if "gzip" in request.headers.get("accept-encoding", "") and len(answer.gzipped) < len(content):
        content, headers["content-encoding"] = answer.gzipped, "gzip"
    return Response(content, media_type=answer.media_type, headers=headers)


class SecurityHeaders:
    """Adds to each answer what browsers may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)
