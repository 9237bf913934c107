"""A value of a board file as a cell's text, and back.

A text stands in its cell as it is. Anything else is written as on one line of YAML, and a list without its
brackets: `amal, karim`. `read` undoes what `written` does, but for a list of one, which becomes its item.
"""

import json
import re
from functools import lru_cache
from typing import Final

from trello_ops.errors import Problem
from trello_ops.located_yaml import Value, parse

LONGEST: Final = 32_767
"""UTF-16 units that a cell may hold."""

_LOST = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""What a spreadsheet would lose or change, and what turns the direction of writing."""


def length(cell: str) -> int:
    """Its length as spreadsheets count it."""
    return len(cell.encode("utf-16-le", "surrogatepass")) // 2


# ---- text -------------------------------------------------------------------------------------------


def written_text(text: str) -> str:
    """A text for its cell: as it is, or in quotes where a cell would not keep it. Spaces around it go."""
    text = text.strip()
    return _quoted(text) if _LOST.search(text) or _unquoted(text) is not None else text


def read_text(cell: str) -> str:
    """The text that a cell stands for."""
    text = _unquoted(cell)
    return cell.strip() if text is None else text


# ---- values -----------------------------------------------------------------------------------------


def written(value: Value) -> str:
    """A value on one line."""
    if not isinstance(value, list) or not value or (len(value) == 1 and isinstance(value[0], list)):
        return _flow(value)
    return ", ".join(map(_flow, value))


def read(cell: str) -> tuple[Value, tuple[Problem, ...]]:
    """The value that a cell stands for, and what is wrong with it, if anything is."""
    found = parse(f"[{cell}]", "")
    items = found.value
    # One that is alone stands for itself; several are a list.
    return items[0] if isinstance(items, list) and len(items) == 1 else items, found.problems


def _flow(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_word(name)}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return _word(value)
    return "null" if value is None else str(value).lower()


@lru_cache(maxsize=10_000)
def _word(text: str) -> str:
    """A text within a value: in quotes only where it would be taken for something else without them."""
    if _LOST.search(text) or "\n" in text:
        return _quoted(text)
    found = parse(f"[{text}]", "")
    return text if found.value == [text] and not found.problems else _quoted(text)


def _quoted(text: str) -> str:
    # As in JSON, which is YAML too; but YAML wants more characters escaped.
    return _LOST.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _unquoted(cell: str) -> str | None:
    """What stands in quotes because a cell would not keep it, or `None`."""
    # What people put in quotes stays so: it has no backslash.
    if not (cell.startswith('"') and cell.endswith('"') and "\\" in cell):
        return None
    try:
        found = json.loads(cell)
    except ValueError:
        return None
    return found if isinstance(found, str) else None
