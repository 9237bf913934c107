"""An ASGI app, asked without a socket."""

import asyncio
from collections.abc import Iterable

import httpx
from starlette.applications import Starlette
from starlette.routing import Route


class Routes:
    """Some routes as an app of their own."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._app = Starlette(routes=list(routes))

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://trello-ops.test") as client:
            return await client.get(path)
