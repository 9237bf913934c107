"""Listening, where the settings say so: for visitors of the pages, for Trello's calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from trello_ops.settings import Settings, name_of
from trello_ops.telemetry import Tally

if TYPE_CHECKING:
    from starlette.applications import Starlette

log = structlog.get_logger()


@contextmanager
def listening(settings: Settings, make: "Callable[[], Starlette]", tally: Tally) -> Iterator[None]:
    """Serve what `make` makes while the block runs; `tally` counts what is refused.

    Where the address cannot be had, an error is logged and the block runs all the same: polls see what
    Trello would have told.
    """
    address = settings.web_address()
    if address is None:
        yield
        return
    # Imported late: where nothing listens, a web server would only take memory.
    from trello_ops.web import server

    try:
        entrance = server.listen(address)
    except OSError as error:
        advice = (
            f"{error.strerror}. Stop what listens there or set {name_of('web_bind')}, and restart; until then"
            " there are no pages, and only polls see what people do."
        )
        log.error("web.not_listening", address=settings.web_bind, error=advice)  # noqa: TRY400 - no traceback
        yield
        return
    with server.serving(make(), entrance, tally):
        log.info("web.listening", address=settings.web_bind, public=settings.public_url)
        yield
    tally.close()
    log.info("web.stopped", **tally.counts())
