"""Logging: structlog set-up, the one place where secrets are taken out of what we say, and counts."""

import logging
import math
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

_MASK = "***"
_SILENCE = 60.0  # seconds
_PATTERNS = (
    re.compile(r"(?i)((?:\b|_)(?:key|token|oauth_token|oauth_consumer_key|password|secret)=)[^&\s\"',)]+"),
    re.compile(r'(?i)(oauth_(?:token|consumer_key)=")[^"]+'),
    # Trello has the token in the path of the webhooks' list (trello-behaviour.md#webhooks).
    re.compile(r"(/tokens/)[0-9A-Za-z]{16,}"),
    re.compile(r"(\b[a-z][a-z0-9+.]*://[^/\s:@]*:)[^/\s@]+(?=@)"),
)

Redact = Callable[[str], str]


def redactor(secrets: Iterable[str]) -> Redact:
    """A function that masks the given secrets, plain or URL-encoded, and text that looks like a secret."""
    spellings = {
        s for secret in secrets if secret for s in (secret, quote(secret, safe=""), quote_plus(secret))
    }
    # The longest first: a secret that begins with another one would else leave its tail behind.
    known = sorted(spellings, key=len, reverse=True)

    def redact(text: str) -> str:
        for secret in known:
            text = text.replace(secret, _MASK)
        for pattern in _PATTERNS:
            text = pattern.sub(rf"\g<1>{_MASK}", text)
        return text

    return redact


def configure_logging(level: str, form: str, redact: Redact, stream: TextIO | None = None) -> None:
    """Log one line per event to `stream`, by default standard error. `form` is `console` or `json`."""
    out = stream or sys.stderr

    def redaction(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: _clean(value, redact) for name, value in event.items()}

    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redaction,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    # Libraries' warnings go to our stream too, with secrets masked; what they log below that is dropped.
    handler = logging.StreamHandler(out)
    handler.setFormatter(_RedactingFormatter("%(levelname)s %(name)s %(message)s", redact))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _RedactingFormatter(logging.Formatter):
    def __init__(self, form: str, redact: Redact) -> None:
        super().__init__(form)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        # What a library warns of, such as an answer's odd headers, is no mistake of ours to be traced.
        if record.levelno < logging.ERROR and record.exc_info:
            record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        return self._redact(super().format(record))


def _clean(value: object, redact: Redact) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_clean(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(str(name)): _clean(item, redact) for name, item in value.items()}
    return redact(str(value))


class Tally:
    """How often each kind of thing happened since the start. Safe to share between threads.

    Those in `told` are also logged, under the name `event`, together and at most once a minute: strangers can
    cause some of them as often as they like.
    """

    def __init__(self, event: str, told: Collection[str], monotonic: Callable[[], float]) -> None:
        self._event, self._told, self._monotonic = event, told, monotonic
        self._counts, self._untold = Counter[str](), Counter[str]()
        self._silent_until = -math.inf
        self._lock = threading.Lock()

    def count(self, kind: str) -> None:
        """Add one to a kind, and log what was not logged yet if the last line is a minute old."""
        with self._lock:
            self._counts[kind] += 1
            if kind in self._told:
                self._untold[kind] += 1
                if self._monotonic() >= self._silent_until:
                    self._tell()

    def counts(self) -> Mapping[str, int]:
        """The counts so far, those of `told` and all others."""
        with self._lock:
            return dict(self._counts)

    def close(self) -> None:
        """Log what was not logged yet."""
        with self._lock:
            if self._untold:
                self._tell()

    def _tell(self) -> None:
        structlog.get_logger().warning(self._event, **self._untold)
        self._untold.clear()
        self._silent_until = self._monotonic() + _SILENCE
