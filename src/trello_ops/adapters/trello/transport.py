"""The HTTP under py-trello: address, credentials, deadline, budget, retries, and our own errors."""

import datetime as dt
import random
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import structlog
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from trello_ops.adapters.deadline import Deadline, DeadlineAdapter
from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.trello import failures
from trello_ops.adapters.trello.answer import Answer, read_answer
from trello_ops.adapters.trello.failures import Call
from trello_ops.adapters.trello.webhook import CLIENT, CLIENT_HEADER
from trello_ops.addresses import is_loopback
from trello_ops.core.trello import Traffic
from trello_ops.errors import (
    OutcomeUnknown,
    RateLimited,
    StoreError,
    TrelloError,
    Unauthorised,
    Unavailable,
)
from trello_ops.messages import say
from trello_ops.ports import Clock
from trello_ops.telemetry import Tally

READ_TRIES = 3
_CONNECTIONS = 32
"""Connections kept alive: more than there are threads, so that none is thrown away. CloudFront may refuse new
ones after many in quick succession (trello-behaviour.md#lost-writes)."""

TOKEN_HERE = "{token}"  # noqa: S105 - a stand-in
"""Stands for the token in a path, and is replaced as the request leaves, so that no log or error has it."""

_WORLD_HEADER = "x-trello-sandbox"
"""By it a local Trello tells which it is (sandbox.md#start-it); Trello itself sends none."""

_TOKEN_LIMITS, _KEY_LIMITS = ("api-token", "member"), ("api-key",)
_READ_HEADERS = {"Accept": "application/json"}
_WRITE_HEADERS = {
    **_READ_HEADERS,
    "Content-Type": "application/json; charset=utf-8",
    CLIENT_HEADER: CLIENT,
}

_log = structlog.get_logger()


class TrelloSession:
    """Stands in for the `requests` module, of which py-trello calls `request` only.

    Every answer it returns has status 200 and JSON; everything else is raised as a `TrelloError`. Reads are
    tried three times, writes once. Safe to share between threads. `address` is the URL it sends to, `world`
    the id of a local Trello that answered last.
    """

    def __init__(
        self, url: str, key: str, token: str, *, budget: RequestLimit[Any], clock: Clock, timeout: float
    ) -> None:
        self.address = url.rstrip("/")
        self.world = ""  # of a local Trello, as its last answer told it
        self._secrets = (key, token)
        self._token_in_path = quote(token, safe="")
        self._budget = budget
        self._clock = clock
        self._timeout = timeout
        self._deadline = Deadline()
        self._sending = _Sending()
        self._told_time: tuple[dt.datetime, float] | None = None
        self._is_away = False
        self._sent = Tally("", (), clock.monotonic)
        self._http = _Http()
        self._http.mount(self.address, DeadlineAdapter(self._deadline, _CONNECTIONS))
        try:
            here = is_loopback(urlsplit(url).hostname or "")
        except ValueError:  # an address that cannot be read is refused by the first request
            here = False
        self._http.trust_env = not here  # no proxy lies between us and a sandbox
        self._http.auth = _Credentials(key, token)
        self._http.headers["User-Agent"] = f"trello-ops/{version('trello-ops')}"
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    @contextmanager
    def sending_before(self, instant: float | None) -> Iterator[None]:
        """Have this thread's requests leave before an instant of `clock.monotonic()`, or raise `NotSent`."""
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
    ) -> Answer:
        """Send a request of py-trello's: its path, query and JSON body.

        Its host, key and token, headers and signature are replaced by our own.
        """
        query = {name: value for name, value in (params or {}).items() if name not in ("key", "token")}
        call = Call(method, urlsplit(url).path, query, data)
        # A write is sent once: a second one could do it twice (trello-behaviour.md#lost-writes).
        for attempt in range(1, READ_TRIES if call.reads and not self._is_away else 1):
            try:
                return self._send(call)
            except (RateLimited, Unavailable):
                self._clock.sleep(random.uniform(0.5, 1) * 2 ** (attempt - 1))  # noqa: S311 - mere jitter
        try:
            return self._send(call)
        except Unavailable:
            # It was waited for long enough: what is asked next is tried once, until there is an answer.
            self._is_away = True
            raise

    def time(self) -> dt.datetime | None:
        """Now by Trello's clock, or `None` while no answer has told it."""
        told = self._told_time
        return told[0] + dt.timedelta(seconds=self._clock.monotonic() - told[1]) if told else None

    def traffic(self) -> Traffic:
        """How many requests there were, and how many count."""
        return Traffic(self._sent.counts(), self._budget.used(), self._budget.limit)

    def close(self) -> None:
        """Close the connections and the request budget."""
        self._http.close()
        self._budget.close()

    def _send(self, call: Call) -> Answer:
        permission = self._budget.wait(reads=call.reads, send_before=self._sending.before)
        answer = self._exchange(call, permission)
        self._sent.count(_became(answer))
        if isinstance(answer, RateLimited):
            self._budget.pause(answer.pause, of_key=answer.of_key)
        if isinstance(answer, TrelloError):
            # Raised here, not where it was caught: requests' exceptions hold the headers.
            raise answer
        self._is_away = False
        return answer

    def _exchange(self, call: Call, permission: Any) -> Answer | TrelloError:
        """Send once, and return the answer or what was wrong with it."""
        # The token in a path must show neither in the log nor in an error.
        shown = replace(call, path=self._hide(call.path))
        begun = self._clock.monotonic()
        try:
            answer = self._ask(call)
        # requests does not wrap everything that urllib3 raises while an answer is read.
        except (OSError, HTTPError) as error:
            self._note(shown, type(error).__name__, begun)
            return failures.of_exception(shown, error)
        self._note(shown, answer.status, begun)
        self.world = answer.headers.get(_WORLD_HEADER, self.world)  # a proxy's refusal tells nothing
        instant = _time_in(answer)
        if instant:
            self._told_time = (instant, self._clock.monotonic())
        with suppress(StoreError):  # the answer counts more, and the next request raises it again
            self._budget.answered(permission, _room(answer, _TOKEN_LIMITS), _room(answer, _KEY_LIMITS))
        return failures.of_answer(shown, answer, self._hide) or answer

    def _ask(self, call: Call) -> Answer:
        """Send once and read the answer, all of it within the time-out."""
        with self._deadline.within(self._timeout):
            response = self._http.request(
                call.method,
                self.address + call.path.replace(TOKEN_HERE, self._token_in_path),
                params=call.params,
                data=call.body,
                headers=_READ_HEADERS if call.reads else _WRITE_HEADERS,
                timeout=self._timeout,
                stream=True,
            )
            return read_answer(response)

    def _note(self, call: Call, status: int | str, begun: float) -> None:
        ms = round((self._clock.monotonic() - begun) * 1000)
        _log.debug("trello.request", method=call.method, path=call.path, status=status, ms=ms)

    def _hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


class _Http(requests.Session):
    """Follows no redirection, nor reads the body of one before we do."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


class _Sending(threading.local):
    """Before which instant of `clock.monotonic()` the present thread's requests must leave."""

    before: float | None = None


class _Credentials(AuthBase):
    """Key and token in the header, since queries end up in logs. Setting `auth` also keeps netrc out."""

    def __init__(self, key: str, token: str) -> None:
        for name, value in (("KEY", key), ("TOKEN", token)):
            if not re.fullmatch(r"[\w.~+/=-]+", value, re.ASCII):
                raise Unauthorised(
                    say(
                        "%(name)s is empty or has characters that none has. Copy it again.",
                        name=f"TRELLO_OPS_TRELLO_{name}",
                    )
                )
        self._header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


def _became(answer: Answer | TrelloError) -> str:
    """What became of a request, as `Traffic` calls it."""
    match answer:
        case RateLimited():
            return "limited"
        case Unavailable() | OutcomeUnknown():
            return "failed"
        case TrelloError():
            return "refused"
    return "answered"


def _time_in(answer: Answer) -> dt.datetime | None:
    """The time that an answer tells, if it does."""
    # In milliseconds, on success only (trello-behaviour.md#answers).
    told = answer.headers.get("x-server-time", "")
    if told.isdecimal() and len(told) < 15:
        return dt.datetime.fromtimestamp(int(told) / 1000, dt.UTC)
    # Weeks close even while the token is refused, so then `Date` has to tell it (RFC 9110).
    if answer.status == requests.codes.unauthorized:
        with suppress(ValueError):
            return parsedate_to_datetime(answer.headers.get("date", "")).replace(tzinfo=dt.UTC)
    return None


def _room(answer: Answer, limits: Iterable[str]) -> int | None:
    """How many more requests the nearest of some limits allows (trello-behaviour.md#rate-limits), if told."""
    # After a 429 the pause says more: "none" would hold everything up for a whole window.
    if answer.status == requests.codes.too_many_requests:
        return None
    told = (answer.headers.get(f"x-rate-limit-{each}-remaining", "") for each in limits)
    return min((int(text) for text in told if text.isdecimal() and len(text) < 10), default=None)
