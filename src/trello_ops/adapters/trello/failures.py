"""Turns a broken exchange or a refusal into one of our errors.

A write is *unknown* when nothing says whether Trello did it: it left us and the connection broke, or the
answer is a 5xx, 408, 409, 449 or a 2xx without an id. Any other refusal did nothing. Messages name method
and path, never a query, and quote Trello on one printable line.
"""

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, SSLError

from trello_ops.adapters.trello.answer import Answer
from trello_ops.core.objectid import is_id
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
from trello_ops.escape import visible
from trello_ops.messages import Message, say

# Refusals that do not say whether the write was done (trello-behaviour.md#refusals).
_UNDECIDED = frozenset({408, 409, 449})
_TEXT_LIMIT = 200  # characters of Trello's words in a message
_PAUSE, _LONGEST_PAUSE = 10.0, 60.0  # seconds
_KEY_LIMIT = "API_KEY"  # how a 429 names the limit of the key (trello-behaviour.md#rate-limits)
_MARKUP = re.compile(r"<(head|style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)

_REFUSED_ACCESS = re.compile(r"\b(invalid|expired|revoked)\b.*\b(key|token)\b", re.IGNORECASE)
"""What Trello says of a key or token that it does not accept. Other 401s concern a single object."""

_ADVICE = (
    ("key", say("Check TRELLO_OPS_TRELLO_KEY.")),
    (
        "token",
        say("Check TRELLO_OPS_TRELLO_TOKEN: it is mistyped, expired, revoked, or made for another key."),
    ),
    ("scope", say("Make a new token with the scopes read and write (TRELLO_OPS_TRELLO_TOKEN).")),
)
_ADVICE_ON_LIMITS = say("Where this names a limit, archive what is no longer needed.")
_ADVICE_ON_RIGHTS = say(
    "Check that the token's account is a member of the Trello Workspace and of the board."
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` begins with `/1/`; `body` is JSON text, and reads have none."""

    method: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def reads(self) -> bool:
        """Whether it only reads, so that it can be sent again."""
        return self.method == "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def of_exception(call: Call, error: Exception) -> TrelloError:
    """The error for a request that got no answer. Tells only the exception's type, since its text may hold
    addresses.
    """
    kind = type(error).__name__
    # requests' own word for an address that cannot be; a header that cannot be is one of the answer's.
    if isinstance(error, ValueError) and not isinstance(error, requests.exceptions.InvalidHeader):
        return TrelloError(
            say(
                "%(call)s: this cannot be sent (%(kind)s). Check TRELLO_OPS_TRELLO_URL.",
                call=str(call),
                kind=kind,
            )
        )
    if _never_left(error):
        return Unavailable(
            say(
                "%(call)s: no connection (%(kind)s). Check the network and TRELLO_OPS_TRELLO_URL.",
                call=str(call),
                kind=kind,
            )
        )
    return _undecided(call, say("the connection broke or timed out (%(kind)s)", kind=kind))


def of_answer(call: Call, answer: Answer, hide: Callable[[str], str]) -> TrelloError | None:
    """The error for a refusal or an unusable answer; `None` when the answer is a usable success.

    `hide` removes key and token from Trello's words, in case Trello repeats them.
    """
    status = answer.status
    if answer.is_success:
        if not answer.whole:
            return _undecided(call, say("the answer is too large"))
        return None if _usable(call, answer) else _undecided(call, say("the answer makes no sense"))
    said = Message("%(status)s: %(words)s", {"status": status, "words": _words(answer, hide)})
    if status >= 500 or status in _UNDECIDED:
        return _undecided(call, said)
    return _refusal(call, answer, said)


def _refusal(call: Call, answer: Answer, said: str) -> TrelloError:
    """The error for a refusal that did nothing."""
    status = answer.status
    if status == 429:
        pause = _pause(answer)
        message = say(
            "%(call)s: too many requests (%(said)s). Quiet for %(pause)s s.",
            call=str(call),
            said=said,
            pause=f"{pause:g}",
        )
        return RateLimited(message, pause, of_key=_KEY_LIMIT in said)
    if status == 401:
        kind = TokenRefused if _REFUSED_ACCESS.search(said) else Unauthorised
        advice = next((text for word, text in _ADVICE if word in said.lower()), _ADVICE_ON_RIGHTS)
        return kind(_refused(call, said, advice))
    if status == 403:
        return LimitReached(_refused(call, said, _ADVICE_ON_LIMITS))
    if status == 404:
        return NotFound(
            say(
                "%(call)s: Trello has no such thing, or hides it from this token (%(said)s).",
                call=str(call),
                said=said,
            )
        )
    if status < 400:
        return TrelloError(
            say(
                "%(call)s: answered by a redirection (%(status)s). Check TRELLO_OPS_TRELLO_URL.",
                call=str(call),
                status=status,
            )
        )
    return TrelloError(say("%(call)s: Trello refused (%(said)s).", call=str(call), said=said))


def _refused(call: Call, said: str, advice: str) -> str:
    return say("%(call)s: Trello refused (%(said)s). %(advice)s", call=str(call), said=said, advice=advice)


def _words(answer: Answer, hide: Callable[[str], str]) -> str:
    """Trello's reason: its JSON message, or its text without markup; one printable line, 200 characters."""
    text = answer.content.decode("utf-8", "replace")
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        text = " ".join(str(told[key]) for key in ("message", "error") if told.get(key))
    # Hidden before it is shortened: of a secret cut in two, half would stay.
    spaced = " ".join(hide(_MARKUP.sub(" ", text)).split())
    shown = visible(spaced)
    if len(shown) > _TEXT_LIMIT:
        shown = shown[: _TEXT_LIMIT - 1] + "…"
    return shown or say("no reason given")


def _never_left(error: Exception) -> bool:
    """Whether the connection failed before any byte of the request could be sent."""
    if isinstance(error, requests.exceptions.ProxyError | requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    # A certificate is refused before anything is sent; other SSL errors may come in mid-request.
    if isinstance(reason, SSLError):
        return any(isinstance(part, ssl.SSLCertVerificationError) for part in reason.args)
    return isinstance(reason, ConnectTimeoutError)  # also the base of "refused" and "name not resolved"


def _undecided(call: Call, what: str) -> TrelloError:
    """The error when nothing says whether the request was done: for a read that does not matter."""
    if call.reads:
        return Unavailable(
            say("%(call)s: Trello cannot be read now (%(what)s). Try again later.", call=str(call), what=what)
        )
    return OutcomeUnknown(
        say(
            "%(call)s: it was sent, and whether Trello did it is unknown (%(what)s).",
            call=str(call),
            what=what,
        )
    )


def _usable(call: Call, answer: Answer) -> bool:
    """Whether a success has the JSON that its method promises."""
    try:
        told = answer.json()
    except ValueError:
        return False
    if call.reads:
        return isinstance(told, dict | list)
    if "/idMembers" in call.path:  # the card's members (trello-behaviour.md#members)
        return isinstance(told, list)
    if call.method == "DELETE":  # `{"_value": null}` (trello-behaviour.md#answers)
        return isinstance(told, dict)
    return isinstance(told, dict) and is_id(told.get("id"))


def _pause(answer: Answer) -> float:
    """Seconds to be quiet after a 429: as Retry-After says, or ten, after which any window has passed."""
    # Retry-After is undocumented and may be missing or nonsense (trello-behaviour.md#rate-limits).
    try:
        asked = float(answer.headers["Retry-After"])
    except (KeyError, ValueError):
        return _PAUSE
    return min(asked, _LONGEST_PAUSE) if asked >= 0 else _PAUSE
