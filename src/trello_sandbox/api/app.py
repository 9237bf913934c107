"""The ASGI app for /1, and the order in which a request is checked.

What CloudFront refuses comes first, then the rate limits, the route, the form of ids, the credentials and
the handler. That ids come before credentials is known from Trello's bug tracker; the rest is the order that
explains the recorded answers.
"""

import asyncio
import inspect
import random
import time
from collections.abc import Mapping
from email.utils import format_datetime
from functools import partial
from typing import Any

from starlette.types import Receive, Scope, Send

from trello_sandbox import errors, params
from trello_sandbox.api import credentials, wire
from trello_sandbox.api.call import Call, Route
from trello_sandbox.api.credentials import Caller
from trello_sandbox.api.router import Router, path_values, split
from trello_sandbox.api.routes import ROUTES
from trello_sandbox.api.wire import PREFIX, Answer, Request
from trello_sandbox.errors import ApiError
from trello_sandbox.faults import Fault
from trello_sandbox.instance import Sandbox
from trello_sandbox.limits import Charge
from trello_sandbox.params import Params
from trello_sandbox.requests_log import Entry, safe_query, without_credentials
from trello_sandbox.state.records import Member

BATCH_MOST = 10
_OPEN_TO_ALL = frozenset({"boards", "lists", "cards", "labels", "checklists", "actions"})
# The documented headers are exposed to browsers. Those of the member are sent too, but not listed.
_EXPOSED = ", ".join(
    f"x-rate-limit-{bucket}-{part}"
    for bucket in ("api-key", "api-token")
    for part in ("interval-ms", "max", "remaining")
)
_STANDING_HEADERS = (
    ("x-trello-version", "1.sandbox"),
    ("x-trello-environment", "Production"),
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, PUT, POST, DELETE"),
    ("access-control-allow-headers", "Authorization, Accept, Content-Type"),
    ("access-control-expose-headers", _EXPOSED),
)
WORLD_HEADER = "x-trello-sandbox"
"""Trello sends no such header: by it a client tells this sandbox from Trello, and from other sandboxes."""
# Recorded: 404s have a cache-control of their own.
_CACHE = "max-age=0, must-revalidate, no-cache, no-store"
_CACHE_404 = "no-store, no-cache, must-revalidate, proxy-revalidate"


class Api:
    """The ASGI app for /1."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._late: set[asyncio.Task[Answer]] = set()
        self.router = Router((*ROUTES, Route("GET", "/batch", self._batch)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request = await wire.read(scope, receive)
        if request is None:
            return
        await self._travel()
        username = partial(self._username, request)
        fault = self.sandbox.faults.take(request.method, request.tidy_path, username)
        answer, dropped = await self._answer_with(fault, request)
        self.sandbox.requests.add(
            Entry(
                at=self.sandbox.world.now(),
                method=request.method,
                path=without_credentials(request.tidy_path),
                query=safe_query(request.query),
                status=None if dropped else answer.status,
                seconds=round(time.perf_counter() - started, 6),
                route=answer.route,
                username=answer.username,
                bucket=answer.bucket,
                fault=fault.kind if fault else "",
            )
        )
        await self._travel()
        if not dropped and fault and fault.kind == "trickle":
            await wire.trickle(answer, receive, send, fault.trickle)
        elif not dropped:
            await wire.reply(answer, send)
        elif fault and fault.hold:
            held = {"method": request.method, "path": request.tidy_path, "fault": fault.kind}
            self.sandbox.held.append(held)
            try:
                await wire.hung_up(receive)
            finally:
                self.sandbox.held.remove(held)
        else:
            await wire.drop(scope, receive)

    async def _travel(self) -> None:
        """One way between client and Trello, or back."""
        config = self.sandbox.config
        ms = config.latency_ms + random.uniform(-config.jitter_ms, config.jitter_ms)  # noqa: S311 - no secret
        if ms > 0:
            await asyncio.sleep(ms / 2000)

    # ---- faults

    def _username(self, request: Request) -> str:
        """Who sends a request, "" where that cannot be told."""
        try:
            member = self._caller(request, _values(request)).member
        except ApiError:
            return ""
        return member.username if member else ""

    async def _answer_with(self, fault: Fault | None, request: Request) -> tuple[Answer, bool]:
        """The answer, and whether the connection is dropped instead of sending it."""
        if fault is None:
            return await self.answer(request), False
        await asyncio.sleep(fault.delay)
        route = self.router.find(request.method, request.words)
        unserved = Answer(0, "", route=route.pattern if route else "")
        if fault.reset:
            return unserved, True
        if fault.land_after is not None:
            self._land_later(request, fault.land_after)
            return unserved, True
        if fault.status is not None:
            unserved.status, unserved.body = fault.status, fault.body
            return unserved, False
        return await self.answer(request), fault.lose_answer

    def _land_later(self, request: Request, seconds: float) -> None:
        """Do a request that its client believes lost, after so many real seconds."""

        def land() -> None:
            late = asyncio.get_running_loop().create_task(self.answer(request))
            self._late.add(late)
            late.add_done_callback(landed)

        def landed(late: asyncio.Task[Answer]) -> None:
            self._late.discard(late)
            self.sandbox.landing.discard(handle)

        handle = asyncio.get_running_loop().call_later(seconds, land)
        self.sandbox.landing.add(handle)

    # ---- the order of the checks

    async def answer(self, request: Request) -> Answer:
        """Serve one request, without a pause in between unless it is one of webhooks."""
        headers: list[tuple[str, str]] = []
        answer = Answer(200, None, headers)
        try:
            self._check_edge(request)
            if request.method == "OPTIONS":  # a browser asks whether a page of another site may ask
                return Answer(200, "", self._standing_headers(answer))
            values = _values(request)
            caller = self._caller(request, values)
            answer.username = caller.member.username if caller.member else ""
            charge = self._charge(request.method, request.words, caller)
            headers += charge.headers
            if charge.refused_by:
                answer.bucket = charge.refused_by.name
                if self.sandbox.switches.retry_after:
                    headers.append(("retry-after", str(max(1, round(charge.retry_after + 0.5)))))
                raise errors.rate_limited(charge.refused_by.error)
            await self._serve(request, Params(_without_credentials(values)), caller, answer)
        except ApiError as error:
            answer.status, answer.body = error.status, error.body
        headers += self._standing_headers(answer)
        return answer

    def _check_edge(self, request: Request) -> None:
        """What the servers in front of Trello refuse."""
        if len(request.target) > (2_000 if self.sandbox.switches.short_urls else 8_192):
            raise errors.url_too_long()
        if request.method == "GET" and request.body:
            raise errors.get_with_body()

    def _caller(self, request: Request, values: dict[str, Any]) -> Caller:
        key, token = credentials.presented(values, request.headers.get("authorization", ""))
        return credentials.identify(self.sandbox.world, self.sandbox.config.key, key, token)

    def _charge(self, method: str, words: tuple[str, ...], caller: Caller) -> Charge:
        return self.sandbox.limits.charge(
            caller.key,
            caller.token.id if caller.token else "",
            caller.member.id if caller.member else "",
            self.sandbox.limits.special(method, words),
        )

    async def _serve(self, request: Request, values: Params, caller: Caller, answer: Answer) -> None:
        route = self.router.find(request.method, request.words)
        if route is None:
            raise errors.no_route(request.method, request.target)
        answer.route = route.pattern
        client = request.headers.get("x-trello-client-identifier", "")
        body = self._handle(route, request.method, request.words, values, caller, client=client)
        answer.body = await body if inspect.isawaitable(body) else body
        # Always 200 for success, never 201 or 204; for some days in June 2025 Trello sent 202.
        if self.sandbox.switches.answer_202:
            answer.status = 202
        if request.method != "GET":
            self.sandbox.touch()

    def _handle(
        self,
        route: Route,
        method: str,
        words: tuple[str, ...],
        values: Params,
        caller: Caller,
        *,
        client: str = "",
    ) -> Any:
        path = path_values(route, words)
        # A key alone is enough where the path has the token: py-trello makes its webhooks that way.
        if caller.key and not caller.token and not caller.error and "token" in path:
            caller = credentials.identify(
                self.sandbox.world, self.sandbox.config.key, caller.key, path["token"]
            )
        caller.check(writing=method != "GET", open_to_all=words[0] in _OPEN_TO_ALL)
        return route.handler(Call(self.sandbox.world, method, path, values, caller, client))

    def act(self, member: Member, method: str, path: str, values: Mapping[str, Any]) -> Any:
        """What somebody does on Trello's own pages: the same route, without key, rate limits and faults.

        Returns what the route answers, and raises its ApiError.
        """
        words = split(path)
        route = self.router.find(method, words)
        if route is None:
            raise errors.no_route(method, PREFIX + path)
        done = self._handle(route, method, words, Params(values), Caller("", None, member))
        self.sandbox.touch()
        return done

    def _standing_headers(self, answer: Answer) -> list[tuple[str, str]]:
        """The headers that recorded answers had, the date by the sandbox's clock."""
        now = self.sandbox.clock.now()
        headers = [
            *_STANDING_HEADERS,
            (WORLD_HEADER, self.sandbox.world.world_id),
            ("cache-control", _CACHE_404 if answer.status == 404 else _CACHE),
            ("date", format_datetime(now, usegmt=True)),
        ]
        if answer.status < 300:  # recorded on success only
            headers.append(("x-server-time", str(int(now.timestamp() * 1000))))
        return headers

    # ---- batch

    def _batch(self, call: Call) -> list[dict[str, Any]]:
        """Up to ten reads in one request, each answered on its own.

        Commas inside a route are sent encoded. One that is not cuts the route in two, and the second part,
        which does not begin with a slash, is no route.
        """
        # Ten is documented. What more than ten get is a guess, and so is what a bare comma gets.
        urls = call.params.text("urls").split(",")
        if len(urls) > BATCH_MOST or not all(url.startswith("/") for url in urls):
            raise errors.invalid_value("urls")
        return [self._one_of_batch(url, call.caller) for url in urls]

    def _one_of_batch(self, url: str, caller: Caller) -> dict[str, Any]:
        path, _, query = url.partition("?")
        words = split(path)
        try:
            if self.sandbox.switches.batch_counts_each:
                refused_by = self._charge("GET", words, caller).refused_by
                if refused_by:
                    raise errors.rate_limited(refused_by.error)
            route = self.router.find("GET", words)
            if route is None or route.pattern == "/batch":
                raise errors.no_route("GET", PREFIX + url)
            values = Params(_without_credentials(params.merge(query, "", b"")))
            return {"200": self._handle(route, "GET", words, values, caller)}
        except ApiError as error:
            # The batch itself succeeds. Clients tell a failed part by its lack of the key "200".
            message = error.body["message"] if isinstance(error.body, dict) else str(error.body)
            return {"name": "Error", "message": message, "statusCode": error.status}


def _values(request: Request) -> dict[str, Any]:
    return params.merge(request.query, request.headers.get("content-type", ""), request.body)


def _without_credentials(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("key", "token")}
