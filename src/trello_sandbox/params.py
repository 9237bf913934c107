"""A request's parameters: query, form or JSON body, merged; and which values of each kind are accepted."""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from trello_sandbox import errors
from trello_sandbox.clock import trello_time

MAX_TEXT = 16_384
_OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
_SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")


def is_object_id(value: object) -> bool:
    return isinstance(value, str) and _OBJECT_ID.fullmatch(value) is not None


def merged(query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """All parameters of a request; the body wins over the query. 400 for a body that cannot be read.

    A JSON body without names, such as a list, sets no parameter: no bulk form exists.
    """
    values: dict[str, Any] = _pairs(parse_qsl(query, keep_blank_values=True))
    if not body:
        return values
    try:
        extra = _body(content_type, body)
    except (ValueError, RecursionError):
        raise errors.unreadable_body() from None
    return values | _flat(extra)


def _body(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        sent = json.loads(body)
        return sent if isinstance(sent, dict) else {}
    if content_type.startswith("multipart/form-data"):
        return _parts(content_type, body)
    return _pairs(parse_qsl(body.decode(), keep_blank_values=True))


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Parameters by name; one that is sent several times, also as `name[]`, is a list."""
    values: dict[str, Any] = {}
    for sent, value in pairs:
        name = sent.removesuffix("[]")
        values[name] = [*_listed(values[name]), value] if name in values else value
    return values


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parts(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a multipart form; a file stands for itself by its name."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    return _pairs(
        (str(part.get_param("name", "", "content-disposition")), part.get_filename() or _text(part))
        for part in form.iter_parts()
        if part.get_content_disposition() == "form-data"
    )


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"prefs": {"background": "blue"}}` is the same as `{"prefs/background": "blue"}`."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if name == "prefs" and isinstance(value, dict):
            flat |= {f"prefs/{key}": each for key, each in value.items()}
        else:
            flat[name] = value
    return flat


def _instant(text: str) -> dt.datetime:
    """The forms that Trello was seen to accept; without an offset it is UTC."""
    tidy = _SPACE_BEFORE_OFFSET.sub("", text.strip().replace(" UTC", "Z"))
    try:
        instant = dt.datetime.fromisoformat(tidy)
    except ValueError:
        raise errors.invalid_date() from None
    if not 1970 <= instant.year <= 9998:
        raise errors.invalid_date()
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


class Params(Mapping[str, Any]):
    """Parameters by name. Every reader refuses a bad value with 400, naming the parameter.

    `shown` renames parameters in refusals: `PUT /cards/{id}/name` takes the name from `value`.
    """

    def __init__(self, values: Mapping[str, Any], shown: Mapping[str, str] | None = None) -> None:
        self._values = values
        self._shown = shown or {}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def invalid(self, name: str) -> errors.Refusal:
        return errors.invalid_value(self._shown.get(name, name))

    def nested(self, prefix: str) -> "Params":
        """The parameters of a nested read: `card_fields` seen as `fields`."""
        cut = len(prefix)
        return Params({name[cut:]: value for name, value in self.items() if name.startswith(prefix)})

    def filled(self, name: str) -> bool:
        """Whether it was sent with a value: empty strings and null are often ignored."""
        return self.get(name) not in (None, "", "null", [])

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name, default)
        if value is None:
            return default
        if isinstance(value, dict | list) or len(str(value)) > MAX_TEXT:
            raise self.invalid(name)
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name, default)
        if value in ("", None):
            return default
        known = {"true": True, "false": False}.get(str(value).lower())
        if known is None:
            raise self.invalid(name)
        return known

    def date(self, name: str) -> str | None:
        """An instant in Trello's writing; None for null, the text "null" and the empty text."""
        if not self.filled(name):
            return None
        return trello_time(self.instant(name))

    def instant(self, name: str) -> dt.datetime:
        return _instant(str(self[name]))

    def number(self, name: str) -> float | None:
        if not self.filled(name):
            return None
        try:
            number = float(self[name])
        except (TypeError, ValueError):
            raise self.invalid(name) from None
        if not math.isfinite(number):
            raise self.invalid(name)
        return number

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        if not self.filled(name):
            return default
        text = str(self[name])
        if len(text) > len(str(high)) or not text.isdecimal() or not low <= int(text) <= high:
            raise self.invalid(name)
        return int(text)

    def choice(self, name: str, allowed: frozenset[str], default: str) -> str:
        value = self.text(name, default) or default
        if value not in allowed:
            raise self.invalid(name)
        return value

    def names(self, name: str, default: str = "") -> tuple[str, ...]:
        """A comma-separated or JSON list of words."""
        value = self.get(name, default)
        sent = _listed(default if value is None else value)
        words = (word.strip() for each in sent for word in str(each).split(","))
        return tuple(word for word in words if word)

    def ids(self, name: str) -> tuple[str, ...]:
        """A comma-separated or JSON list of 24-digit ids; short links are refused here."""
        found = self.names(name)
        if not all(is_object_id(each) for each in found):
            raise errors.invalid_object_id()
        return found

    def object_id(self, name: str) -> str | None:
        """One id, None when not sent."""
        if not self.filled(name):
            return None
        if not is_object_id(self[name]):
            raise errors.invalid_object_id()
        return str(self[name]).lower()
