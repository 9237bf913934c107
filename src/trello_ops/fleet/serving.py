"""What each process of a fleet serves over HTTP: its shops' pages and feeds, its health, Trello's calls."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.webhook import callback
from trello_ops.fleet import calls
from trello_ops.fleet.reading import Reading
from trello_ops.fleet.tending import Tending
from trello_ops.settings import Settings
from trello_ops.telemetry import Tally
from trello_ops.web.listening import listening
from trello_ops.web.refused import REFUSED

if TYPE_CHECKING:
    from starlette.applications import Starlette

Hear = Callable[[str], None]
"""What is told the id of each board of a call."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What a process serves. Its own `settings` say where, `alive` whether the process does its work."""

    tending: Tending
    settings: Settings
    fleet: Reading
    alive: Callable[[], bool]
    stop: threading.Event

    def start(self) -> None:
        """Listen where the settings say so, in threads that end soon after `stop` is set.

        Boards are read as soon as Trello tells of them, by whichever process it calls.
        """
        tally = Tally("webhook.refused", REFUSED, time.monotonic)
        hear = calls.hearing(self.tending, self.stop) if callback(self.settings.public_url) else None
        threading.Thread(target=self._listen, args=[hear, tally], name="listening", daemon=True).start()

    def _listen(self, hear: Hear | None, tally: Tally) -> None:
        with listening(self.settings, partial(self.create_app, hear, tally), tally):
            self.stop.wait()

    def create_app(self, hear: Hear | None, tally: Tally) -> "Starlette":
        """An ASGI app. It takes calls where somebody is to `hear` of boards, and `tally` counts them."""
        # Imported late: where nothing listens, a web server would only take memory.
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.routing import Mount

        from trello_ops.fleet.readiness import readiness
        from trello_ops.fleet.shop_pages import ShopPages
        from trello_ops.web import receiver
        from trello_ops.web.addresses import SHOP
        from trello_ops.web.headers import SecurityHeaders
        from trello_ops.web.health import health_routes
        from trello_ops.web.metrics import scraped

        tending, settings, fleet = self.tending, self.settings, self.fleet
        pages = ShopPages(
            tending.database, settings, lambda: fleet.fleet, stopping=self.stop.is_set, clock=tending.clock
        )
        address = callback(settings.public_url)
        routes = [
            *health_routes(self.alive, partial(readiness, tending)),
            *scraped(self._metrics),
            Mount(SHOP, pages),
            *([receiver.route(fleet.secrets, address, hear, tally)] if address and hear else []),
        ]
        served = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
        served.router.redirect_slashes = False  # only the registered address is signed
        return served

    def _metrics(self) -> str:
        from trello_ops.fleet.metrics import exposition
        from trello_ops.fleet.overview import overview

        now = (self.tending.clock or SystemClock()).now()
        return exposition(overview(self.fleet.fleet, self.tending.database, now))
