"""All that one shop's daemon serves: pages, feeds, its health, Trello's calls."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from trello_ops.app import App
from trello_ops.ports import Clock
from trello_ops.telemetry import Tally
from trello_ops.web.headers import SecurityHeaders
from trello_ops.web.health import health_routes, readiness
from trello_ops.web.limits import REQUESTS, Limits
from trello_ops.web.metrics import metrics_routes
from trello_ops.web.shop import Shop
from trello_ops.web.site import Site


def create_app(
    app: App,
    clock: Clock,
    alive: Callable[[], bool],
    calls: Tally,
    webhook: Route | None = None,
    *,
    requests: int = REQUESTS,
) -> Starlette:
    """An ASGI app. `clock` is the machine's, `webhook` the route of Trello's calls, which `calls` counts.

    `alive` says whether alarms ring. An address has so many `requests` for pages a minute answered.
    """
    routes = [
        *health_routes(alive, lambda: readiness(app.services, app.standing_jobs())),
        *metrics_routes(app.context, app.services.trello, app.passes, calls),
        *Site(Shop.of(app), clock, Limits(app.settings, clock, requests)).routes(),
        *([webhook] if webhook else []),
    ]
    # Around all of them, so that what no route answers says it too.
    served = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    served.router.redirect_slashes = False  # only the registered address is signed
    return served
