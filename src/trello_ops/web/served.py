"""All that one shop's daemon serves: pages, feeds, Trello's calls."""

from collections.abc import Callable

from starlette.applications import Starlette

from trello_ops.app import App
from trello_ops.ports import Clock
from trello_ops.telemetry import Tally
from trello_ops.web import receiver
from trello_ops.web.receiver import Secrets
from trello_ops.web.site import Site


def create_app(
    app: App, clock: Clock, secrets: Secrets, hear: Callable[[str], None], tally: Tally
) -> Starlette:
    """An ASGI app. Trello's calls are as `receiver.create_app` has them; `clock` is the machine's."""
    routes = Site(app, clock).routes()
    if app.callback:
        routes.append(receiver.route(secrets, app.callback, hear, tally))
    served = Starlette(routes=routes)
    served.router.redirect_slashes = False  # only the registered address is signed
    return served
