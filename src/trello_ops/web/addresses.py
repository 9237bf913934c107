"""The paths of pages and feeds, below the address at which people find them."""

from typing import Final

ENTRANCE: Final = "/link/{secret}"
FEED: Final = "/calendar/{secret}.ics"
SHOP: Final = "/shops/{workspace}"
"""What stands before them where there are many shops: by the workspace's key, as folders are renamed."""


def entrance(base: str, secret: str) -> str:
    """The secret address of a link."""
    return base + ENTRANCE.format(secret=secret)


def feed(base: str, secret: str) -> str:
    """The secret address of a feed."""
    return base + FEED.format(secret=secret)


def below(workspace: str) -> str:
    """Where the pages of one of many shops are."""
    return SHOP.format(workspace=workspace)
