"""What a broken exchange or a refusal means, as one of our errors.

A write is *unknown* when nothing says whether Trello did it: it left us and the connection broke, or the
answer is a 5xx, 408, 409, 449 or a 2xx without an id. Any other refusal did nothing. The messages name
method and path, never a query, and show Trello's own words on one printable line.
"""

import json
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, SSLError

from trello_ops.errors import (
    LimitReached,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    TokenRefused,
    TrelloError,
    Unauthorised,
    Unavailable,
)

_UNDECIDED = frozenset({408, 409, 449})
_TEXT_LIMIT = 200
_PAUSE, _LONGEST_PAUSE = 10.0, 60.0
_MARKUP = re.compile(r"<(head|style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)

_REFUSED_ACCESS = re.compile(r"\b(invalid|expired|revoked)\b.*\b(key|token)\b", re.IGNORECASE)
"""Trello's words for a key or token that it does not know, or no more; other 401s are about one object."""

_ADVICE = (
    ("key", "Check TRELLO_OPS_TRELLO_KEY."),
    ("token", "Check TRELLO_OPS_TRELLO_TOKEN: it is mistyped, expired, revoked, or made for another key."),
    ("scope", "Make a new token with the scopes read and write (TRELLO_OPS_TRELLO_TOKEN)."),
)
_ADVICE_ON_LIMITS = "Where this names a limit, archive what is no longer needed."
_ADVICE_ON_RIGHTS = "Check that the token's account is a member of the Trello Workspace and of the board."


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` begins with `/1/`; `body` is JSON text, and reads have none."""

    method: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def of_exception(call: Call, error: requests.RequestException) -> TrelloError:
    """What it means that no answer came. Its own text may hold addresses, so only its kind is told."""
    kind = type(error).__name__
    if isinstance(error, ValueError):  # requests' own word for an address or header that cannot be
        return TrelloError(f"{call}: this cannot be sent ({kind}). Check TRELLO_OPS_TRELLO_URL.")
    if _never_left(error):
        return Unavailable(f"{call}: no connection ({kind}). Check the network and TRELLO_OPS_TRELLO_URL.")
    return _undecided(call, f"the connection broke or timed out ({kind})")


def of_answer(call: Call, response: requests.Response, hide: Callable[[str], str]) -> TrelloError | None:
    """What is wrong with an answer; `None` when it is a success that can be used.

    `hide` takes key and token out of Trello's words, should it have repeated them.
    """
    if 200 <= response.status_code < 300:
        return None if _usable(call, response) else _undecided(call, "the answer makes no sense")
    return _refusal(call, response, f"{response.status_code}: {_said(response, hide)}")


def _refusal(call: Call, response: requests.Response, said: str) -> TrelloError:
    status = response.status_code
    if status == 429:
        pause = _pause(response)
        return RateLimited(f"{call}: too many requests ({said}). Quiet for {pause:g} s.", pause)
    if status >= 500 or status in _UNDECIDED:
        return _undecided(call, said)
    if status in (401, 403):
        return _forbidden(call, status, said)
    if status == 404:
        return NotFound(f"{call}: Trello has no such thing, or hides it from this token ({said}).")
    if status < 400:
        return TrelloError(f"{call}: answered by a redirection ({status}). Check TRELLO_OPS_TRELLO_URL.")
    return TrelloError(f"{call}: Trello refused ({said}).")


def _forbidden(call: Call, status: int, said: str) -> TrelloError:
    if status == 403:
        return LimitReached(f"{call}: Trello refused ({said}). {_ADVICE_ON_LIMITS}")
    kind = TokenRefused if _REFUSED_ACCESS.search(said) else Unauthorised
    return kind(f"{call}: Trello refused ({said}). {_advice(said)}")


def _said(response: requests.Response, hide: Callable[[str], str]) -> str:
    """The words of a refusal: its JSON message, or its text without markup; one line, 200 characters."""
    text = response.content[:65536].decode("utf-8", "replace")
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        text = " ".join(str(answer[key]) for key in ("message", "error") if answer.get(key))
    return _one_line(hide(_MARKUP.sub(" ", text))) or "no reason given"


def _one_line(text: str) -> str:
    spaced = " ".join(text.split())
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in spaced)
    return shown if len(shown) <= _TEXT_LIMIT else shown[: _TEXT_LIMIT - 1] + "…"


def _never_left(error: requests.RequestException) -> bool:
    """Whether the connection failed before any byte of the request could be sent."""
    if isinstance(error, requests.exceptions.ProxyError | requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(reason, SSLError):
        return any(isinstance(part, ssl.SSLCertVerificationError) for part in reason.args)
    return isinstance(reason, ConnectTimeoutError)  # refused and unresolved are kinds of it


def _undecided(call: Call, what: str) -> TrelloError:
    if call.reads:
        return Unavailable(f"{call}: Trello cannot be read now ({what}). Try again later.")
    return OutcomeUnknown(f"{call}: it was sent, and whether Trello did it is unknown ({what}).")


def _usable(call: Call, response: requests.Response) -> bool:
    try:
        answer = response.json()
    except ValueError:
        return False
    if call.reads:
        return isinstance(answer, dict | list)
    if call.method == "DELETE":  # `{"_value": null}` (trello-behaviour.md#answers)
        return isinstance(answer, dict)
    return isinstance(answer, dict) and isinstance(answer.get("id"), str)


def _pause(response: requests.Response) -> float:
    """Seconds. Trello documents no Retry-After; without one, the rest of any window has passed in ten."""
    try:
        asked = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return _PAUSE
    return min(asked, _LONGEST_PAUSE) if asked >= 0 else _PAUSE


def _advice(said: str) -> str:
    return next((advice for word, advice in _ADVICE if word in said.lower()), _ADVICE_ON_RIGHTS)
