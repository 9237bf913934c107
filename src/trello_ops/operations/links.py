"""link: secret addresses, made and recognised. Who has such an address sees what it opens."""

import hashlib
import secrets

import structlog

from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.links import Link, Opens
from trello_ops.ports import Clock, Store

log = structlog.get_logger()

_BYTES = 32
"""Of a secret: nobody guesses one of 2^256."""


def new_link(store: Store, clock: Clock, opens: Opens, choice: Choice) -> tuple[Link, str]:
    """Make a link and its secret, which is told now and kept nowhere. Raises `StoreError`."""
    secret = secrets.token_urlsafe(_BYTES)
    link = Link(secrets.token_hex(4), opens, clock.now(), choice.board, choice.person)
    store.add_link(link, digest(secret))
    log.info("link.made", link=link.name, opens=opens, board=choice.board, person=choice.person)
    return link, secret


def link_of(store: Store, opens: Opens, secret: str) -> Link | None:
    """The link of a secret, unless it was revoked or opens something else. Raises `StoreError`."""
    found = store.link_of(digest(secret))
    return found if found and found.opens is opens else None


def digest(secret: str) -> str:
    """What the store knows a secret by. It is long and random, so that plain SHA-256 cannot be tried out."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
