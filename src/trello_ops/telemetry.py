"""Logging: structlog set-up, the one place where secrets are taken out of what we say, and counts."""

import logging
import math
import re
import sys
import textwrap
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

from trello_ops.escape import safe_json, visible, visible_lines

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

_always: dict[str, str] = {}


def always_tell(**told: str) -> None:
    """Have each line of this process's log hold this from now on, whichever thread or library writes it."""
    _always.update(told)


def _with_always(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_always, **event}


def redactor(secrets: Iterable[str]) -> Redact:
    """A function that masks the given secrets, plain or URL-encoded, and text that looks like a secret."""
    spellings = {
        s for secret in secrets if secret for s in (secret, quote(secret, safe=""), quote_plus(secret))
    }
    # The longest first: a secret that begins with another one would else leave its tail behind.
    known = sorted(spellings, key=len, reverse=True)
    lengths = [-len(secret) for secret in known]

    def redact(text: str) -> str:
        # Most of what is logged is shorter than a token, and a fleet has thousands of these.
        for secret in known[bisect_left(lengths, -len(text)) :]:
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

    last: tuple[Any, ...] = (
        (structlog.processors.JSONRenderer(ensure_ascii=False), lambda _, __, line: safe_json(line))
        if form == "json"
        else (_shown, structlog.dev.ConsoleRenderer(colors=out.isatty()))
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _with_always,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redaction,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    # Libraries' warnings go to our stream too, with secrets masked; what they log below that is dropped.
    handler = logging.StreamHandler(out)
    handler.setFormatter(_RedactingFormatter("%(levelname)s %(name)s %(message)s", redact))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def lines_lost(lines: int) -> None:
    """Log that so many lines were not written, as nobody read them."""
    structlog.get_logger().warning("log.lost", lines=lines)


class _RedactingFormatter(logging.Formatter):
    def __init__(self, form: str, redact: Redact) -> None:
        super().__init__(form)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        # What a library warns of, such as an answer's odd headers, is no mistake of ours to be traced.
        if record.levelno < logging.ERROR and record.exc_info:
            record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        return self._redact(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        told = {**_always, **structlog.contextvars.get_contextvars()}
        return visible(" ".join([super().formatMessage(record), *(f"{n}={v}" for n, v in told.items())]))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _indented(super().formatException(ei))


def _shown(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event for a terminal. Of what is no text the renderer prints the repr, which escapes by itself."""
    shown = {name: visible(value) for name, value in event.items() if isinstance(value, str)}
    lines = {name: _indented(event[name]) for name in ("exception", "stack") if name in event}
    return {**event, **shown, **lines}


def _indented(traceback: str) -> str:
    """A traceback for a terminal, indented, so that no line of an error's text looks like one of the log."""
    return textwrap.indent(visible_lines(traceback), "  ")


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

    def counts_told(self) -> Mapping[str, int]:
        """The counts of the kinds in `told` that happened."""
        counts = self.counts()
        return {kind: counts[kind] for kind in self._told if kind in counts}

    def close(self) -> None:
        """Log what was not logged yet."""
        with self._lock:
            if self._untold:
                self._tell()

    def _tell(self) -> None:
        structlog.get_logger().warning(self._event, **self._untold)
        self._untold.clear()
        self._silent_until = self._monotonic() + _SILENCE
