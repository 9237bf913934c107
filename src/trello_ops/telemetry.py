"""Logging: structlog set-up, and the one place where secrets are taken out of what we say."""

import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

_MASK = "***"
_PATTERNS = (
    re.compile(r"(?i)((?:\b|_)(?:key|token|oauth_token|oauth_consumer_key|password|secret)=)[^&\s\"',)]+"),
    re.compile(r'(?i)(oauth_(?:token|consumer_key)=")[^"]+'),
    re.compile(r"(/tokens/)[0-9A-Za-z]{16,}"),
    re.compile(r"(\b[a-z][a-z0-9+.]*://[^/\s:@]*:)[^/\s@]+(?=@)"),
)

Redact = Callable[[str], str]


def redactor(secrets: Iterable[str]) -> Redact:
    """A function that masks the given secrets, as they are and URL-encoded, and whatever looks like one."""
    spellings = {
        s for secret in secrets if secret for s in (secret, quote(secret, safe=""), quote_plus(secret))
    }
    known = sorted(spellings, key=len, reverse=True)

    def redact(text: str) -> str:
        for secret in known:
            text = text.replace(secret, _MASK)
        for pattern in _PATTERNS:
            text = pattern.sub(rf"\g<1>{_MASK}", text)
        return text

    return redact


def configure_logging(level: str, form: str, redact: Redact, stream: TextIO | None = None) -> None:
    """One line for each thing done, to standard error: `form` is `console` or `json`."""
    out = stream or sys.stderr
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
            _redaction(redact),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    # What libraries log below a warning is theirs; above, it is said on our stream without secrets.
    handler = logging.StreamHandler(out)
    handler.setFormatter(_RedactingFormatter("%(levelname)s %(name)s %(message)s", redact))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _RedactingFormatter(logging.Formatter):
    def __init__(self, form: str, redact: Redact) -> None:
        super().__init__(form)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


def _redaction(redact: Redact) -> structlog.typing.Processor:
    def process(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: _clean(value, redact) for name, value in event.items()}

    return process


def _clean(value: object, redact: Redact) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_clean(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(str(name)): _clean(item, redact) for name, item in value.items()}
    return redact(str(value))
