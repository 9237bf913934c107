"""Pages and feeds over HTTP: who asks, with which cookie, how often, and what browsers may do with it.

Nothing is shown without a secret, and nothing can be changed.
"""

import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from trello_ops.core.links import Opens
from trello_ops.declaration_source import files_signature, language
from trello_ops.ports import Clock
from trello_ops.web.addresses import ENTRANCE, FEED
from trello_ops.web.changes import PULSE, Changes
from trello_ops.web.headers import FOR_A_LOOK, FOR_AN_HOUR, FOR_GOOD, YEAR, responded
from trello_ops.web.hosts import host_name
from trello_ops.web.limits import Limits
from trello_ops.web.refusals import Refusal, Refusals
from trello_ops.web.shop import Shop

if TYPE_CHECKING:
    from trello_ops.web.answers import Answers
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


class Site:
    """The pages of a shop, as routes. Belongs to one event loop; answers are made in threads.

    `strangers` are refused otherwise than those who have a link, where not even the shop's name is to show.
    """

    def __init__(
        self,
        shop: Shop,
        clock: Clock,
        limits: Limits,
        *,
        strangers: Refusals | None = None,
        pulse: float = PULSE,
    ) -> None:
        self._shop, self._clock, self._limits, self._pulse = shop, clock, limits, pulse
        self._public = urlsplit(shop.settings.public_url or "")
        self._base = self._public.path.rstrip("/") + shop.below
        self._refusals = Refusals(lambda: language(shop.settings), self._base)
        self._strangers = strangers or self._refusals

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
        if not self._limits.is_ours(request):
            return Response(status_code=421)  # misdirected
        if refusal := self._limits.counted(request):
            return await self._strangers.response(refusal)
        found: Response = await endpoint(request)
        return found

    # ---- the secret

    async def _enter(self, request: Request) -> Response:
        """Exchange a secret address for a cookie, so that neither history nor logs of others keep it."""
        secret = request.path_params["secret"]
        known = await self._limits.page(partial(self._answers.knows, secret))
        if not known:
            return await self._strangers.response(Refusal.TROUBLED if known is None else Refusal.STRANGER)
        response = RedirectResponse(f"{self._base}/", 303)
        secure = self._is_secure(request)
        response.set_cookie(
            self._cookie(request),
            secret,
            max_age=YEAR,
            # A browser that knows many shops sends each its own alone.
            path=f"{self._base}/" if self._shop.below else "/",
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
            # Of its path, what a cookie's name may hold. `__Host-` is for the path `/` alone.
            kind = "__Secure" if self._shop.below else "__Host"
            return f"{kind}-trello-ops" + re.sub(r"[^\w.-]", "-", self._base, flags=re.ASCII)
        return f"trello-ops-{self._shop.settings.web_bind.rpartition(':')[2]}"

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
        found = await self._limits.page(partial(self._answers.answer, asked))
        return await self._answered(request, found)

    async def _preview_changes(self, request: Request) -> Response:
        """The part of a preview that changes, each time that a file was edited."""
        from trello_ops.web.answers import Asked

        secret, path = self._secret(request), dict(request.path_params)
        day = {name: value for name, value in request.query_params.items() if name == "date"}

        async def part(version: int) -> "Answer | None":
            query = {**day, "version": str(version)}  # so that none is kept longer than its files
            asked = Asked("preview_part", secret, path=path, query=query)
            found = await self._limits.page(partial(self._answers.answer, asked))
            return None if isinstance(found, Refusal) else found

        async def may_see() -> bool:
            return bool(await self._limits.page(partial(self._answers.knows, secret)))

        asked = Asked("preview", secret, path=path, query=day)
        first = await self._limits.page(partial(self._answers.answer, asked))
        if first is None or isinstance(first, Refusal):
            return await self._answered(request, first)
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")
        return self._changes.stream(seen, part, may_see)

    @cached_property
    def _changes(self) -> Changes:
        settings = self._shop.settings
        folders = settings.boards_folder, settings.templates_folder
        return Changes(lambda: files_signature(*folders), self._shop.stopping, self._pulse)

    async def _feed(self, request: Request) -> Response:
        from trello_ops.web.answers import Asked

        asked = Asked("feed", request.path_params["secret"], Opens.FEED)
        found = await self._limits.feed(partial(self._answers.answer, asked))
        if found is Refusal.STRANGER:
            return Response(status_code=404)
        return await self._answered(request, found, FOR_AN_HOUR)

    async def _answered(
        self, request: Request, found: "Answer | Refusal | None", cached: str = FOR_A_LOOK
    ) -> Response:
        if found is None or isinstance(found, Refusal):
            refusals = self._strangers if found is Refusal.STRANGER else self._refusals
            return await refusals.response(found or Refusal.TROUBLED)
        return responded(request, found, cached)

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

        return Answers(self._shop, self._clock, self._base)
