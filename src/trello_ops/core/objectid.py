"""Trello's ids: 24 hex digits, the first eight the second of creation (trello-behaviour.md#ids)."""

import datetime as dt
import re

_ID = re.compile(r"[0-9a-f]{24}")


def is_id(value: object) -> bool:
    """Whether a value is an id of Trello's."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def created_at(object_id: str) -> dt.datetime:
    """The UTC second in which an object was made, by Trello's clock. Within a second ids have no order."""
    return dt.datetime.fromtimestamp(int(object_id[:8], 16), dt.UTC)
