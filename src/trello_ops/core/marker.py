"""The marker: one ASCII word, inside a translated sentence, by which we know our own things on Trello.

trello-ops:card:weekly/stock/2026-11-16      an occurrence's card (in its description)
trello-ops:template:weekly/stock             a template card (in its description)
trello-ops:board:zina/weekly                 a board (in its description; the workspace's key first)
"""

import datetime as dt
import html
import re
from collections.abc import Iterator

from trello_ops.core.ledger import OccurrenceKey

_KEY = r"[a-z0-9][a-z0-9-]*"
_END = r"(?![a-z0-9/-])(?!(?<=-)\s+[a-z0-9])"
"""A key that a line break may have cut after its hyphen has not ended."""
_CARD = re.compile(rf"trello-ops:card:({_KEY})/({_KEY})/(\d{{4}}-\d{{2}}-\d{{2}})(?!\d)", re.ASCII)
_TEMPLATE = re.compile(rf"trello-ops:template:({_KEY})/({_KEY}){_END}", re.ASCII)
_BOARD = re.compile(rf"trello-ops:board:({_KEY})/({_KEY}){_END}", re.ASCII)
# Backslashes, by which Markdown editors escape, and characters without width, which copying brings along.
_INVISIBLE = re.compile("[\\\\\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_QUOTING = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_BROKEN = re.compile(r"(?<=[a-z0-9])(?:\s*:\s*|[-/]\s+|\s+[-/])(?=[a-z0-9])")
"""A separator with a break on one side; a hyphen with space on both is a dash, or begins a list."""


def card_marker(key: OccurrenceKey) -> str:
    """What an occurrence's card bears in its description."""
    return f"trello-ops:card:{key}"


def template_marker(board: str, task: str) -> str:
    """What a task's template card bears in its description."""
    return f"trello-ops:template:{board}/{task}"


def board_marker(workspace: str, board: str) -> str:
    """What a board of ours bears in its description."""
    return f"trello-ops:board:{workspace}/{board}"


def find_card_key(description: str) -> OccurrenceKey | None:
    """The occurrence whose marker a text bears, also after an editor escaped or reflowed it."""
    for match in _matches(_CARD, description):
        try:
            return OccurrenceKey(match[1], match[2], dt.date.fromisoformat(match[3]))
        except ValueError:
            continue  # digits that are no date, such as 2026-02-30, are somebody's own text
    return None


def find_template(description: str) -> tuple[str, str] | None:
    """The (board, task) whose template card bears this description."""
    match = next(_matches(_TEMPLATE, description), None)
    return (match[1], match[2]) if match else None


def find_board(description: str) -> tuple[str, str] | None:
    """The (workspace, board) whose board bears this description."""
    match = next(_matches(_BOARD, description), None)
    return (match[1], match[2]) if match else None


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Search the text without an editor's escapes and quoting first, then with its line breaks undone."""
    plain = _QUOTING.sub("", _INVISIBLE.sub("", html.unescape(text)))
    yield from pattern.finditer(plain)
    # Only then: in `weekly/stock -urgent`, undoing breaks first would find the task `stock-urgent`.
    yield from pattern.finditer(_BROKEN.sub(lambda broken: broken[0].strip(), plain))
