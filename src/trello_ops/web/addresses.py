"""The paths of pages and feeds, below the address at which people find them."""

from typing import Final

ENTRANCE: Final = "/link/{secret}"
FEED: Final = "/calendar/{secret}.ics"


def entrance(base: str, secret: str) -> str:
    """The secret address of a link."""
    return base + ENTRANCE.format(secret=secret)


def feed(base: str, secret: str) -> str:
    """The secret address of a feed."""
    return base + FEED.format(secret=secret)
