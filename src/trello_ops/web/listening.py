"""Listening for Trello's calls, where the settings say so."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from trello_ops.ports import Clock
from trello_ops.settings import Settings, name_of
from trello_ops.telemetry import Tally
from trello_ops.web import receiver, server
from trello_ops.web.hints import Hints

log = structlog.get_logger()


@contextmanager
def listening(callback: str | None, settings: Settings, hints: Hints, clock: Clock) -> Iterator[None]:
    """Turn calls to `callback` into hints meanwhile. Without it, or without its port, nothing is heard."""
    if callback is None or settings.trello_secret is None:
        yield
        return
    try:
        entrance = server.listen(settings.web_address())
    except OSError as error:
        log.error("web.not_listening", address=settings.web_bind, error=_advice(error))  # noqa: TRY400
        yield
        return
    tally = Tally("webhook.refused", receiver.REFUSED, clock.monotonic)
    app = receiver.create_app(settings.trello_secret.get_secret_value(), callback, hints.add, tally)
    with server.serving(app, entrance):
        log.info("web.listening", address=settings.web_bind, callback=callback)
        yield
    tally.close()
    log.info("web.stopped", **tally.counts())


def _advice(error: OSError) -> str:
    bind = name_of("web_bind")
    return f"{error.strerror}. Stop what listens there or set {bind}, and restart; until then only polls see."
