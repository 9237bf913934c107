"""The pages and feeds of a fleet's shops, whichever process somebody asks, and whichever tends the shop."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store import Database, SqlStore
from trello_ops.app import App, open_app
from trello_ops.declaration_source import language
from trello_ops.errors import NotTended
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.ports import Clock
from trello_ops.settings import Settings
from trello_ops.web.addresses import below
from trello_ops.web.limits import REQUESTS, Limits
from trello_ops.web.refusals import Refusals
from trello_ops.web.shop import Shop
from trello_ops.web.site import Site
from trello_ops.web.threads import begun

_MOST: Final = 100
"""Shops whose pages are kept at hand; of more, those that were visited longest ago are opened anew."""

_NOBODYS: Final = "-"
"""No workspace has this key, so nobody has a link to it."""


class ShopPages:
    """An ASGI app for the paths below `SHOP`. Belongs to one event loop.

    `settings` are the process's own; `fleet` says what is declared now. Strangers are answered the same
    whether there is such a shop or not. With a `clock`, shops live by that one.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        fleet: Callable[[], Fleet],
        *,
        stopping: Callable[[], bool],
        clock: Clock | None = None,
        requests: int = REQUESTS,
    ) -> None:
        self._database, self._settings, self._fleet, self._stopping = database, settings, fleet, stopping
        self._clock, self._machine = clock, SystemClock()
        self._limits = Limits(settings, self._machine, requests)
        base = urlsplit(settings.public_url or "").path.rstrip("/") + below(_NOBODYS)
        self._strangers = Refusals(self._language, base)
        self._nobodys = self._pages(_Found(_NOBODYS, "", None)).router
        self._kept = OrderedDict[str, _Pages]()

    def _language(self) -> str:
        first = next(iter(self._fleet().tenants.values()), None)
        return language(first.settings if first else self._settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the shop of the path does."""
        found = self._find(Request(scope).path_params["workspace"])
        router = self._at_hand(found) if found else self._nobodys
        told = {"shop": found.name} if found else {}
        with structlog.contextvars.bound_contextvars(**told):
            await router(scope, receive, send)

    def _find(self, workspace: str) -> "_Found | None":
        fleet = self._fleet()
        for name, key in fleet.workspaces.items():
            if key == workspace:
                return _Found(key, name, fleet.tenants.get(name))
        return None

    def _at_hand(self, found: "_Found") -> Router:
        pages = self._kept.pop(found.workspace, None)
        if pages and pages.found != found:  # other settings by now
            pages.close()
            pages = None
        pages = self._kept[found.workspace] = pages or self._pages(found)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)[1].close()
        return pages.router

    def _pages(self, found: "_Found") -> "_Pages":
        opened = _Opened(lambda: self._open(found))
        shop = Shop(
            found.tenant.settings if found.tenant else self._settings,
            SqlStore(self._database, found.workspace),
            opened.app,
            self._stopping,
            below(found.workspace),
        )
        site = Site(shop, self._machine, self._limits, strangers=self._strangers)
        return _Pages(found, Router(site.routes(), redirect_slashes=False), opened)

    def _open(self, found: "_Found") -> App:
        fleet = self._fleet()
        if found.tenant is None:
            raise NotTended(fleet.problems.get(found.name, ""))
        return open_app(
            found.tenant.settings,
            self._clock,
            self._stopping,
            database=self._database,
            neighbours=fleet.workspaces.values(),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A shop of the fleet: the key of its workspace, its name; no tenant where it cannot be tended."""

    workspace: str
    name: str
    tenant: Tenant | None


class _Opened:
    """A shop's app, opened when somebody first needs it. For any number of threads."""

    def __init__(self, open_it: Callable[[], App]) -> None:
        self._open = open_it
        self._one = threading.Lock()
        self._app: App | None = None

    def app(self) -> App:
        """The app. Raises as `open_app` does."""
        with self._one:
            if self._app is None:
                self._app = self._open()
            return self._app

    def close(self) -> None:
        """Close it, if it is open. Pages in the making are made all the same: they ask the store alone."""
        with self._one:
            if self._app:
                self._app.close()
                self._app = None


@dataclass(frozen=True, slots=True)
class _Pages:
    """A shop's pages, ready to be asked for."""

    found: _Found
    router: Router
    opened: _Opened

    def close(self) -> None:
        """Let go of what they hold, without waiting for it."""
        begun(self.opened.close)
