"""Pages and feeds over HTTP: who asks, with which cookie, how often, and what browsers may do with it.

Nothing is shown without a secret, and nothing can be changed.
"""

import ipaddress
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import anyio
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from trello_ops.app import App
from trello_ops.core.links import Opens
from trello_ops.ports import Clock
from trello_ops.web.addresses import ENTRANCE, FEED
from trello_ops.web.connections import place_of
from trello_ops.web.headers import FOR_A_LOOK, FOR_AN_HOUR, FOR_GOOD, NEVER, YEAR, SecurityHeaders, responded
from trello_ops.web.hosts import Hosts
from trello_ops.web.rates import Rates

if TYPE_CHECKING:
    from trello_ops.web.answers import Answers, Refusal
    from trello_ops.web.visit import Answer

PAGES: Final = {
    "/": "week",
    "/calendar": "calendar",
    "/reports": "reports",
    "/reports/{week}.xlsx": "workbook",
    "/reports/{week}": "report",
    "/robot": "robot",
}
"""The module of `pages` whose `view` answers a path. `MAY` there says who may see it."""

_THREADS: Final = 3
"""That make answers at once: the robot's own work goes first."""

_PATIENCE: Final = 20.0
"""Seconds for which an answer is waited for, as while the store hangs."""

REQUESTS: Final = 600
"""A minute and address. Who guesses secrets needs more than there are minutes in the age of the world."""

T = TypeVar("T")


class Site:
    """The pages of an app, as routes. Belongs to one event loop; answers are made in threads."""

    def __init__(self, app: App, clock: Clock, requests: int = REQUESTS) -> None:
        self._app, self._clock = app, clock
        self._public = urlsplit(app.settings.public_url or "")
        self._base = self._public.path.rstrip("/")
        self._hosts = Hosts.of(app.settings)
        self._requests = Rates(clock.monotonic, requests)

    def routes(self) -> list[BaseRoute]:
        """All routes, each with what guards it."""
        return [
            self._route(ENTRANCE, self._enter),
            self._route(FEED, self._feed),
            *(self._route(path, partial(self._page, name)) for path, name in PAGES.items()),
            self._route("/site/{name}", self._file),
        ]

    def _route(self, path: str, endpoint: Callable[[Request], Any]) -> Route:
        async def guarded(request: Request) -> Response:
            return await self._guarded(request, endpoint)

        return Route(path, guarded, middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware)])

    async def _guarded(self, request: Request, endpoint: Callable[[Request], Any]) -> Response:
        from trello_ops.web.answers import Refusal

        if not self._hosts.are_ours(request.headers.get("host", "")):
            return Response(status_code=421)  # misdirected
        visitor = self._visitor(request)
        if self._requests.is_full(visitor):
            return await self._refused(Refusal.TOO_MANY)
        self._requests.count(visitor)
        found: Response = await endpoint(request)
        return found

    # ---- the secret

    async def _enter(self, request: Request) -> Response:
        """Exchange a secret address for a cookie, so that neither history nor logs of others keep it."""
        from trello_ops.web.answers import Refusal

        secret = request.path_params["secret"]
        if not await self._in_thread(self._answers.knows, secret):
            return await self._refused(Refusal.STRANGER)
        response = RedirectResponse(f"{self._base}/", 303)
        secure = self._is_secure(request)
        response.set_cookie(
            self._cookie(request),
            secret,
            max_age=YEAR,
            path="/",
            httponly=True,
            secure=secure,
            samesite="lax",
        )
        return response

    def _secret(self, request: Request) -> str:
        return request.cookies.get(self._cookie(request), "")

    def _cookie(self, request: Request) -> str:
        """Its name: cookies know no ports, and two shops of one machine would take each other's."""
        if self._is_secure(request):
            return "__Host-trello-ops" + self._base.replace("/", "-")
        return f"trello-ops-{self._app.settings.web_bind.rpartition(':')[2]}"

    def _is_secure(self, request: Request) -> bool:
        """Whether the visitor came by TLS, which ends at the proxy behind the public address."""
        return self._public.scheme == "https" and request.headers.get("host", "") == self._public.netloc

    # ---- answers

    async def _page(self, name: str, request: Request) -> Response:
        from trello_ops.web.answers import Asked

        asked = Asked(
            name, self._secret(request), path=dict(request.path_params), query=dict(request.query_params)
        )
        found = await self._in_thread(self._answers.answer, asked)
        return await self._answered(request, found)

    async def _feed(self, request: Request) -> Response:
        from trello_ops.web.answers import Asked, Refusal

        asked = Asked("feed", request.path_params["secret"], Opens.FEED)
        found = await self._in_thread(self._answers.answer, asked)
        if found is Refusal.STRANGER:
            return Response(status_code=404)
        return await self._answered(request, found, FOR_AN_HOUR)

    async def _answered(
        self, request: Request, found: "Answer | Refusal | None", cached: str = FOR_A_LOOK
    ) -> Response:
        from trello_ops.web.answers import Refusal

        if found is None:
            return await self._refused(Refusal.TROUBLED)
        if isinstance(found, Refusal):
            return await self._refused(found)
        return responded(request, found, cached)

    async def _refused(self, refusal: "Refusal") -> Response:
        answer = await self._in_thread(self._answers.refused, refusal)
        status = refusal.value[0]
        if answer is None:
            return Response(status_code=status)
        return Response(
            answer.content, status, media_type=answer.media_type, headers={"cache-control": NEVER}
        )

    async def _file(self, request: Request) -> Response:
        from trello_ops.render.site import FILES, file

        name = request.path_params["name"]
        if name not in FILES:
            return Response(status_code=404)
        return Response(file(name), media_type=FILES[name], headers={"cache-control": FOR_GOOD})

    @cached_property
    def _answers(self) -> "Answers":
        # Imported late: a daemon that nobody visits does without what draws pages.
        from trello_ops.web.answers import Answers

        return Answers(self._app, self._clock, self._base)

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        return CapacityLimiter(_THREADS)

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T | None:
        """What a call returns; `None` where it takes too long, and is left alone."""
        with anyio.move_on_after(_PATIENCE):
            return await run_sync(partial(call, *args), abandon_on_cancel=True, limiter=self._limiter)
        return None

    def _visitor(self, request: Request) -> str:
        """What counts as one visitor: the address, or that which a trusted proxy names."""
        peer = request.client.host if request.client else ""
        named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return place_of(named if named and self._is_proxy(peer) else peer)

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._app.settings.trusted_proxies)
