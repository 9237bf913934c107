"""How much of a process those who visit it may have, whichever shop's pages they look at."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from starlette.requests import Request

from trello_ops.ports import Clock
from trello_ops.settings import Settings
from trello_ops.web.hosts import Hosts
from trello_ops.web.rates import Rates
from trello_ops.web.refusals import Refusal
from trello_ops.web.threads import in_thread
from trello_ops.web.visitors import place_of, visitor

REQUESTS: Final = 600
"""A minute and address. Who guesses secrets needs more than there are minutes in the age of the world."""

_THREADS: Final = 3
"""That make answers at once: the robot's own work goes first."""

_PATIENCE: Final = 20.0
"""Seconds for which an answer is waited for, as while the store hangs."""

_FEED_PATIENCE: Final = 120.0
"""The same of a feed: a year of a hundred daily tasks takes half a minute to write, once in an hour."""

T = TypeVar("T")


class Limits:
    """Belongs to one event loop. `settings` are the process's own; `requests` as `REQUESTS`."""

    def __init__(self, settings: Settings, clock: Clock, requests: int = REQUESTS) -> None:
        self._hosts, self._proxies = Hosts.of(settings), settings.trusted_proxies
        self._requests = Rates(clock.monotonic, requests)
        self._threads, self._one_feed = asyncio.Semaphore(_THREADS), asyncio.Semaphore(1)

    def is_ours(self, request: Request) -> bool:
        """Whether a request is for one of this server's names."""
        return self._hosts.are_ours(request.headers.get("host", ""))

    def counted(self, request: Request) -> Refusal | None:
        """Count one more request of an address; refuse it where that has had as many as it may."""
        peer = request.client.host if request.client else ""
        place = place_of(visitor(peer, request.headers.getlist("x-forwarded-for"), self._proxies))
        if self._requests.is_full(place):
            return Refusal.TOO_MANY
        self._requests.count(place)
        return None

    async def page(self, make: Callable[[], T]) -> T | None:
        """What a call in a thread returns; `None` where it takes too long."""
        return await in_thread(make, self._threads, _PATIENCE)

    async def feed(self, make: Callable[[], T]) -> T | None:
        """The same of a feed: one at a time and apart, so that no page waits for one in the making."""
        return await in_thread(make, self._one_feed, _FEED_PATIENCE)
