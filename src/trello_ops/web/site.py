"""Pages and feeds over HTTP: who asks, with which cookie, how often, and what browsers may do with it.

Nothing is shown without a secret, and nothing can be changed.
"""

import asyncio
import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from trello_ops.app import App
from trello_ops.core.links import Opens
from trello_ops.declaration_source import files_signature
from trello_ops.ports import Clock
from trello_ops.web.addresses import ENTRANCE, FEED
from trello_ops.web.changes import PULSE, Changes
from trello_ops.web.headers import FOR_A_LOOK, FOR_AN_HOUR, FOR_GOOD, NEVER, YEAR, responded
from trello_ops.web.hosts import Hosts, host_name
from trello_ops.web.rates import Rates
from trello_ops.web.threads import in_thread
from trello_ops.web.visitors import place_of, visitor

if TYPE_CHECKING:
    from trello_ops.web.answers import Answers, Refusal
    from trello_ops.web.visit import Answer

PAGES: Final = {
    "/": "week",
    "/calendar": "calendar",
    "/preview": "previews",
    "/preview/{board}/{task}": "preview",
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

_FEED_PATIENCE: Final = 120.0
"""The same of a feed: a year of a hundred daily tasks takes half a minute to write, once in an hour."""

_REFUSAL_PATIENCE: Final = 3.0
"""The same of the page that says why there is none."""

REQUESTS: Final = 600
"""A minute and address. Who guesses secrets needs more than there are minutes in the age of the world."""

T = TypeVar("T")


class Site:
    """The pages of an app, as routes. Belongs to one event loop; answers are made in threads."""

    def __init__(self, app: App, clock: Clock, requests: int = REQUESTS, pulse: float = PULSE) -> None:
        self._app, self._clock = app, clock
        self._public = urlsplit(app.settings.public_url or "")
        self._base = self._public.path.rstrip("/")
        self._hosts = Hosts.of(app.settings)
        self._requests = Rates(clock.monotonic, requests)
        self._threads, self._one_feed = asyncio.Semaphore(_THREADS), asyncio.Semaphore(1)
        self._one_refusal = asyncio.Semaphore(1)
        self._refusals: dict[Refusal, Answer] = {}
        self._pulse = pulse

    def routes(self) -> list[BaseRoute]:
        """All routes, each with what guards it."""
        return [
            self._route(ENTRANCE, self._enter),
            self._route(FEED, self._feed),
            *(self._route(path, partial(self._page, name)) for path, name in PAGES.items()),
            self._route("/preview/{board}/{task}/changes", self._preview_changes),
            self._route("/site/{name}", self._file),
        ]

    def _route(self, path: str, endpoint: Callable[[Request], Any]) -> Route:
        async def guarded(request: Request) -> Response:
            return await self._guarded(request, endpoint)

        return Route(path, guarded)

    async def _guarded(self, request: Request, endpoint: Callable[[Request], Any]) -> Response:
        from trello_ops.web.answers import Refusal

        if not self._hosts.are_ours(request.headers.get("host", "")):
            return Response(status_code=421)  # misdirected
        place = self._visitor(request)
        if self._requests.is_full(place):
            return await self._refused(Refusal.TOO_MANY)
        self._requests.count(place)
        found: Response = await endpoint(request)
        return found

    # ---- the secret

    async def _enter(self, request: Request) -> Response:
        """Exchange a secret address for a cookie, so that neither history nor logs of others keep it."""
        from trello_ops.web.answers import Refusal

        secret = request.path_params["secret"]
        known = await self._in_thread(self._answers.knows, secret)
        if not known:
            return await self._refused(Refusal.TROUBLED if known is None else Refusal.STRANGER)
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
            # Of its path, what a cookie's name may hold.
            return "__Host-trello-ops" + re.sub(r"[^\w.-]", "-", self._base, flags=re.ASCII)
        return f"trello-ops-{self._app.settings.web_bind.rpartition(':')[2]}"

    def _is_secure(self, request: Request) -> bool:
        """Whether the visitor came by TLS, which ends at the proxy behind the public address."""
        # By name alone: browsers and proxies leave the port out or add it, and write the name as they like.
        name = host_name(request.headers.get("host", ""))
        return self._public.scheme == "https" and name == self._public.hostname

    # ---- answers

    async def _page(self, name: str, request: Request) -> Response:
        from trello_ops.web.answers import Asked

        asked = Asked(
            name, self._secret(request), path=dict(request.path_params), query=dict(request.query_params)
        )
        found = await self._in_thread(self._answers.answer, asked)
        return await self._answered(request, found)

    async def _preview_changes(self, request: Request) -> Response:
        """The part of a preview that changes, each time that a file was edited."""
        from trello_ops.web.answers import Asked, Refusal

        secret, path = self._secret(request), dict(request.path_params)
        day = {name: value for name, value in request.query_params.items() if name == "date"}

        async def part(version: int) -> "Answer | None":
            query = {**day, "version": str(version)}  # so that none is kept longer than its files
            found = await self._in_thread(
                self._answers.answer, Asked("preview_part", secret, path=path, query=query)
            )
            return None if isinstance(found, Refusal) else found

        async def may_see() -> bool:
            return bool(await self._in_thread(self._answers.knows, secret))

        first = await self._in_thread(self._answers.answer, Asked("preview", secret, path=path, query=day))
        if first is None or isinstance(first, Refusal):
            return await self._answered(request, first)
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")
        return self._changes.stream(seen, part, may_see)

    @cached_property
    def _changes(self) -> Changes:
        folders = self._app.settings.boards_folder, self._app.settings.templates_folder
        return Changes(lambda: files_signature(*folders), self._app.runtime.stopping, self._pulse)

    async def _feed(self, request: Request) -> Response:
        from trello_ops.web.answers import Asked, Refusal

        asked = Asked("feed", request.path_params["secret"], Opens.FEED)
        # One at a time and apart, so that no page waits for a feed that is being written.
        answer = partial(self._answers.answer, asked)
        found = await in_thread(answer, self._one_feed, _FEED_PATIENCE)
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
        answer = await self._refusal(refusal)
        status = refusal.value[0]
        if answer is None:
            return Response(status_code=status)
        return Response(
            answer.content, status, media_type=answer.media_type, headers={"cache-control": NEVER}
        )

    async def _refusal(self, refusal: "Refusal") -> "Answer | None":
        # Made once and apart: it has to be cheaper than what is refused, also while all else hangs.
        if refusal not in self._refusals:
            make = partial(self._answers.refused, refusal)
            made = await in_thread(make, self._one_refusal, _REFUSAL_PATIENCE)
            if made is None:
                return None
            self._refusals[refusal] = made
        return self._refusals[refusal]

    async def _file(self, request: Request) -> Response:
        from trello_ops.render.site import FILES, file
        from trello_ops.web.visit import Answer

        name = request.path_params["name"]
        if name not in FILES:
            return Response(status_code=404)
        return responded(request, Answer(file(name), FILES[name]), FOR_GOOD)

    @cached_property
    def _answers(self) -> "Answers":
        # Imported late: a daemon that nobody visits does without what draws pages.
        from trello_ops.web.answers import Answers

        return Answers(self._app, self._clock, self._base)

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T | None:
        return await in_thread(partial(call, *args), self._threads, _PATIENCE)

    def _visitor(self, request: Request) -> str:
        """What counts as one visitor: the address, or that which trusted proxies name."""
        peer = request.client.host if request.client else ""
        forwarded = request.headers.getlist("x-forwarded-for")
        return place_of(visitor(peer, forwarded, self._app.settings.trusted_proxies))
