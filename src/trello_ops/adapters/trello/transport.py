"""The HTTP under py-trello: address, credentials, timeouts, budget, retries, and our own errors."""

import datetime as dt
import random
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import quote, urlsplit

import requests
import structlog
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from trello_ops.adapters.trello import failures
from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.failures import Call
from trello_ops.adapters.trello.webhook import CLIENT, CLIENT_HEADER
from trello_ops.addresses import is_loopback
from trello_ops.errors import RateLimited, StoreError, TrelloError, Unauthorised, Unavailable
from trello_ops.ports import Clock

CONNECT_TIMEOUT = 5.0
READ_TRIES = 3
_CONNECTIONS = 32
"""Kept alive at once: more than there are threads, so that none is thrown away."""

TOKEN_HERE = "{token}"  # noqa: S105 - a stand-in
"""In a path: where the token goes. It is put there as the request leaves, so that nobody else sees it."""

_LIMITS = ("api-token", "api-key", "member")

_log = structlog.get_logger()


class TrelloSession:
    """Stands where py-trello expects the `requests` module; it only ever calls `request`.

    Every answer that comes back has status 200 and JSON in it, everything else is raised as a
    `TrelloError`. Reads are tried three times, writes once. Safe to share between threads.
    """

    def __init__(
        self, url: str, key: str, token: str, *, budget: Budget, clock: Clock, timeout: float
    ) -> None:
        self._base = url.rstrip("/")
        self._secrets = (key, token)
        self._token_in_path = quote(token, safe="")
        self._budget = budget
        self._clock = clock
        self._timeout = (CONNECT_TIMEOUT, timeout)
        self._sending = _Sending()
        self._told_time: tuple[dt.datetime, float] | None = None
        self._http = requests.Session()
        self._http.mount(self._base, HTTPAdapter(pool_maxsize=_CONNECTIONS))
        self._http.trust_env = not _is_here(url)  # no proxy lies between us and a sandbox
        self._http.auth = _Credentials(key, token)
        self._http.headers["User-Agent"] = f"trello-ops/{version('trello-ops')}"
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    @contextmanager
    def sending_before(self, instant: float | None) -> Iterator[None]:
        """Requests of this thread leave before this instant of `clock.monotonic()`, or raise `NotSent`."""
        self._sending.before = instant
        try:
            yield
        finally:
            self._sending.before = None

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None = None,
        data: str | None = None,
        **_of_py_trello: object,
    ) -> requests.Response:
        """py-trello's own address, key and token, headers and signature are left out."""
        query = {name: value for name, value in (params or {}).items() if name not in ("key", "token")}
        call = Call(method, urlsplit(url).path, query, data)
        return self._read(call) if call.reads else self._send(call)

    def close(self) -> None:
        self._http.close()
        self._budget.close()

    def _read(self, call: Call) -> requests.Response:
        for attempt in range(1, READ_TRIES):
            try:
                return self._send(call)
            except (RateLimited, Unavailable):
                self._clock.sleep(random.uniform(0.5, 1) * 2 ** (attempt - 1))  # noqa: S311 - mere jitter
        return self._send(call)

    def _send(self, call: Call) -> requests.Response:
        permission = self._budget.wait(reads=call.reads, send_before=self._sending.before)
        answer = self._exchange(call, permission)
        if isinstance(answer, RateLimited):
            self._budget.pause(answer.pause)
        if isinstance(answer, TrelloError):
            # Raised here, not where it was caught: requests' exceptions hold the headers.
            raise answer
        answer.status_code = requests.codes.ok  # py-trello takes any other 2xx for a failure
        return answer

    def _exchange(self, call: Call, permission: int) -> requests.Response | TrelloError:
        shown = replace(call, path=self._hide(call.path))
        begun = self._clock.monotonic()
        try:
            response = self._http.request(
                call.method,
                self._base + call.path.replace(TOKEN_HERE, self._token_in_path),
                params=call.params,
                data=call.body,
                headers=_headers(call),
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self._note(shown, type(error).__name__, begun)
            return failures.of_exception(shown, error)
        self._note(shown, response.status_code, begun)
        self._learn_time(response)
        with suppress(StoreError):  # the answer counts more; whoever asks for the next permission is told
            self._budget.answered(permission, _room(response))
        return failures.of_answer(shown, response, self._hide) or response

    def time(self) -> dt.datetime | None:
        """Now by Trello's clock, or `None` while no answer has told it."""
        told = self._told_time
        return told[0] + dt.timedelta(seconds=self._clock.monotonic() - told[1]) if told else None

    def _learn_time(self, response: requests.Response) -> None:
        instant = _time_in(response)
        if instant:
            self._told_time = (instant, self._clock.monotonic())

    def _note(self, call: Call, status: int | str, begun: float) -> None:
        ms = round((self._clock.monotonic() - begun) * 1000)
        _log.debug("trello.request", method=call.method, path=call.path, status=status, ms=ms)

    def _hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


class _Sending(threading.local):
    """Until when the requests of the present thread may leave."""

    before: float | None = None


class _Credentials(AuthBase):
    """Key and token in the header: a query ends up in logs. Being set, it also keeps netrc out."""

    def __init__(self, key: str, token: str) -> None:
        for name, value in (("KEY", key), ("TOKEN", token)):
            if not re.fullmatch(r"[\w.~+/=-]+", value, re.ASCII):
                raise Unauthorised(
                    f"TRELLO_OPS_TRELLO_{name} is empty or has characters that none has. Copy it again."
                )
        self._header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


def _is_here(url: str) -> bool:
    """Whether an address is on this machine. One that cannot be read is refused by the first request."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _time_in(response: requests.Response) -> dt.datetime | None:
    """`x-server-time` comes with every success only, in milliseconds (trello-behaviour.md#answers).

    While the token is refused there is none, and weeks close all the same: then `Date` tells it (RFC 9110).
    """
    told = response.headers.get("x-server-time", "")
    if told.isdecimal() and len(told) < 15:
        return dt.datetime.fromtimestamp(int(told) / 1000, dt.UTC)
    if response.status_code == requests.codes.unauthorized:
        with suppress(ValueError):
            return parsedate_to_datetime(response.headers.get("date", "")).replace(tzinfo=dt.UTC)
    return None


def _room(response: requests.Response) -> int | None:
    """How many more requests are allowed, by whichever limit is nearest (trello-behaviour.md#rate-limits).

    After a 429 the pause says more: none would be allowed for a whole window.
    """
    if response.status_code == requests.codes.too_many_requests:
        return None
    told = (response.headers.get(f"x-rate-limit-{each}-remaining", "") for each in _LIMITS)
    return min((int(text) for text in told if text.isdecimal() and len(text) < 10), default=None)


def _headers(call: Call) -> dict[str, str]:
    accept = {"Accept": "application/json"}
    if call.reads:
        return accept
    return {**accept, "Content-Type": "application/json; charset=utf-8", CLIENT_HEADER: CLIENT}
