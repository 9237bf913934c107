"""The marker: one ASCII word, inside a translated sentence, by which we know our own things on Trello.

trello-ops:card:zina/weekly/stock/2026-11-16   an occurrence's card (in its description)
trello-ops:template:zina/weekly/stock          a template card (in its description)
trello-ops:board:zina/weekly                   a board (in its description)
trello-ops:nag:zina/weekly/stock/2026-11-16/2  the second comment that reminds of a card (its last line)

The workspace's key comes first: another one may have the same boards. Older versions left it out of the first
two, so that nobody can tell whose such a card is. Of several markers in one text, the first counts.
"""

import datetime as dt
import html
import re
from collections.abc import Iterator

from trello_ops.core.ledger import OccurrenceKey

_KEY = r"[a-z0-9][a-z0-9-]*"
_END = r"(?![a-z0-9/-])(?!(?<=-)\s+[a-z0-9])"
"""A key that a line break may have cut after its hyphen has not ended."""
_DATE = r"\d{4}-\d{2}-\d{2}"
_CARD = re.compile(rf"trello-ops:card:(?:({_KEY})/)?({_KEY})/({_KEY})/({_DATE})(?!\d)", re.ASCII)
# Nor has it ended where a line break may stand before its last part.
_TEMPLATE = re.compile(
    rf"trello-ops:template:(?:({_KEY})/)?({_KEY})/({_KEY}){_END}(?!\s+/[a-z0-9])", re.ASCII
)
_BOARD = re.compile(rf"trello-ops:board:({_KEY})/({_KEY}){_END}", re.ASCII)
_NAG = re.compile(rf"`trello-ops:nag:({_KEY})/({_KEY})/({_KEY})/({_DATE})/([1-9]\d*)`", re.ASCII)
# Backslashes, by which Markdown editors escape, and characters without width, which copying brings along.
_INVISIBLE = re.compile("[\\\\\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NAMED = re.compile(
    rf"(trello-ops:(?:card:(?={_KEY}/{_KEY}/{_KEY}/{_DATE})|template:(?={_KEY}/{_KEY}/{_KEY}))){_KEY}/",
    re.ASCII,
)
_QUOTING = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_BROKEN = re.compile(r"(?<=[a-z0-9])(?:\s*:\s*|[-/]\s+|\s+[-/])(?=[a-z0-9])")
"""A separator with a break on one side; a hyphen with space on both is a dash, or begins a list."""


def card_marker(workspace: str, key: OccurrenceKey) -> str:
    """What an occurrence's card bears in its description."""
    return f"trello-ops:card:{workspace}/{key}"


def template_marker(workspace: str, board: str, task: str) -> str:
    """What a task's template card bears in its description."""
    return f"trello-ops:template:{workspace}/{board}/{task}"


def board_marker(workspace: str, board: str) -> str:
    """What a board of ours bears in its description."""
    return f"trello-ops:board:{workspace}/{board}"


def nag_marker(workspace: str, key: OccurrenceKey, number: int) -> str:
    """The last line of the `number`th comment that reminds people of an occurrence's card."""
    return f"`trello-ops:nag:{workspace}/{key}/{number}`"


def find_nag(comment: str, workspace: str) -> tuple[OccurrenceKey, int] | None:
    """Which reminder of the workspace's robot a comment is; `None` for what a person wrote.

    The marker must be the whole last line: somebody who quotes one of ours, or goes on below it, writes a
    comment of their own. Accounts tell nothing, since the robot's may be a person's as well.
    """
    *_, last = comment.rstrip().splitlines() or [""]
    match = _NAG.fullmatch(last.rstrip())
    if match is None or match[1] != workspace:
        return None
    try:
        return OccurrenceKey(match[2], match[3], dt.date.fromisoformat(match[4])), int(match[5])
    except ValueError:  # digits that are no date
        return None


def find_card_key(description: str, workspace: str, *, sure: bool = False) -> OccurrenceKey | None:
    """The workspace's occurrence whose marker a text bears, also after an editor escaped or reflowed it.

    With `sure`, a marker of an older version is none: it may be another workspace's.
    """
    for match in _matches(_CARD, description):
        try:
            key = OccurrenceKey(match[2], match[3], dt.date.fromisoformat(match[4]))
        except ValueError:
            continue  # digits that are no date, such as 2026-02-30, are somebody's own text
        return key if match[1] == workspace or (match[1] is None and not sure) else None
    return None


def find_template(description: str, workspace: str) -> tuple[str, str] | None:
    """The workspace's (board, task) whose template card bears this description."""
    match = next(_matches(_TEMPLATE, description), None)
    return (match[2], match[3]) if match and match[1] in {None, workspace} else None


def same_template(one: str, other: str) -> bool:
    """Whether two descriptions bear the marker of the same template card, as far as they tell."""
    first, second = (next(_matches(_TEMPLATE, text), None) for text in (one, other))
    if first is None or second is None:
        return False
    same_workspace = first[1] == second[1] or first[1] is None or second[1] is None
    return same_workspace and first.group(2, 3) == second.group(2, 3)


def find_board(description: str) -> tuple[str, str] | None:
    """The (workspace, board) whose board bears this description."""
    match = next(_matches(_BOARD, description), None)
    return (match[1], match[2]) if match else None


def bears_any(text: str) -> bool:
    """Whether a text bears a marker of any kind, of whatever workspace."""
    return any(next(_matches(pattern, text), None) for pattern in (_CARD, _TEMPLATE, _BOARD))


def comparable(text: str) -> str:
    """A description by which to compare it: its markers without workspace, as older versions wrote them."""
    return _NAMED.sub(r"\1", text).strip()


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Search the text without an editor's escapes and quoting first, then with its line breaks undone."""
    plain = _QUOTING.sub("", _INVISIBLE.sub("", html.unescape(text)))
    yield from pattern.finditer(plain)
    # Only then: in `weekly/stock -urgent`, undoing breaks first would find the task `stock-urgent`.
    yield from pattern.finditer(_BROKEN.sub(lambda broken: broken[0].strip(), plain))
