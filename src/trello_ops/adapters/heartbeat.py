"""Pings an address after each pass, as Healthchecks understands it."""

import math
import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import requests
import structlog
import urllib3

from trello_ops.adapters.deadline import Deadline, DeadlineAdapter

log = structlog.get_logger()

_SECONDS: Final = 5.0
"""For a whole ping, redirections and all: passes wait for it."""

_EVERY: Final = 60.0
"""Seconds between two pings of a kind: a busy robot makes many passes, and services refuse a flood."""


class HttpHeartbeat:
    """GETs the address where all is well, `/start` below it at the beginning and `/fail` after a failure.

    See https://healthchecks.io/docs/http_api/. The address is a secret: whoever knows it can keep the alarm
    silent. So it stands in no log line.
    """

    def __init__(self, url: str, monotonic: Callable[[], float], seconds: float = _SECONDS) -> None:
        self._url = urlsplit(url)
        self._seconds = seconds
        self._monotonic = monotonic
        self._pinged: dict[str, float] = {}
        self._lock = threading.Lock()

    def begun(self) -> None:
        """A pass begins."""
        self._ping("/start")

    def went_well(self) -> None:
        """A pass did all its work, and no job is failing."""
        self._ping("")

    def failed(self) -> None:
        """A pass did not do its work."""
        self._ping("/fail")

    def _ping(self, ending: str) -> None:
        with self._lock:
            now = self._monotonic()
            if now - self._pinged.get(ending, -math.inf) < _EVERY:
                return
            self._pinged[ending] = now
        address = self._url._replace(path=self._url.path.rstrip("/") + ending).geturl()
        try:
            self._get(address)
        except requests.HTTPError as error:
            log.warning("heartbeat.refused", status=error.response.status_code)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            # Its words would repeat the address.
            log.warning("heartbeat.unreachable", error=type(error).__name__)

    def _get(self, address: str) -> None:
        deadline = Deadline()
        with requests.Session() as http, deadline.within(self._seconds):
            for scheme in ("http://", "https://"):
                http.mount(scheme, DeadlineAdapter(deadline, pool_maxsize=1))
            # What it says besides its status is of no interest, however long it is.
            with http.get(address, timeout=self._seconds, stream=True) as answer:
                answer.raise_for_status()
