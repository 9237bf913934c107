"""The marker: one ASCII token, inside a translated sentence, by which we know our own things on Trello.

trello-ops:card:weekly/stock/2026-11-16      an occurrence's card (in its description)
trello-ops:template:weekly/stock             a template card (in its description)
trello-ops:board:zina/weekly                 a board (in its description; the workspace's key first)
"""

import datetime as dt
import html
import re

from trello_ops.core.model import OccurrenceKey

_KEY = r"[a-z0-9][a-z0-9-]*"
_CARD = re.compile(rf"trello-ops:card:({_KEY})/({_KEY})/(\d{{4}}-\d{{2}}-\d{{2}})(?!\d)", re.ASCII)
_TEMPLATE = re.compile(rf"trello-ops:template:({_KEY})/({_KEY})", re.ASCII)
_BOARD = re.compile(rf"trello-ops:board:({_KEY})/({_KEY})", re.ASCII)
_INVISIBLE = re.compile("[\\\\\u00ad\u200b-\u200d\u2060\ufeff]")
_BROKEN = re.compile(r"(?<=[a-z0-9])\s*([-/:])\s*(?=[a-z0-9])")


def card_token(key: OccurrenceKey) -> str:
    return f"trello-ops:card:{key}"


def template_token(board: str, task: str) -> str:
    return f"trello-ops:template:{board}/{task}"


def board_token(workspace: str, board: str) -> str:
    return f"trello-ops:board:{workspace}/{board}"


def find_card_key(description: str) -> OccurrenceKey | None:
    """The occurrence whose marker a text bears, also after an editor escaped or reflowed it."""
    match = _search(_CARD, description)
    if not match:
        return None
    try:
        return OccurrenceKey(match[1], match[2], dt.date.fromisoformat(match[3]))
    except ValueError:
        return None


def find_template(description: str) -> tuple[str, str] | None:
    """The (board, task) whose template card bears this description."""
    match = _search(_TEMPLATE, description)
    return (match[1], match[2]) if match else None


def find_board(description: str) -> tuple[str, str] | None:
    """The (workspace, board) whose board bears this description."""
    match = _search(_BOARD, description)
    return (match[1], match[2]) if match else None


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Look in the text as it is, then with an editor's escapes and line breaks undone."""
    plain = _INVISIBLE.sub("", html.unescape(text))
    return pattern.search(plain) or pattern.search(_BROKEN.sub(r"\1", plain))
