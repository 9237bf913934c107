"""A request's parameters: query, form or JSON body, merged; and which values are accepted for each kind.

Trello documents its parameters as `in: query`, yet takes the same names from a form or a JSON body.
"""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
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
    """Whether it is a text of 24 hex digits."""
    return isinstance(value, str) and _OBJECT_ID.fullmatch(value) is not None


def merge(query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """All parameters of a request; the body wins over the query. 400 for a body that cannot be read."""
    values: dict[str, Any] = _by_name(parse_qsl(query, keep_blank_values=True))
    if not body:
        return values
    try:
        return values | _from_body(content_type, body)
    except (ValueError, RecursionError):
        raise errors.unreadable_body() from None


def _from_body(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("multipart/form-data"):
        return _from_multipart(content_type, body)
    if not content_type.startswith("application/json"):
        return _by_name(parse_qsl(body.decode(), keep_blank_values=True))
    sent = json.loads(body)
    if not isinstance(sent, dict):
        # A list names no parameter: Trello has no bulk form, and complains about what is then missing.
        return {}
    values: dict[str, Any] = {}
    for name, value in sent.items():
        if name == "prefs" and isinstance(value, dict):
            # {"prefs": {"background": "blue"}} is the same as {"prefs/background": "blue"}.
            values |= {f"prefs/{pref}": setting for pref, setting in value.items()}
        else:
            values[name] = value
    return values


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Parameters by name; one that is sent several times, also as `name[]`, is a list."""
    values: dict[str, Any] = {}
    for sent, value in pairs:
        name = sent.removesuffix("[]")
        values[name] = [*_as_list(values[name]), value] if name in values else value
    return values


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _from_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a multipart form; a file is represented by its name."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    pairs = []
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        if part.get_content_disposition() == "form-data":
            payload = part.get_payload(decode=True)
            text = payload.decode() if isinstance(payload, bytes) else ""
            name = str(part.get_param("name", "", "content-disposition"))
            pairs.append((name, part.get_filename() or text))
    return _by_name(pairs)


class Params(Mapping[str, Any]):
    """Parameters by name. Every reader answers a bad value with 400, naming the parameter.

    `shown` renames parameters in those errors: `PUT /cards/{id}/name` takes the name from `value`.
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

    def invalid(self, name: str) -> errors.ApiError:
        """The error for a bad value of this parameter, to be raised."""
        return errors.invalid_value(self._shown.get(name, name))

    def nested(self, prefix: str) -> "Params":
        """The parameters of a nested read, without their prefix: `card_fields` becomes `fields`."""
        cut = len(prefix)
        return Params({name[cut:]: value for name, value in self.items() if name.startswith(prefix)})

    def filled(self, name: str) -> bool:
        """Whether it was sent with a value. Trello ignores empty strings and null in most places."""
        return self.get(name) not in (None, "", "null", [])

    def text(self, name: str, default: str = "") -> str:
        """A text of up to 16,384 characters; the default for null."""
        value = self.get(name, default)
        if value is None:
            return default
        if isinstance(value, dict | list) or len(str(value)) > MAX_TEXT:
            raise self.invalid(name)
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean: true or false, in any case; the default for an empty text."""
        value = self.get(name, default)
        if value in ("", None):
            return default
        known = {"true": True, "false": False}.get(str(value).lower())
        if known is None:
            raise self.invalid(name)
        return known

    def date(self, name: str) -> str | None:
        """An instant as Trello writes it; None for null, an empty text and the text "null"."""
        # py-trello sends the text "null" for no date, and recorded answers accept it.
        if not self.filled(name):
            return None
        return trello_time(self.instant(name))

    def instant(self, name: str) -> dt.datetime:
        """An instant, in UTC unless it has an offset of its own. 400 `invalid date` for what is none."""
        # Recorded as accepted: "2020-12-22 01:59:00 UTC", the same with "+0000", and ISO 8601.
        tidy = _SPACE_BEFORE_OFFSET.sub("", str(self[name]).strip().replace(" UTC", "Z"))
        try:
            instant = dt.datetime.fromisoformat(tidy)
        except ValueError:
            raise errors.invalid_date() from None
        if not 1970 <= instant.year <= 9998:  # whatever its offset, in UTC it stays what a datetime can be
            raise errors.invalid_date()
        return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)

    def number(self, name: str) -> float | None:
        """A finite number, None when not sent."""
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
        """One of the allowed words; the default for an empty text."""
        value = self.text(name, default) or default
        if value not in allowed:
            raise self.invalid(name)
        return value

    def names(self, name: str, default: str = "") -> tuple[str, ...]:
        """A list of words: comma-separated, repeated, or a JSON list."""
        value = self.get(name, default)
        sent = _as_list(default if value is None else value)
        words = (word.strip() for each in sent for word in str(each).split(","))
        return tuple(word for word in words if word)

    def ids(self, name: str) -> tuple[str, ...]:
        """A list of ids of 24 hex digits."""
        found = self.names(name)
        if not all(is_object_id(each) for each in found):
            raise errors.invalid_object_id()
        return found

    def object_id(self, name: str) -> str | None:
        """One id of 24 hex digits, in lower case; None when not sent."""
        if not self.filled(name):
            return None
        if not is_object_id(self[name]):
            raise errors.invalid_object_id()
        return str(self[name]).lower()
