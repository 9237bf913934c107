"""All that one shop's daemon serves: pages, feeds, Trello's calls."""

from starlette.applications import Starlette
from starlette.routing import Route

from trello_ops.app import App
from trello_ops.ports import Clock
from trello_ops.web.site import REQUESTS, Site


def create_app(app: App, clock: Clock, webhook: Route | None = None, requests: int = REQUESTS) -> Starlette:
    """An ASGI app. `clock` is the machine's, `webhook` the route that Trello's calls take.

    An address has so many `requests` a minute answered.
    """
    routes = Site(app, clock, requests).routes()
    served = Starlette(routes=[*routes, webhook] if webhook else routes)
    served.router.redirect_slashes = False  # only the registered address is signed
    return served
