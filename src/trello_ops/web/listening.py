"""Listening for Trello's calls, where the settings say so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from trello_ops.settings import Settings, name_of
from trello_ops.telemetry import Tally

if TYPE_CHECKING:
    from trello_ops.web.receiver import Secrets

log = structlog.get_logger()


@contextmanager
def listening(
    callback: str | None, settings: Settings, secrets: "Secrets", hear: Callable[[str], None], tally: Tally
) -> Iterator[None]:
    """Pass on the boards of Trello's calls to `callback` while the block runs, and count these by kind.

    See `receiver.create_app`. Without a callback, nothing listens; where the address cannot be had, an error
    is logged and the block runs all the same, since polls see everything too.
    """
    if callback is None:
        yield
        return
    # Imported late: without Trello's calls, a web server would only take memory.
    from trello_ops.web import receiver, server

    try:
        entrance = server.listen(settings.web_address())
    except OSError as error:
        advice = (
            f"{error.strerror}. Stop what listens there or set {name_of('web_bind')}, and restart; until then"
            " only polls see."
        )
        log.error("web.not_listening", address=settings.web_bind, error=advice)  # noqa: TRY400 - no traceback
        yield
        return
    app = receiver.create_app(secrets, callback, hear, tally)
    with server.serving(app, entrance, tally):
        log.info("web.listening", address=settings.web_bind, callback=callback)
        yield
    tally.close()
    log.info("web.stopped", **tally.counts())
