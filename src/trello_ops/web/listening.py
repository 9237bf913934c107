"""Listening for Trello's calls, where the settings say so."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from trello_ops.settings import Settings, name_of
from trello_ops.telemetry import Tally
from trello_ops.web.hints import Hints

log = structlog.get_logger()


@contextmanager
def listening(callback: str | None, settings: Settings, hints: Hints, tally: Tally) -> Iterator[None]:
    """Turn Trello's calls to `callback` into hints while the block runs, and count them by kind.

    Without a callback or a secret, nothing listens; where the address cannot be had, an error is logged and
    the block runs all the same, since polls see everything too.
    """
    if callback is None or settings.trello_secret is None:
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
    app = receiver.create_app(settings.trello_secret.get_secret_value(), callback, hints.add, tally)
    with server.serving(app, entrance, tally):
        log.info("web.listening", address=settings.web_bind, callback=callback)
        yield
    tally.close()
    log.info("web.stopped", **tally.counts())
